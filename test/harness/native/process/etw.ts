/** ETW, as far as lwfio uses it: one session, whose events are handed out when its buffers are flushed. */
import { WAIT, type GuestProcess, type Import, type Thread } from './process';

export interface WrittenEvent {
  /** 16 bytes, as they stand in memory. */
  readonly provider: Buffer;
  readonly id: number;
  readonly time: bigint;
  readonly cpu: number;
  readonly payload: Buffer;
  readonly metadata?: Buffer;
}

const QUERY = 0n;
const STOP = 1n;
const ENABLE = 1n;
const CAPTURE_STATE = 2n;
const INVALID_PARAMETER = 87;
const ALREADY_EXISTS = 183;
const NOT_FOUND = 4201;
const MARKER_ID = 1;
/** Offsets in EVENT_TRACE_PROPERTIES, EVENT_TRACE_LOGFILEW, EVENT_RECORD, EVENT_DATA_DESCRIPTOR. */
const EVENTS_LOST = 88;
const CLOCK = 40;
const GUID = 24n;
const MODE = 28;
const CALLBACK = 424;
const RECORD_SIZE = 112;

export class FakeEtw {
  /** Names of sessions that there are, also of others'. */
  readonly sessions = new Map<string, Buffer>();
  /** GUIDs as they stand in memory, in hexadecimal, with level and keywords. */
  readonly enabled: string[] = [];
  lost = 0;
  /** What is written is kept back, however often buffers are flushed. */
  isStuck = false;
  /** What a provider does that is asked for its state. @returns Windows' error */
  states: (provider: Buffer) => number = () => NOT_FOUND;
  private buffers: WrittenEvent[] = [];
  private ready: WrittenEvent[] = [];
  private isOn = false;
  private callback = 0n;
  private marker: Buffer = Buffer.alloc(16);

  constructor(private readonly affinity: ReadonlyMap<Thread, number>) {}

  write(event: WrittenEvent): void {
    if (this.isOn) this.buffers.push(event);
  }

  imports(): Readonly<Record<string, Import>> {
    return {
      StartTraceW: (process, _, handle, name, properties) => {
        const text = wideText(process, name);
        if (this.sessions.has(text)) return ALREADY_EXISTS;
        // The performance counter is the clock.
        if (process.memory.u32(process.offset(properties) + CLOCK) !== 1) return INVALID_PARAMETER;
        this.sessions.set(text, process.bytes(properties + GUID, 16));
        this.isOn = true;
        process.memory.setU64(process.offset(handle), 77n);
        return 0;
      },
      ControlTraceW: (process, _, _handle, name, properties, code) => {
        const text = wideText(process, name);
        const guid = this.sessions.get(text);
        if (!guid) return NOT_FOUND;
        process.write(properties + GUID, guid);
        process.memory.setU32(process.offset(properties) + EVENTS_LOST, this.lost);
        if (code !== QUERY && !this.isStuck) this.flush();
        if (code === STOP) this.sessions.delete(text);
        if (code === STOP) this.isOn = false;
        return 0;
      },
      EnableTraceEx2: (process, _thread, _session, guid, code, level, keywords, _all, timeout) => {
        const provider = process.bytes(guid, 16);
        if (code === ENABLE) {
          this.enabled.push(`${provider.toString('hex')} ${level & 0xffn} ${keywords.toString(16)}`);
          return 0;
        }
        // It is waited for the answer.
        if (code !== CAPTURE_STATE || timeout === 0n) return INVALID_PARAMETER;
        return this.states(provider);
      },
      OpenTraceW: (process, _, log) => {
        // Real time, event records, raw time stamps.
        if (process.memory.u32(process.offset(log) + MODE) !== 0x1000_1100) return -1;
        this.callback = process.memory.u64(process.offset(log) + CALLBACK);
        return 78;
      },
      ProcessTrace: (process, thread) => {
        const event = this.ready.shift();
        if (event) return process.call(thread, this.callback, record(process, event));
        return this.isOn ? WAIT : 0;
      },
      CloseTrace: () => 0,
      EventRegister: (process, _, guid, _callback, _context, handle) => {
        this.marker = process.bytes(guid, 16);
        process.memory.setU64(process.offset(handle), 79n);
        return 0;
      },
      EventUnregister: () => 0,
      EventWrite: (process, thread, _handle, _descriptor, _count, data) => {
        const from = process.offset(data);
        const payload = process.bytes(process.memory.u64(from), process.memory.u32(from + 8));
        const time = BigInt(process.now) * 10_000n;
        const cpu = this.affinity.get(thread) ?? 0;
        this.write({ provider: this.marker, id: MARKER_ID, time, cpu, payload });
        return 0;
      },
    };
  }

  /** Of one processor after the other, each in its order: what was written first need not come first. */
  private flush(): void {
    this.ready.push(...[...this.buffers].sort((one, other) => one.cpu - other.cpu));
    this.buffers = [];
  }
}

function record(process: GuestProcess, { provider, id, time, cpu, payload, metadata }: WrittenEvent): bigint {
  const copy = (bytes: Buffer): bigint => {
    const at = process.allocate(bytes.length + 1);
    process.write(at, bytes);
    return at;
  };
  const bytes = Buffer.alloc(RECORD_SIZE);
  const hasIndex = 0x200;
  bytes.writeUInt16LE(hasIndex, 4);
  bytes.writeBigUInt64LE(time, 16);
  provider.copy(bytes, 24);
  bytes.writeUInt16LE(id, 40);
  bytes.writeUInt16LE(cpu, 80);
  bytes.writeUInt16LE(metadata ? 2 : 0, 84);
  bytes.writeUInt16LE(payload.length, 86);
  bytes.writeBigUInt64LE(copy(payload), 96);
  if (metadata) {
    const items = Buffer.alloc(32);
    // One of another kind, then the description.
    items.writeUInt16LE(1, 2);
    items.writeUInt16LE(11, 18);
    items.writeUInt16LE(metadata.length, 22);
    items.writeBigUInt64LE(copy(metadata), 24);
    bytes.writeBigUInt64LE(copy(items), 88);
  }
  return copy(bytes);
}

function wideText(process: GuestProcess, address: bigint): string {
  let text = '';
  for (let at = process.offset(address); process.memory.u16(at) !== 0; at += 2)
    text += String.fromCharCode(process.memory.u16(at));
  return text;
}
