import { expect } from 'chai';
import { Caller } from './caller';

const OPEN = 1;
const CREATE = 2;
const OPEN_IF = 3;
const NOT_FOUND = 0xc000_0034n;

class Volume {
  readonly caller = new Caller();
  readonly block = this.caller.space(16);
  private readonly out = this.caller.space(8);

  attributes(path: string): bigint {
    const at = this.caller.space(0x30);
    this.caller.put(at, 0x10, this.caller.counted(path));
    return at;
  }

  open(path: string, disposition: number): bigint {
    const { caller, out, block } = this;
    return caller.do('ZwCreateFile', out, 0, this.attributes(path), block, 0, 0x80, 0, disposition, 0x20, 0, 0);
  }

  get handle(): bigint {
    return this.caller.u64(this.out);
  }

  get information(): bigint {
    return this.caller.u64(this.block, 8);
  }

  write(text: string, offset?: bigint): bigint {
    const { caller } = this;
    const at = offset === undefined ? 0n : caller.space(8);
    if (offset !== undefined) caller.put(at, 0, offset);
    return caller.do('ZwWriteFile', this.handle, 0, 0, 0, this.block, caller.narrow(text), text.length, at, 0);
  }

  read(length: number, offset: bigint): string | bigint {
    const { caller } = this;
    const [at, to] = [caller.space(8), caller.space(64)];
    caller.put(at, 0, offset);
    const status = caller.do('ZwReadFile', this.handle, 0, 0, 0, this.block, to, length, at, 0);
    const from = caller.guest.offset(to);
    const bytes = caller.guest.memory.bytes.subarray(from, from + Number(this.information));
    return status === 0n ? Buffer.from(bytes).toString('latin1') : status;
  }
}

describe('Files of the emulated machine', () => {
  it('are made, written, read and found again', () => {
    const volume = new Volume();
    const path = '\\SystemRoot\\Temp\\filter.log';
    expect(volume.open(path, OPEN)).to.equal(NOT_FOUND);
    expect(volume.open(path, OPEN_IF)).to.equal(0n);
    expect(volume.information).to.equal(2n);
    expect(volume.write('one ')).to.equal(0n);
    expect(volume.write('two')).to.equal(0n);
    expect(volume.write('!', 0xffff_ffff_ffff_ffffn)).to.equal(0n);
    expect(volume.caller.do('ZwClose', volume.handle)).to.equal(0n);
    expect(volume.open(path, CREATE)).to.equal(0xc000_0035n);
    expect(volume.open(path.toUpperCase(), OPEN)).to.equal(0n);
    expect(volume.read(5, 4n)).to.equal('two!');
    expect(volume.read(5, 8n)).to.equal(0xc000_0011n);
  });

  it('tell their length, and go when they are told to', () => {
    const volume = new Volume();
    const { caller } = volume;
    volume.open('\\??\\C:\\a', CREATE);
    volume.write('abcdef');
    const facts = caller.space(24);
    expect(caller.do('ZwQueryInformationFile', volume.handle, volume.block, facts, 24, 5)).to.equal(0n);
    expect(caller.u64(facts, 8)).to.equal(6n);
    expect(caller.do('ZwQueryInformationFile', volume.handle, volume.block, facts, 8, 5)).to.equal(0xc000_0004n);
    caller.put(facts, 0, 3n);
    expect(caller.do('ZwSetInformationFile', volume.handle, volume.block, facts, 8, 20)).to.equal(0n);
    expect(volume.read(9, 0n)).to.equal('abc');
    caller.put(facts, 0, 1n);
    expect(caller.do('ZwSetInformationFile', volume.handle, volume.block, facts, 1, 13)).to.equal(0n);
    caller.do('ZwClose', volume.handle);
    expect(volume.open('\\??\\C:\\a', OPEN)).to.equal(NOT_FOUND);
    volume.open('\\??\\C:\\b', CREATE);
    expect(caller.do('ZwDeleteFile', volume.attributes('\\??\\C:\\b'))).to.equal(0n);
    expect(caller.do('ZwDeleteFile', volume.attributes('\\??\\C:\\b'))).to.equal(NOT_FOUND);
  });

  it('are nowhere but on the volume', () => {
    const volume = new Volume();
    expect(volume.open('\\Device\\Tcp', OPEN_IF)).to.equal(NOT_FOUND);
    expect(volume.open('C:\\a', OPEN_IF)).to.equal(0xc000_003bn);
    expect(volume.write('x')).to.equal(0xc000_0008n);
  });
});
