/** Crashes at an address: a stale handle, a module in the wrong state, memory that went away, and how far the text tells them apart. */
import { article } from '../article';
import type { Case } from '../case';
import { possibleFilters } from '../case';
import { conclude, type Certainty, type Conclusion, type ScenarioName } from '../conclusion';
import { isKernel, isNdis } from '../modules';
import { KERNEL_OBJECTS, ndisFunction, type NdisFunction } from '../ndis-functions';
import { reuseOf } from '../pointer';
import type { DriverInStack } from '../stack';
import { capital, evidence, isPassing, pointerSteps } from './evidence';
import { inDriver } from './in-driver';
import { FILTERS, NBL_LOG, VERIFIER } from './next';
import * as scenario from './scenarios';

/** An access that failed, or an exception in the kernel. */
const ACCESS = new Set([0x0a, 0x1e, 0x3b, 0x50, 0x7e, 0x8e, 0xbe, 0xcc, 0xcd, 0xd1, 0xd5, 0xd6, 0xfc]);
const BY_EXCEPTION = new Set([0x1e, 0x3b, 0x7e, 0x8e]);
const ACCESS_VIOLATION = 0xc000_0005n;

const LIVES_IN_THE_MODULE =
  'Locks and events of a module live in its context: they are dead before FilterAttach has made them, and after FilterDetach has freed it.';

/** @returns whether the crash is an access to memory, as far as the text says */
export function isBadAccess({ crash }: Case): boolean {
  const { bugcheck } = crash;
  if (!bugcheck) {
    return (
      crash.fields.has('FAULTING_IP') ||
      crash.frames.some(({ name }) => /^Ki(?:PageFault|GeneralProtection)/.test(name ?? ''))
    );
  }
  if (!ACCESS.has(bugcheck.code)) return false;
  const exception = bugcheck.parameters[0];
  if (!BY_EXCEPTION.has(bugcheck.code) || exception === undefined) return true;
  // Sign-extended in 0x1E and 0x7E.
  return (exception & 0xffff_ffffn) === ACCESS_VIOLATION;
}

/** What an access to bad memory says, where a driver that may be a filter is in the stack. */
export function memoryClues(about: Case): Conclusion[] {
  if (!isBadAccess(about)) return [];
  const [driver] = possibleFilters(about);
  if (!driver) return [];
  const { failed } = about.story;
  if (driver.at === failed) return inDriver(about, driver);
  const asked = ndisFunction(driver.called?.name);
  const top = about.story.frames[failed];
  if (asked && isNdis(top?.module)) return insideNdis(about, driver, asked);
  const object = isKernel(top?.module) ? KERNEL_OBJECTS.find(([pattern]) => pattern.test(top?.name ?? '')) : undefined;
  if (object) return kernelObject(about, driver, object);
  return asked ? further(about, driver, asked) : [];
}

function insideNdis(about: Case, driver: DriverInStack, asked: NdisFunction & { readonly name: string }): Conclusion[] {
  const reuse = reuseOf(about.pointer);
  const passing = asked.own !== true && isPassing(about, driver);
  return [
    ...(asked.handle && !(passing && reuse === undefined) ? [staleHandle(about, driver, asked, passing)] : []),
    ...(asked.state && !passing ? [wrongState(about, driver, asked)] : []),
    ...(asked.object ? [deadObject(about, driver, asked, passing)] : []),
  ];
}

function staleHandle(
  about: Case,
  driver: DriverInStack,
  asked: NdisFunction & { readonly name: string },
  passing: boolean,
): Conclusion {
  const { entry } = about.story;
  const reuse = reuseOf(about.pointer);
  const handles = entry?.userMode === true;
  const from = handles ? `an application's request (${entry.how})` : entry ? article(entry.how) : 'a call of its own';
  const certainty: Certainty = reuse !== undefined ? 'likely' : 'possible';
  const isSend = /Send/.test(asked.name);
  return conclude(
    {
      id: 'stale-handle',
      certainty,
      suggests: `${driver.module} called ${asked.name} with the NDIS handle of a filter module that is gone: FilterDetach had returned, and the memory behind the handle belonged to others.`,
      known: evidence(about, driver),
      why: [
        `It failed inside ndis itself, before any other driver was reached, and a module handle is the first thing that ${asked.name} follows.`,
        ...(reuse === undefined ? [] : [`${capital(reuse)}.`]),
        `The call came from ${from}${handles ? ': handles of applications outlive filter modules, because the control device belongs to the driver' : ''}.`,
      ].join(' '),
      against: [
        'The text does not show whether the module had been detached: `!ndiskd.filter` does.',
        ...(asked.object ? [`${capital(asked.object.what)} that was freed too early fails in the same place.`] : []),
      ],
      rules: handles ? ['DET-06', 'DEV-03', 'DET-09', 'DET-01'] : asked.handle,
      scenarios: scenariosOf(asked.name, entry?.how),
      drivers: isSend && handles ? ['npcap-2016-no-pause', 'npcap-2016-first-fix'] : [],
      next: [FILTERS, ...pointerSteps(about), VERIFIER],
    },
    [passing && 'NDIS had just called this driver for one of its modules, so at least that module was still attached.'],
  );
}

