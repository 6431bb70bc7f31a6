import { expect } from 'chai';
import type { Call } from '../../../src/kernel';
import { Booted, CODE } from './booted';

const SUCCESS = 0n;
const PENDING = 0x103n;
const WINNT = 10;
const DYNAMIC = 1;

/** `mov eax, 0; ret`: a callback that is content. */
const CONTENT = [0x31, 0xc0, 0xc3];
/** `inc dword [rcx]; mov eax, 0xC0000016; ret`: counts in its first argument, and wants no more of it. */
const COUNTS = [0xff, 0x01, 0xb8, 0x16, 0x00, 0x00, 0xc0, 0xc3];
/** `inc dword [r8]; mov eax, 0xC0000016; ret`: a completion routine that counts in its context. */
const COUNTS_IN_CONTEXT = [0x41, 0xff, 0x00, 0xb8, 0x16, 0x00, 0x00, 0xc0, 0xc3];

class Filtering {
  readonly booted = new Booted({ code: { [CODE]: CONTENT, [CODE + 0x40]: COUNTS } });

  place(length: number, write: (at: number) => void = () => undefined): bigint {
    const at = this.booted.guest.allocate(length);
    write(at);
    return this.booted.guest.address(at);
  }

  /** An object whose key is the first thing in it. */
  keyed(length: number, key: number, write: (at: number) => void = () => undefined): bigint {
    return this.place(length, (at) => {
      this.booted.guest.memory.setU32(at, key);
      write(at);
    });
  }

  word(address: bigint): bigint {
    return this.booted.guest.readU64(address);
  }

  *engine(flags: number): Call<bigint> {
    const out = this.place(8);
    const session = this.place(0x48, (at) => this.booted.guest.memory.setU32(at + 0x20, flags));
    yield* this.booted.export('FwpmEngineOpen0', 0, WINNT, 0, session, out);
    return this.word(out);
  }
}

/** @returns a filter whose action calls the callout with a key */
function filterFor(filtering: Filtering, callout: number): bigint {
  const { memory } = filtering.booted.guest;
  return filtering.place(0xc8, (at) => {
    memory.setU32(at + 0x80, 0x4 | 0x4000 | 0x2000);
    memory.setU32(at + 0x84, callout);
  });
}

describe('The Windows Filtering Platform', () => {
  it('takes a callout with its filter in one transaction, and forgets what a dynamic session added', () => {
    const filtering = new Filtering();
    const { booted } = filtering;
    const seen = booted.run(function* () {
      const id = filtering.place(8);
      const callout = filtering.keyed(0x30, 7, (at) => booted.guest.memory.setU64(at + 0x20, booted.at(CODE)));
      const registered = yield* booted.export('FwpsCalloutRegister2', 0, callout, id);
      const statuses: bigint[] = [registered];
      for (let round = 0; round < 2; round += 1) {
        const engine = yield* filtering.engine(DYNAMIC);
        const sublayer = filtering.keyed(0x48, 9);
        statuses.push(yield* booted.export('FwpmTransactionBegin0', engine, 0));
        statuses.push(yield* booted.export('FwpmSubLayerAdd0', engine, sublayer, 0));
        statuses.push(yield* booted.export('FwpmCalloutAdd0', engine, filtering.keyed(0x58, 7), 0, 0));
        statuses.push(yield* booted.export('FwpmFilterAdd0', engine, filterFor(filtering, 7), 0, 0));
        statuses.push(yield* booted.export('FwpmTransactionCommit0', engine));
        statuses.push(yield* booted.export('FwpmEngineClose0', engine));
      }
      statuses.push(yield* booted.export('FwpsCalloutUnregisterById0', filtering.word(id) & 0xffff_ffffn));
      return statuses;
    });
    expect(new Set(seen)).to.deep.equal(new Set([SUCCESS]));
  });

  it('keeps what another session added, and says what is there already or missing', () => {
    const filtering = new Filtering();
    const { booted } = filtering;
    const seen = booted.run(function* () {
      const lasting = yield* filtering.engine(0);
      yield* booted.export('FwpmSubLayerAdd0', lasting, filtering.keyed(0x48, 9), 0);
      yield* booted.export('FwpmEngineClose0', lasting);
      const engine = yield* filtering.engine(0);
      return [
        yield* booted.export('FwpmSubLayerAdd0', engine, filtering.keyed(0x48, 9), 0),
        yield* booted.export('FwpmFilterAdd0', engine, filterFor(filtering, 7), 0, 0),
        yield* booted.export('FwpmTransactionCommit0', engine),
        yield* booted.export('FwpmSubLayerDeleteByKey0', engine, filtering.keyed(0x10, 9)),
        yield* booted.export('FwpmSubLayerDeleteByKey0', engine, filtering.keyed(0x10, 9)),
        yield* booted.export('FwpsCalloutUnregisterById0', 77),
        yield* booted.export('FwpmEngineClose0', 0x77),
      ];
    });
    expect(seen?.map((status) => status.toString(16))).to.deep.equal([
      'c0220009',
      'c0220001',
      'c022000d',
      '0',
      'c0220007',
      'c0220001',
      'c0000008',
    ]);
  });

  it('takes back what an aborted transaction added', () => {
    const filtering = new Filtering();
    const { booted } = filtering;
    const seen = booted.run(function* () {
      const engine = yield* filtering.engine(0);
      const statuses: bigint[] = [];
      for (const end of ['FwpmTransactionAbort0', 'FwpmTransactionCommit0']) {
        yield* booted.export('FwpmTransactionBegin0', engine, 0);
        statuses.push(yield* booted.export('FwpmProviderAdd0', engine, filtering.keyed(0x40, 5), 0));
        statuses.push(yield* booted.export(end, engine));
      }
      return statuses;
    });
    expect(seen).to.deep.equal([SUCCESS, SUCCESS, SUCCESS, SUCCESS]);
  });

  it('completes what is injected, later', () => {
    const filtering = new Filtering();
    const { booted } = filtering;
    const handle = filtering.place(8);
    const counter = filtering.place(8);
    const seen = booted.run(function* () {
      yield* booted.export('FwpsInjectionHandleCreate0', 2, 4, handle);
      const injection = filtering.word(handle);
      const status = yield* booted.export(
        'FwpsInjectNetworkSendAsync0',
        injection,
        0,
        0,
        0,
        0,
        booted.at(CODE + 0x40),
        counter,
      );
      const atOnce = filtering.word(counter);
      yield* booted.kernel.until('the completion', () => filtering.word(counter) === 1n);
      const destroyed = yield* booted.export('FwpsInjectionHandleDestroy0', injection);
      const again = yield* booted.export('FwpsInjectionHandleDestroy0', injection);
      return [status, atOnce, destroyed, again];
    });
    expect(seen).to.deep.equal([SUCCESS, 0n, SUCCESS, 0xc0000008n]);
  });
});

