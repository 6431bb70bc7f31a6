/** What a run says of the machine that it was made on, as plain data. */
import type { MachineFacts } from '../../../adapters/harness/protocol';
import type { FileFacts } from '../identity';

/** What decides a result. Which boot it is does not. */
export interface MachineIdentity {
  /** As the target file calls it. */
  readonly name: string;
  readonly target: FileFacts;
  readonly os: MachineFacts['os'];
  /** Version of the agent. */
  readonly agent: string;
  /** The network adapter under test. */
  readonly adapter: string;
  /** The driver was built with the probe header. */
  readonly instrumented: boolean;
}

/** What became of the machine in one scenario. */
export interface MachineNotes {
  /** The start of the machine that the scenario was played in. */
  readonly boot: string;
  /** Observations of the machine that are missing for good. */
  readonly lost?: number;
  readonly stop?: MachineStop;
}

/**
 * `bugcheck`: it stopped, and its log says so; `restart`: it was started anew, and nobody knows why; `connection`: it had not
 * stopped; `gone`: it did not come back.
 */
export const STOPS = ['bugcheck', 'restart', 'connection', 'gone'] as const;

export interface MachineStop {
  readonly how: (typeof STOPS)[number];
  /** In one sentence. */
  readonly words: string;
  /** The start of the machine that came after it. */
  readonly boot?: string;
  /** The lab's own commands brought it back. */
  readonly revived?: true;
  /** What the log of the machine has, as it stands there. */
  readonly text?: string;
  /** Rules that come into question, the likeliest first. */
  readonly rules?: readonly string[];
  /** Where the text and the files of the machine are, below the folder of the run. */
  readonly folder?: string;
  readonly files?: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Files that were left on the machine, and why. */
  readonly left?: readonly string[];
}
