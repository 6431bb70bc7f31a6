/** The driver under test, as lwfio meets it: opened by a path, asked by three kinds of requests, which it completes when the test wants it. */
import { WAIT, type GuestProcess, type Import, type Result } from './process';

const SUCCESS = 0;
const PENDING = 0x103;
const NO_SUCH_NAME = 0xc000_0034;
const CANCELLED = 0xc000_0120;
const NOT_FOUND = 0xc000_0225;
const SYNCHRONOUS = 0x20;

/** What it does with a request at once. */
export type Reaction = { readonly status: number; readonly information?: number } | 'pends' | 'keeps the caller';

export interface Put {
  readonly what: 'write' | 'read' | 'control';
  readonly handle: bigint;
  readonly bytes: Buffer;
  readonly code: number;
  readonly output: number;
}

export interface Opened {
  readonly path: string;
  readonly isSynchronous: boolean;
  /** Extended attribute: name and value. */
  readonly attribute?: readonly [name: string, value: string];
}

interface Pending {
  readonly put: Put;
  readonly io: bigint;
  /** None: the caller is kept instead. */
  readonly event: bigint | undefined;
  end?: number;
}

export class OwnDriver {
  readonly opened: Opened[] = [];
  readonly closed: bigint[] = [];
  readonly puts: Put[] = [];
  reacts: (put: Put) => Reaction = () => ({ status: SUCCESS });
  /** What IRP_MJ_CREATE ends with. */
  opens = SUCCESS;
  private readonly pending: Pending[] = [];
  private process: GuestProcess | undefined;

  /** @param path of its device @param signal sets an event */
  constructor(
    readonly path: string,
    private readonly signal: (event: bigint) => void,
  ) {}

  /** @param others plays the drivers that are not this one */
  imports(others: Readonly<Record<string, Import>>): Readonly<Record<string, Import>> {
    const isOwn = (handle: bigint): boolean => handle >= 5000n && handle < 6000n;
    return {
      ...others,
      NtCreateFile: (process, thread, ...args) => {
        const [handle = 0n, , attributes = 0n, , , , , , options = 0n, ea = 0n, length = 0n] = args;
        const path = pathIn(process, attributes);
        if (!path.startsWith(this.path)) return others['NtCreateFile']?.(process, thread, ...args) ?? NO_SUCH_NAME;
        this.process = process;
        const size = Number(length & 0xffff_ffffn);
        const attribute = size === 0 ? undefined : attributeIn(process.bytes(ea, size));
        const isSynchronous = (Number(options & 0xffff_ffffn) & SYNCHRONOUS) !== 0;
        this.opened.push({ path, isSynchronous, ...(attribute && { attribute }) });
        if (this.opens === SUCCESS) process.memory.setU64(process.offset(handle), 4999n + BigInt(this.opened.length));
        return this.opens;
      },
      NtClose: (process, thread, ...args) => {
        const [handle = 0n] = args;
        if (!isOwn(handle)) return others['NtClose']?.(process, thread, ...args) ?? SUCCESS;
        this.closed.push(handle);
        return SUCCESS;
      },
      NtCancelIoFileEx: (_process, _thread, handle = 0n) => {
        const found = this.pending.filter(({ put, end }) => put.handle === handle && end === undefined);
        for (const each of found) this.finish(each, CANCELLED, 0);
        return found.length > 0 ? SUCCESS : NOT_FOUND;
      },
      NtWriteFile: (process, _, handle = 0n, event, _routine, _context, io, buffer, size, offset = 0n) => {
        const bytes = process.bytes(buffer ?? 0n, Number((size ?? 0n) & 0xffff_ffffn));
        return this.put(process, { what: 'write', handle, bytes, code: 0, output: 0 }, io, event, offset);
      },
      NtReadFile: (process, _, handle = 0n, event, _routine, _context, io, _buffer, size, offset = 0n) => {
        const output = Number((size ?? 0n) & 0xffff_ffffn);
        return this.put(process, { what: 'read', handle, bytes: Buffer.alloc(0), code: 0, output }, io, event, offset);
      },
      NtDeviceIoControlFile: (process, thread, ...args) => {
        const [handle = 0n, event, , , io, code = 0n, input = 0n, size = 0n, , output = 0n] = args;
        if (!isOwn(handle)) return others['NtDeviceIoControlFile']?.(process, thread, ...args) ?? NOT_FOUND;
        const bytes = input === 0n ? Buffer.alloc(0) : process.bytes(input, Number(size & 0xffff_ffffn));
        const number = Number(code & 0xffff_ffffn);
        const room = Number(output & 0xffff_ffffn);
        return this.put(process, { what: 'control', handle, bytes, code: number, output: room }, io, event);
      },
    };
  }

  /** Completes the oldest of its requests. */
  complete(status: number, information = 0): void {
    const next = this.pending.find(({ end }) => end === undefined);
    if (!next) throw new Error('Nothing is pending.');
    this.finish(next, status, information);
  }

  private put(process: GuestProcess, put: Put, io = 0n, event = 0n, offset?: bigint): Result {
    // Who calls again was kept.
    const kept = this.pending.find((each) => each.io === io && each.event === undefined);
    if (kept) {
      if (kept.end === undefined) return WAIT;
      this.pending.splice(this.pending.indexOf(kept), 1);
      return kept.end;
    }
    // Windows refuses a write without a place on a handle for overlapped requests.
    if (offset !== undefined && (offset === 0n || process.memory.u64(process.offset(offset)) !== 0n))
      return 0xc000_000d;
    this.puts.push(put);
    const reaction = this.reacts(put);
    if (reaction === 'keeps the caller') {
      this.pending.push({ put, io, event: undefined });
      return WAIT;
    }
    if (reaction === 'pends') {
      this.pending.push({ put, io, event });
      return PENDING;
    }
    this.write(process, io, reaction.status, reaction.information ?? 0);
    return reaction.status;
  }

  private finish(pending: Pending, status: number, information: number): void {
    pending.end = status;
    if (this.process) this.write(this.process, pending.io, status, information);
    if (pending.event !== undefined) this.signal(pending.event);
  }

  private write(process: GuestProcess, io: bigint, status: number, information: number): void {
    process.memory.setU32(process.offset(io), status);
    process.memory.setU64(process.offset(io) + 8, BigInt(information));
  }
}

function pathIn(process: GuestProcess, attributes: bigint): string {
  const name = process.offset(process.memory.u64(process.offset(attributes) + 16));
  return process.bytes(process.memory.u64(name + 8), process.memory.u16(name)).toString('utf16le');
}

/** FILE_FULL_EA_INFORMATION */
function attributeIn(bytes: Buffer): readonly [string, string] {
  const nameLength = bytes.readUInt8(5);
  const at = 8 + nameLength + 1;
  return [bytes.toString('latin1', 8, 8 + nameLength), bytes.toString('hex', at, at + bytes.readUInt16LE(6))];
}
