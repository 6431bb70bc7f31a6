import type { Rule } from '../rule';
import { ddi, devtest, network } from './sources';

const CANCEL_TIMER = ddi('nf-ndis-ndiscanceltimerobject');

export const timersAndWorkItems: readonly Rule[] = [
  {
    id: 'TMR-01',
    area: 'timers-and-work-items',
    statement:
      'Before a timer, or what its callback works with, is freed, it is cancelled, at PASSIVE_LEVEL if it is periodic; when cancelling a one-shot timer comes too late, its callback is waited for.',
    strength: 'must',
    appliesTo: 'Any state; callbacks run at DISPATCH_LEVEL; NdisCancelTimerObject, NdisFreeTimerObject',
    statuses: 'NdisCancelTimerObject: TRUE if it came in time, FALSE if not',
    consequence: '0xD1 or 0xC7.',
    verifier: 'SDV CancelTimerObject, PeriodicTimer',
    sources: [
      CANCEL_TIMER,
      ddi('nf-ndis-ndissettimerobject'),
      devtest('ndis-canceltimerobject'),
      devtest('ndis-periodictimer'),
    ],
    profile: 'full',
    observation: 'white-box',
    reading:
      'The documented way to wait is that the callback signals when it is about to complete: one that does nothing more but return, once the timer is freed, was waited for.',
  },
  {
    id: 'TMR-02',
    area: 'timers-and-work-items',
    statement:
      'Each timer and each work item that was allocated is freed exactly once; a work item may be freed inside its own callback, but not while it is queued.',
    strength: 'must',
    appliesTo: 'Any state; NdisAllocateTimerObject, NdisFreeTimerObject, NdisAllocateIoWorkItem, NdisFreeIoWorkItem',
    statuses: 'NULL or NDIS_STATUS_RESOURCES when the allocation fails',
    consequence: 'A leak, or a callback in freed memory.',
    verifier: 'SDV Init_NdisAllocateIoWorkItem',
    sources: [
      ddi('nf-ndis-ndisallocatetimerobject'),
      ddi('nf-ndis-ndisallocateioworkitem'),
      ddi('nf-ndis-ndisqueueioworkitem'),
    ],
    profile: 'full',
    observation: 'white-box',
    disputes: ['C12'],
  },
  {
    id: 'TMR-03',
    area: 'timers-and-work-items',
    statement:
      'A timer or work item that uses a module holds a reference on it, looks at the gate again before it originates anything, and has run out before FilterDetach returns.',
    strength: 'inferred',
    appliesTo: 'Any state; NdisTimerFunction, NdisIoWorkItemFunction, FilterDetach',
    consequence: 'The callback works on a module that is paused or gone: 0x3B or 0x50.',
    sources: [network('pausing-a-filter-module'), CANCEL_TIMER],
    profile: 'core',
    observation: 'white-box',
    reading:
      'Broken by a callback that runs for a detached module, and by one that began after the module had left Running and originates data nevertheless. One that has yet to return when FilterDetach does, and does no more than that, breaks the strict reading only.',
  },
];