function scenariosOf(name: string, how: string | undefined) {
  if (/Oid/.test(name)) return scenario.STALE_HANDLE_OID;
  if (/Status/.test(name)) return scenario.STALE_HANDLE_STATUS;
  if (/Indicate/.test(name)) return scenario.STALE_HANDLE_RECEIVE;
  return how === 'timer' || how === 'DPC'
    ? [...scenario.STALE_HANDLE_TIMER, ...scenario.STALE_HANDLE]
    : scenario.STALE_HANDLE;
}

function wrongState(about: Case, driver: DriverInStack, asked: NdisFunction & { readonly name: string }): Conclusion {
  const { entry } = about.story;
  const rules = (asked.state ?? []).filter((id) => id !== 'DEV-04' || entry?.userMode === true);
  const isSend = /Send/.test(asked.name);
  return conclude({
    id: 'wrong-state',
    certainty: 'possible',
    suggests: `${driver.module} called ${asked.name} ${asked.wrongly ?? 'while its module was attached but in a state that does not allow it (Attaching, Paused, Pausing), and NDIS was rebuilding the stack'}.`,
    known: evidence(about, driver),
    why: `It is the driver that decides when to call this, so nothing but the driver itself keeps it from that.${asked.wrongly === undefined ? ' A pause precedes every detach: a driver without a gate breaks these rules first.' : ''}`,
    against: [
      ...(reuseOf(about.pointer) === undefined
        ? []
        : [
            'A module that is only paused still has its filter block: memory that belongs to others speaks for a detach.',
          ]),
      'The text does not show the state of the module: `!ndiskd.filter` does.',
    ],
    rules,
    scenarios: isSend ? scenario.SEND_WHILE_PAUSED : [],
    next: [FILTERS],
  });
}

function deadObject(
  about: Case,
  driver: DriverInStack,
  asked: NdisFunction & { readonly name: string },
  passing: boolean,
): Conclusion {
  const reuse = reuseOf(about.pointer);
  const object = asked.object ?? { what: 'something', rules: [] };
  const only = !asked.handle && !asked.state;
  return conclude({
    id: 'dead-object',
    certainty: reuse !== undefined && (passing || only) ? 'likely' : 'possible',
    suggests: `${capital(object.what)} that ${driver.module} gave to ${asked.name} was not alive, or never was what it was taken for.`,
    known: evidence(about, driver),
    why: [
      `${asked.name} looks into it.`,
      ...(reuse === undefined ? [] : [`${capital(reuse)}.`]),
      ...(passing ? ['NDIS had just called the driver, so its module was attached.'] : []),
      ...(/lock|event/.test(object.what) ? [LIVES_IN_THE_MODULE] : []),
    ].join(' '),
    against: passing || only ? [] : ['A stale module handle fails in the same place.'],
    // What a driver makes itself was not passed to it.
    rules: passing ? object.rules : object.rules.filter((id) => !/^[SR]P-/.test(id)),
    scenarios: scenariosOfObject(object.what),
    drivers: asked.name === 'NdisFOidRequest' && !passing ? ['own-oid-without-a-request-handle'] : [],
    next: [...pointerSteps(about), ...(/NBL/.test(object.what) ? [NBL_LOG] : []), VERIFIER],
  });
}

function scenariosOfObject(what: string): readonly ScenarioName[] {
  if (/NBL/.test(what)) return scenario.NBL_OUTLIVES;
  return /lock|event|timer|work/.test(what) ? scenario.USER_OF_A_FREED_MODULE : [];
}

function kernelObject(
  about: Case,
  driver: DriverInStack,
  [, what, rules]: readonly [unknown, string, readonly string[]],
): Conclusion[] {
  const top = about.story.frames[about.story.failed];
  const never = about.pointer?.kind === 'nearly null';
  return [
    conclude({
      id: 'dead-lock',
      certainty: never || reuseOf(about.pointer) !== undefined ? 'likely' : 'possible',
      suggests: `${driver.module} used ${what} that was ${never ? 'never initialised' : 'freed, or never initialised'}.`,
      known: evidence(about, driver),
      why: `It failed in ${top?.module}!${top?.name}, which works on what the driver handed it. ${LIVES_IN_THE_MODULE}`,
      rules,
      scenarios: scenario.USER_OF_A_FREED_MODULE,
      next: [...pointerSteps(about), FILTERS],
    }),
  ];
}

/** It failed in a neighbour of NDIS, below a call of the driver. */
function further(about: Case, driver: DriverInStack, asked: NdisFunction & { readonly name: string }): Conclusion[] {
  const top = about.story.frames[about.story.failed];
  return [
    conclude({
      id: 'neighbour',
      certainty: 'possible',
      suggests: `${top?.module ?? 'A neighbour'} died of what ${driver.module} had given to ${asked.name}.`,
      known: evidence(about, driver),
      why: `The thread was ${asked.does} for ${driver.module} when it failed in ${top?.module ?? 'another driver'}. A neighbour that is paused, or an NBL that is not what the call says, dies there and not in the filter.`,
      against: [`${top?.module ?? 'The neighbour'} may have a defect of its own.`],
      rules: [...(asked.object?.rules ?? []), ...(isPassing(about, driver) ? [] : (asked.state ?? []).slice(0, 2))],
      next: [NBL_LOG, VERIFIER],
    }),
  ];
}
