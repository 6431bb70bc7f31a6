/** Bugchecks by which NDIS or Driver Verifier itself says what was wrong. */
import { article } from '../article';
import {
  NDIS_DRIVER,
  NDIS_LIVE_DUMP,
  ndisLines,
  parameter,
  possibleFilters,
  VERIFIER as VERIFIER_BUGCHECK,
  VERIFIER_LIVE_DUMP,
  type Case,
} from '../case';
import { conclude, type Conclusion } from '../conclusion';
import type { Bugcheck } from '../identity';
import type { Line } from '../lines';
import {
  isGeneralVerifierCode,
  isNdisVerifierCode,
  NDIS_BUGCHECKS,
  VERIFIER_CODES,
  WATCHDOGS,
  type Watchdog,
} from '../ndis-codes';
import type { StackStory } from '../stack';
import { hexText } from '../values';
import { filterAt, FILTERS, NBL_LOG, OIDS, PENDING_NBLS, STACKS, VERIFIER } from './next';
import * as scenario from './scenarios';

export function codeClues(about: Case): Conclusion[] {
  const { bugcheck } = about.crash;
  if (!bugcheck) return [];
  if (bugcheck.code === NDIS_DRIVER || bugcheck.code === NDIS_LIVE_DUMP) return ndisClues(about, bugcheck);
  if (bugcheck.code === VERIFIER_BUGCHECK || bugcheck.code === VERIFIER_LIVE_DUMP)
    return verifierClues(about, bugcheck);
  return [];
}

function ndisClues(about: Case, bugcheck: Bugcheck): Conclusion[] {
  const kind = parameter(bugcheck, 1);
  if (kind === 0x25) {
    const watchdog = WATCHDOGS[parameter(bugcheck, 2) ?? -1];
    return watchdog ? [watchdogClue(about, bugcheck, watchdog)] : [];
  }
  const known = kind === undefined ? undefined : NDIS_BUGCHECKS[kind];
  if (!known || kind === undefined) return [];
  if (kind === 0x14) return [waitsTooHigh(about, bugcheck)];
  if (kind === 0x21) return badHeader(about, bugcheck);
  const [driver] = possibleFilters(about);
  return [
    conclude(
      {
        id: `ndis-${hexText(BigInt(kind))}`,
        certainty: known.others === undefined ? 'likely' : 'possible',
        suggests: driver ? `${known.means} ${driver.module} is the driver in the stack.` : known.means,
        known: linesOf(bugcheck, driver?.frame.line),
        why: `NDIS says so itself (NDIS_BUGCHECK_${known.name}); which of the rules about it was broken, the code does not say.`,
        against: [
          ...(known.others === undefined ? [] : [`For this code ${known.others}: a filter may do the same wrong.`]),
          ...(driver ? [] : ['No driver other than those of Windows is in the stack.']),
        ],
        rules: known.rules,
        scenarios: kind === 0x27 ? scenario.NBL_OUTLIVES : [],
        next: kind === 0x27 || kind === 0x30 ? [PENDING_NBLS, NBL_LOG, FILTERS] : [FILTERS, VERIFIER],
      },
      [isMiniportAlone(about.story) && 'The only driver in the stack acts as a miniport.'],
    ),
  ];
}

function watchdogClue(about: Case, bugcheck: Bugcheck, watchdog: Watchdog): Conclusion {
  const drivers = about.story.drivers.map(({ module }) => module);
  const block = bugcheck.parameters[2];
  const isFilter = watchdog.of === 'filter';
  return conclude({
    id: `watchdog-${watchdog.name.toLowerCase().replaceAll('_', '-')}`,
    certainty: isFilter ? 'likely' : 'possible',
    suggests: isFilter
      ? `NDIS waited in vain for ${watchdog.waitedFor}${drivers.length > 0 ? ` (in the stack: ${drivers.join(', ')})` : ''}.`
      : `NDIS waited in vain for ${watchdog.waitedFor}; a filter that keeps what belongs to the ${watchdog.of} has the same effect.`,
    known: linesOf(bugcheck, about.story.drivers[0]?.frame.line),
    why: `The watchdog of NDIS says what was waited for (${watchdog.name}), not why. ${WHY[watchdog.name] ?? 'A driver that waits, or that lost what others wait for, keeps NDIS waiting.'}`,
    against: [
      'The stack is that of the thread that waits or counts: who keeps it waiting may be another driver. The triage block names the one NDIS was waiting for.',
      ...(isFilter && drivers.length === 0 ? ['No driver other than those of Windows is in the stack.'] : []),
    ],
    rules: watchdog.rules,
    scenarios:
      watchdog.name === 'FILTER_PAUSE'
        ? scenario.PAUSE_NEVER_ENDS
        : watchdog.name === 'FILTER_DETACH'
          ? scenario.DETACH_NEVER_ENDS
          : [],
    next: [
      ...(block !== undefined && block !== 0n
        ? [
            {
              command: `dt ndis!_NDIS_WATCHDOG_TRIAGE_BLOCK ${hexText(block)}`,
              shows: 'PrimaryThread, TargetObject, and how long NDIS had waited',
            },
          ]
        : []),
      STACKS,
      ...(/OID/.test(watchdog.name) ? [OIDS] : [PENDING_NBLS]),
      FILTERS,
    ],
  });
}

