import { expect } from 'chai';
import { undoOn, type Undo } from '../../../adapters/harness/agent';
import { SESSION } from '../../../adapters/harness/agent/rig/events';
import { shipped } from '../fake/target';
import { portsOn } from '../fake/ports';
import { COMPONENT, PACER, SERVICE, UNDER_TEST } from '../fake/network';
import { FakeWindows } from '../fake/windows';

const taking = (verb: string, args: Undo['args']): Undo => ({ verb, args, what: 'it is as it was' });

describe('Taking a change back', () => {
  /** A change, as it is made and as it is taken back. */
  const CHANGES = {
    binding: taking('binding', { adapter: UNDER_TEST, component: PACER, enabled: false }),
    adapter: taking('adapter', { name: UNDER_TEST, enabled: false }),
    service: taking('service', { name: SERVICE, running: true }),
    component: taking('component', { id: COMPONENT }),
  };

  for (const [name, undo] of Object.entries(CHANGES)) {
    it(`changes nothing when another agent has come to have the machine since it looked: ${name}`, async () => {
      const windows = new FakeWindows({ driver: shipped('reference'), unbound: name === 'service' });
      const ports = portsOn(windows);
      const asked: string[] = [];
      const note = (what: string): number => asked.push(what);
      const seen = {
        shell: {
          ...ports.shell,
          call: ((command, parameters) => (
            note(command),
            ports.shell.call(command, parameters)
          )) as typeof ports.shell.call,
        },
        programs: {
          run: ((program, args) => (note(program), ports.programs.run(program, args))) as typeof ports.programs.run,
        },
        helper: ports.helper,
      };
      let failure: unknown;
      const taken = (): void => {
        throw new Error('another agent has the machine');
      };
      await undoOn(seen)(undo, taken).catch((thrown: unknown) => (failure = thrown));
      expect(String(failure)).to.include('another agent has the machine');
      expect(asked.filter((command) => !command.startsWith('Get'))).to.deep.equal([]);
      await undoOn(seen)(undo, () => undefined);
      expect(asked.filter((command) => !command.startsWith('Get'))).to.have.lengthOf(1);
    });
  }

  it('ends the ETW session that a helper has left which was ended by force, and its own', async () => {
    const windows = new FakeWindows({ driver: shipped('reference'), unbound: true });
    const before = portsOn(windows, undefined, 1);
    await before.helper.request('etw.start', { session: SESSION, providers: [] });
    const ports = portsOn(windows, undefined, 2);
    await ports.shell.call('EndHelpers', { agent: 2 });
    expect(windows.etw.session?.name).to.equal(SESSION);
    await undoOn(ports)(taking('session', {}), () => undefined);
    expect(windows.etw.session).to.equal(undefined);
    await ports.helper.request('etw.start', { session: SESSION, providers: [] });
    await undoOn(ports)(taking('session', {}), () => undefined);
    expect(windows.etw.session).to.equal(undefined);
  });

  it('leaves the ETW session of an agent that has come to have the machine', async () => {
    const windows = new FakeWindows({ driver: shipped('reference'), unbound: true });
    const [late, next] = [portsOn(windows, undefined, 1), portsOn(windows, undefined, 2)];
    await next.helper.request('etw.start', { session: SESSION, providers: [] });
    const there = windows.etw.session;
    const taken = (): void => {
      throw new Error('another agent has the machine');
    };
    let failure: unknown;
    await undoOn(late)(taking('session', {}), taken).catch((thrown: unknown) => (failure = thrown));
    expect(String(failure)).to.include('another agent');
    expect(windows.etw.session).to.equal(there);
  });
});
