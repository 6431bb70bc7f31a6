/** Crashes in the network that are not about a filter, and those in which no driver can be named. */
import { ndisLines, possibleFilters, type Case } from '../case';
import { conclude, type Conclusion } from '../conclusion';
import { isNdis } from '../modules';
import { ndisFunction } from '../ndis-functions';
import { isBadAccess } from './memory';
import { NBL_LOG, VERIFIER } from './next';

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
        suggests: `${story.drivers.map(({ module, role }) => `${module} (${role})`).join(', ')}: the drivers in this stack are no filters, and the rules of this kit are about filters.`,
        known: story.drivers.map(({ frame }) => frame.line),
        why: 'The functions of NDIS that called them, or that they call, are those of miniports or protocols.',
        against: ['A filter that is not on the stack may have given them what they died of.'],
        next: [NBL_LOG, VERIFIER],
      }),
    ];
  }
  const data = story.occasions.find(({ what }) => /send|receive|return/.test(what));
  if (!isBadAccess(about) || !data) return [];
  const top = story.frames[story.failed];
  const asked = story.frames.slice(story.failed).map(({ name, module }) => (isNdis(module) ? ndisFunction(name) : undefined)).find(Boolean);
  const rules = asked?.object?.rules ?? OF_DATA[data.what] ?? [];
  return [
    conclude({
      id: 'nobody-in-the-stack',
      certainty: 'possible',
      suggests: `Windows died on the ${data.what} path of an object that a driver no longer in the stack may have spoilt: an NBL given to the wrong owner, touched after it was handed on, or freed too early.`,
      known: [...(top ? [top.line] : []), data.frame.line],
      why: 'Only parts of Windows are in the stack, and they are seldom at fault themselves; mistakes of filters with NBLs show later, and elsewhere.',
      against: ['Nothing in the text names a filter: a miniport, a callout of the Windows firewall, or faulty memory is as good a guess.'],
      rules,
      next: [NBL_LOG, { command: '!ndiskd.netadapter', shows: 'which filters are on the adapter' }, VERIFIER],
    }),
  ];
}

const OF_DATA: Readonly<Record<string, readonly string[]>> = {
  send: ['SP-05', 'SO-03'],
  'send completion': ['SC-02', 'SO-04', 'SP-03'],
  receive: ['RP-03', 'RP-05', 'RO-02'],
  return: ['RET-02', 'RP-06', 'RO-06'],
};