const WHY: Readonly<Record<string, string>> = {
  FILTER_PAUSE:
    'A pause that pends and is never completed, NBLs that never come home, and a FilterPause that waits for a lock or for itself look alike from outside.',
  FILTER_DETACH:
    'FilterDetach waits for a user of the module that never leaves, for a handle that an application keeps open, for its own OID request, or for a lock.',
  FILTER_OID:
    'An OID request was taken and never completed, or the filter blocked in its handler; a miniport that never answers the clone has the same effect.',
};

function waitsTooHigh(about: Case, bugcheck: Bugcheck): Conclusion {
  const { story } = about;
  const irql = parameter(bugcheck, 2);
  const driver = possibleFilters(about).find(({ called }) => /^NdisWaitEvent|^NdisMSleep/.test(called?.name ?? ''));
  const during = story.occasions.map(({ what }) => what);
  const rules = during.includes('detach')
    ? ['DET-10', 'IRQ-01', 'LCK-01']
    : during.includes('pause')
      ? ['PAU-20', 'IRQ-01', 'LCK-01']
      : story.entry?.userMode === true
        ? ['IRQ-01', 'LCK-01', 'OO-04']
        : ['IRQ-01', 'PAU-20', 'DET-10', 'OO-04', 'SP-10', 'LCK-01'];
  return conclude({
    id: 'waits-above-passive',
    certainty: driver ? 'certain' : 'likely',
    suggests: `${driver?.module ?? 'A driver'} called NdisWaitEvent at IRQL ${irql ?? 'above 0'}: waiting is allowed at PASSIVE_LEVEL only.`,
    known: linesOf(bugcheck, driver?.called?.line, driver?.frame.line, story.occasions[0]?.frame.line),
    why: `NDIS checks the IRQL itself and says so.${during[0] ? ` NDIS had called the driver for ${article(during[0])}, which it does at PASSIVE_LEVEL: so the driver raised the IRQL itself, as a spin lock that it holds does.` : ''}`,
    rules,
    scenarios: scenario.WAITS_TOO_HIGH,
    next: [{ command: '!irql; !running -ti; kv', shows: 'the IRQL before the crash, and the calls that raised it' }],
  });
}

