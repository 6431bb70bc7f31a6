/** Bugchecks of Windows that network drivers cause in more than one way. They count only where NDIS is in the picture. */
import { ndisLines, parameter, possibleFilters, type Case } from '../case';
import { conclude, type Certainty, type Conclusion } from '../conclusion';
import { FILTERS, NBL_LOG, PENDING_NBLS, STACKS, VERIFIER } from './next';
import * as scenario from './scenarios';

interface Other {
  readonly id: string;
  readonly means: string;
  readonly why: string;
  readonly rules: readonly string[];
  /** With a possible filter in the stack; without one it is never more than possible. */
  readonly certainty: Certainty;
  readonly scenarios?: typeof scenario.NBL_OUTLIVES;
  readonly next: Conclusion['next'];
  /** Values of parameter 1 that mean this; any, where they are not listed. A text without parameters may mean it. */
  readonly kinds?: readonly number[];
}

const POWER = ['PNP-03', 'PNP-04', 'PAU-02', 'OO-01', 'DEV-04'];
const WHILE_ASLEEP = [
  {
    feature: 'features/sequences/sleep-and-resume.feature',
    name: 'Sleep waits for a send that the filter originated',
  },
];

const POOL: Other = {
  id: 'pool-corrupt',
  means:
    'Pool memory was corrupt, or was freed wrongly; a driver on the way of NBLs may have written to one, or freed one, that was not its own any more.',
  why: 'Who corrupts memory is seldom who finds it: the stack shows where it was noticed.',
  rules: ['SO-03', 'NBL-01', 'DET-08', 'RP-03', 'SP-05'],
  certainty: 'possible',
  scenarios: scenario.NBL_OUTLIVES,
  next: [VERIFIER, NBL_LOG],
};

/** Kinds of 0xC2 that are about blocks; others are about IRQLs and quotas. */
const BAD_FREES = [0x1, 0x2, 0x4, 0x6, 0x7, 0xa, 0xd, 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47, 0x48, 0x99];

