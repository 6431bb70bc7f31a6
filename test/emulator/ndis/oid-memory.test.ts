import { expect } from 'chai';
import { OID_REQUEST } from '../../../adapters/emulator/machine/ndis/layouts';
import { NdisPart } from '../../../adapters/emulator/machine/ndis/part';
import { Booted } from '../machine/booted';

const TAG = 0x3174_7345;
const NONPAGED = 512;

describe('Memory of OID requests that are below', () => {
  let booted: Booted;

  const allocate = (length: number): bigint =>
    booted.run(() => booted.export('ExAllocatePoolWithTag', NONPAGED, length, TAG)) ?? 0n;

  /** A request of the driver's, given to the miniport. */
  const issue = (address: bigint, buffer: bigint) => {
    const { guest } = booted;
    const at = guest.offset(address);
    guest.memory.fill(at, OID_REQUEST.size, 0);
    guest.memory.setU64(at + OID_REQUEST.informationBuffer, buffer);
    const request = guest.part(NdisPart).oids.read(address, { handle: 'm1' });
    if (!request) throw new Error('there is no request');
    request.below = true;
    return request;
  };

  const frees = () =>
    booted.kernel.recorder.crossings.filter(({ ddi, args }) => ddi === 'Access' && args?.['access'] === 'free');

  beforeEach(() => {
    booted = new Booted();
  });

  for (const [what, which] of [
    ['the request', 0],
    ['its buffer', 1],
  ] as const) {
    it(`tells that ${what} is freed, by whatever function`, () => {
      const blocks = [allocate(OID_REQUEST.size), allocate(64)];
      const request = issue(blocks[0] ?? 0n, blocks[1] ?? 0n);
      booted.run(() => booted.export('ExFreePool', blocks[which] ?? 0n));
      expect(frees().map(({ args }) => args?.['object'])).to.deep.equal([request.id]);
    });
  }

  it('is written to when the request comes back, which stops the system when it is gone', () => {
    const address = allocate(OID_REQUEST.size);
    const request = issue(address, 0n);
    booted.run(() => booted.export('ExFreePool', address));
    booted.run(function* () {
      yield* booted.guest.kernel.point('NdisFOidRequest');
      booted.guest.part(NdisPart).oids.lend(request);
    });
    expect(booted.bugcheck.code).to.equal('0x50');
    expect(booted.bugcheck.message).to.include('which had been freed');
  });
});
