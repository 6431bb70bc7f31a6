import type { NblView, NetBufferView } from '../../trace';

/** @returns whether both views show the same net buffers in the same order */
export function sameNetBuffers(before: NblView, after: NblView): boolean {
  if (before === after) return true;
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
  // Whoever reads a long trace makes one object of all chains that look the same.
  if (before === after) return undefined;
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

function netBufferDifference(before: NetBufferView, after: NetBufferView): string | undefined {
  return (
    difference('DataOffset', before.dataOffset, after.dataOffset, before.nb) ??
    difference('DataLength', before.dataLength, after.dataLength, before.nb) ??
    difference('MDL chain', before.mdls, after.mdls, before.nb)
  );
}

function difference<T extends string | number>(
  word: string,
  from: T | undefined,
  to: T | undefined,
  nb: string,
): string | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  return `another ${word} (${to} instead of ${from}) in ${nb}`;
}
