import { Bugcheck } from './bugcheck';

/** Who a block belongs to: a module (by name) or the driver as a whole. */
export type Scope = string;
export const DRIVER_SCOPE: Scope = 'driver';

export interface Block {
  readonly id: string;
  readonly scope: Scope;
  /** What the driver said it is for (its pool tag). */
  readonly tag: string;
  freed: boolean;
}

export interface FreedAccess {
  readonly block: Block;
  readonly access: 'read' | 'write' | 'free';
  readonly field: string;
}

/**
 * Non-paged pool for simulated drivers. A block is an ordinary object to the driver; once freed, every access to it is
 * reported and stops the system, as special pool does on a real machine.
 */
export class Pool {
  private readonly blocks = new WeakMap<object, Block>();
  private readonly live = new Set<Block>();
  private allocated = 0;

  /** @param onFreedAccess called before the bugcheck, to record what was touched */
  constructor(private readonly onFreedAccess: (access: FreedAccess) => void) {}

  /**
   * @param initial the fields of the block
   * @param scope module name or DRIVER_SCOPE
   * @param tag pool tag
   * @returns the block as the driver sees it
   */
  allocate<T extends object>(initial: T, scope: Scope, tag: string): T {
    const block: Block = { id: `mem${++this.allocated}`, scope, tag, freed: false };
    const proxy: T = new Proxy(initial, {
      get: (target, field, receiver) => {
        if (block.freed) this.stop(block, 'read', field);
        return Reflect.get(target, field, receiver) as unknown;
      },
      set: (target, field, value, receiver) => {
        if (block.freed) this.stop(block, 'write', field);
        return Reflect.set(target, field, value, receiver === proxy ? target : receiver);
      },
    });
    this.blocks.set(proxy, block);
    this.live.add(block);
    return proxy;
  }

  /**
   * @returns the block of a pointer that `allocate` returned, undefined for anything else
   */
  blockOf(pointer: object): Block | undefined {
    return this.blocks.get(pointer);
  }

  /**
   * @param pointer what `allocate` returned
   * @throws Bugcheck 0xC2 when it is no pool block or is already free
   */
  free(pointer: object): Block {
    const block = this.blocks.get(pointer);
    if (!block)
      throw new Bugcheck('0xC2', 'BAD_POOL_CALLER', 'the driver freed an address that is no pool block', ['0x46']);
    if (block.freed) {
      this.onFreedAccess({ block, access: 'free', field: '' });
      throw new Bugcheck('0xC2', 'BAD_POOL_CALLER', `the driver freed ${block.id} (${block.tag}) twice`, ['0x7']);
    }
    block.freed = true;
    this.live.delete(block);
    return block;
  }

  /** Blocks not yet freed, oldest first. */
  get liveBlocks(): readonly Block[] {
    return [...this.live];
  }

  private stop(block: Block, access: 'read' | 'write', field: string | symbol): never {
    const name = String(field);
    this.onFreedAccess({ block, access, field: name });
    throw new Bugcheck(
      '0x50',
      'PAGE_FAULT_IN_NONPAGED_AREA',
      `the driver ${access === 'read' ? 'read' : 'wrote'} ${name} in ${block.id} (${block.tag}), which had been freed`,
      [block.id, access === 'read' ? '0' : '2'],
    );
  }
}
