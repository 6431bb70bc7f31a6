/** Programs of Windows that end by themselves, and the vendor's. */

/** Below %SystemRoot%\System32. */
export const PROGRAMS = ['netcfg', 'pnputil', 'sc', 'shutdown', 'verifier'] as const;
export type Program = (typeof PROGRAMS)[number];

export interface Ended {
  readonly code: number;
  /** At most 1 MiB; what is beyond it is dropped. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface Programs {
  /**
   * No shell reads the arguments.
   * @throws RigRefusal: environment when the program cannot be started, timeout when it does not end (it is killed then)
   */
  run(program: Program, args: readonly string[]): Promise<Ended>;
}

/** What the vendor's command is told, each in the place of a `{placeholder}` that is a whole argument. */
export interface Sending {
  /** Sends to originate. */
  readonly count: number;
  /** Number of the first of them in this run, from 1: `{seq}`. */
  readonly seq: number;
  /** The Ethernet frame to send, in hexadecimal; one frame for all `count`: `{frame}`. */
  readonly frame: string;
  /** Name of the network adapter: `{adapter}`, and its GUID in braces: `{guid}`. */
  readonly adapter: string;
  readonly guid: string;
}

export interface Originate {
  /** Whether the command takes `{frame}`, so that its frames are known by what is in them. */
  readonly takesFrames: boolean;
  /**
   * Starts the vendor's command, a process of its own for each call. It ends when what it sent has come back.
   * @returns exit code; a process that is killed by `stop` ends with -1
   */
  start(sending: Sending): { readonly ended: Promise<number>; readonly stop: () => void };
}
