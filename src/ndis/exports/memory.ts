import { DRIVER_SCOPE } from '../../kernel';
import type { Wdk } from '../wdk';
import type { ExportContext } from './context';

type MemoryExports = Pick<Wdk, 'NdisAllocateMemoryWithTagPriority' | 'ExAllocatePoolWithTag' | 'NdisFreeMemory'>;

/** Non-paged pool. */
export function memoryExports(cx: ExportContext): MemoryExports {
  const { ndis, kernel } = cx;
  const allocate = <T extends object>(ddi: string, initial: T, scope: string, tag: string): T | null => {
    const module = moduleIn(scope);
    if (ndis.shortage.strikes('memory')) {
      cx.returned(ddi, { module, args: { memory: null, tag } });
      return null;
    }
    const pointer = kernel.pool.allocate(initial, scope, tag);
    cx.returned(ddi, { module, args: { memory: kernel.pool.blockOf(pointer)?.id ?? null, tag } });
    return pointer;
  };
  return {
    *NdisAllocateMemoryWithTagPriority(handle, initial, tag) {
      const ddi = 'NdisAllocateMemoryWithTagPriority';
      const { scope } = cx.onOwner(ddi, handle, { args: { tag } });
      return allocate(ddi, initial, scope, tag);
    },

    *ExAllocatePoolWithTag(initial, tag) {
      const ddi = 'ExAllocatePoolWithTag';
      cx.called(ddi, { args: { tag } });
      return allocate(ddi, initial, DRIVER_SCOPE, tag);
    },

    *NdisFreeMemory(pointer) {
      const ddi = 'NdisFreeMemory';
      cx.requirePointer(ddi, pointer);
      const block = kernel.pool.blockOf(pointer);
      const module = block && moduleIn(block.scope);
      cx.called(ddi, { module, args: { memory: block?.id ?? null } });
      kernel.pool.free(pointer);
      cx.returned(ddi, { module });
    },
  };
}

function moduleIn(scope: string): string | undefined {
  return scope === DRIVER_SCOPE ? undefined : scope;
}
