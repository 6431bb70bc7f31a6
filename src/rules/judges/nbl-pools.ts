/** NBL-02: what a pool is asked for goes together. */
import type { Crossing } from '../../trace';
import type { Court, Judge } from './court';

/** MEMORY_ALLOCATION_ALIGNMENT on x64. */
const ALIGNMENT = 16;

export function judgeNblPools(court: Court): Judge {
  const tested = court.tested('NBL-02');

  const asksForPool = (crossing: Crossing): void => {
    const { contextSize, dataSize, netBuffers } = crossing.args ?? {};
    if (typeof contextSize === 'number') {
      tested.count += 1;
      if (contextSize % ALIGNMENT !== 0) {
        charge(crossing, `with a ContextSize of ${contextSize}, which is no multiple of MEMORY_ALLOCATION_ALIGNMENT`);
      }
    }
    if (typeof dataSize === 'number' && dataSize > 0 && netBuffers === false) {
      charge(crossing, `with a DataSize of ${dataSize} and without fAllocateNetBuffer`);
    }
  };

  const charge = (at: Crossing, how: string): void =>
    court.charge('NBL-02', { at, message: `The filter asked for a pool at #${at.seq} ${how}` });

  return { before: { '=>NdisAllocateNetBufferListPool': asksForPool } };
}
