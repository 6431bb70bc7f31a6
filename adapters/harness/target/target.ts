/** A Windows test machine, as its target file describes it. Times in milliseconds. */

export interface SshTarget {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** File with the private key, instead of those that ssh looks for. */
  readonly identity?: string;
  /** File with host keys, instead of those that ssh looks at. */
  readonly knownHosts?: string;
  /** Configuration file of ssh, instead of the user's; `none`: no file. */
  readonly config?: string;
}

/** What brings the machine back: each a program of this machine and its arguments. */
export interface MachineCommands {
  readonly snapshot: readonly string[];
  readonly revert: readonly string[];
  readonly powerOn: readonly string[];
  readonly powerOff: readonly string[];
}

/** A driver on the machine. */
export interface TargetDriver {
  readonly component: string;
  readonly service: string;
  /** On the machine. */
  readonly inf?: string;
  /** A path on this machine. */
  readonly profile: string;
  readonly probe: boolean;
}

export interface Target {
  /** The file itself, for messages. */
  readonly file: string;
  readonly name: string;
  readonly ssh: SshTarget;
  /** Absolute paths on the machine. */
  readonly agent: { readonly folder: string; readonly node: string };
  readonly adapter: { readonly name: string; readonly kind: 'fnmp' | 'other' };
  readonly driver: TargetDriver;
  /** Drivers that are known, on the same machine: whoever judges the unknown one must find these as they are. */
  readonly calibration: { readonly good?: TargetDriver; readonly bad?: TargetDriver };
  readonly originate?: { readonly program: string; readonly arguments: readonly string[] };
  /** Driver Verifier watches the driver. */
  readonly verifier: boolean;
  /** Undefined: nobody brings it back. */
  readonly machine?: MachineCommands;
  readonly limits: {
    readonly lease: number;
    readonly boot: number;
    readonly answer: number;
    /** How long the machine sleeps in a scenario; undefined: it is not put to sleep. */
    readonly sleep?: number;
  };
}
