import type { Block, Bugcheck, Call } from '../../../src/kernel';
import { DISPATCH_LEVEL, OBSERVATION } from '../../../src/trace';
import type { NdisHandle } from '../../../src/ndis';
import type { Access } from '../cpu/contract';
import { PAGE_SIZE } from '../cpu/contract';
import type { Arena } from './arena';
import { picture, whereIs, type Picture } from './backtrace';
import type { BlockHit } from './crash';
import { hexOf, PAGE_FAULT } from './faults';
import type { Guest } from './guest';
import { NOTHING, READ_WRITE } from './layout';
import { SYSTEM_RANGE_START } from './user-memory';

/** In the last parameter of 0x50: the page was freed. */
const FREED = '0x0';
/** Bytes around every block that nobody may touch. */
const REDZONE = 64;

/** @returns a pool tag as the number that it is */
function tagNumber(tag: string): string {
  return `0x${Buffer.from(tag.padEnd(4, '\0'), 'latin1').readUInt32LE(0).toString(16).toUpperCase()}`;
}

/** How a block of pool memory is asked for. */
export interface PoolRequest {
  readonly length: number;
  /** Four characters; empty for none. */
  readonly tag: string;
  /** It must be freed with its tag. */
  readonly tagProtected?: boolean;
  readonly pageable?: boolean;
  readonly zeroed?: boolean;
  /** Where it was asked for. */
  readonly caller: bigint;
  /** Handle of the module or driver, for NdisAllocateMemoryWithTagPriority; without it the memory is driver-wide. */
  readonly handle?: NdisHandle;
}

/** A block of guest memory, and the block of the model that stands for it in books and traces. */
export interface GuestBlock {
  readonly offset: number;
  readonly length: number;
  readonly tag: string;
  /** What the model calls it. */
  readonly pointer: object;
  readonly model: Block;
  readonly pageable: boolean;
  readonly tagProtected: boolean;
  readonly allocatedBy: bigint;
  readonly allocated: Picture;
  freedBy: bigint | undefined;
  freed: Picture | undefined;
}

/** Pool memory of the guest. A block is never given out again: whoever touches it after the free is caught for the whole run. */
export class GuestPool {
  private readonly blocks: GuestBlock[] = [];
  private readonly byOffset = new Map<number, GuestBlock>();
  /** Told of each block that the driver frees, before it is gone. */
  readonly beforeFree: ((block: GuestBlock) => void)[] = [];
  /** The block that the last bad access hit. */
  lastHit: BlockHit | undefined;

  constructor(
    private readonly guest: Guest,
    private readonly arena: Arena,
  ) {}

  /** @returns the offset of a fresh block; 0 when memory is short */
  *allocate(request: PoolRequest): Call<number> {
    const { wdk, kernel } = this.guest;
    const pointer = request.handle
      ? yield* wdk.NdisAllocateMemoryWithTagPriority(request.handle, {}, request.tag)
      : yield* wdk.ExAllocatePoolWithTag({}, request.tag);
    if (!pointer) return 0;
    const model = kernel.pool.blockOf(pointer);
    return model ? this.place(request, pointer, model).offset : 0;
  }

  /**
   * Gives guest memory to an object that the model has allocated itself.
   * @returns the block; `release` ends it
   */
  place(request: PoolRequest, pointer: object, model: Block): GuestBlock {
    const { memory } = this.guest;
    const offset = this.arena.take(request.length, request.length >= PAGE_SIZE ? PAGE_SIZE : 16, REDZONE);
    const { length, tag, caller, pageable = false, tagProtected = false } = request;
    memory.protect(offset, length, { ...READ_WRITE, pageable });
    if (!request.zeroed) memory.fill(offset, length, 0xcd);
    const block: GuestBlock = {
      ...{ offset, length, tag, pointer, model, pageable, tagProtected },
      ...{ allocatedBy: caller, allocated: picture(this.guest), freedBy: undefined, freed: undefined },
    };
    this.blocks.push(block);
    this.byOffset.set(offset, block);
    return block;
  }

  /**
   * The driver frees a block.
   * @param tag compared only where the block's own is protected, as Windows does
   * @throws Bugcheck 0xC2 when it is no block or was freed before
   */
  *free(address: bigint, caller: bigint, tag = ''): Call<void> {
    const { wdk, memory } = this.guest;
    const offset = memory.offsetOf(address);
    const block = offset === undefined ? undefined : this.byOffset.get(offset);
    if (!block) throw this.badPointer(address);
    if (block.freedBy !== undefined) throw this.freedTwice(block);
    if (tag !== block.tag && block.tagProtected) throw this.wrongTag(block, tag);
    if (block.pageable) this.requireApcLevel(block);
    for (const tell of this.beforeFree) tell(block);
    yield* wdk.NdisFreeMemory(block.pointer);
    this.release(block, caller);
  }

  /** Its memory is gone for good. */
  release(block: GuestBlock, caller: bigint): void {
    block.freedBy = caller;
    block.freed = picture(this.guest);
    this.guest.memory.protect(block.offset, block.length, NOTHING);
  }

  /** @param id what the model calls a block */
  offsetOfId(id: string): number | undefined {
    return this.blocks.find(({ model }) => model.id === id)?.offset;
  }

  /** @returns the block that begins at an offset, freed or not */
  blockAt(offset: number): GuestBlock | undefined {
    return this.byOffset.get(offset);
  }

