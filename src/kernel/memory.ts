import type { CrossingDraft } from '../trace/crossing';
import { OBSERVATION } from '../trace/crossing';
import { Bugcheck } from './bugcheck';
import type { Thread } from './thread';

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

/** What pool memory needs of the kernel. */
interface System {
  readonly running: Thread | undefined;
  record(draft: CrossingDraft): void;
  identity(kind: string): string;
  stop(bugcheck: Bugcheck): Bugcheck;
}

/** How an access to a freed object is reported before it stops the system. */
export type FreedAccess = 'read' | 'write' | 'free';

/**
 * Non-paged pool for simulated drivers. A block is an ordinary object to the driver; once freed, every access to it is
 * reported and stops the system, as special pool does on a real machine.
 */
export class Pool {
  private readonly blocks = new WeakMap<object, Block>();
  private readonly live = new Set<Block>();

  constructor(private readonly system: System) {}

  /**
   * @param initial the fields of the block
   * @param scope module name or DRIVER_SCOPE
   * @param tag pool tag
   * @returns the block as the driver sees it
   */
  allocate<T extends object>(initial: T, scope: Scope, tag: string): T {
    const block = this.newBlock(scope, tag);
    const proxy: T = new Proxy(initial, {
      get: (target, field, receiver) => {
        if (block.freed) throw this.accessed(block, 'read', String(field));
        return Reflect.get(target, field, receiver) as unknown;
      },
      set: (target, field, value, receiver) => {
        if (block.freed) throw this.accessed(block, 'write', String(field));
        return Reflect.set(target, field, value, receiver === proxy ? target : receiver);
      },
    });
    this.blocks.set(proxy, block);
    return proxy;
  }

  /**
   * Takes an object that watches its own accesses into the pool's books.
   * @returns its block; the object must ask `block.freed`
   */
  adopt(object: object, scope: Scope, tag: string): Block {
    const block = this.newBlock(scope, tag);
    this.blocks.set(object, block);
    return block;
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
    if (!block) {
      throw this.system.stop(
        new Bugcheck('0xC2', 'BAD_POOL_CALLER', 'the driver freed an address that is no pool block', ['0x46']),
      );
    }
    if (block.freed) {
      this.report(block, 'free', '');
      throw this.system.stop(
        new Bugcheck('0xC2', 'BAD_POOL_CALLER', `the driver freed ${block.id} (${block.tag}) twice`, ['0x7']),
      );
    }
    block.freed = true;
    this.live.delete(block);
    return block;
  }

  /** Blocks not yet freed, oldest first. */
  get liveBlocks(): readonly Block[] {
    return [...this.live];
  }

  /** Reports an access to a freed block and stops the system. @returns the bugcheck to throw */
  accessed(block: Block, access: 'read' | 'write', field: string): Bugcheck {
    this.report(block, access, field);
    return this.system.stop(
      new Bugcheck(
        '0x50',
        'PAGE_FAULT_IN_NONPAGED_AREA',
        `the driver ${access === 'read' ? 'read' : 'wrote'} ${field} in ${block.id} (${block.tag}), which had been freed`,
        [block.id, access === 'read' ? '0' : '2'],
      ),
    );
  }

  private newBlock(scope: Scope, tag: string): Block {
    const block: Block = { id: this.system.identity('mem'), scope, tag, freed: false };
    this.live.add(block);
    return block;
  }

  private report(block: Block, access: FreedAccess, field: string): void {
    const module = this.system.running?.frames.at(-1)?.module;
    this.system.record({
      dir: '!!',
      ddi: OBSERVATION.Access,
      ...(module !== undefined && { module }),
      args: { what: 'memory', object: block.id, tag: block.tag, scope: block.scope, access, field, freed: true },
    });
  }
}
