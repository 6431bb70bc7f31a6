/**
 * What `verifier /querysettings` and `verifier /query` print: which drivers are verified, and how. Words are in the language of the system,
 * names of images and the flags are not.
 * @see https://learn.microsoft.com/windows-hardware/drivers/devtest/verifier-command-line
 */

export interface VerifierSettings {
  /** Hexadecimal with 0x, as since Windows 8.1; undefined where the text has none. */
  readonly flags?: string;
  /** Names of images in small letters, each once, in their order. */
  readonly drivers: readonly string[];
}

/** `Verifier Flags: 0x000209bb`, `Level: 000209BB`. Below it each flag stands with its own number in front of its name. */
const FLAGS = /:\s*(?:0x)?([0-9a-f]{8})\s*$/i;
const IMAGE = /(?<![\w.$-])([\w.$-]+\.sys)(?![\w.$-])/gi;

/** @param text what verifier printed. Never throws. */
export function decodeVerifierSettings(text: string): VerifierSettings {
  const lines = text.split(/\r?\n/);
  const flags = lines.map((line) => FLAGS.exec(line)?.[1]).find((found) => found !== undefined);
  const drivers = new Set(lines.flatMap((line) => line.match(IMAGE) ?? []).map((name) => name.toLowerCase()));
  return { ...(flags !== undefined && { flags: `0x${flags.toLowerCase()}` }), drivers: [...drivers] };
}
