import { isDeepStrictEqual } from 'node:util';
import type { Crossing } from '../../trace';
import { crossingText } from '../../trace';
import { probablyMeant } from '../../trace/names';
import type { TraceResult } from '../../../adapters/contract/protocol';
import type { AdapterCheck } from './check';
import { NotTried, Wrong } from './conversation';
import { moduleOnA, needs, succeeds, wholeTrace, type Greeted, type Tester } from './tester';

/** A whole life with traffic in it, so that there is something to see. */
async function live(tester: Tester, seed = 1): Promise<Greeted & { crossings: Crossing[]; exact: boolean }> {
  const running = await tester.run(seed);
  const { adapter, facts } = running;
  await adapter.result('sendFromAbove', { adapter: 'A', what: { count: 2 } });
  await adapter.result('receiveFromBelow', { adapter: 'A', what: { count: 1 } });
  await succeeds(adapter, 'pause', { adapter: 'A' });
  await succeeds(adapter, 'detach', { adapter: 'A' });
  const crossings = await wholeTrace(running);
  const exact = facts.capabilities.includes('exactTrace');
  if (crossings.length === 0 && !exact) throw new NotTried('the adapter sees no crossings');
  return { adapter, facts, crossings, exact };
}

const ORDER = [
  '->FilterAttach',
  '<-FilterAttach',
  '->FilterRestart',
  '<-FilterRestart',
  '->FilterPause',
  '->FilterDetach',
  '<-FilterDetach',
];

export const traceChecks: readonly AdapterCheck[] = [
  {
    id: 'trace.vocabulary',
    says: 'Every crossing is one of trace/1, with names as the WDK spells them.',
    async try(tester) {
      const { crossings } = await live(tester);
      for (const crossing of crossings) {
        const meant = crossing.neighbour === undefined ? probablyMeant(crossing.ddi) : undefined;
        if (meant !== undefined)
          throw new Wrong(
            `\`${crossing.ddi}\` (${crossing.seq}) is a name that no rule knows; probably it should be \`${meant}\``,
          );
      }
    },
  },
  {
    id: 'trace.numbers',
    says: 'Crossings are numbered 1, 2, 3 … in order; with exactTrace without a gap.',
    async try(tester) {
      const { crossings, exact } = await live(tester);
      let last = 0;
      for (const { seq } of crossings) {
        if (seq <= last) throw new Wrong(`crossing ${seq} comes after crossing ${last}`);
        if (exact && seq !== last + 1)
          throw new Wrong(
            `crossing ${seq} comes after crossing ${last}, and the adapter says that it sees every crossing`,
          );
        last = seq;
      }
    },
  },
  {
    id: 'trace.cursor',
    says: '`after` gives the crossings behind that one, `limit` at most as many; what was told once is told the same again.',
    async try(tester) {
      const lived = await live(tester);
      const { adapter, crossings } = lived;
      const piecemeal = await wholeTrace(lived, 3);
      if (!isDeepStrictEqual(piecemeal, crossings))
        throw new Wrong('read three at a time, the trace is another one than read at once');
      const middle = crossings[Math.floor(crossings.length / 2)]?.seq ?? 0;
      const rest = (await adapter.result('trace', { after: middle, limit: 500 })) as TraceResult;
      const first = rest.crossings[0];
      if (first && first.seq <= middle)
        throw new Wrong(`crossings after ${middle} were asked for, and crossing ${first.seq} came`);
      const end = (await adapter.result('trace', { after: crossings.at(-1)?.seq ?? 0, limit: 500 })) as TraceResult;
      if (end.crossings.length > 0)
        throw new Wrong('behind the last crossing there are others, though nothing happened');
    },
  },
  {
    id: 'trace.handlers',
    says: 'With exactTrace the life of a module is seen: each handler entered and left, under the name that modules has for it.',
    async try(tester) {
      const { adapter, crossings, exact } = await live(tester);
      if (!exact) throw new NotTried('the adapter does not say that it has exactTrace');
      const name = (await moduleOnA(adapter))?.module;
      const seen = crossings
        .filter(({ module, neighbour }) => module === name && neighbour === undefined)
        .map(({ dir, ddi }) => dir + ddi);
      let at = 0;
      for (const crossing of ORDER) {
        at = seen.indexOf(crossing, at);
        if (at < 0) throw new Wrong(`the trace of module ${name} has no ${crossing} in the order ${ORDER.join(' ')}`);
      }
    },
  },
  {
    id: 'trace.nesting',
    says: 'Crossings of one thread nest like the calls that they are.',
    async try(tester) {
      const { crossings } = await live(tester);
      const open = new Map<string, Crossing[]>();
      for (const crossing of crossings) {
        if (crossing.dir === '!!') continue;
        const calls = open.get(crossing.thread ?? '') ?? [];
        open.set(crossing.thread ?? '', calls);
        if (crossing.dir === '->' || crossing.dir === '=>') calls.push(crossing);
        else if (calls.pop()?.ddi !== crossing.ddi)
          throw new Wrong(`nothing is open on its thread that ${crossingText(crossing)} could end`);
      }
    },
  },
  {
    id: 'trace.repeats',
    says: 'With exactTrace and virtualTime the same seed and the same calls give the same trace.',
    async try(tester) {
      const { facts } = await tester.greet();
      needs(facts, 'exactTrace');
      needs(facts, 'virtualTime');
      const first = await live(tester, 7);
      const second = await live(tester, 7);
      if (!isDeepStrictEqual(first.crossings, second.crossings))
        throw new Wrong('two traces of the same calls with the same seed differ');
    },
  },
];
