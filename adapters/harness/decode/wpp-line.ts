/**
 * Lines that tracefmt and `netsh trace convert` make of WPP messages, such as those of fnmp and fnlwf (their symbols come with win-net-test).
 * @see https://learn.microsoft.com/windows-hardware/drivers/devtest/trace-message-prefix
 */

export interface WppLine {
  readonly cpu: number;
  readonly process: number;
  readonly thread: number;
  /** As it stands there. */
  readonly time: string;
  /** Friendly name of the provider: `fnlwf`. */
  readonly provider: string;
  /** Of the driver, with the line of its source, where the message begins with them. */
  readonly from?: { readonly name: string; readonly line: number };
  readonly message: string;
  /** `Filter=FFFFB704652E8DC0` and the like, as they stand there: pointers have 64 bits. */
  readonly fields: Readonly<Record<string, string>>;
}

const LINE =
  /^\s*(?:\d+\s+)?\[(\d{1,4})\]([0-9a-f]{1,8})\.([0-9a-f]{1,8})::\s?([\d/.:-]{8,40}) \[([^\]]{1,64})\]\s?(.*)$/i;
const FROM = /^([A-Za-z_]\w{0,127}):(\d{1,6})\s+(.*)$/;
const FIELD = /(?<![\w=])([A-Za-z_]\w{0,63})=([^\s=,;]{1,256})/g;

/** @returns undefined for a line that is none of those. Never throws. */
export function decodeWppLine(line: string): WppLine | undefined {
  const [, cpu, process, thread, time = '', provider = '', rest = ''] = LINE.exec(line.trimEnd()) ?? [];
  if (cpu === undefined || process === undefined || thread === undefined) return undefined;
  const [, name, number, message = rest] = FROM.exec(rest) ?? [];
  return {
    cpu: Number(cpu),
    process: Number.parseInt(process, 16),
    thread: Number.parseInt(thread, 16),
    time,
    provider,
    ...(name !== undefined && { from: { name, line: Number(number) } }),
    message,
    fields: Object.fromEntries([...message.matchAll(FIELD)].map(([, key = '', value = '']) => [key, value])),
  };
}

/** Whether fnmp or fnlwf says that it has given back what it held, because it held it for 5 s. */
export function tellsOfWatchdog({ provider, message }: WppLine): boolean {
  return /^(?:fnmp|fnlwf|fnio)$/i.test(provider) && /\bNBL watchdog expired\b/i.test(message);
}
