import { expect } from 'chai';
import { registeredDrivers } from '../../adapters/simulator/drivers';
import { readTrace, sequenceText, traceToNdjson, type Crossing, type TraceHeader } from '../../src/trace';
import { KNOWN_NAMES } from '../../src/trace/names';
import { play } from '../drivers/play';
import { randomLife } from '../drivers/random-life';

const HEADER: TraceHeader = { schema: 'trace/1', adapter: 'simulator', driver: 'reference', complete: true };

describe('What the simulator records', () => {
  const reference = registeredDrivers.get('reference')?.driver;

  for (const seed of [1, 2, 3]) {
    it(`is trace/1, and the same after it was written and read (life ${seed})`, async () => {
      if (!reference) throw new Error('there is no driver `reference`');
      const { trace } = await play(reference, randomLife(seed, 120), { seed });
      expect(trace.length).to.be.greaterThan(1000);
      const back: Crossing[] = [];
      for await (const { header, crossing, problem } of readTrace(traceToNdjson(HEADER, trace))) {
        expect(problem).to.equal(undefined);
        if (header) expect(header).to.deep.equal(HEADER);
        if (crossing) back.push(crossing);
      }
      expect(back).to.deep.equal(trace);
      const own = trace.filter(({ neighbour }) => neighbour === undefined).map(({ ddi }) => ddi);
      expect([...new Set(own)].filter((ddi) => !KNOWN_NAMES.has(ddi))).to.deep.equal([]);
      expect(sequenceText(back)).to.equal(sequenceText(trace));
    });
  }
});