/** Of one bugcheck, what applies first. */
const OTHERS: Readonly<Record<number, readonly Other[]>> = {
  0x133: [
    {
      id: 'dpc-watchdog',
      means:
        'A processor stayed at DISPATCH_LEVEL or above for too long: a handler that works, waits or spins for too long, or a lock that two threads want in turn.',
      why: 'The stack shows what the processor was doing when time was up, which need not be the one that used it up.',
      rules: ['RP-07', 'SP-10', 'LCK-01', 'LCK-02', 'SC-05'],
      certainty: 'possible',
      next: [
        {
          command: '!dpcwatchdog; !running -ti',
          shows: 'which DPC ran for how long, and what the other processors did',
        },
        { command: '!locks; !qlocks', shows: 'who holds what' },
      ],
    },
  ],
  0x9f: [
    {
      id: 'power',
      means:
        'A power IRP was not finished in time. A pause, a detach or an OID request that never ends holds it up as well.',
      why: 'NDIS pauses the stack for sleep, and the IRP waits behind it.',
      rules: POWER,
      certainty: 'possible',
      scenarios: WHILE_ASLEEP,
      next: [{ command: '!poaction; !irp P4', shows: 'which driver has the IRP' }, STACKS, PENDING_NBLS],
      kinds: [3],
    },
    {
      id: 'power-behind-plug-and-play',
      means:
        'Sleep waited in vain for Plug and Play to be done with something. A pause or a detach that never ends holds that up as well.',
      why: 'Disabling, removing or rebinding an adapter is work of Plug and Play, and NDIS pauses and detaches its filters in it.',
      rules: POWER,
      certainty: 'possible',
      scenarios: WHILE_ASLEEP,
      next: [
        { command: '!thread P3', shows: 'the thread that holds the lock of Plug and Play, and what it waits for' },
        { command: 'dt nt!_TRIAGE_9F_PNP P4', shows: 'what Plug and Play is busy with' },
        STACKS,
        PENDING_NBLS,
      ],
      kinds: [4],
    },
  ],
  0x139: [
    {
      id: 'security-check',
      means: 'A list of the kernel was corrupt: an entry was removed twice, or freed while in it.',
      why: 'A module or a handle that is freed while it is still in a list leaves such a list behind.',
      rules: ['DET-09', 'DEV-03', 'CAN-03', 'LCK-01'],
      certainty: 'possible',
      scenarios: scenario.USER_OF_A_FREED_MODULE,
      next: [{ command: '.trap P2; kv', shows: 'the list that was checked' }, FILTERS],
      kinds: [3],
    },
  ],
  0xce: [
    {
      id: 'unloaded',
      means: 'Code of a driver was called after the driver had been unloaded.',
      why: 'A timer, a work item or a registration with NDIS was left behind.',
      rules: ['UNL-05', 'UNL-01', 'TMR-03', 'REG-02'],
      certainty: 'likely',
      next: [{ command: 'lm t n; ln P1', shows: 'which of the unloaded modules the address lies in' }],
    },
  ],
  0xc7: [
    {
      id: 'timer-freed',
      means: 'A timer or a DPC was still queued in memory that was freed.',
      why: 'It was not cancelled, or its callback not waited for, before its memory was freed.',
      rules: ['TMR-01', 'TMR-03', 'UNL-05'],
      certainty: 'likely',
      next: [{ command: '!timer; !pool P2', shows: 'whose timer it is' }],
      kinds: [0, 1, 2],
    },
  ],
  0x44: [
    {
      id: 'irp-twice',
      means: 'An IRP was completed twice, as when a write is finished by its send and by a cancel or a detach.',
      why: 'The bugcheck says so; the stack shows the second of the two.',
      rules: ['DEV-04', 'CAN-03'],
      certainty: 'possible',
      next: [{ command: '!irp P1', shows: 'the request' }],
    },
  ],
  0x18: [
    {
      id: 'reference-count',
      means: 'The references of an object were counted wrongly.',
      why: 'A reference that is given back once too often frees an object under those who use it.',
      rules: ['DET-09', 'DEV-03'],
      certainty: 'possible',
      next: [FILTERS],
    },
  ],
  0x7f: [
    {
      id: 'trap',
      means: 'The kernel stack was used up, as a stack of many filters, or a driver that calls back into itself, does.',
      why: 'A double fault is nearly always the end of the stack.',
      rules: ['LCK-02'],
      certainty: 'possible',
      next: [{ command: 'kf; !stackusage', shows: 'who used how much of the stack' }],
      kinds: [8],
    },
  ],
  0xb8: [
    {
      id: 'waited-in-dpc',
      means: 'A driver waited, or called something that waits, at DISPATCH_LEVEL.',
      why: 'The kernel was asked to switch threads where it must not.',
      rules: ['IRQ-01', 'SP-10', 'PAU-20', 'DET-10'],
      certainty: 'likely',
      scenarios: scenario.WAITS_TOO_HIGH,
      next: [{ command: 'kv', shows: 'the call that waited' }],
    },
  ],
  0x4a: [
    {
      id: 'irql-left-raised',
      means: 'A system call came back to the application with the IRQL raised.',
      why: 'A spin lock that was taken in a dispatch routine was not given back.',
      rules: ['LCK-01', 'IRQ-02'],
      certainty: 'likely',
      next: [{ command: 'ln P1', shows: 'which system call' }],
    },
  ],
  0x19: [POOL],
  0xc1: [POOL],
  0xc2: [{ ...POOL, kinds: BAD_FREES }],
  0xc5: [POOL],
  0x13a: [POOL],
};

export function otherClues(about: Case): Conclusion[] {
  const { bugcheck } = about.crash;
  const kind = parameter(bugcheck, 1);
  const other =
    bugcheck && OTHERS[bugcheck.code]?.find(({ kinds }) => !kinds || kind === undefined || kinds.includes(kind));
  if (!other || ndisLines(about).length === 0) return [];
  const [driver] = possibleFilters(about);
  const foreign = about.story.drivers;
  // The clue about roles has the word then.
  if (foreign.length > 0 && !driver) return [];
  return [
    conclude(
      {
        id: other.id,
        certainty: other.certainty,
        suggests: other.means,
        known: [...bugcheck.lines.slice(0, 2), ...(driver ? [driver.frame.line] : []), ...ndisLines(about).slice(0, 1)],
        why: `${other.why}${poolKind(about)}`,
        rules: other.rules,
        ...(other.scenarios && { scenarios: other.scenarios }),
        next: other.next,
      },
      [!driver && 'No driver other than those of Windows is in the stack.'],
    ),
  ];
}

/** 0xC2 says how the block was misused. */
function poolKind({ crash }: Case): string {
  if (crash.bugcheck?.code !== 0xc2) return '';
  const kind = parameter(crash.bugcheck, 1);
  if (kind === 0x6 || kind === 0x7) return ' Here a block was freed that had been freed before.';
  if (kind === 0xa) return ' Here a block was freed with a tag that is not its own.';
  return kind === 0x46 || kind === 0x40 ? ' Here an address was freed that no allocation had returned.' : '';
}
