/**
 * Carries records from the thread that scans a trace to the one that judges it, in memory that both see: a few rooms that are filled
 * and emptied in turn. Neither sends messages, which took longer than reading the records.
 */
import { setImmediate } from 'node:timers';
import { EACH_BATCH } from './layout';

/** Room for a batch, and for the records of the piece that made it so large. */
const ROOM = 2 * EACH_BATCH;
const ROOMS = 4;

export interface Belt {
  readonly rooms: SharedArrayBuffer;
  /** Integers of 32 bits: see `SENT` and its neighbours. */
  readonly marks: SharedArrayBuffer;
}

/** How many rooms were filled and emptied so far, and whether nobody empties them any more. */
const SENT = 0;
const TAKEN = 1;
const CLOSED = 2;
/** Of each room: what is in it, and how many bytes. */
const FIRST_ROOM = 3;

/** Records; the beginning of records that are more than one room holds; the end of the trace, with what ended it too early. */
const RECORDS = 0;
const PART = 1;
const END = 2;

/** The thread that scans looks up so often, for a signal or for the end of the other one. */
const LOOK_UP_MS = 20;

export function newBelt(): Belt {
  return {
    rooms: new SharedArrayBuffer(ROOMS * ROOM),
    marks: new SharedArrayBuffer(4 * (FIRST_ROOM + 2 * ROOMS)),
  };
}

/** Nobody takes anything any more: whoever sends need not wait. */
export function closeBelt({ marks }: Belt): void {
  Atomics.store(new Int32Array(marks), CLOSED, 1);
}

/** The end of the belt at which records are put on it. */
export class BeltSender {
  private readonly rooms: Uint8Array;
  private readonly marks: Int32Array;
  private sent = 0;

  constructor({ rooms, marks }: Belt) {
    this.rooms = new Uint8Array(rooms);
    this.marks = new Int32Array(marks);
  }

  get isClosed(): boolean {
    return Atomics.load(this.marks, CLOSED) !== 0;
  }

  /** @param records are not needed any more when the promise is kept */
  async send(records: Uint8Array): Promise<void> {
    let at = 0;
    for (; records.length - at > ROOM; at += ROOM) await this.put(PART, records.subarray(at, at + ROOM));
    await this.put(RECORDS, records.subarray(at));
  }

  /** @param failure what ended the trace before its end */
  async end(failure = ''): Promise<void> {
    await this.put(END, Buffer.from(failure).subarray(0, ROOM));
  }

  private async put(kind: number, bytes: Uint8Array): Promise<void> {
    await this.emptyRoom();
    const room = this.sent % ROOMS;
    this.rooms.set(bytes, room * ROOM);
    this.marks[FIRST_ROOM + 2 * room] = kind;
    this.marks[FIRST_ROOM + 2 * room + 1] = bytes.length;
    this.sent += 1;
    Atomics.store(this.marks, SENT, this.sent);
    Atomics.notify(this.marks, SENT);
  }

  private async emptyRoom(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const taken = Atomics.load(this.marks, TAKEN);
      if (this.sent - taken < ROOMS || this.isClosed) return;
      Atomics.wait(this.marks, TAKEN, taken, LOOK_UP_MS);
    }
  }
}

/** Who is given what comes. */
export interface Taker {
  /** Nothing more is wanted. */
  readonly isStopped: boolean;
  take(records: Uint8Array): void;
  end(failure?: Error): void;
}

/** Takes all that comes, to the end; the thread does nothing else. Rooms begin where a double may. */
export function takeAll(belt: Belt, taker: Taker): void {
  const marks = new Int32Array(belt.marks);
  let parts: Uint8Array[] = [];
  for (let taken = 0; !taker.isStopped; taken += 1) {
    while (Atomics.load(marks, SENT) === taken) Atomics.wait(marks, SENT, taken);
    const room = taken % ROOMS;
    const kind = marks[FIRST_ROOM + 2 * room];
    const bytes = new Uint8Array(belt.rooms, room * ROOM, marks[FIRST_ROOM + 2 * room + 1]);
    if (kind === END) {
      const failure = Buffer.from(bytes).toString();
      taker.end(failure === '' ? undefined : new Error(failure));
      break;
    }
    if (kind === PART) {
      parts.push(bytes.slice());
    } else if (parts.length > 0) {
      taker.take(joined([...parts, bytes]));
      parts = [];
    } else {
      taker.take(bytes);
    }
    Atomics.store(marks, TAKEN, taken + 1);
    Atomics.notify(marks, TAKEN);
  }
  closeBelt(belt);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
