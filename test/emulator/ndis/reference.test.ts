import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Operation, Rig } from '../../../adapters/contract';
import { createDriver } from '../../../adapters/emulator';
import { readProfile } from '../../../adapters/emulator/profile';
import { ModelledRig, type ModelledDriver } from '../../../adapters/modelled';
import { reference } from '../../../adapters/simulator/drivers/reference';
import { buildDrivers } from '../../../scripts/build-drivers';
import { kitRoot } from '../../../src/conformance/kit-root';
import type { Crossing } from '../../../src/trace';
import { ORIGINATED_AT_ONCE } from '../../drivers/play';

async function done(rig: Rig, operation: Promise<Operation>): Promise<void> {
  expect(await rig.operation(await operation)).to.have.property('state', 'done');
}

/** What passes through, in one life of a module. */
async function passThrough(rig: Rig): Promise<void> {
  await done(rig, rig.load());
  await rig.addAdapter('A');
  await done(rig, rig.attach('A'));
  await done(rig, rig.restart('A'));
  await rig.sendFromAbove('A', { count: 2, cancelId: 'c1', netBuffersEach: 2 });
  await rig.cancelSends('A', 'c1');
  await rig.completeSends('A');
  await rig.receiveFromBelow('A', { count: 2 });
  await rig.returnReceives('A');
  await rig.receiveFromBelow('A', { count: 2, lowResources: true });
  await done(rig, rig.oidFromAbove('A', 'OID_GEN_STATISTICS'));
  await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
  await done(rig, rig.netPnPEvent('A', 'NetEventQueryPower'));
  await done(rig, rig.pause('A'));
  await rig.sendFromAbove('A', { count: 1 });
  await done(rig, rig.restart('A'));
  await done(rig, rig.pause('A'));
  await done(rig, rig.detach('A'));
  await done(rig, rig.unload());
}

/** What the driver originates, and a pause that waits for it. */
async function originate(rig: Rig): Promise<void> {
  await done(rig, rig.load());
  await rig.addAdapter('A');
  await done(rig, rig.attach('A'));
  await done(rig, rig.restart('A'));
  await done(rig, rig.openHandle('app', 'A'));
  for (const what of ORIGINATED_AT_ONCE) {
    await done(rig, rig.ask('app', what));
  }
  await done(rig, rig.ask('app', 'sendByTimer'));
  await rig.letTimePass(500);
  await done(rig, rig.ask('app', 'modifyData'));
  await rig.sendFromAbove('A', { count: 2 });
  const pause = await rig.pause('A');
  await rig.returnReceives('A');
  await rig.completeSends('A');
  expect(await rig.operation(pause)).to.have.property('state', 'done');
  await done(rig, rig.detach('A'));
  await done(rig, rig.ask('app', 'send'));
  await done(rig, rig.closeHandle('app'));
  await done(rig, rig.unload());
}

/** A crossing without identities of memory, and without what the two drivers do each in its own way. */
function essence({ dir, ddi, module, status, irql, args, nbls }: Crossing): string {
  const shown = Object.entries(args ?? {}).filter(
    ([name]) => !['memory', 'context', 'object', 'tag', 'irp', 'name', 'code', 'bytesWritten'].includes(name),
  );
  const views = (nbls ?? []).map((view) => JSON.stringify(view));
  return [dir, ddi, module, status, irql, JSON.stringify(shown), ...views].join(' ');
}

const OWN_WAYS = /Memory|PoolWithTag|^IRP_MJ_(WRITE|DEVICE)/;

async function play(driver: ModelledDriver, scenario: (rig: Rig) => Promise<void>): Promise<string[]> {
  const rig = new ModelledRig(driver, { seed: 1 });
  await scenario(rig);
  const trace = await rig.trace();
  await rig.close();
  return trace.filter(({ ddi }) => !OWN_WAYS.test(ddi)).map(essence);
}

describe('The reference filter as machine code', function () {
  this.timeout(120_000);
  let driver: ModelledDriver;

  before(async () => {
    await buildDrivers(['reference']);
    const file = join(kitRoot, 'drivers', 'profiles', 'reference.yaml');
    driver = createDriver({
      image: readFileSync(join(kitRoot, 'drivers', 'build', 'reference.sys')),
      profile: readProfile(readFileSync(file, 'utf8'), file),
    });
  });

  it('passes everything through with the same crossings as the one in TypeScript', async () => {
    expect(await play(driver, passThrough)).to.deep.equal(await play(reference, passThrough));
  });

  it('originates with the same crossings as the one in TypeScript', async () => {
    expect(await play(driver, originate)).to.deep.equal(await play(reference, originate));
  });

  it('gives the same trace on every boot', async () => {
    expect(await play(driver, originate)).to.deep.equal(await play(driver, originate));
  });
});
