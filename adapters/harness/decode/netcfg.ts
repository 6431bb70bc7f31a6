/**
 * How netcfg ended. Its text is in the language of the system, so it is the exit code that counts: S_OK, or an HRESULT of netcfgx.h, of which
 * some say that all went well.
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/netcfg
 */

export interface NetcfgOutcome {
  readonly isDone: boolean;
  /** It is done, and works when Windows has been started again. */
  readonly needsRestart: boolean;
  /** What went wrong, as far as the code says it; empty when nothing did. */
  readonly words: string;
}

/** NETCFG_S_REBOOT */
const NEEDS_RESTART = 0x0004_a020;

const ERRORS: ReadonlyMap<number, string> = new Map([
  [0x8004_a020, 'the network configuration is in use by this process already'],
  [0x8004_a021, 'the network configuration was not opened'],
  [0x8004_a022, 'the network configuration is in use'],
  [0x8004_a024, 'another program is changing the network configuration: close it, or wait'],
  [0x8004_a025, 'Windows must be started again first'],
  [0x8004_a026, 'a remote access connection is active'],
  [0x8004_a027, 'there is no such adapter'],
  [0x8004_a028, 'the component was removed, and Windows must be started again first'],
  [0x8004_a029, 'too many filters are installed'],
  [0x8004_a02a, 'a virtual switch is active on the adapter'],
  [0x8004_a02b, 'there is such an instance already'],
  [0x8007_0005, 'access is denied: the agent must run as administrator'],
  [0x8007_0002, 'there is no such file'],
  [0x800f_0203, 'no driver was found for that component id'],
  [0x800f_0247, 'the driver package could not be added to the driver store'],
]);

/** HRESULTs stand in the text, too, where the exit code is another. */
const IN_TEXT = /\b0x(8[0-9a-f]{7})\b/i;

/** @param ended exit code, and what was printed. Never throws. */
export function decodeNetcfg({ code, stdout }: { readonly code: number; readonly stdout: string }): NetcfgOutcome {
  const result = code >>> 0;
  if (result === 0 || (result >= 0x0004_a020 && result <= 0x0004_a02f))
    return { isDone: true, needsRestart: result === NEEDS_RESTART, words: '' };
  const error = ERRORS.has(result) ? result : Number.parseInt(IN_TEXT.exec(stdout)?.[1] ?? result.toString(16), 16);
  const shown = error > 0xffff ? `0x${error.toString(16).toUpperCase()}` : `exit code ${error}`;
  const meaning = ERRORS.get(error);
  const words = meaning === undefined ? [shown, lastLine(stdout)].filter(Boolean).join(': ') : `${meaning} (${shown})`;
  return { isDone: false, needsRestart: false, words };
}

function lastLine(text: string): string {
  return text.trim().split(/\r?\n/).at(-1)?.trim().slice(0, 200) ?? '';
}
