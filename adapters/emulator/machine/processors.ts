import type { GuestMemory } from '../cpu/contract';
import { GUEST_BASE, PAGE_SIZE } from '../cpu/contract';
import type { Arena } from './arena';
import { PROCESSORS, READ_WRITE } from './layout';

const SELF = 0x18;
const CURRENT_PRCB = 0x20;
const PRCB = 0x180;
const CURRENT_THREAD = 0x188;
const PROCESSOR_NUMBER = 0x184;
const LEGACY_NUMBER = 0x1a4;

/** The KPCR of each processor, as far as inline functions of the WDK read it through gs. */
export class Processors {
  private readonly pages: number[] = [];

  constructor(
    private readonly memory: GuestMemory,
    private readonly arena: Arena,
  ) {}

  /** @returns the number that the guest is told */
  number(cpu: number): number {
    return cpu % PROCESSORS;
  }

  /** @returns the base of gs on a processor */
  gsBase(cpu: number): bigint {
    return GUEST_BASE + BigInt(this.page(this.number(cpu)));
  }

  /** A thread begins to run on a processor. @param thread address of its KTHREAD */
  run(cpu: number, thread: bigint): void {
    this.memory.setU64(this.page(this.number(cpu)) + CURRENT_THREAD, thread);
  }

  private page(number: number): number {
    const known = this.pages[number];
    if (known !== undefined) return known;
    const page = this.arena.take(PAGE_SIZE, PAGE_SIZE, 0);
    const { memory } = this;
    memory.protect(page, PAGE_SIZE, READ_WRITE);
    memory.setU64(page + SELF, GUEST_BASE + BigInt(page));
    memory.setU64(page + CURRENT_PRCB, GUEST_BASE + BigInt(page + PRCB));
    memory.setU32(page + PROCESSOR_NUMBER, number);
    memory.setU32(page + LEGACY_NUMBER, number);
    this.pages[number] = page;
    return page;
  }
}
