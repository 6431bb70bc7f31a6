import { expect } from 'chai';
import { STATUS } from '../../../adapters/emulator/machine';
import { ipv6Bytes, ipv6Text } from '../../../adapters/emulator/machine/ntoskrnl/ip-addresses';
import { readNarrow, readWide, utf16 } from '../../../adapters/emulator/machine/text';
import { Booted } from './booted';

/** A driver that writes addresses into a log. */
class Logger extends Booted {
  readonly line = this.guest.address(this.guest.allocate(256));

  do(name: string, ...args: readonly (bigint | number)[]): bigint {
    const result = this.run(() => this.export(name, ...args));
    if (result === undefined) throw this.bugcheck;
    return result;
  }

  bytes(content: Uint8Array): bigint {
    const offset = this.guest.allocate(content.length);
    this.guest.memory.write(offset, content);
    return this.guest.address(offset);
  }

  get narrow(): string {
    return readNarrow(this.guest, this.guest.offset(this.line));
  }

  get wide(): string {
    return readWide(this.guest, this.guest.offset(this.line));
  }
}

const words = (...all: readonly number[]): Uint8Array =>
  Uint8Array.from(all.flatMap((word) => [word >> 8, word & 0xff]));

describe('IP addresses as text', () => {
  it('leaves out the longest run of zeros, and shows IPv4 addresses as such', () => {
    expect(ipv6Text(words(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1))).to.equal('2001:db8::1:0:0:1');
    expect(ipv6Text(words(0xfe80, 0, 0, 0, 0, 0, 0, 1))).to.equal('fe80::1');
    expect(ipv6Text(words(0x2001, 0xdb8, 0, 1, 2, 3, 4, 5))).to.equal('2001:db8:0:1:2:3:4:5');
    expect(ipv6Text(words(0xff02, 0, 0, 0, 0, 0, 0, 0))).to.equal('ff02::');
    expect(ipv6Text(words(0, 0, 0, 0, 0, 0, 0, 0))).to.equal('::');
    expect(ipv6Text(words(0, 0, 0, 0, 0, 0, 0, 1))).to.equal('::1');
    expect(ipv6Text(words(0, 0, 0, 0, 0, 0xffff, 0x0102, 0x0304))).to.equal('::ffff:1.2.3.4');
    expect(ipv6Text(words(0, 0, 0, 0, 0, 0, 0x0102, 0x0304))).to.equal('::1.2.3.4');
    expect(ipv6Text(words(0xfe80, 0, 0, 0, 0, 0x5efe, 0x0102, 0x0304))).to.equal('fe80::5efe:1.2.3.4');
  });

  it('tells the caller where the text ends', () => {
    const logger = new Logger();
    const address = logger.bytes(Uint8Array.of(192, 168, 0, 1));
    expect(logger.do('RtlIpv4AddressToStringA', address, logger.line)).to.equal(logger.line + 11n);
    expect(logger.narrow).to.equal('192.168.0.1');
    expect(logger.do('RtlIpv4AddressToStringW', address, logger.line)).to.equal(logger.line + 22n);
    expect(logger.wide).to.equal('192.168.0.1');
  });

  it('adds scope and port, and refuses too small a buffer with the length that it takes', () => {
    const logger = new Logger();
    const length = logger.bytes(Uint8Array.of(64, 0, 0, 0));
    const address = logger.bytes(words(0xfe80, 0, 0, 0, 0, 0, 0, 1));
    const port = 0x5000;
    expect(logger.do('RtlIpv6AddressToStringExA', address, 7, port, logger.line, length)).to.equal(0n);
    expect(logger.narrow).to.equal('[fe80::1%7]:80');
    logger.guest.memory.setU32(logger.guest.offset(length), 5);
    const status = logger.do('RtlIpv6AddressToStringExW', address, 7, port, logger.line, length);
    expect(Number(status)).to.equal(STATUS.INVALID_PARAMETER);
    expect(logger.guest.memory.u32(logger.guest.offset(length))).to.equal(15);
  });

  it('reads dotted numbers, and says where they end', () => {
    const logger = new Logger();
    const text = logger.bytes(utf16('10.0.0.255/8', true));
    const end = logger.bytes(new Uint8Array(8));
    const address = logger.bytes(new Uint8Array(4));
    expect(logger.do('RtlIpv4StringToAddressW', text, 1, end, address)).to.equal(0n);
    expect(logger.guest.memory.u64(logger.guest.offset(end))).to.equal(text + 20n);
    const at = logger.guest.offset(address);
    expect([...logger.guest.memory.bytes.slice(at, at + 4)]).to.deep.equal([10, 0, 0, 255]);
    const wrong = logger.bytes(Buffer.from('10.0.0\0'));
    expect(Number(logger.do('RtlIpv4StringToAddressA', wrong, 1, end, address))).to.equal(STATUS.INVALID_PARAMETER);
  });

  it('reads IPv6 addresses back, whatever is left out', () => {
    for (const text of ['::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '2001:db8::', '::ffff:10.0.0.1', '64:ff9b::a00:1']) {
      expect(ipv6Text(ipv6Bytes(text)), text).to.equal(text);
    }
    const logger = new Logger();
    const end = logger.bytes(new Uint8Array(8));
    const address = logger.bytes(new Uint8Array(16));
    const text = logger.bytes(Buffer.from('fe80::7%3\0'));
    expect(logger.do('RtlIpv6StringToAddressA', text, end, address)).to.equal(0n);
    expect(logger.guest.memory.u64(logger.guest.offset(end))).to.equal(text + 7n);
    expect(logger.guest.memory.u8(logger.guest.offset(address) + 15)).to.equal(7);
    const wrong = logger.bytes(utf16('fe80', true));
    expect(Number(logger.do('RtlIpv6StringToAddressW', wrong, end, address))).to.equal(STATUS.INVALID_PARAMETER);
  });

  it('writes and reads addresses of Ethernet', () => {
    const logger = new Logger();
    const end = logger.bytes(new Uint8Array(8));
    const address = logger.bytes(Uint8Array.of(0, 0x15, 0x5d, 0xaa, 0xbb, 1));
    expect(logger.do('RtlEthernetAddressToStringW', address, logger.line)).to.equal(logger.line + 34n);
    expect(logger.wide).to.equal('00-15-5D-AA-BB-01');
    const back = logger.bytes(new Uint8Array(6));
    expect(logger.do('RtlEthernetStringToAddressW', logger.line, end, back)).to.equal(0n);
    expect(logger.guest.memory.u8(logger.guest.offset(back) + 4)).to.equal(0xbb);
    const wrong = logger.bytes(Buffer.from('00:15:5D:AA:BB:01\0'));
    expect(Number(logger.do('RtlEthernetStringToAddressA', wrong, end, back))).to.equal(STATUS.INVALID_PARAMETER);
  });
});
