/** Installing a filter and uninstalling it, with netcfg. */
import { expect } from 'chai';
import type { Ended } from '../../../adapters/harness/agent/ports';
import { Machine, undoOn } from '../../../adapters/harness/agent/rig/machine';
import type { Undo } from '../../../adapters/harness/agent/journal';

const INF = 'C:\\drivers\\my filter\\mylwf.inf';

function machineWhere(
  code: number,
  stdout = '',
): { machine: Machine; ran: string[][]; noted: Undo[]; undo: () => Promise<void> } {
  const ran: string[][] = [];
  const noted: Undo[] = [];
  const programs = {
    run: async (program: string, args: readonly string[]): Promise<Ended> => {
      ran.push([program, ...args]);
      return { code, stdout, stderr: '' };
    },
  };
  const shell = { call: async () => ({ bindings: [{ adapter: 'Ethernet 2', enabled: true }] }) };
  const ports = { programs, shell, helper: {} } as unknown as ConstructorParameters<typeof Machine>[0];
  const undo = async (): Promise<void> => undoOn(ports)(noted[0] as Undo, () => undefined);
  const make = async <T>(entry: Undo, change: () => Promise<T>): Promise<{ result: T; undo: () => Promise<void> }> => {
    noted.push(entry);
    return { result: await change(), undo };
  };
  return { machine: new Machine(ports, { make }), ran, noted, undo };
}

async function messageOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => 'nothing was thrown',
    (failure: unknown) => (failure as Error).message,
  );
}

describe('A filter on the machine', () => {
  it('is installed by netcfg, each word an argument, and uninstalled again', async () => {
    const { machine, ran, noted, undo } = machineWhere(0);
    await (
      await machine.install(INF, 'ms_mylwf')
    ).done;
    expect(ran).to.deep.equal([['netcfg', '-v', '-l', INF, '-c', 's', '-i', 'ms_mylwf']]);
    expect(noted).to.deep.equal([
      { verb: 'component', args: { id: 'ms_mylwf' }, what: '"ms_mylwf" is uninstalled again' },
    ]);
    await undo();
    expect(ran[1]).to.deep.equal(['netcfg', '-v', '-u', 'ms_mylwf']);
  });

  it('is not there when netcfg says no, with a reason, or when Windows must be started again', async () => {
    const refused = await machineWhere(0x8004a029).machine.install(INF, 'ms_mylwf');
    expect(await messageOf(refused.done)).to.include('too many filters are installed (0x8004A029)');
    const late = await machineWhere(0x4a020).machine.install(INF, 'ms_mylwf');
    expect(await messageOf(late.done)).to.include('works when Windows has been started again');
  });

  it('is gone also when Windows must be started again, and stays when netcfg says no', async () => {
    const done = machineWhere(0x4a020);
    done.noted.push({ verb: 'component', args: { id: 'ms_mylwf' }, what: '' });
    await done.undo();
    const stays = machineWhere(0x8004a024);
    stays.noted.push({ verb: 'component', args: { id: 'ms_mylwf' }, what: '' });
    expect(await messageOf(stays.undo())).to.include('another program is changing the network configuration');
  });
});
