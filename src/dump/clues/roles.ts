/** Crashes in the network that are not about a filter, and those in which no driver can be named. */
import { article } from '../article';
import { ndisLines, possibleFilters, type Case } from '../case';
import { conclude, type Conclusion } from '../conclusion';
import type { Frame } from '../frames';
import { isNdis } from '../modules';
import { ndisFunction } from '../ndis-functions';
import { isBadAccess } from './memory';
import { FILTERS, NBL_LOG, VERIFIER } from './next';

/** @returns what can be said where only miniports, protocols or parts of Windows are in the stack */
export function roleClues(about: Case): Conclusion[] {
  const { story } = about;
  const filters = possibleFilters(about);
  if (filters.length > 0 || story.frames.length === 0 || ndisLines(about).length === 0) return [];
  if (story.drivers.length > 0) {
    return [
      conclude({
        id: 'not-a-filter',
        certainty: 'likely',
        suggests: `${story.drivers.map(({ module, role }) => `${module} (${role})`).join(', ')}: the drivers in this stack are no filters of NDIS, and the rules of this kit are about those.`,
        known: story.drivers.map(({ frame }) => frame.line),
        why: 'The functions that called them, or that they call, are not those of filters.',
        against: ['A filter that is not on the stack may have given them what they died of.'],
        next: [NBL_LOG, VERIFIER],
      }),
    ];
  }
  const firewall = story.frames.slice(story.failed).findIndex(({ module }) => isNdis(module));
  const above = story.frames.slice(story.failed, story.failed + Math.max(0, firewall)).find(inTheFirewall);
  if (above) return [ofTheFirewall(above)];
  const hidden = filterNotShown(about);
  if (hidden) return [hidden];
  const data = story.occasions.find(({ what }) => /send|receive|return/.test(what));
  if (!isBadAccess(about) || !data) return [];
  const top = story.frames[story.failed];
  const asked = story.frames
    .slice(story.failed)
    .map(({ name, module }) => (isNdis(module) ? ndisFunction(name) : undefined))
    .find(Boolean);
  const rules = asked?.object?.rules ?? OF_DATA[data.what] ?? [];
  return [
    conclude({
      id: 'nobody-in-the-stack',
      certainty: 'possible',
      suggests: `Windows died on the ${data.what} path of an object that a driver no longer in the stack may have spoilt: an NBL given to the wrong owner, touched after it was handed on, or freed too early.`,
      known: [...(top ? [top.line] : []), data.frame.line],
      why: 'Only parts of Windows are in the stack, and they are seldom at fault themselves; mistakes of filters with NBLs show later, and elsewhere.',
      against: [
        'Nothing in the text names a filter: a miniport, a callout of the Windows firewall, or faulty memory is as good a guess.',
      ],
      rules,
      next: [NBL_LOG, { command: '!ndiskd.netadapter', shows: 'which filters are on the adapter' }, VERIFIER],
    }),
  ];
}

function inTheFirewall({ module, name }: Frame): boolean {
  return (
    /^fwpkclnt$/i.test(module ?? '') ||
    (/^(?:netio|tcpip|wfplwfs)$/i.test(module ?? '') && /Classify|Callout|^Wfp|^Ale/.test(name ?? ''))
  );
}

function ofTheFirewall(frame: Frame): Conclusion {
  return conclude({
    id: 'firewall',
    certainty: 'likely',
    suggests: `It failed in the Windows Filtering Platform (${frame.module}!${frame.name ?? ''}): callouts of firewalls and proxies work there, which are no filter drivers of NDIS and outside this kit.`,
    known: [frame.line],
    why: 'Between the failure and NDIS lies the filter engine, or an injection of packets into it.',
    next: [{ command: 'netsh wfp show state', shows: 'which callouts are registered, and by whom' }, VERIFIER],
  });
}

/** NDIS was calling a handler of a filter, and the filter is not there: its last call was a jump. */
function filterNotShown(about: Case): Conclusion | undefined {
  const { story } = about;
  const top = story.frames[story.failed];
  const handler = story.occasions[0];
  const path = story.frames.slice(story.failed);
  const asked = path.map(({ name, module }) => (isNdis(module) ? ndisFunction(name) : undefined)).find(Boolean);
  if (!handler || !OF_A_FILTER.has(handler.what) || !asked?.object || !isBadAccess(about)) return undefined;
  return conclude({
    id: 'filter-not-shown',
    certainty: 'likely',
    suggests: `In ${article(handler.what)}, a filter driver gave ${asked.name} something that was never initialised, or was freed (${asked.object.what}). The driver itself is not in the stack: the last call of its handler was a jump.`,
    known: [
      ...(top ? [top.line] : []),
      ...path.filter(({ name }) => name === asked.name).map(({ line }) => line),
      handler.frame.line,
    ],
    why: `NDIS calls a handler of a filter here, and ${asked.name} is there for drivers.`,
    against: ['Which filter it was, the text does not say.'],
    rules: asked.object.rules,
    next: [
      {
        command: `ub ${handler.frame.module ?? 'ndis'}!${handler.frame.name ?? ''}`,
        shows: 'the call through the table of handlers',
      },
      FILTERS,
    ],
  });
}

const OF_A_FILTER: ReadonlySet<string> = new Set(['attach', 'restart', 'pause', 'detach', 'OID request']);

const OF_DATA: Readonly<Record<string, readonly string[]>> = {
  send: ['SP-05', 'SO-03'],
  'send completion': ['SC-02', 'SO-04', 'SP-03'],
  receive: ['RP-03', 'RP-05', 'RO-02'],
  return: ['RET-02', 'RP-06', 'RO-06'],
};