function badHeader(about: Case, bugcheck: Bugcheck): Conclusion[] {
  const { story } = about;
  const cloning = story.frames.find(({ name }) => /^NdisAllocateCloneOidRequest/.test(name ?? ''));
  const [driver] = possibleFilters(about);
  const origin =
    cloning &&
    story.drivers
      .concat()
      .reverse()
      .find((each) => each.module !== driver?.module)?.module;
  const known = linesOf(bugcheck, cloning?.line, driver?.frame.line);
  const next = [
    ...(bugcheck.parameters[2] === undefined
      ? []
      : [
          {
            command: `dt ndis!_${cloning ? 'NDIS_OID_REQUEST' : 'NDIS_OBJECT_HEADER'} ${hexText(bugcheck.parameters[2])}`,
            shows: cloning
              ? 'Header, Oid and RequestHandle of the request'
              : 'Type, Revision and Size: what it claims to be',
          },
        ]),
    ...(bugcheck.parameters[1] === undefined ? [] : [filterAt(hexText(bugcheck.parameters[1]))]),
    { command: 'kv', shows: 'which driver issued the request: the first one above NdisOidRequest' },
  ];
  if (!cloning) {
    return [
      conclude({
        id: 'bad-object-header',
        certainty: 'possible',
        suggests: 'A driver gave NDIS a structure whose header is invalid: an OID request, a status indication.',
        known,
        why: 'NDIS says so itself; which structure it was depends on the function in the stack.',
        rules: ['OO-02', 'ST-02', 'OP-02'],
        next,
      }),
    ];
  }
  const filter = driver?.module ?? 'a filter';
  return [
    conclude({
      id: 'bad-request-from-above',
      certainty: 'likely',
      suggests: `An OID request with an invalid header came down to ${filter}, which handed it to NdisAllocateCloneOidRequest: whoever made the request is at fault${origin === undefined ? '' : ` (further down in the stack: ${origin})`}.`,
      known,
      why: 'A filter clones what it is given, as it must; NDIS looks at the header there and not where the request was made. So the filter is where it shows, and as a rule not where it comes from.',
      next,
    }),
    conclude({
      id: 'filter-spoilt-the-request',
      certainty: 'possible',
      suggests: `${filter} changed the request before it cloned it, or had made it itself.`,
      known,
      why: 'In the stack this looks the same.',
      rules: ['OP-02', 'OO-02'],
      next,
    }),
  ];
}

function verifierClues(about: Case, bugcheck: Bugcheck): Conclusion[] {
  const code = parameter(bugcheck, 1) ?? -1;
  const known = VERIFIER_CODES[code];
  const [driver] = possibleFilters(about);
  if (!known) {
    if (!isNdisVerifierCode(code)) return [];
    return [
      conclude({
        id: 'verifier-network-rule',
        certainty: 'possible',
        suggests: `Driver Verifier found a rule for network drivers broken (${hexText(BigInt(code))}).`,
        known: linesOf(bugcheck),
        why: 'The code lies in its range for NDIS, Wi-Fi or the virtual switch; the kit has no rule for it.',
        next: [RULE_INFO],
      }),
    ];
  }
  const general = isGeneralVerifierCode(code);
  // Any driver may do that; it is about filters only where NDIS is in the picture.
  if (general && ndisLines(about).length === 0) return [];
  return [
    conclude({
      id: `verifier-${hexText(BigInt(code))}`,
      certainty: general || known.others !== undefined ? 'possible' : 'likely',
      suggests: `${known.means}${driver ? ` ${driver.module} is the driver in the stack.` : ''}`,
      known: linesOf(bugcheck, violated(about), driver?.frame.line),
      why: `Driver Verifier says so (${general ? hexText(BigInt(code)) : known.name}).${general ? ' It says so of any driver; for a filter these rules come first.' : ''}`,
      against:
        known.others === undefined
          ? []
          : [`For this code ${known.others}: a filter that keeps the request or the NBL has the same effect.`],
      rules: known.rules,
      scenarios: code === 0x92010 ? scenario.PAUSE_NEVER_ENDS : [],
      next: nextAfterVerifier(code),
    }),
  ];
}

function nextAfterVerifier(code: number): Conclusion['next'] {
  if (code === 0x1000 || code === 0x1001)
    return [{ command: '!deadlock 1', shows: 'which locks, and the stacks in which they were taken' }];
  if (isGeneralVerifierCode(code))
    return [{ command: '!verifier 3 DRIVER.sys', shows: 'the blocks in question, with tags and call stacks' }];
  // Those of the Hyper-V switch are no rules of the verifier.
  return code < 0x10000 ? [STACKS, PENDING_NBLS] : [RULE_INFO, STACKS, PENDING_NBLS];
}

const RULE_INFO = {
  command: '!ruleinfo P1 P3 P4',
  shows: 'the rule of the verifier that was broken, with the parameters of this bugcheck',
};

function violated({ crash }: Case): Line | undefined {
  return (crash.fields.get('DV_VIOLATED_CONDITION') ?? crash.fields.get('DV_RULE_INFO'))?.line;
}

function isMiniportAlone({ drivers }: StackStory): boolean {
  return drivers.length > 0 && drivers.every(({ role }) => role === 'miniport');
}

function linesOf(bugcheck: Bugcheck, ...others: readonly (Line | undefined)[]): Line[] {
  return [...bugcheck.lines.slice(0, 3), ...others.filter((line) => line !== undefined)];
}
