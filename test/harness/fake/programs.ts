/** netcfg, pnputil, sc and verifier on the fake machine, as far as the agent uses them. */
import type { Ended, Program } from '../../../adapters/harness/agent/ports';
import { COMPONENT, SERVICE, type FakeWindows } from './windows';

const DONE: Ended = { code: 0, stdout: '... done.\r\n', stderr: '' };

function failed(code: number, stdout: string): Ended {
  return { code, stdout: `${stdout}\r\n`, stderr: '' };
}

export async function runProgram(windows: FakeWindows, program: Program, args: readonly string[]): Promise<Ended> {
  const line = args.join(' ');
  switch (program) {
    case 'netcfg':
      return netcfg(windows, args);
    case 'sc':
      if (line === `query ${SERVICE}`)
        return { ...DONE, stdout: `STATE : ${windows.isRunning ? '4  RUNNING' : '1  STOPPED'}\r\n` };
      return failed(1060, 'The specified service does not exist as an installed service.');
    case 'verifier':
      return verifier(windows, args);
    default:
      return failed(87, `${program}: invalid parameter`);
  }
}

async function netcfg(windows: FakeWindows, args: readonly string[]): Promise<Ended> {
  if (args.includes('-u') && args.at(-1) === COMPONENT) {
    if (!windows.isInstalled) return failed(1, 'Failed to uninstall the component. Error code: 0x80070002.');
    for (const adapter of windows.adapters.values()) await windows.setBinding(adapter, COMPONENT, false);
    await windows.stopService();
    windows.isInstalled = false;
    return DONE;
  }
  if (args.includes('-i') && args.at(-1) === COMPONENT) {
    windows.isInstalled = true;
    // A filter is bound to all that it can be bound to.
    for (const adapter of windows.adapters.values()) await windows.setBinding(adapter, COMPONENT, true);
    return DONE;
  }
  return failed(87, 'netcfg: the parameter is incorrect.');
}

/** 0 done, 1 failed, 2 done at the next start. */
function verifier(windows: FakeWindows, args: readonly string[]): Ended {
  if (args[0] === '/querysettings')
    return { ...DONE, stdout: `Verified Drivers: ${windows.verifier.settings || 'None'}\r\n` };
  if (args[0] === '/reset') windows.verifier.settings = '';
  else windows.verifier.settings = args.join(' ');
  return { ...DONE, code: 2 };
}
