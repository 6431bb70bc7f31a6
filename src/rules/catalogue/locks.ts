import type { Rule } from '../rule';
import { ddi, devtest, network } from './sources';

export const locks: readonly Rule[] = [
  {
    id: 'LCK-01',
    area: 'locks',
    statement:
      'A spin lock is initialised before use, acquired and released in pairs of the same kind, never acquired twice by one thread, released before the handler returns, and held only for moments.',
    strength: 'must',
    appliesTo:
      'Any state; NdisAcquireSpinLock, NdisReleaseSpinLock and the Dpr pair; the guidance for holding one is 25 microseconds',
    consequence: 'A deadlock, 0x133, or 0xC4 under Driver Verifier.',
    verifier: 'SDV SpinLock, SpinlockRelease, SpinLockBalanced, SpinLockDpr, SpinLockDprRelease',
    sources: [ddi('nf-ndis-ndisacquirespinlock'), ddi('nf-ndis-ndisreleasespinlock'), devtest('ndis-spinlock')],
    profile: 'full',
    observation: 'white-box',
  },
  {
    id: 'LCK-02',
    area: 'locks',
    statement:
      'No lock that a handler takes is held across a call that may enter the filter again: NDIS and its neighbours are free to call straight back on the same thread.',
    strength: 'inferred',
    appliesTo: 'Any state; the send, complete, indicate, return, OID, status and PnP calls of NdisF',
    consequence: 'The filter deadlocks with itself at DISPATCH_LEVEL: a frozen machine or 0x133.',
    sources: [network('synchronous-oid-request-interface-in-ndis-6-80'), ddi('nf-ndis-ndisacquirespinlock')],
    profile: 'full',
    observation: 'white-box',
    reading:
      'Broken when the same thread, called back, goes for the lock that it holds; holding one across a call that did not call back is not condemned.',
  },
];
