import { expect } from 'chai';
import { Booted } from './booted';

const SUCCESS = 0n;
const KERNEL_MODE = 0;

describe('Security descriptors', () => {
  it('are built from SIDs that everybody knows, as the library does that drivers carry with them', () => {
    const booted = new Booted();
    const { guest } = booted;
    const { memory } = guest;
    const place = (length: number): bigint => guest.address(guest.allocate(length));
    const exported = guest.imports.resolve('ntoskrnl.exe', 'SeExports') ?? 0n;
    const sids = guest.readU64(exported);
    const [world, system, administrators] = [0xc0n, 0x108n, 0x110n].map((at) => guest.readU64(sids + at));
    const [acl, absolute, relative, length, out] = [place(0x100), place(0x28), place(0x200), place(4), place(8)];
    const seen = booted.run(function* () {
      const statuses = [
        yield* booted.export('RtlCreateAcl', acl, 0x100, 2),
        yield* booted.export('RtlAddAccessAllowedAce', acl, 2, 0x10000000, system ?? 0n),
        yield* booted.export('RtlAddAccessAllowedAce', acl, 2, 0x10000000, administrators ?? 0n),
        yield* booted.export('RtlAddAccessAllowedAce', acl, 2, 0x80000000, world ?? 0n),
        yield* booted.export('RtlCreateSecurityDescriptor', absolute, 1),
        yield* booted.export('RtlSetDaclSecurityDescriptor', absolute, 1, acl, 0),
        yield* booted.export('RtlAbsoluteToSelfRelativeSD', absolute, relative, length),
        yield* booted.export('RtlAbsoluteToSelfRelativeSD', absolute, relative, length),
        yield* booted.export('SeCaptureSecurityDescriptor', relative, KERNEL_MODE, 1, 1, out),
      ];
      const lengths = [
        yield* booted.export('RtlLengthSid', administrators ?? 0n),
        yield* booted.export('RtlLengthSecurityDescriptor', relative),
      ];
      const present = place(1);
      const dacl = place(8);
      yield* booted.export('RtlGetDaclSecurityDescriptor', guest.readU64(out), present, dacl, place(1));
      return { statuses, lengths, dacl: guest.offset(guest.readU64(dacl)), present };
    });
    expect(seen?.statuses).to.deep.equal([
      SUCCESS,
      SUCCESS,
      SUCCESS,
      SUCCESS,
      SUCCESS,
      SUCCESS,
      0xc0000023n,
      SUCCESS,
      SUCCESS,
    ]);
    expect(seen?.lengths).to.deep.equal([16n, BigInt(0x14 + 0x100)]);
    const dacl = seen?.dacl ?? 0;
    expect([memory.u8(dacl), memory.u16(dacl + 2), memory.u16(dacl + 4)]).to.deep.equal([2, 0x100, 3]);
    // The second ACE: S-1-5-32-544.
    const second = dacl + 8 + memory.u16(dacl + 10);
    expect([
      memory.u32(second + 4),
      memory.u8(second + 15),
      memory.u32(second + 16),
      memory.u32(second + 20),
    ]).to.deep.equal([0x10000000, 5, 32, 544]);
  });

  it('are refused when they are of another revision, relative, or too small', () => {
    const booted = new Booted();
    const { guest } = booted;
    const place = (length: number): bigint => guest.address(guest.allocate(length));
    const descriptor = place(0x28);
    const acl = place(8);
    const sid = guest.readU64(guest.readU64(guest.imports.resolve('ntoskrnl.exe', 'SeExports') ?? 0n) + 0xc0n);
    const seen = booted.run(function* () {
      const first = yield* booted.export('RtlSetDaclSecurityDescriptor', descriptor, 1, acl, 0);
      yield* booted.export('RtlCreateSecurityDescriptor', descriptor, 1);
      guest.memory.setU16(guest.offset(descriptor) + 2, 0x8000);
      yield* booted.export('RtlCreateAcl', acl, 8, 2);
      return [
        first,
        yield* booted.export('RtlCreateSecurityDescriptor', descriptor, 2),
        yield* booted.export('RtlSetDaclSecurityDescriptor', descriptor, 1, acl, 0),
        yield* booted.export('RtlAddAccessAllowedAce', acl, 2, 1, sid),
        yield* booted.export('ZwSetSecurityObject', 0x77, 4, descriptor),
      ];
    });
    expect(seen?.map((status) => status.toString(16))).to.deep.equal([
      'c0000058',
      'c0000058',
      'c0000079',
      'c0000099',
      'c0000008',
    ]);
  });
});
