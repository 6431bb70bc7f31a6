import { expect } from 'chai';
import { RigRefusal } from '../../../adapters/contract';
import { NDIS_PROVIDER, type EtwEvent, type Ports } from '../../../adapters/harness/agent/ports';
import { NDIS_EVENTS, PROBE_EVENTS } from '../../../adapters/harness/agent/rig/events';
import { registeredDriver } from '../../../adapters/simulator/drivers';
import { portsOn } from './ports';
import { COMPONENT, MANAGEMENT, PACER, SERVICE, UNDER_TEST } from './network';
import { FakeWindows, type WindowsOptions } from './windows';

const FRAME = `${'ff'.repeat(6)}02000000000188b5${'4e644c7766'}01${'00000007'}`.padEnd(120, '0');
const HOLD = { pattern: `${'00'.repeat(12)}88b5`, mask: `${'00'.repeat(12)}ffff` };

interface Seen {
  readonly windows: FakeWindows;
  readonly ports: Ports;
  readonly events: EtwEvent[];
  readonly said: string[];
  /** States of the driver's module on the adapter under test. */
  readonly states: () => string[];
}

async function start(driver = 'reference', options: Partial<WindowsOptions> = {}): Promise<Seen> {
  const found = registeredDriver(driver);
  if (!found) throw new Error(driver);
  const windows = new FakeWindows({ driver: found.driver, ...options });
  const ports = portsOn(windows);
  const events: EtwEvent[] = [];
  const said: string[] = [];
  ports.helper.on('etw', (event) => events.push(event));
  ports.helper.on('lost', ({ lost }) => said.push(`lost ${lost}`));
  ports.helper.on('fnmp.watchdog', () => said.push('watchdog'));
  ports.helper.on('exit', () => said.push('exit'));
  await ports.helper.request('etw.start', { session: 's', providers: [NDIS_EVENTS, PROBE_EVENTS] });
  return { windows, ports, events, said, states: () => statesIn(events) };
}

const STATES = ['Detached', 'Attaching', 'Paused', 'Restarting', 'Running', 'Pausing', 'Detaching'];

function statesIn(events: readonly EtwEvent[]): string[] {
  return events
    .filter(({ provider }) => provider === NDIS_PROVIDER)
    .map(({ payload }) => Buffer.from(payload, 'base64'))
    .filter((payload) => payload.includes(Buffer.from('Driver under test', 'utf16le')) && payload[36] === 2)
    .map((payload) => STATES[payload[16] ?? 0] ?? '');
}

function wait({ clock }: Ports, milliseconds: number): Promise<void> {
  return new Promise((resolve) => void clock.after(milliseconds, resolve));
}

async function failure(work: Promise<unknown>): Promise<RigRefusal> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof RigRefusal) return thrown;
    throw thrown;
  }
  throw new Error('it did not fail');
}

