/** A machine that answers by a table. */
import { RigRefusal } from '../../../adapters/contract';
import type { Helper, Ports, Shell } from '../../../adapters/harness/agent/ports';
import { realClock } from '../../../adapters/harness/protocol';

export type Answers = Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => unknown>>;

export interface TablePorts extends Ports {
  readonly closed: readonly string[];
}

export const WINDOWS: Answers = {
  GetBootId: () => ({ boot: 'boot-7' }),
  GetOsInfo: () => ({ name: 'Microsoft Windows 11 Pro', build: '10.0.26100.1742', arch: 'AMD64' }),
  EndHelpers: () => ({}),
  GetDumps: () => ({ files: [] }),
  GetBugcheckEvents: () => ({ events: [] }),
  info: () => ({ version: '1', frequency: '10000000', wine: false, fnmp: true, fnlwf: true }),
  'etw.start': () => ({ t: '1' }),
  'etw.flush': () => ({ t: '2', lost: 0 }),
  'etw.stop': () => ({ lost: 3 }),
};

export function tablePorts(answers: Answers): TablePorts {
  const closed: string[] = [];
  const ask = async (name: string, parameters: object): Promise<unknown> => {
    const answer = answers[name];
    if (!answer) throw new RigRefusal('environment', `${name} failed`);
    return answer(parameters as Readonly<Record<string, unknown>>);
  };
  const shell = { call: ask, close: () => void closed.push('shell') } as unknown as Shell;
  const helper = { request: ask, on: () => undefined, close: () => void closed.push('helper') } as unknown as Helper;
  return {
    shell,
    helper,
    programs: {
      run: async (program) => ({ code: 0, stdout: (answers[program]?.({}) as string | undefined) ?? '', stderr: '' }),
    },
    clock: realClock,
    closed,
  };
}
