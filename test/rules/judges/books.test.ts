import { expect } from 'chai';
import { Court } from '../../../src/rules/judges/court';
import { RUNNING, trace } from './trace-dsl';

const RECEIVES = 20_000;

/** How many NBLs the books remember of a module that passes receives up, each one another. */
function remembered(beginning: string): number {
  const court = new Court([], undefined, false);
  const opening = trace(beginning);
  for (const crossing of opening) court.see(crossing);
  const [delivered, passed, over, left] = trace(
    `
      m1 ->FilterReceiveNetBufferLists flags=0
      m1 =>NdisFIndicateReceiveNetBufferLists handle=hm1 flags=0
      m1 <=NdisFIndicateReceiveNetBufferLists
      m1 <-FilterReceiveNetBufferLists`,
  );
  let seq = opening.length;
  for (let index = 0; index < RECEIVES; index += 1) {
    const nbls = [{ nbl: `r${index}` }];
    for (const crossing of [{ ...delivered, nbls }, { ...passed, nbls }, over, left])
      court.see({ dir: '->', ddi: '', ...crossing, seq: (seq += 1) });
  }
  return court.books.modules.get('m1')?.nbls.size ?? 0;
}

describe('The books of NBLs', () => {
  it('let go of receives that do not pass a module without a return handler on their way back', () => {
    const without = RUNNING.replace('FilterReturnNetBufferLists,', '');
    expect(remembered(without)).to.be.below(RECEIVES / 2);
    expect(remembered(RUNNING)).to.equal(RECEIVES);
  });
});
