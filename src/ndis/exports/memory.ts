import { DRIVER_SCOPE } from '../../kernel';
import { OidRequest } from '../oid-request';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type MemoryExports = Implementations<'NdisAllocateMemoryWithTagPriority' | 'ExAllocatePoolWithTag' | 'NdisFreeMemory'>;

/** Non-paged pool. */
export const memoryExports: MemoryExports = {
  *NdisAllocateMemoryWithTagPriority(cx, handle, initial, tag) {
    const ddi = 'NdisAllocateMemoryWithTagPriority';
    const { scope } = cx.onOwner(ddi, handle, { args: { tag } });
    return allocate(cx, ddi, initial, scope, tag);
  },

  *ExAllocatePoolWithTag(cx, initial, tag) {
    const ddi = 'ExAllocatePoolWithTag';
    cx.called(ddi, { args: { tag } });
    return allocate(cx, ddi, initial, DRIVER_SCOPE, tag);
  },

  *NdisFreeMemory(cx, pointer) {
    const ddi = 'NdisFreeMemory';
    cx.requirePointer(ddi, pointer);
    const block = cx.kernel.pool.blockOf(pointer);
    const module = block && moduleIn(block.scope);
    cx.called(ddi, { module, args: { memory: block?.id ?? null } });
    if (pointer instanceof OidRequest && pointer.below) cx.ndis.watch.report(pointer, 'free', '');
    cx.kernel.pool.free(pointer);
    cx.returned(ddi, { module });
  },
};

function moduleIn(scope: string): string | undefined {
  return scope === DRIVER_SCOPE ? undefined : scope;
}

function allocate<T extends object>(cx: ExportContext, ddi: string, initial: T, scope: string, tag: string): T | null {
  const module = moduleIn(scope);
  if (cx.ndis.shortage.strikes('memory')) {
    cx.returned(ddi, { module, args: { memory: null, tag } });
    return null;
  }
  const pointer = cx.kernel.pool.allocate(initial, scope, tag);
  cx.returned(ddi, { module, args: { memory: cx.kernel.pool.blockOf(pointer)?.id ?? null, tag } });
  return pointer;
}