describe('Winsock Kernel', () => {
  it('gives datagram sockets, completes every IRP, and cancels what waits when a socket is closed', () => {
    const booted = new Booted({ code: { [CODE]: COUNTS_IN_CONTEXT } });
    const { guest } = booted;
    const place = (length: number): bigint => guest.address(guest.allocate(length));
    const completions = place(8);
    const method = (table: bigint, index: number): bigint => guest.readU64(table + BigInt(8 * index));
    const newIrp = function* (): Call<bigint> {
      const irp = yield* booted.export('IoAllocateIrp', 1, 0);
      // IoSetCompletionRoutine, which is inline.
      const location = guest.offset(guest.readU64(irp + 0xb8n)) - 0x48;
      guest.memory.setU64(location + 0x38, booted.at(CODE));
      guest.memory.setU64(location + 0x40, completions);
      guest.memory.setU8(location + 3, 0xe0);
      return irp;
    };
    const result = (irp: bigint): readonly [number, bigint] => [
      guest.memory.u32(guest.offset(irp) + 0x30),
      guest.readU64(irp + 0x38n),
    ];
    const seen = booted.run(function* () {
      const npi = place(0x10);
      yield* booted.export('WskRegister', place(0x10), place(0x18));
      yield* booted.export('WskCaptureProviderNPI', place(0x18), 0, npi);
      const provider = guest.readU64(npi + 8n);
      const call = function* (table: bigint, index: number, ...args: readonly bigint[]): Call<bigint> {
        return yield* guest.call(method(table, index), ...args);
      };
      const created = yield* newIrp();
      const socketArgs = [guest.readU64(npi), 2n, 3n, 250n, 4n, 0n, 0n, 0n, 0n, 0n, created];
      const status = yield* call(provider, 1, ...socketArgs);
      const socket = result(created)[1];
      const sockets = guest.readU64(socket);
      const buffer = place(0x18);
      guest.memory.setU64(guest.offset(buffer) + 0x10, 60n);
      const [bound, sent, received, closed] = [yield* newIrp(), yield* newIrp(), yield* newIrp(), yield* newIrp()];
      const statuses = [
        status,
        yield* call(sockets, 2, socket, place(0x10), 0n, bound),
        yield* call(sockets, 3, socket, buffer, 0n, place(0x10), 0n, 0n, sent),
        yield* call(sockets, 4, socket, buffer, 0n, 0n, 0n, 0n, 0n, received),
      ];
      yield* booted.kernel.until('the send', () => guest.readU64(completions) === 3n);
      statuses.push(yield* call(sockets, 1, socket, closed));
      return { statuses, sent: result(sent), received: result(received)[0] };
    });
    expect(seen?.statuses).to.deep.equal([SUCCESS, SUCCESS, PENDING, PENDING, SUCCESS]);
    expect(seen?.sent).to.deep.equal([0, 60n]);
    expect(seen?.received).to.equal(0xc00000b6);
    expect(guest.readU64(completions)).to.equal(5n);
  });

  it('completes the IRP of a socket that it does not give', () => {
    const booted = new Booted();
    const { guest } = booted;
    const npi = guest.address(guest.allocate(0x10));
    const seen = booted.run(function* () {
      yield* booted.export('WskCaptureProviderNPI', npi, 0, npi);
      const irp = yield* booted.export('IoAllocateIrp', 1, 0);
      const socket = guest.readU64(guest.readU64(npi + 8n) + 8n);
      const status = yield* guest.call(socket, 0n, 2n, 1n, 6n, 2n, 0n, 0n, 0n, 0n, 0n, irp);
      return [status, BigInt(guest.memory.u32(guest.offset(irp) + 0x30))];
    });
    expect(seen).to.deep.equal([0xc00000bbn, 0xc00000bbn]);
  });
});
