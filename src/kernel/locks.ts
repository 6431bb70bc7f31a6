import type { Thread } from './thread';

/** NDIS_SPIN_LOCK. Taking it raises the thread to DISPATCH_LEVEL. */
export interface SpinLock {
  readonly id: string;
  owner: Thread | undefined;
  /** IRQL to go back to on release. */
  oldIrql: number;
}

/** NDIS_EVENT: a notification event. */
export interface Event {
  readonly id: string;
  signaled: boolean;
}

/** EX_RUNDOWN_REF. Starts active; `run down` refuses new references, and the wait ends when the last one is gone. */
export interface RundownRef {
  readonly id: string;
  references: number;
  rundown: boolean;
}
