import type { Tester } from './tester';

/** One thing that the protocol wants of every adapter. */
export interface AdapterCheck {
  /** `lines.garbage` */
  readonly id: string;
  /** What docs/adapter-protocol.md says, in one sentence. */
  readonly says: string;
  /** @throws Wrong when it is not so, NotTried when it does not concern this adapter */
  try(tester: Tester): Promise<void>;
}
