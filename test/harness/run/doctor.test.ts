import { expect } from 'chai';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenChannel } from '../../../adapters/stdio';
import type { NumberedObservation } from '../../../adapters/harness/protocol';
import { labText } from '../../../src/cli/doctor/lab-text';
import { kitVersion } from '../../../src/conformance/kit-root';
import { examineLab, type Examination } from '../../../src/conformance/lab/doctor/examine';
import { orderOfStates } from '../../../src/conformance/lab/doctor/states';
import type { Crossing } from '../../../src/trace';
import type { TestMachine } from '../link/in-process';
import { facts } from '../link/machine';
import { HASTY, labFolder, TARGET, testMachine } from './lab';

const DRIVER = '{ component: ms_x, service: x, profile: mine.yaml, probe: true }';
const FEATURE = ['features/pause/completing.feature:13'];

describe('lwf doctor --target', () => {
  let folder: string;
  let machine: TestMachine;

  beforeEach(() => {
    folder = labFolder(`${TARGET}calibration: { good: ${DRIVER}, bad: ${DRIVER} }\n`);
    machine = testMachine();
    machine.said = {
      ...machine.said,
      measure: async (samples) => [
        { name: 'PowerShell answers', unit: 'ms', samples: Array.from({ length: samples }, (_, index) => index + 1) },
        { name: 'lwfio answers', notMeasured: 'there is none' },
        { name: 'Driver Verifier', told: 'watches no driver' },
      ],
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const examined = (channel: OpenChannel = machine.open, lookOnly = false): Promise<Examination> =>
    examineLab({
      ...{ target: join(folder, 'lab.yaml'), channel, clock: HASTY, samples: 3, takeover: false, lookOnly },
      ...{ paths: FEATURE, tell: () => undefined, log: () => undefined },
    });

  const told = ({ rows }: Examination): string =>
    rows.map(({ name, state, found }) => `${name} | ${state} | ${found}`).join('\n');

  it('tells what is there, tries known filters, and measures; what was not measured says so', async () => {
    const examination = await examined();
    const table = told(examination);
    expect(table).to.match(/^target file \| fine \| lab-1, lab\.yaml$/m);
    expect(table).to.match(/^the lab's commands \| missing \| none$/m);
    expect(table).to.match(/^connection \| fine \| none: a test, build 0, x64; boot boot-1$/m);
    expect(table).to.match(/^PowerShell answers \| measured \| median 2 ms, 1 ms to 3 ms \(3 times\)$/m);
    expect(table).to.match(/^Driver Verifier \| measured \| watches no driver$/m);
    expect(table).to.match(/^lwfio answers \| not measured \| there is none$/m);
    expect(table).to.match(/^a filter that is known to be right \(reference\) \| fine \| breaks no rule: 1 pass$/m);
    // The reference stands in for it, and is none.
    expect(table).to.match(
      /^a filter that is known to be wrong \(reference\) \| missing \| is not found out: 1 pass$/m,
    );
    expect(table).to.match(/^pause: from the call to its end \| measured \| median .* ms.*\(3 times\)$/m);
    expect(table).to.match(/^Pausing, as NDIS tells it, after the call of FilterPause \| not measured \| /m);
    expect(table).to.match(/^a frame held below the driver, while the stack is paused \| fine \| still held/m);
    expect(table).to.match(/^observations that were lost on the way \| measured \| 0 of \d+$/m);
    expect(examination.ready).to.equal(true);
    expect([...machine.changed]).to.deep.equal([]);
    const text = labText(examination.rows, examination.ready, false);
    expect(text).to.match(/\? lwfio answers\n {6}not measured: there is none\n/);
    expect(text).to.match(/never seen a Windows machine/);
  });

  it('changes nothing where only looking is asked for', async () => {
    const { rows } = await examined(machine.open, true);
    expect(rows.at(-1)?.found).to.equal('only looking was asked for');
    expect(machine.steps.journals).to.equal(0);
  });

  it('says what is in the way, and that the rest was not measured', async () => {
    machine.isGone = true;
    const gone = await examined();
    expect(gone.ready).to.equal(false);
    expect(told(gone)).to.match(
      /^connection and agent \| wrong \| lab-1 .*exit code 255[^]*not measured \| the machine was not reached$/m,
    );
    machine.isGone = false;
    machine.said = {
      ...machine.said,
      version: kitVersion,
      facts: { ...facts(), levels: { white: false, black: true } },
    };
    expect(told(await examined())).to.match(/connection and agent \| wrong \| .*the machine cannot hear it/);
    writeFileSync(join(folder, 'lab.yaml'), TARGET.replace('probe: true', 'probe: false'));
    machine.said = { ...machine.said, facts: { ...facts(), levels: { white: true, black: true } } };
    expect(told(await examined())).to.match(
      /known to be right \| not measured \| the target file names none \("calibration\.good"\)/,
    );
  });

  it('tells whether NDIS speaks before or after it calls, where calls and events are pairs', () => {
    const event = (name: string, t: number, module?: string, state?: string): NumberedObservation => ({
      ...{ boot: 'b', seq: t, t: String(t), source: 'etw.ndis', name },
      ...(module !== undefined && { module, args: { state } }),
    });
    const call = (ddi: string, time: number): Crossing => ({ seq: time, dir: '->', ddi, module: 'm', time });
    const order = (calls: readonly Crossing[], seen: readonly NumberedObservation[]): readonly string[] =>
      orderOfStates(calls, seen, 10_000_000).map(({ name, found }) => `${name.split(',')[0]} ${found}`);
    const start = event('EtwSession', 1000);
    const mine = [
      start,
      event('FilterState', 11_000, 'mine', 'Pausing'),
      event('FilterState', 12_000, 'other', 'Pausing'),
      event('FilterState', 13_000, 'mine', 'Paused'),
      event('FilterState', 21_000, 'mine', 'Restarting'),
      event('FilterState', 61_000, 'mine', 'Pausing'),
    ];
    const calls = [call('FilterPause', 0.5), call('FilterRestart', 3), call('FilterPause', 5)];
    expect(order(calls, mine)).to.deep.equal([
      'Attaching there was no such call',
      'Restarting before: -1 ms (once)',
      'Pausing after: median 1 ms, 0.5 ms to 1 ms (2 times)',
      'Detaching there was no such call',
    ]);
    expect(order(calls, mine.slice(0, 4))[2]).to.match(/no filter has the states of these calls/);
    expect(order(calls.slice(0, 1), mine)[2]).to.match(/2 filters on the machine have the states/);
    expect(order([], mine)[2]).to.match(/build it with the probe header/);
  });
});
