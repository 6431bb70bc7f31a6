import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  adapterFacts,
  planAsk,
  planOpen,
  planSetup,
  readProfile,
  toDriverProfile,
} from '../../../adapters/emulator/profile';
import type { EmulatorProfile, PlannedRequest } from '../../../adapters/emulator/profile';
import { DRIVER_CAPABILITIES } from '../../../adapters/contract';
import { kitRoot } from '../../../src/conformance/kit-root';

const FOLDER = join(kitRoot, 'drivers', 'profiles');

function example(name: string): EmulatorProfile {
  return readProfile(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'), `${name}.yaml`);
}

function asked(profile: EmulatorProfile, ask: Parameters<typeof planAsk>[1], count: number) {
  const requests = planAsk(profile, ask, adapterFacts(profile, 'A', 0), count, 0);
  if (!requests) throw new Error(`${profile.driver} is not asked for ${ask}`);
  return requests;
}

const inputOf = ({ input }: PlannedRequest) => input.buffers[0].bytes;
const codes = (requests: readonly PlannedRequest[]) => requests.map(({ irp, code }) => code?.name ?? irp);

describe('The example profiles', () => {
  for (const file of readdirSync(FOLDER)) {
    it(`${file} can be read, and everything in it rendered`, () => {
      const profile = example(file.replace('.yaml', ''));
      const adapter = adapterFacts(profile, 'A', 0);
      expect(() => planOpen(profile, adapter)).not.to.throw();
      expect(() => planSetup(profile, adapter)).not.to.throw();
      for (const ask of Object.keys(profile.asks) as (keyof typeof profile.asks)[]) {
        expect(planAsk(profile, ask, adapter, 3, 0), ask).to.be.an('array');
      }
    });
  }

  it('npcap-2016 opens the adapter’s own device and writes whole frames', () => {
    const profile = example('npcap-2016');
    const adapter = adapterFacts(profile, 'A', 0);
    expect(planOpen(profile, adapter)).to.deep.equal({
      device: `\\Device\\NPCAP_${adapter.guid}`,
      fileName: '',
      oneAtATime: true,
    });
    const writes = asked(profile, 'send', 2);
    expect(codes(writes)).to.deep.equal(['IRP_MJ_WRITE', 'IRP_MJ_WRITE']);
    expect(writes.every(({ blocks }) => blocks)).to.equal(true);
    expect(inputOf(writes[0] as PlannedRequest)).not.to.deep.equal(inputOf(writes[1] as PlannedRequest));
    expect(profile.capabilities).to.deep.equal(['originatesSends', 'originatesOids', 'userModeHandles']);
  });

  it('npcap-2020 opens a file on its device, and writes in SENDTORX mode to originate receives', () => {
    const profile = example('npcap-2020');
    const adapter = adapterFacts(profile, 'A', 0);
    expect(planOpen(profile, adapter)).to.deep.equal({
      device: '\\Device\\NPCAP',
      fileName: `\\${adapter.guid}`,
      oneAtATime: true,
    });
    expect(codes(asked(profile, 'receive', 2))).to.deep.equal([
      'BIOCSMODE',
      'IRP_MJ_WRITE',
      'IRP_MJ_WRITE',
      'BIOCSMODE',
    ]);
    expect(profile.asks.receive?.steps[0]?.code?.value).to.equal(0x00216814);
    expect(toDriverProfile(profile).requests.receive?.irp).to.equal('IRP_MJ_WRITE');
  });

  it('fnlwf is opened by interface index, and given frames through pointers', () => {
    const profile = example('fnlwf');
    const open = planOpen(profile, adapterFacts(profile, 'B', 1));
    expect([...(open?.ea?.value.buffers[0].bytes ?? [])]).to.deep.equal([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
    const requests = asked(profile, 'send', 2);
    expect(codes(requests)).to.deep.equal(['TX_ENQUEUE', 'TX_FLUSH', 'TX_ENQUEUE', 'TX_FLUSH']);
    expect(codes(asked(profile, 'sendChain', 2))).to.deep.equal(['TX_ENQUEUE', 'TX_ENQUEUE', 'TX_FLUSH']);
    const { buffers } = (requests[0] as PlannedRequest).input;
    expect(buffers.map(({ bytes }) => bytes.length)).to.deep.equal([48, 24, 60]);
    expect(buffers.map(({ pointers }) => pointers)).to.deep.equal([
      [{ offset: 0, buffer: 1 }],
      [{ offset: 0, buffer: 2 }],
      [],
    ]);
    expect(buffers[1]?.bytes[12]).to.equal(60);
    expect(asked(profile, 'oid', 1)[0]).to.deep.include({ outputLength: 4 });
    const [filter] = asked(profile, 'holdReceives', 1);
    expect(filter?.input.buffers.map(({ bytes }) => bytes.length)).to.deep.equal([24, 1, 1]);
    const released = codes(asked(profile, 'releaseReceives', 1));
    expect(released).to.have.length(18).and.include.members(['RX_DEQUEUE_FRAME', 'RX_FLUSH', 'RX_FILTER']);
  });

  it('fnlwf before its interface had versions is asked the same, and opened with less', () => {
    const profile = example('fnlwf-without-versions');
    const open = planOpen(profile, adapterFacts(profile, 'B', 1));
    expect([...(open?.ea?.value.buffers[0].bytes ?? [])]).to.deep.equal([0, 0, 0, 0, 2, 0, 0, 0]);
    expect(profile.asks).to.deep.equal(example('fnlwf').asks);
  });

  it('ndislwf originates nothing', () => {
    expect(example('ndislwf').capabilities).to.deep.equal(['userModeHandles']);
  });

  it('reference asks for everything, by the codes of the driver’s own header', () => {
    const profile = example('reference');
    expect(profile.capabilities).to.deep.equal(Object.keys(DRIVER_CAPABILITIES));
    const header = readFileSync(join(kitRoot, 'drivers', 'reference', 'interface.h'), 'utf8');
    for (const { steps } of Object.values(profile.asks)) {
      for (const { kind, code } of steps) {
        if (kind !== 'ioctl') continue;
        const defined = new RegExp(`#define ${code?.name} LWF_IOCTL\\((\\d+)\\)`).exec(header)?.[1];
        expect(code?.value, code?.name).to.equal(0x122000 + 4 * Number(defined));
      }
    }
    const [chain] = asked(profile, 'sendChain', 3);
    const input = inputOf(chain as PlannedRequest);
    expect([...input.slice(0, 4)]).to.deep.equal([3, 0, 0, 0]);
    expect(input).to.have.lengthOf(4 + 60);
    expect(asked(profile, 'send', 3)).to.have.lengthOf(3);
  });
});
