/** The drivers of win-net-test, as their sources say: fnmp below, fnlwf above it, and what is sent from one comes to the other. */
import type { GuestProcess, Import } from './process';

const SUCCESS = 0;
const OVERFLOW = 0x8000_0005;
const NO_SUCH_DEVICE = 0xc000_0034;
const TOO_SMALL = 0xc000_0023;
const NOT_FOUND = 0xc000_0225;
const INVALID = 0xc000_000d;
const INVALID_REQUEST = 0xc000_0010;
const IN_USE = 0xc000_0043;

/** Control codes, less what all have in common. */
const CODE = (number: number): number => 0x12_8000 + 4 * number;

interface Filter {
  readonly pattern: Buffer;
  readonly mask: Buffer;
}

/** What both drivers do with frames: hold those that match, show them, give them back. */
class Holder {
  filter: Filter | undefined;
  held: Buffer[] = [];
  readonly back: Buffer[] = [];
  private dequeued: Buffer[] = [];

  /** @param size of a frame's description: 56 bytes in 1.7.0, 48 before */
  constructor(private readonly size: number) {}

  offer(frame: Buffer): void {
    const { pattern, mask } = this.filter ?? {};
    const matches = pattern?.every((byte, at) => (((frame[at] ?? byte) ^ byte) & (mask?.[at] ?? 0)) === 0) ?? false;
    if (matches) this.held.push(frame);
    else this.back.push(frame);
  }

  set(filter: Filter | undefined): void {
    this.back.push(...this.held, ...this.dequeued);
    this.held = [];
    this.dequeued = [];
    this.filter = filter;
  }

  /** As it comes in two pieces of memory, the first with something in front. */
  get(index: number, room: number): { status: number; out: Buffer } {
    const frame = this.held[index];
    if (!frame) return { status: NOT_FOUND, out: Buffer.alloc(0) };
    const split = Math.min(14, frame.length);
    const pieces = [
      { data: Buffer.concat([Buffer.alloc(6, 0xee), frame.subarray(0, split)]), offset: 6, length: split },
      { data: frame.subarray(split), offset: 0, length: frame.length - split },
    ];
    const data = Buffer.concat(pieces.map((piece) => piece.data));
    const out = Buffer.alloc(this.size + 48 + data.length);
    if (room === 0) return { status: OVERFLOW, out: Buffer.alloc(out.length) };
    if (room < out.length) return { status: TOO_SMALL, out: Buffer.alloc(0) };
    out.writeBigUInt64LE(BigInt(this.size), 0);
    out.writeUInt16LE(pieces.length, 8);
    out.writeUInt8(3, 18);
    let at = this.size + 48;
    pieces.forEach((piece, each) => {
      const buffer = this.size + 24 * each;
      out.writeBigUInt64LE(BigInt(at), buffer);
      out.writeUInt32LE(piece.offset, buffer + 8);
      out.writeUInt32LE(piece.length, buffer + 12);
      at += piece.data.length;
    });
    data.copy(out, this.size + 48);
    return { status: SUCCESS, out };
  }

  dequeue(index: number): number {
    const frame = this.held[index];
    if (!frame) return NOT_FOUND;
    this.held.splice(index, 1);
    this.dequeued.push(frame);
    return SUCCESS;
  }

  flush(): number {
    if (this.dequeued.length === 0) return NOT_FOUND;
    this.back.push(...this.dequeued);
    this.dequeued = [];
    return SUCCESS;
  }
}

export class FakeDrivers {
  readonly sends: Holder;
  readonly receives: Holder;
  /** Chains as they went, with their flags. */
  readonly chains: { readonly frames: readonly Buffer[]; readonly flags: number; readonly up: boolean }[] = [];
  readonly opened: string[] = [];
  isUp = true;
  /** Of requests that wait at fnmp. */
  readonly heldOids = new Set<number>();
  readonly completed: { readonly oid: number; readonly status: number }[] = [];
  private readonly handles = new Map<bigint, 'fnmp' | 'fnlwf'>();
  /** The exclusive one, and whether it has a list of requests: it takes only one. */
  private exclusive: { readonly handle: bigint; hasList: boolean } | undefined;
  private readonly queues = { fnmp: [] as Buffer[], fnlwf: [] as Buffer[] };

  constructor(
    private readonly installed: readonly ('fnmp' | 'fnlwf')[],
    private readonly frameSize: number,
  ) {
    this.sends = new Holder(frameSize);
    this.receives = new Holder(frameSize);
  }

  /** After 5 s. */
  watchdog(holder: Holder = this.sends): void {
    holder.set(undefined);
  }

  imports(): Readonly<Record<string, Import>> {
    return {
      NtCreateFile: (process, _, handle, _access, attributes, _io, _size, _file, _share, _disposition, _options) =>
        this.create(process, handle, attributes),
      NtClose: (_process, _thread, handle) => {
        const driver = this.handles.get(handle);
        this.handles.delete(handle);
        if (this.exclusive?.handle === handle) {
          this.exclusive = undefined;
          this.heldOids.clear();
          return 0;
        }
        if (driver === 'fnmp') this.sends.set(undefined);
        if (driver === 'fnlwf') this.receives.set(undefined);
        return 0;
      },
      NtDeviceIoControlFile: (process, thread, handle, _event, _routine, _context, io, code, input, size, output) => {
        const rsp = process.offset(thread.registers.get('rsp'));
        const room = process.memory.u32(rsp + 0x50);
        const [status, out] = this.control(process, this.handles.get(handle), Number(code & 0xffff_ffffn), {
          bytes: input === 0n ? Buffer.alloc(0) : process.bytes(input, Number(size & 0xffff_ffffn)),
          room,
        });
        if (room > 0) process.write(output, out.subarray(0, room));
        process.memory.setU32(process.offset(io), status);
        process.memory.setU64(process.offset(io) + 8, BigInt(out.length));
        return status;
      },
    };
  }

