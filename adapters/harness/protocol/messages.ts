/** What is said besides `lwf-adapter/1` when the adapter is a Windows machine. Published as `harness-1.schema.json`. */

export const HARNESS = 'harness/1';

/** Says nothing but that the controller is there, as every other line does too. */
export const LEASE = 'lease';

export const HARNESS_METHODS = ['events', 'collect', 'file', 'undo'] as const;
export type HarnessMethod = (typeof HARNESS_METHODS)[number];

/** Observations that are asked for at once. */
export const EVENT_PAGE = 1000;

/** Bytes of a file in one answer: in base64 they are half of the longest line. */
export const FILE_PIECE = 384 * 1024;

export interface Offer {
  readonly run: string;
  /** Milliseconds without a line of the controller, after which the agent takes everything back and ends. */
  readonly lease: number;
  /** End the agent of another run. That of the same run always makes way. */
  readonly takeover?: boolean;
}

export interface MachineFacts {
  /** Another one after every start of the machine. */
  readonly boot: string;
  readonly os: { readonly name: string; readonly build: string; readonly arch: string; readonly wine?: true };
  /** Of the performance counter, in Hz, decimal. */
  readonly clock: { readonly frequency: string };
  /** `hold`: milliseconds that frames can be held. */
  readonly limits: { readonly hold: number };
  readonly levels: { readonly white: boolean; readonly black: boolean };
}

/** In words: what was taken back, and what could not be, and why. */
export interface Undoing {
  readonly undone: readonly string[];
  readonly failed: readonly string[];
}

export interface Greeting extends MachineFacts {
  /** Version of the agent. */
  readonly agent: string;
  /** Of what agents before this one had left behind. */
  readonly left?: Undoing;
}

/** Something seen on the machine. `t` is the performance counter, decimal. */
export interface Observation {
  readonly t: string;
  readonly cpu?: number;
  readonly source: 'etw.ndis' | 'fnmp' | 'probe' | 'agent' | 'os';
  readonly name: string;
  readonly adapter?: string;
  readonly module?: string;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly certainty?: 'exact' | { readonly after?: string; readonly before?: string };
}

/** The last observation that is known. */
export interface Cursor {
  readonly boot: string;
  readonly seq: number;
}

/** In each boot `seq` counts from 1, without gaps. */
export interface NumberedObservation extends Observation, Cursor {}

export interface EventPage {
  readonly events: readonly NumberedObservation[];
  readonly more: boolean;
  readonly lost: number;
}

export interface CollectedFile {
  readonly name: string;
  readonly bytes: number;
}
