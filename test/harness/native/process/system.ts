/** kernel32 and ntdll, without the drivers. */
import type { GuestProcess } from './process';
import { WAIT, type Import, type Thread } from './process';

const INFINITE = 0xffff_ffffn;
const WAIT_TIMEOUT = 258;
const STDIN = 10n;
const STDOUT = 11n;
const PROCESSORS = 2;
const TICKS_PER_MILLISECOND = 10_000n;

export interface Streams {
  /** What the program may read; undefined behind the last: the input has ended. */
  readonly input: (Buffer | undefined)[];
  readonly write: (stream: 'out' | 'error', bytes: Buffer) => void;
}

/** Waits at the program's clock. @returns undefined when the time has come */
function sleeping(process: GuestProcess, thread: Thread, milliseconds: bigint): typeof WAIT | undefined {
  thread.until ??= process.now + Number(milliseconds);
  return process.now < thread.until ? WAIT : undefined;
}

/** @param signals of events, by their handles @param processors of each marker: the one that the calling thread has put itself on */
export function system(
  streams: Streams,
  isWine: boolean,
  affinity: Map<Thread, number>,
  signals: Map<bigint, boolean>,
): Readonly<Record<string, Import>> {
  let handles = 100n;
  const handle = (signal: boolean): bigint => {
    handles += 1n;
    signals.set(handles, signal);
    return handles;
  };
  return {
    AcquireSRWLockExclusive: (process, _, lock) => {
      if (process.memory.u64(process.offset(lock)) !== 0n) return WAIT;
      process.memory.setU64(process.offset(lock), 1n);
      return 0;
    },
    // Nobody holds one of the program's locks with others while it runs here but to look: one at a time is enough.
    AcquireSRWLockShared: (process, _, lock) => {
      if (process.memory.u64(process.offset(lock)) !== 0n) return WAIT;
      process.memory.setU64(process.offset(lock), 1n);
      return 0;
    },
    ReleaseSRWLockExclusive: (process, _, lock) => {
      process.memory.setU64(process.offset(lock), 0n);
      return 0;
    },
    ReleaseSRWLockShared: (process, _, lock) => {
      process.memory.setU64(process.offset(lock), 0n);
      return 0;
    },
    CloseHandle: (_process, _thread, which) => {
      signals.delete(which);
      return 1;
    },
    CreateEventW: () => handle(false),
    SetEvent: (_process, _thread, which) => {
      signals.set(which, true);
      return 1;
    },
    ResetEvent: (_process, _thread, which) => {
      signals.set(which, false);
      return 1;
    },
    WaitForSingleObject: (process, thread, which, milliseconds) => {
      if (signals.get(which) === true) {
        signals.set(which, false);
        return 0;
      }
      if (milliseconds === INFINITE) return WAIT;
      return sleeping(process, thread, milliseconds) ?? WAIT_TIMEOUT;
    },
    Sleep: (process, thread, milliseconds) => sleeping(process, thread, milliseconds) ?? 0,
    CreateThread: (process, _thread, _attributes, _stack, routine, argument) => {
      process.startThread(routine, argument);
      // Of threads only that of the consumer is waited for, with a limit.
      return handle(false);
    },
    ExitProcess: (process, _thread, code) => {
      process.exitCode = Number(code);
      return 0;
    },
    GetActiveProcessorGroupCount: () => 1,
    GetActiveProcessorCount: () => PROCESSORS,
    GetCurrentThread: () => -2n,
    SetThreadGroupAffinity: (process, thread, _which, wanted, before) => {
      affinity.set(thread, Math.log2(Number(process.memory.u64(process.offset(wanted)))));
      if (before !== 0n) process.memory.setU64(process.offset(before), 3n);
      return 1;
    },
    GetLastError: () => 5,
    GetModuleHandleW: () => 7,
    GetProcAddress: () => (isWine ? 1 : 0),
    GetProcessHeap: () => 8,
    HeapAlloc: (process, _thread, _heap, _flags, size) => process.allocate(Number(size)),
    HeapFree: (process, _thread, _heap, _flags, address) => {
      process.free(address);
      return 1;
    },
    GetStdHandle: (_process, _thread, which) =>
      BigInt.asIntN(32, which) === -10n ? STDIN : BigInt.asIntN(32, which) === -11n ? STDOUT : 12n,
    QueryPerformanceCounter: (process, _thread, where) => {
      process.memory.setU64(process.offset(where), BigInt(process.now) * TICKS_PER_MILLISECOND);
      return 1;
    },
    QueryPerformanceFrequency: (process, _thread, where) => {
      process.memory.setU64(process.offset(where), TICKS_PER_MILLISECOND * 1000n);
      return 1;
    },
    ReadFile: (process, _thread, _file, buffer, size, count) => {
      if (streams.input.length === 0) return WAIT;
      const [next] = streams.input;
      const piece = next?.subarray(0, Number(size)) ?? Buffer.alloc(0);
      if (next && next.length > piece.length) streams.input[0] = next.subarray(piece.length);
      else if (next) streams.input.shift();
      process.write(buffer, piece);
      process.memory.setU32(process.offset(count), piece.length);
      return 1;
    },
    WriteFile: (process, _thread, file, buffer, size, count) => {
      streams.write(file === STDOUT ? 'out' : 'error', process.bytes(buffer, Number(size)));
      process.memory.setU32(process.offset(count), Number(size));
      return 1;
    },
    // CP_UTF8, and nothing that is none.
    MultiByteToWideChar: (process, _, codePage, flags, from, length, to, room) => {
      if (codePage !== 65001n || flags !== 8n || BigInt.asIntN(32, length) !== -1n) return 0;
      const start = process.offset(from);
      const end = process.memory.bytes.indexOf(0, start) + 1;
      const wide = decoded(Buffer.from(process.memory.bytes.slice(start, end)));
      if (!wide || wide.length > 2 * Number(room & 0xffff_ffffn)) return 0;
      process.write(to, wide);
      return wide.length / 2;
    },
    memcmp: (process, _thread, one, other, count) =>
      Buffer.compare(process.bytes(one, Number(count)), process.bytes(other, Number(count))),
    memcpy: (process, _thread, to, from, count) => {
      process.write(to, process.bytes(from, Number(count)));
      return to;
    },
    memmove: (process, _thread, to, from, count) => {
      process.write(to, process.bytes(from, Number(count)));
      return to;
    },
    memset: (process, _thread, to, value, count) => {
      process.memory.fill(process.offset(to), Number(count), Number(value & 0xffn));
      return to;
    },
  };
}

function decoded(bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? Buffer.from(text, 'utf16le') : undefined;
}
