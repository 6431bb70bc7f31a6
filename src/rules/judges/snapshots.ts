import type { NblView, NetBufferView } from '../../trace';

/** @returns whether both views show the same net buffers in the same order */
export function sameNetBuffers(before: NblView, after: NblView): boolean {
  const from = before.nbs;
  const to = after.nbs;
  if (!from || !to) return true;
  if (from.length !== to.length) return false;
  for (let index = 0; index < from.length; index += 1) {
    if (from[index]?.nb !== to[index]?.nb) return false;
  }
  return true;
}

/**
 * What a filter must put back before it hands an NBL home: offsets, lengths, MDLs and context space. Only members that
 * both views have are compared; the list of net buffers is another rule's.
 * @returns what differs, as `another dataOffset`, or undefined
 */
export function differenceFrom(before: NblView, after: NblView): string | undefined {
  if (before.context !== undefined && after.context !== undefined && before.context !== after.context) {
    return `${after.context} instead of ${before.context} bytes of context space`;
  }
  const from = before.nbs;
  const to = after.nbs;
  if (!from || !to) return undefined;
  for (let index = 0; index < from.length; index += 1) {
    const left = from[index];
    const right = to[index];
    if (!left || !right || left.nb !== right.nb) continue;
    const difference = netBufferDifference(left, right);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

const MEMBERS = ['dataOffset', 'dataLength', 'mdls'] as const;
const WORDS = { dataOffset: 'DataOffset', dataLength: 'DataLength', mdls: 'MDL chain' } as const;

function netBufferDifference(before: NetBufferView, after: NetBufferView): string | undefined {
  for (const member of MEMBERS) {
    const from = before[member];
    const to = after[member];
    if (from !== undefined && to !== undefined && from !== to)
      return `another ${WORDS[member]} (${to} instead of ${from}) in ${before.nb}`;
  }
  return undefined;
}
