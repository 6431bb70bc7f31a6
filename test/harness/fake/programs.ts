/** netcfg, sc, verifier and shutdown on the fake machine, as far as the agent uses them. */
import type { Ended, Program } from '../../../adapters/harness/agent/ports';
import type { VerifierSettings } from './driver-verifier';
import { COMPONENT, SERVICE } from './network';
import type { FakeWindows } from './windows';

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
        return { ...DONE, stdout: `STATE : ${windows.network.isRunning ? '4  RUNNING' : '1  STOPPED'}\r\n` };
      return failed(1060, 'The specified service does not exist as an installed service.');
    case 'verifier':
      return verifier(windows, args);
    case 'shutdown':
      // It goes down when this program has ended.
      setImmediate(() => windows.goDown());
      return DONE;
    default:
      return failed(87, `${program}: invalid parameter`);
  }
}

async function netcfg({ network }: FakeWindows, args: readonly string[]): Promise<Ended> {
  if (args.includes('-u') && args.at(-1) === COMPONENT) {
    if (!network.isInstalled) return failed(1, 'Failed to uninstall the component. Error code: 0x80070002.');
    for (const adapter of network.adapters.values()) await network.setBinding(adapter, COMPONENT, false);
    await network.stopService();
    network.isInstalled = false;
    return DONE;
  }
  if (args.includes('-i') && args.at(-1) === COMPONENT) {
    network.isInstalled = true;
    // A filter is bound to all that it can be bound to.
    for (const adapter of network.adapters.values()) await network.setBinding(adapter, COMPONENT, true);
    return DONE;
  }
  return failed(87, 'netcfg: the parameter is incorrect.');
}

/** 0 done, 1 failed, 2 done at the next start. */
function verifier({ verifier: driverVerifier }: FakeWindows, args: readonly string[]): Ended {
  const [option = '', flags = '', driver, ...names] = args;
  if (option === '/querysettings') return { ...DONE, stdout: told(driverVerifier.settings) };
  if (option === '/query') return { ...DONE, stdout: told(driverVerifier.active) };
  if (option === '/reset' && args.length === 1) driverVerifier.settings = undefined;
  else if (option === '/flags' && /^0x[0-9a-f]{1,8}$/.test(flags) && driver === '/driver' && names.length > 0)
    driverVerifier.settings = { flags: Number(flags), drivers: names };
  else return failed(1, 'verifier: the syntax of the command is incorrect.');
  return { ...DONE, code: 2 };
}

function told(settings: VerifierSettings | undefined): string {
  if (!settings) return 'Verifier Flags: 0x00000000\r\n\r\nVerified Drivers: None\r\n';
  const { flags, drivers } = settings;
  return `Verifier Flags: 0x${flags.toString(16).padStart(8, '0')}\r\n\r\nVerified Drivers:\r\n\r\n${drivers.join('\r\n')}\r\n`;
}