  /** @returns the block that an offset is in, or whose redzones it is in */
  blockNear(offset: number): GuestBlock | undefined {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.blocks[middle] as GuestBlock).offset - REDZONE / 2 <= offset) low = middle + 1;
      else high = middle;
    }
    const block = this.blocks[low - 1];
    return block && offset < block.offset + block.length + REDZONE ? block : undefined;
  }

  /** @returns the bugcheck of an access to pool memory that is not allowed; undefined when it is no pool memory */
  bugcheckFor(access: Access, offset: number, size: number): Bugcheck | undefined {
    const { guest } = this;
    const block = this.blockNear(offset);
    if (!block) return undefined;
    const inside = offset >= block.offset && offset + size <= block.offset + block.length;
    if (inside && block.freedBy === undefined) return undefined;
    this.lastHit = this.hit(block, offset);
    const address = hexOf(guest.address(offset));
    const by = hexOf(guest.faults.instruction);
    const verb = access === 'write' ? 'wrote' : access === 'read' ? 'read' : 'jumped to';
    if (block.freedBy !== undefined) {
      this.observe(block, access, offset - block.offset);
      return guest.stop(
        '0x50',
        'PAGE_FAULT_IN_NONPAGED_AREA',
        `the driver ${verb} ${block.model.id} (${block.tag}) at offset ${offset - block.offset}, which had been freed`,
        [address, PAGE_FAULT[access], by, FREED],
      );
    }
    const beyond = offset + size - (block.offset + block.length);
    const where = beyond > 0 ? `${beyond} bytes past the end` : `${block.offset - offset} bytes in front`;
    return guest.stop(
      '0xD6',
      'DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION',
      `the driver ${verb} ${where} of ${block.model.id} (${block.tag}, ${block.length} bytes)`,
      [address, access === 'write' ? '0x1' : '0x0', by, '0x0'],
    );
  }

  /** Remembers the block that an offset is in. @returns what it is called; undefined for no pool memory */
  noteHit(offset: number): string | undefined {
    const block = this.blockNear(offset);
    if (!block || offset < block.offset || offset >= block.offset + block.length) return undefined;
    this.lastHit = this.hit(block, offset);
    return `${block.model.id} (${block.tag})`;
  }

  private badPointer(address: bigint): Bugcheck {
    const offset = this.guest.memory.offsetOf(address);
    const near = offset === undefined ? undefined : this.blockNear(offset);
    if (near && offset !== undefined) this.lastHit = this.hit(near, offset);
    const shown = hexOf(address);
    const isUser = address < SYSTEM_RANGE_START;
    return this.guest.stop('0xC2', 'BAD_POOL_CALLER', `the driver freed ${shown}, which is no pool block`, [
      ...(isUser ? ['0x40', shown, hexOf(SYSTEM_RANGE_START), '0x0'] : ['0x46', shown, '0x0', '0x0']),
    ]);
  }

  private freedTwice(block: GuestBlock): Bugcheck {
    this.lastHit = this.hit(block, block.offset);
    this.observe(block, 'free', 0);
    const reason = `the driver freed ${block.model.id} (${block.tag}) twice`;
    return this.guest.stop('0xC2', 'BAD_POOL_CALLER', reason, ['0x7', '0x0', tagNumber(block.tag), this.shown(block)]);
  }

  private wrongTag(block: GuestBlock, tag: string): Bugcheck {
    this.lastHit = this.hit(block, block.offset);
    const reason = `${block.model.id} was allocated with the tag ${block.tag} and freed with the tag ${tag}`;
    const parameters = ['0xA', this.shown(block), tagNumber(block.tag), tagNumber(tag)];
    return this.guest.stop('0xC2', 'BAD_POOL_CALLER', reason, parameters);
  }

  private requireApcLevel(block: GuestBlock): void {
    const { guest } = this;
    const { irql } = guest.kernel.thread;
    if (irql < DISPATCH_LEVEL) return;
    this.lastHit = this.hit(block, block.offset);
    const reason = `${block.model.id} (${block.tag}), which is paged pool, was freed at IRQL ${irql}`;
    throw guest.stop('0xC2', 'BAD_POOL_CALLER', reason, ['0x9', `0x${irql.toString(16)}`, '0x1', this.shown(block)]);
  }

  private shown(block: GuestBlock): string {
    return hexOf(this.guest.address(block.offset));
  }

  private hit(block: GuestBlock, offset: number): BlockHit {
    const { guest } = this;
    return {
      tag: block.tag,
      address: guest.address(block.offset),
      length: block.length,
      freed: block.freedBy !== undefined,
      offset: offset - block.offset,
      allocatedAt: whereIs(guest, block.allocatedBy),
      freedAt: block.freedBy === undefined ? undefined : whereIs(guest, block.freedBy),
      allocationStack: block.allocated(),
      freeStack: block.freed?.() ?? [],
    };
  }

  /** The observation that judges read. */
  private observe(block: GuestBlock, access: Access | 'free', field: number): void {
    const { kernel } = this.guest;
    const module = kernel.running?.frames.at(-1)?.module;
    kernel.record({
      dir: '!!',
      ddi: OBSERVATION.Access,
      ...(module !== undefined && { module }),
      args: {
        what: 'memory',
        object: block.model.id,
        tag: block.tag,
        scope: block.model.scope,
        access: access === 'execute' ? 'read' : access,
        field: access === 'free' ? '' : `+0x${field.toString(16)}`,
        freed: true,
      },
    });
  }
}
