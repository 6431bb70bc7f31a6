import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { serveMachine } from '../../../adapters/harness/agent/program';
import type { AgentConfig, Originate, Ports } from '../../../adapters/harness/agent/ports';
import type { OfferedTarget } from '../../../adapters/harness/protocol';
import type { Session, SessionOptions } from '../../../adapters/harness/controller';
import type { OpenChannel } from '../../../adapters/stdio';
import { openTestSession } from '../link/agent-folder';
import { changingAdapter, clearing, type Settings } from '../link/machine';
import { tablePorts, WINDOWS, type Answers, type TablePorts } from './ports';

const TESTED: OfferedTarget = {
  adapter: { name: 'Ethernet 2', kind: 'fnmp' },
  driver: {
    name: 'mine',
    image: 'mine.sys',
    component: 'ms_mine',
    service: 'mine',
    probe: true,
    profile: { capabilities: [], requests: {} },
  },
};

describe('the agent as a program', () => {
  let folder: string;
  let changed: Set<string>;
  let codes: Promise<number | string>[];
  let given: { readonly ports: Ports; readonly config: AgentConfig } | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-agent-'));
    changed = new Set();
    codes = [];
    given = undefined;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function over(ports: TablePorts): OpenChannel {
    const settings: Settings = {
      has: (name) => changed.has(name),
      set: (name) => void changed.add(name),
      clear: (name) => void changed.delete(name),
    };
    return (listener) => {
      const [input, output] = [new PassThrough(), new PassThrough()];
      const code = serveMachine({
        ports,
        originate: (command) => ({ takesFrames: false, start: () => command }) as unknown as Originate,
        adapter(all, config, ground) {
          given = { ports: all, config };
          return changingAdapter(ground, settings);
        },
        undo: clearing(settings),
        ...{ folder, drivers: folder, version: '1', address: '10.0.0.7', input, output, pid: process.pid },
      }).catch((failure: Error) => failure.message);
      codes.push(code);
      output.on('data', (chunk: Buffer) => listener.bytes(chunk));
      void code.then((how) => setImmediate(() => listener.closed(`ended with exit code ${how}`)));
      return {
        write: (bytes) => void input.write(bytes),
        end: () => void input.end(),
        kill: () => void input.end(),
      };
    };
  }

  const connect = (answers: Answers, options: Partial<SessionOptions> = { target: TESTED }): Promise<Session> =>
    openTestSession(over(tablePorts(answers)), options);

  it('says what the machine and the driver are, and is told what to test', async () => {
    writeFileSync(join(folder, 'mine.sys'), 'MZ');
    const session = await connect(WINDOWS, {
      target: { ...TESTED, originate: { program: 'C:\\send.exe', arguments: ['{count}'] } },
    });
    const { boot, os, clock, levels, driver } = session.machine;
    expect({ boot, os, clock, levels }).to.deep.equal({
      boot: 'boot-7',
      os: { name: 'Microsoft Windows 11 Pro', build: '10.0.26100.1742', arch: 'AMD64' },
      clock: { frequency: '10000000' },
      levels: { white: true, black: true },
    });
    const sha256 = createHash('sha256').update('MZ').digest('hex');
    expect(driver).to.deep.equal({ file: 'mine.sys', sha256, bytes: 2 });
    expect(given?.config).to.deep.equal({ run: 'run-1', address: '10.0.0.7', ...TESTED });
    expect(given?.ports.originate).to.have.property('takesFrames', false);
    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    expect([...changed]).to.deep.equal(['load']);
    await session.end();
    expect([...changed]).to.deep.equal([]);
    expect(await Promise.all(codes)).to.deep.equal([0]);
  });

  it('hands out what the log says, dumps by names that a controller takes, and what it measured', async () => {
    const dumps = ['MEMORY.DMP', 'Minidump/112326-1 (a).dmp', 'LiveKernelReports/NDIS.dmp'];
    const session = await connect({
      ...WINDOWS,
      GetDumps: () => ({
        files: dumps.map((name) => ({ path: name === 'MEMORY.DMP' ? __filename : `C:\\Windows\\${name}` })),
      }),
      GetBugcheckEvents: ({ after }) => ({
        events: [{ record: Number(after) + 1, time: '2026-11-23T08:00:00Z', message: ` stopped${'!'.repeat(5000)}` }],
      }),
      'power.look': () => ({ state: 'S3', why: null }),
      verifier: () => 'Verifier Flags: 0x000209bb\n\nVerified Drivers:\n\n  mine.sys\n  ndis.sys\n',
    });
    const [crash, ...more] = await session.crashes(41);
    expect(more).to.deep.equal([]);
    expect(crash).to.include({ record: 42, time: '2026-11-23T08:00:00Z' });
    expect(crash?.text)
      .to.match(/^stopped!+$/)
      .and.have.length(4096);
    const [dump, ...missing] = await session.files();
    // Those that are not there any more are not offered.
    expect(missing).to.deep.equal([]);
    expect(dump?.name).to.match(/^dumps\/[A-Za-z0-9._-]+\/agent-program\.test\.ts$/);
    const measured = await session.calibrate(2);
    expect(
      measured.map((each) => ('samples' in each ? `${each.name}: ${each.samples.length} ${each.unit}` : each)),
    ).to.deep.equal([
      'PowerShell answers: 2 ms',
      'lwfio answers: 2 ms',
      'ETW hands out what was written: 2 ms',
      'events of ETW that were lost meanwhile: 1 events',
      { name: 'Driver Verifier', told: 'flags 0x000209bb, watches mine.sys, ndis.sys' },
      { name: 'sleep', told: 'S3, and a timer wakes the machine up' },
    ]);
    await session.end();
  });

  it('says what could not be measured, and that nothing can be observed without its helper', async () => {
    const { info: _, 'etw.start': __, ...without } = WINDOWS;
    const session = await connect(without);
    expect(session.machine.levels).to.deep.equal({ white: false, black: false });
    expect(await session.calibrate(1)).to.deep.include({ name: 'lwfio answers', notMeasured: 'info failed' });
    await session.end();
  });

  it('is refused by words when it is not told what to test, has a wrong profile, or no PowerShell', async () => {
    const words = async (answers: Answers, options: Partial<SessionOptions>): Promise<string> => {
      const failure: unknown = await connect(answers, options).catch((thrown: unknown) => thrown);
      return failure instanceof Error ? failure.message : 'connected';
    };
    expect(await words(WINDOWS, {})).to.match(/does not say what is to be tested/);
    const profile = { capabilities: ['flies'], requests: {} } as unknown as OfferedTarget['driver']['profile'];
    const wrong = { ...TESTED, driver: { ...TESTED.driver, profile } };
    expect(await words(WINDOWS, { target: wrong })).to.match(/profile of the driver cannot be used: .*flies/);
    expect(await words({}, { target: TESTED })).to.match(/GetBootId failed/);
  });
});
