/** What is said besides `lwf-adapter/1` when the adapter is a Windows machine. Published as `harness-1.schema.json`. */
import type { DriverProfile } from '../../contract';

export const HARNESS = 'harness/1';

/** Says nothing but that the controller is there, as every other line does too. */
export const LEASE = 'lease';

export const HARNESS_METHODS = [
  'events',
  'collect',
  'file',
  'crashes',
  'calibrate',
  'verifier',
  'reboot',
  'undo',
] as const;
export type HarnessMethod = (typeof HARNESS_METHODS)[number];

/** Observations that are asked for at once. */
export const EVENT_PAGE = 1000;

/** Characters of a profile that the agent is given. */
export const LONGEST_PROFILE = 256 * 1024;

/** Bytes of a file in one answer: in base64 they are half of the longest line. */
export const FILE_PIECE = 384 * 1024;

/** What is tested on the machine, as the target file says. */
export interface OfferedTarget {
  readonly adapter: { readonly name: string; readonly kind: 'fnmp' | 'other' };
  readonly driver: {
    readonly name: string;
    /** Name of the file of the image: `mylwf.sys`. */
    readonly image?: string;
    readonly component: string;
    readonly service: string;
    /** An INF on the machine, to install the driver from where it is not installed. */
    readonly inf?: string;
    /** Built with the probe header. */
    readonly probe: boolean;
    readonly profile: DriverProfile;
    /** The profile as the vendor wrote it (YAML), where it says how applications open the driver. */
    readonly profileText?: string;
  };
  /** The vendor's command: an absolute path on the machine, and arguments. */
  readonly originate?: { readonly program: string; readonly arguments: readonly string[] };
  /** Milliseconds that the machine sleeps when a scenario wants it to; undefined: it is not put to sleep. */
  readonly sleep?: number;
}

export interface Offer {
  readonly run: string;
  /** Milliseconds without a line of the controller, after which the agent takes everything back and ends. */
  readonly lease: number;
  /** End the agent of another run. That of the same run always makes way. */
  readonly takeover?: boolean;
  /** The last observation of the run that the controller has: those that follow are told, and numbers go on after it. */
  readonly known?: Cursor;
  readonly target?: OfferedTarget;
}

/** What Driver Verifier watches. */
export interface Watched {
  /** Hexadecimal. */
  readonly flags: string;
  readonly drivers: readonly string[];
  /** Since this start of the machine; else from the next one on. */
  readonly isActive: boolean;
  /** It was so before anybody asked for it. */
  readonly isSet: boolean;
}

/** A file of the machine. */
export interface MachineFile {
  /** Without folders. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
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
  /** The image under test; undefined: it lies elsewhere. */
  readonly driver?: MachineFile;
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
  /** Of the last change, ISO 8601, by the clock of the machine. */
  readonly time: string;
}

/** That the machine stopped once, as its log of events has it. */
export interface Crash {
  /** Number of the entry. */
  readonly record: number;
  /** ISO 8601, by the clock of the machine. */
  readonly time: string;
  readonly text: string;
}

/** Something that was measured on the machine, or why it was not. */
export type Measurement =
  | {
      readonly name: string;
      readonly unit: 'ms' | 'events';
      /** In the order in which they were measured. */
      readonly samples: readonly number[];
    }
  /** What has no number. */
  | { readonly name: string; readonly told: string }
  | { readonly name: string; readonly notMeasured: string };