  /** The extended attributes stand behind eleven parameters, the last two on the stack. */
  private create(process: GuestProcess, handle: bigint, attributes: bigint): number {
    const name = process.memory.u64(process.offset(attributes) + 16);
    const text = process.bytes(process.memory.u64(process.offset(name) + 8), process.memory.u16(process.offset(name)));
    const driver = text.toString('utf16le') === '\\Device\\FNMP' ? 'fnmp' : 'fnlwf';
    if (!this.installed.includes(driver)) return NO_SUCH_DEVICE;
    const rsp = process.offset(this.stackOf(process));
    const [ea, length] = [process.memory.u64(rsp + 0x50), process.memory.u32(rsp + 0x58)];
    if (ea === 0n) return INVALID;
    const bytes = process.bytes(ea, length);
    const nameLength = bytes.readUInt8(5);
    const value = bytes.subarray(8 + nameLength + 1);
    this.opened.push(
      `${bytes.toString('latin1', 8, 8 + nameLength)} ${value.readUInt32LE(0)} ${value.readUInt32LE(4)} ${value.readUInt32LE(8)}`,
    );
    const number = BigInt(1000 + this.opened.length);
    this.handles.set(number, driver);
    if (value.readUInt32LE(4) === 1) {
      if (this.exclusive) return IN_USE;
      this.exclusive = { handle: number, hasList: false };
    }
    process.memory.setU64(process.offset(handle), number);
    return SUCCESS;
  }

  /** Of the thread that calls: there is no other way to more than eleven parameters. */
  private stackOf(process: GuestProcess): bigint {
    const caller = process.running;
    if (!caller) throw new Error('Nobody runs.');
    return caller.registers.get('rsp');
  }

  private control(
    process: GuestProcess,
    driver: 'fnmp' | 'fnlwf' | undefined,
    code: number,
    input: { readonly bytes: Buffer; readonly room: number },
  ): readonly [status: number, out: Buffer] {
    const none = Buffer.alloc(0);
    if (!driver) return [INVALID, none];
    const isLow = driver === 'fnmp';
    const holder = isLow ? this.sends : this.receives;
    const numbers = (isLow ? [4, 5, 6, 7, 0, 1] : [1, 2, 3, 4, 5, 6]).map(CODE);
    const { bytes, room } = input;
    switch (numbers.indexOf(code)) {
      case 0:
        return [this.filter(process, holder, bytes), none];
      case 1: {
        const { status, out } = holder.get(bytes.readUInt32LE(0), room);
        return [status, out];
      }
      case 2:
        return [holder.dequeue(bytes.readUInt32LE(0)), none];
      case 3:
        return [holder.flush(), none];
      case 4:
        return [this.enqueue(process, driver, bytes), none];
      case 5:
        return [this.go(driver, bytes.readUInt32LE(0)), none];
      default:
        return isLow ? this.lower(code, bytes) : this.upper(code);
    }
  }

  private filter(process: GuestProcess, holder: Holder, bytes: Buffer): number {
    if (bytes.length < 24) return TOO_SMALL;
    const length = bytes.readUInt32LE(16);
    const at = (from: number): Buffer => process.bytes(bytes.readBigUInt64LE(from), length);
    holder.set(length === 0 ? undefined : { pattern: at(0), mask: at(8) });
    return SUCCESS;
  }

  private enqueue(process: GuestProcess, driver: 'fnmp' | 'fnlwf', bytes: Buffer): number {
    if (bytes.length < this.frameSize) return TOO_SMALL;
    const buffer = process.bytes(bytes.readBigUInt64LE(0), 24);
    if (bytes.readUInt16LE(8) !== 1) return INVALID;
    this.queues[driver].push(process.bytes(buffer.readBigUInt64LE(0), buffer.readUInt32LE(12)));
    return SUCCESS;
  }

  private go(driver: 'fnmp' | 'fnlwf', flags: number): number {
    const frames = this.queues[driver].splice(0);
    if (frames.length === 0) return NOT_FOUND;
    this.chains.push({ frames, flags, up: driver === 'fnmp' });
    for (const frame of frames) (driver === 'fnmp' ? this.receives : this.sends).offer(frame);
    return SUCCESS;
  }

  private lower(code: number, bytes: Buffer): readonly [number, Buffer] {
    const none = Buffer.alloc(0);
    const oid = bytes.length >= 4 ? bytes.readUInt32LE(0) : 0;
    switch (code) {
      case CODE(10):
        if (!this.exclusive || this.exclusive.hasList) return [INVALID_REQUEST, none];
        this.exclusive.hasList = true;
        for (let at = 0; at < bytes.length; at += 12) this.heldOids.add(bytes.readUInt32LE(at));
        return [SUCCESS, none];
      case CODE(11):
        return [this.heldOids.has(oid) ? OVERFLOW : NOT_FOUND, none];
      case CODE(12):
        if (!this.heldOids.delete(oid)) return [NOT_FOUND, none];
        this.completed.push({ oid, status: bytes.readUInt32LE(12) });
        return [SUCCESS, none];
      default:
        return [INVALID, none];
    }
  }

  private upper(code: number): readonly [number, Buffer] {
    if (code === CODE(10)) return [SUCCESS, Buffer.from([this.isUp ? 1 : 0])];
    return code === CODE(7) ? [SUCCESS, Buffer.alloc(4)] : [INVALID, Buffer.alloc(0)];
  }
}
