import type { Call, Kernel } from '../../../src/kernel';
import type { Bugcheck } from '../../../src/kernel';
import { randomFrom } from '../../../src/kernel';
import type { Wdk } from '../../../src/ndis';
import type { Engine, GuestMemory } from '../cpu/contract';
import { GUEST_BASE } from '../cpu/contract';
import type { Image } from '../image/contract';
import { Arena } from './arena';
import type { ExportModule } from './contract';
import { GuestBugcheck } from './crash';
import { Faults } from './faults';
import { Imports } from './imports';
import { bytesGiven, type RequestBytes } from './io/requests';
import { IMAGE_BASE, IMPORT_AREA_END, NOTHING, POOL_SHARE, READ_WRITE, roundUp, USER_SIZE } from './layout';
import { Grave } from './grave';
import { discardInit, mapImage } from './mapping';
import { GuestPool } from './pool';
import { Processors } from './processors';
import { Runner } from './runner';
import { UserSharedData } from './user-shared-data';
import { GuestThreads } from './threads';
import { UserMemory } from './user-memory';
import { WatchedRanges } from './watched';
import { GuestWitness } from './witness';

export interface GuestOptions {
  readonly image: Image;
  readonly kernel: Kernel;
  readonly wdk: Wdk;
  /** Over fresh memory: nothing in it is accessible yet. */
  readonly engine: Engine;
  /** The memory is as a guest of the same image left it right after its own construction: there is nothing to map. */
  readonly mapped?: boolean;
  readonly modules: readonly ExportModule<Guest>[];
  /** For the security cookie. */
  readonly seed?: number;
  /** Name of the image without extension, for stack traces. */
  readonly name: string;
  /** What an application hands over with a request of a scenario; without it, what the scenario gives as `raw`. */
  readonly requests?: RequestBytes;
}

/** One booted guest: the image of a driver mapped into a window of memory, linked to the modelled system, and ready to be called. */
export class Guest {
  readonly image: Image;
  readonly name: string;
  readonly kernel: Kernel;
  readonly wdk: Wdk;
  readonly engine: Engine;
  readonly memory: GuestMemory;
  readonly imports: Imports<Guest>;
  readonly threads: GuestThreads;
  readonly processors: Processors;
  /** Clocks and versions, at their address. */
  readonly shared: UserSharedData;
  /** Of the application. */
  readonly user: UserMemory;
  readonly pool: GuestPool;
  readonly watched = new WatchedRanges();
  readonly faults: Faults;
  readonly requests: RequestBytes;
  private readonly runner: Runner;
  private readonly system: Arena;
  private readonly parts = new Map<unknown, unknown>();

  /** Maps the image and links it. No code of it runs yet. */
  constructor({
    image,
    kernel,
    wdk,
    engine,
    modules,
    seed = 1,
    name,
    requests = bytesGiven,
    mapped = false,
  }: GuestOptions) {
    this.image = image;
    this.name = name;
    this.requests = requests;
    this.kernel = kernel;
    this.wdk = wdk;
    this.engine = engine;
    this.memory = engine.memory;
    const { size } = this.memory;
    const poolStart = roundUp(size * (1 - POOL_SHARE), 4096);
    const systemEnd = poolStart - USER_SIZE;
    this.system = new Arena('system memory', roundUp(IMAGE_BASE + image.sizeOfImage, 0x1_0000) + 0x1_0000, systemEnd);
    this.pool = new GuestPool(this, new Arena('pool memory', poolStart, size));
    this.imports = new Imports<Guest>(
      this,
      this.memory,
      new Arena('import variables', IMPORT_AREA_END, IMAGE_BASE),
      modules,
    );
    this.threads = new GuestThreads(engine, this.system);
    this.processors = new Processors(this.memory, this.system);
    this.shared = new UserSharedData(this.memory, this.system);
    this.user = new UserMemory(kernel, this.memory, systemEnd);
    this.memory.aliases = [this.shared.alias, this.user.alias];
    this.faults = new Faults(this);
    this.runner = new Runner(this);
    kernel.witness = new GuestWitness(this);
    if (!mapped) mapImage(this.memory, image, randomFrom(seed));
    this.imports.link(image);
  }

  /**
   * Calls a function of the guest on the running kernel thread. Calls nest: an export may call back.
   * @param address of the function
   * @param args pointers and integers; anything narrower is to be widened by the caller
   * @returns rax
   * @throws Bugcheck when the code of the guest stops the system
   */
  call(address: bigint, ...args: readonly bigint[]): Call<bigint> {
    return this.runner.call(address, args);
  }

  /** @returns the guest address of an offset; NULL for 0 */
  address(offset: number): bigint {
    return offset === 0 ? 0n : GUEST_BASE + BigInt(offset);
  }

  /** @returns the offset of a guest address. @throws Bugcheck when it points nowhere that the running thread could reach */
  offset(address: bigint): number {
    const offset = this.memory.offsetOf(address);
    if (offset === undefined || this.memory.aliasOf(address, 1)?.isThere() === false) {
      throw this.faults.badAccess('read', address, 1);
    }
    return offset;
  }

  /** Reads a word as the driver's code would. @throws Bugcheck when it may not */
  readU64(address: bigint): bigint {
    const offset = this.offset(address);
    this.touch('read', offset, 8);
    return this.memory.u64(offset);
  }

  /**
   * An export is about to read or write a range on the driver's behalf: the same rules as for the driver's own instructions.
   * @throws Bugcheck when the driver may not
   */
  touch(access: 'read' | 'write', offset: number, length: number): void {
    this.faults.touch(access, offset, length);
  }

  /** @returns zeroed memory of the system that the driver may read and write: objects that exports hand out */
  allocate(length: number, alignment = 16): number {
    const offset = this.system.take(Math.max(length, 1), alignment, 32);
    this.memory.protect(offset, length, READ_WRITE);
    return offset;
  }

  /**
   * An object of the system is gone: whoever touches it from now on stops the system.
   * @param what it was, for the message: `an IRP that has been completed`
   */
  bury(offset: number, length: number, what: string): void {
    this.memory.protect(offset, length, NOTHING);
    this.watched.add(new Grave(this, offset, length, what));
  }

  /**
   * State that exports keep for one boot: made when first asked for.
   * @param Part a class whose constructor takes the guest
   */
  part<T>(Part: new (guest: Guest) => T): T {
    const known = this.parts.get(Part);
    if (known !== undefined) return known as T;
    const part = new Part(this);
    this.parts.set(Part, part);
    return part;
  }

  /** Stops the system with what is known of the guest right now. @returns the bugcheck, to be thrown */
  stop(code: string, name: string, reason: string, parameters: readonly string[] = []): Bugcheck {
    return this.kernel.stop(new GuestBugcheck(code, name, reason, parameters, this.faults.details()));
  }

  /** DriverEntry has returned: discardable sections go. */
  discardInit(): void {
    discardInit(this.engine, this.image);
  }
}
