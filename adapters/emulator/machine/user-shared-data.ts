/**
 * The page that every Windows shows at one and the same address: clocks and versions. Macros of the WDK read it without any
 * call: KeQueryTickCount, KeQuerySystemTime, KeQueryInterruptTime, and the cookie of a driver that nobody gave one.
 * https://learn.microsoft.com/windows-hardware/drivers/ddi/ntddk/ns-ntddk-kuser_shared_data
 */
import type { Alias, GuestMemory } from '../cpu/contract';
import { PAGE_SIZE } from '../cpu/contract';
import type { Arena } from './arena';
import { PROCESSORS, READ_ONLY } from './layout';
import { interruptTimeAt, systemTimeAt, TICK, TICKS_A_SECOND, VERSION } from './time';

const ADDRESS = 0xffff_f780_0000_0000n;

/** KUSER_SHARED_DATA. */
const DATA = {
  tickCountLow: 0x00,
  tickCountMultiplier: 0x04,
  interruptTime: 0x08,
  systemTime: 0x14,
  systemRoot: 0x30,
  buildNumber: 0x260,
  productType: 0x264,
  productTypeIsValid: 0x268,
  nativeProcessorArchitecture: 0x26a,
  majorVersion: 0x26c,
  minorVersion: 0x270,
  processorFeatures: 0x274,
  suiteMask: 0x2d0,
  numberOfPhysicalPages: 0x2e8,
  qpcFrequency: 0x300,
  tickCount: 0x320,
  activeProcessorCount: 0x3c0,
  activeGroupCount: 0x3c4,
} as const;

/** Milliseconds a tick, as a fixed-point number with 24 bits behind the point. */
const TICK_MULTIPLIER = 0x0fa0_0000;
const NT_PRODUCT_SERVER = 3;
const ARCHITECTURE_AMD64 = 9;
/** PF_… of the processor, as cpuid has it: compare-exchange, SSE, rdtsc, PAE, SSE2, NX, cmpxchg16b. */
export const PROCESSOR_FEATURES = [2, 6, 8, 9, 10, 12, 14];
const VER_SUITE_SINGLEUSERTS = 0x110;
const PHYSICAL_PAGES = 0x20_0000;

export class UserSharedData {
  private readonly page: number;
  private shown = -1;

  constructor(
    private readonly memory: GuestMemory,
    arena: Arena,
  ) {
    const page = arena.take(PAGE_SIZE, PAGE_SIZE, 0);
    memory.protect(page, PAGE_SIZE, READ_ONLY);
    memory.setU32(page + DATA.tickCountMultiplier, TICK_MULTIPLIER);
    memory.write(page + DATA.systemRoot, new Uint8Array(Buffer.from('C:\\Windows', 'utf16le')));
    memory.setU32(page + DATA.buildNumber, VERSION.build);
    memory.setU32(page + DATA.productType, NT_PRODUCT_SERVER);
    memory.setU8(page + DATA.productTypeIsValid, 1);
    memory.setU16(page + DATA.nativeProcessorArchitecture, ARCHITECTURE_AMD64);
    memory.setU32(page + DATA.majorVersion, VERSION.major);
    memory.setU32(page + DATA.minorVersion, VERSION.minor);
    for (const feature of PROCESSOR_FEATURES) memory.setU8(page + DATA.processorFeatures + feature, 1);
    memory.setU32(page + DATA.suiteMask, VER_SUITE_SINGLEUSERTS);
    memory.setU32(page + DATA.numberOfPhysicalPages, PHYSICAL_PAGES);
    memory.setU64(page + DATA.qpcFrequency, TICKS_A_SECOND);
    memory.setU32(page + DATA.activeProcessorCount, PROCESSORS);
    memory.setU8(page + DATA.activeGroupCount, 1);
    this.page = page;
    this.show(0);
  }

  get alias(): Alias {
    return { address: ADDRESS, offset: this.page, length: PAGE_SIZE, isThere: () => true };
  }

  /** Sets the clocks. @param now virtual time in ms */
  show(now: number): void {
    if (now === this.shown) return;
    this.shown = now;
    const { memory, page } = this;
    const ticks = interruptTimeAt(now) / BigInt(TICK);
    this.setTime(DATA.interruptTime, interruptTimeAt(now));
    this.setTime(DATA.systemTime, systemTimeAt(now));
    this.setTime(DATA.tickCount, ticks);
    memory.setU32(page + DATA.tickCountLow, Number(BigInt.asUintN(32, ticks)));
  }

  /** A KSYSTEM_TIME: the upper half is there twice, so that readers of halves can tell a torn one. */
  private setTime(field: number, value: bigint): void {
    const { memory, page } = this;
    memory.setU64(page + field, value);
    memory.setU32(page + field + 8, Number(value >> 32n));
  }
}