describe('The fake Windows machine', () => {
  it('has the driver bound to all its adapters, as Windows has', async () => {
    const { ports } = await start();
    const { bindings } = await ports.shell.call('GetBindingsOf', { component: COMPONENT });
    expect(bindings).to.deep.equal([MANAGEMENT, UNDER_TEST].map((adapter) => ({ adapter, enabled: true })));
    expect(await ports.shell.call('GetService', { name: SERVICE })).to.deep.equal({ state: 'Running' });
    expect(await ports.shell.call('GetService', { name: 'other' })).to.deep.equal({ state: 'Missing' });
    expect((await ports.shell.call('GetAdapter', { name: UNDER_TEST })).adapter?.status).to.equal('Up');
    expect((await ports.shell.call('GetAdapter', { name: 'none' })).adapter).to.equal(null);
    expect((await failure(ports.shell.call('DisableAdapter', { name: 'none' }))).kind).to.equal('environment');
  });

  it('pauses and restarts the filter when a component beside it goes, and tells so', async () => {
    const { ports, states } = await start();
    await ports.shell.call('DisableBinding', { name: UNDER_TEST, component: PACER });
    expect(states()).to.deep.equal([]);
    await ports.helper.request('etw.flush', {});
    expect(states()).to.deep.equal(['Pausing', 'Paused', 'Restarting', 'Running']);
  });

  it('detaches and attaches the filter with its binding, its adapter, its installation', async () => {
    const { ports, states, events } = await start();
    const attach = ['Attaching', 'Paused', 'Restarting', 'Running'];
    const detach = ['Pausing', 'Paused', 'Detaching', 'Detached'];
    const round = async (act: () => Promise<unknown>): Promise<string[]> => {
      events.length = 0;
      await act();
      await ports.helper.request('etw.flush', {});
      return states();
    };
    const binding = { name: UNDER_TEST, component: COMPONENT };
    expect(await round(() => ports.shell.call('DisableBinding', binding))).to.deep.equal(detach);
    expect(await round(() => ports.shell.call('EnableBinding', binding))).to.deep.equal(attach);
    expect(await round(() => ports.shell.call('DisableAdapter', { name: UNDER_TEST }))).to.deep.equal(detach);
    expect(await round(() => ports.shell.call('EnableAdapter', { name: UNDER_TEST }))).to.deep.equal(attach);
    expect(await round(() => ports.programs.run('netcfg', ['-v', '-u', COMPONENT]))).to.deep.equal(detach);
    expect((await ports.shell.call('GetBindingsOf', { component: COMPONENT })).bindings).to.deep.equal([]);
    expect(await round(() => ports.programs.run('netcfg', ['-l', 'x.inf', '-c', 's', '-i', COMPONENT]))).to.deep.equal(
      attach,
    );
    await ports.shell.call('DisableBinding', binding);
    await ports.shell.call('DisableBinding', { name: MANAGEMENT, component: COMPONENT });
    await ports.shell.call('StopService', { name: SERVICE });
    expect(await ports.shell.call('GetService', { name: SERVICE })).to.deep.equal({ state: 'Stopped' });
  });

  it('tells of a state before the callback or after it', async () => {
    for (const telling of ['before the callback', 'after the callback'] as const) {
      const { ports, events } = await start('reference', { telling, probe: true });
      await ports.shell.call('DisableBinding', { name: UNDER_TEST, component: PACER });
      await ports.helper.request('etw.flush', {});
      const payloads = events.map(({ payload }) => Buffer.from(payload, 'base64'));
      const pause = payloads.findIndex((payload) => payload.includes('FilterPause\0'));
      const pausing = payloads.findIndex(
        (payload, i) => events[i]?.provider === NDIS_PROVIDER && payload[16] === 5 && payload[36] === 2,
      );
      // The first state of the adapter that is paused is that of the neighbour above.
      const own = payloads.findIndex(
        (payload, i) => i >= pausing && payload[16] === 5 && payload.includes(Buffer.from('Driver', 'utf16le')),
      );
      expect(own < pause, telling).to.equal(telling === 'before the callback');
    }
  });

  it('holds what the driver sends, and keeps its pause pending with it', async () => {
    const { ports, states, said } = await start();
    const { handle } = await ports.helper.request('fnmp.open', { ifIndex: 2 });
    await ports.helper.request('fnmp.holdSends', { handle, ...HOLD });
    const sent = ports.originate?.start({ count: 1, seq: 7, frame: FRAME, adapter: UNDER_TEST, guid: '{}' });
    expect(await sent?.ended).to.equal(0);
    const { frames } = await ports.helper.request('fnmp.held', { handle });
    expect(frames.map(({ bytes }) => bytes)).to.deep.equal([FRAME]);
    let isDone = false;
    const toggled = ports.shell.call('DisableBinding', { name: UNDER_TEST, component: PACER }).then(() => {
      isDone = true;
    });
    await wait(ports, 1000);
    expect([isDone, ...states()]).to.deep.equal([false, 'Pausing']);
    await ports.helper.request('fnmp.release', { handle, indexes: [0] });
    await toggled;
    await ports.helper.request('etw.flush', {});
    expect(states()).to.deep.equal(['Pausing', 'Paused', 'Restarting', 'Running']);
    expect(said).to.deep.equal([]);
  });

  it('gives back what it holds after five seconds, and holds no more', async () => {
    const { ports, said } = await start();
    const { handle } = await ports.helper.request('fnmp.open', { ifIndex: 2 });
    await ports.helper.request('fnmp.holdSends', { handle, ...HOLD });
    const send = (): unknown =>
      ports.originate?.start({ count: 1, seq: 7, frame: FRAME, adapter: UNDER_TEST, guid: '{}' });
    send();
    const held = async (): Promise<number> => (await ports.helper.request('fnmp.held', { handle })).frames.length;
    await wait(ports, 4000);
    expect([await held(), ...said]).to.deep.equal([1]);
    await wait(ports, 3000);
    expect([await held(), ...said]).to.deep.equal([0, 'watchdog']);
    send();
    expect(await held()).to.equal(0);
  });

  it('waits with the pause of the miniport for what it holds, also when the driver does not', async () => {
    const { ports, states } = await start('pause-returns-success-with-sends-out');
    const { handle } = await ports.helper.request('fnmp.open', { ifIndex: 2 });
    await ports.helper.request('fnmp.holdSends', { handle, ...HOLD });
    ports.originate?.start({ count: 1, seq: 7, frame: FRAME, adapter: UNDER_TEST, guid: '{}' });
    const toggled = ports.shell.call('DisableBinding', { name: UNDER_TEST, component: PACER });
    await wait(ports, 100);
    await ports.helper.request('etw.flush', {});
    expect(states()).to.deep.equal(['Pausing', 'Paused']);
    expect((await ports.helper.request('fnmp.held', { handle })).frames).to.have.lengthOf(1);
    await ports.helper.request('fnmp.close', { handle });
    await toggled;
  });

  it('passes frames up and down, and keeps receives above', async () => {
    const { windows, ports } = await start();
    const below = await ports.helper.request('fnmp.open', { ifIndex: 2 });
    const above = await ports.helper.request('fnlwf.open', { ifIndex: 2 });
    await ports.helper.request('fnmp.holdSends', { handle: below.handle, ...HOLD });
    await ports.helper.request('fnlwf.holdReceives', { handle: above.handle, ...HOLD });
    await ports.helper.request('fnlwf.send', { handle: above.handle, frames: [FRAME] });
    const indicated = { frames: [FRAME, FRAME], dpcLevel: true, lowResources: false };
    await ports.helper.request('fnmp.indicate', { handle: below.handle, ...indicated });
    expect((await ports.helper.request('fnmp.held', { handle: below.handle })).frames).to.have.lengthOf(1);
    expect((await ports.helper.request('fnlwf.held', { handle: above.handle })).frames).to.have.lengthOf(2);
    const others = { ...indicated, frames: ['ff'.repeat(60)] };
    await ports.helper.request('fnmp.indicate', { handle: below.handle, ...others });
    expect(windows.stack(UNDER_TEST).protocol.receives.size).to.equal(2);
    expect((await ports.helper.request('fnlwf.held', { handle: above.handle })).frames).to.have.lengthOf(2);
    await ports.helper.request('fnlwf.release', { handle: above.handle, indexes: [1] });
    expect((await ports.helper.request('fnlwf.held', { handle: above.handle })).frames).to.have.lengthOf(1);
    expect(await ports.helper.request('fnlwf.datapath', { handle: above.handle })).to.deep.equal({ isUp: true });
    const asked = { handle: above.handle, oid: 0x10107, type: 'query' } as const;
    expect((await ports.helper.request('fnlwf.oid', asked)).status).to.equal(0);
  });

  it('is talked on by TCP/IP as long as that is bound', async () => {
    const { ports } = await start();
    const { handle } = await ports.helper.request('fnmp.open', { ifIndex: 2 });
    const everything = { pattern: '00', mask: '00' };
    const heard = async (): Promise<number> => {
      await ports.helper.request('fnmp.holdSends', { handle, ...everything });
      await wait(ports, 1000);
      const { frames } = await ports.helper.request('fnmp.held', { handle });
      await ports.helper.request('fnmp.holdSends', { handle, pattern: '', mask: '' });
      return frames.length;
    };
    for (const component of ['ms_tcpip', 'ms_tcpip6']) {
      expect(await heard(), component).to.be.above(0);
      await ports.shell.call('DisableBinding', { name: UNDER_TEST, component });
    }
    expect(await heard()).to.equal(0);
  });

  it('loses events and says so, or does not, and hands them out in the order of processors', async () => {
    const { windows, ports, states, said, events } = await start();
    const toggle = async (component: string, verb: 'EnableBinding' | 'DisableBinding'): Promise<string[]> => {
      events.length = 0;
      await ports.shell.call(verb, { name: UNDER_TEST, component });
      await ports.helper.request('etw.flush', {});
      return states();
    };
    const isPaused = ({ payload }: EtwEvent): boolean => Buffer.from(payload, 'base64')[16] === 2;
    windows.etw.loses = isPaused;
    expect(await toggle(PACER, 'DisableBinding')).to.deep.equal(['Pausing', 'Restarting', 'Running']);
    expect(said).to.have.lengthOf(1);
    delete windows.etw.loses;
    windows.etw.forgets = isPaused;
    expect(await toggle(PACER, 'EnableBinding')).to.deep.equal(['Pausing', 'Restarting', 'Running']);
    expect(said).to.have.lengthOf(1);
    delete windows.etw.forgets;
    windows.etw.reorders = true;
    expect(await toggle(PACER, 'DisableBinding')).not.to.deep.equal(['Pausing', 'Paused', 'Restarting', 'Running']);
  });

  it('goes down in a crash with everything on it, and comes back with a record of it', async () => {
    const { windows, ports, said } = await start('npcap-2016-no-pause');
    const { boot } = await ports.shell.call('GetBootId', {});
    windows.crash('0x7C', ['0x25', '0x11']);
    expect(said).to.deep.equal(['exit']);
    expect((await failure(ports.shell.call('GetBootId', {}))).kind).to.equal('lost');
    expect((await failure(ports.helper.request('info', {}))).kind).to.equal('lost');
    windows.reboot();
    const again = portsOn(windows);
    expect((await again.shell.call('GetBootId', {})).boot).not.to.equal(boot);
    const { events } = await again.shell.call('GetBugcheckEvents', { after: 0 });
    expect(events[0]?.message).to.match(
      /^The computer has rebooted from a bugcheck\. {2}The bugcheck was: 0x0000007c \(0x0{14}25, /,
    );
    expect((await again.shell.call('GetDumps', {})).files[0]?.path).to.equal('C:\\Windows\\MEMORY.DMP');
  });

  it('is stopped by NDIS when a filter never ends its pause', async () => {
    const { windows, ports } = await start('pending-pause-is-never-completed');
    const { handle } = await ports.helper.request('fnmp.open', { ifIndex: 2 });
    await ports.helper.request('fnmp.holdSends', { handle, ...HOLD });
    ports.originate?.start({ count: 1, seq: 7, frame: FRAME, adapter: UNDER_TEST, guid: '{}' });
    const toggled = failure(ports.shell.call('DisableBinding', { name: UNDER_TEST, component: PACER }));
    await wait(ports, 100);
    await ports.helper.request('fnmp.close', { handle });
    await wait(ports, 150_000);
    expect((await toggled).kind).to.equal('timeout');
    expect(windows.log.records[0]?.message).to.match(/0x0000007c \(0x0{14}25, 0x0{14}11,/);
  });
});
