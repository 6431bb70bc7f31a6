/** The shape of a rule (data), of a violation and of a judge. */

export type Area =
  | 'registration'
  | 'attach'
  | 'restart'
  | 'pause'
  | 'detach'
  | 'unload'
  | 'send-originate'
  | 'send-pass-through'
  | 'send-complete'
  | 'receive-originate'
  | 'receive-pass-through'
  | 'return'
  | 'cancel'
  | 'oid-pass-through'
  | 'oid-originate'
  | 'direct-oid'
  | 'synchronous-oid'
  | 'status'
  | 'pnp'
  | 'user-mode-handles'
  | 'nbl-ownership'
  | 'irql'
  | 'locks'
  | 'timers-and-work-items'
  | 'reconfiguration';

/**
 * `must`: the documentation requires, forbids or states it. `must-by-consequence`: worded as "should", but ignoring it loses
 * an object or blocks another driver. `should`: recommended. `permission`: allowed. `inferred`: follows from documented facts
 * without being written down. `field`: known only from samples, blogs and issue threads.
 */
export type Strength = 'must' | 'must-by-consequence' | 'should' | 'permission' | 'inferred' | 'field';

/**
 * The least an adapter must see for the rule to be decided. `black-box`: module states, frames below and above, crashes.
 * `white-box`: every crossing of the driver (probe, emulator, simulator). `memory`: accesses to memory as well (emulator, simulator).
 */
export type ObservationLevel = 'black-box' | 'white-box' | 'memory';

export interface Source {
  /** Page on learn.microsoft.com below /windows-hardware/drivers/, e.g. `ddi/ndis/nc-ndis-filter_pause`, or a sample or issue. */
  readonly page: string;
  /** Absolute address for pages and issue threads; absent for samples named by path. */
  readonly url?: string;
}

export interface Rule {
  readonly id: string;
  readonly area: Area;
  /** One sentence. */
  readonly statement: string;
  readonly strength: Strength;
  /** What the catalogue adds to the strength, e.g. `no pass-down while Paused is a must, the rest a should`. */
  readonly strengthNote?: string;
  /** States and IRQL in which it holds, and the DDIs involved. */
  readonly appliesTo: string;
  readonly statuses?: string;
  /** What one sees on a real machine when it is broken. */
  readonly consequence: string;
  /** Driver Verifier or SDV equivalent, if there is one. */
  readonly verifier?: string;
  readonly sources: readonly Source[];
  readonly profile: 'core' | 'full';
  readonly observation: ObservationLevel;
  /** Capabilities (of the driver) without which the rule cannot apply to it. */
  readonly needs?: readonly string[];
  /** Contradictions (C1–C22) and uncertain points (U1–U18) that touch it. */
  readonly disputes?: readonly string[];
  /** The reading chosen where sources contradict each other or the kit had to sharpen the statement. */
  readonly reading?: string;
  /**
   * Rules whose violation violates this one too, as far as both speak of the same thing: SO-01 is broken whenever PAU-07
   * is, and by ATT-05 where that is about a send.
   */
  readonly umbrellaOf?: readonly string[];
}

/** A place where the documentation contradicts itself (C…) or leaves something open (U…). */
export interface Dispute {
  readonly id: string;
  readonly subject: string;
  readonly statements: string;
  /** The reading the specification takes. */
  readonly reading: string;
  readonly sources: readonly Source[];
  readonly rules: readonly string[];
}

/** `default`: condemned by everyone's reading. `strict`: condemned only in the strict profile (the stricter reading of the same rule). */
export type Reading = 'default' | 'strict';

export interface Violation {
  readonly rule: string;
  readonly reading: Reading;
  readonly module?: string;
  /** seq of the crossing that broke the rule. */
  readonly at: number;
  /** seqs of the crossings that prove it, ascending, `at` included. Three is the ideal number. */
  readonly witnesses: readonly number[];
  /** One sentence with names and seqs: "FilterPause returned NDIS_STATUS_SUCCESS at #41 while NBL n7, originated at #33, was outstanding". */
  readonly message: string;
}
