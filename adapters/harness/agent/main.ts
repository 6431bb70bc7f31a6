/** `lwf-agent`: the agent as the controller starts it over ssh. Nothing but the protocol is written to standard output. */
import { join, resolve, win32 } from 'node:path';
import { parseArgs } from 'node:util';
import { realPorts } from './ports/real';
import { realOriginate } from './ports/real/originate';
import { serveMachine } from './program';
import { agentAdapter } from './rig/adapter';
import { undoOn } from './rig/machine';

/** Nobody was served: bad arguments, or a machine that cannot be asked what it is. */
const NOT_SERVED = 2;
/** Less than a controller waits for an answer, so that it hears why there is none. */
const PATIENCE = 45_000;

const HELP = `Usage: lwf-agent --folder FOLDER

The agent of a Windows test machine. \`lwf run --target\` starts it there over ssh; it speaks through standard input and output, and takes
back all that it changed when its input ends. docs/lab.md tells more.

  --folder FOLDER    where it keeps its lock and its journals
  --programs FOLDER  programs to use in place of those of Windows, for machines that are none
  --version          show the version
`;

export interface AgentProcess {
  /** Without node and script. */
  readonly args: readonly string[];
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Process id. */
  readonly pid: number;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Words for people. */
  readonly say: (text: string) => void;
}

/** @returns the exit code. Never throws. */
export async function runAgentProcess({ args, version, say, ...around }: AgentProcess): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        folder: { type: 'string' },
        programs: { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const { folder, programs } = values;
    if (values.version || values.help) {
      say(values.version ? `${version}\n` : HELP);
      return 0;
    }
    if (folder === undefined) throw new Error('--folder FOLDER is missing: see --help');
    return await serve({ folder: resolve(folder), programs: programs && resolve(programs), version, ...around });
  } catch (failure) {
    say(`lwf-agent: ${failure instanceof Error ? failure.message : String(failure)}\n`);
    return NOT_SERVED;
  }
}

interface Served extends Pick<AgentProcess, 'version' | 'environment' | 'pid' | 'input' | 'output'> {
  readonly folder: string;
  readonly programs: string | undefined;
}

function serve({ folder, programs, version, environment, pid, input, output }: Served): Promise<number> {
  const systemRoot = environment['SystemRoot'] ?? environment['SYSTEMROOT'] ?? 'C:\\Windows';
  const ports = realPorts({
    ...(programs !== undefined && { programs }),
    systemRoot,
    script: join(__dirname, 'scripts', 'host.ps1'),
    helper: join(__dirname, '..', 'helper', 'build', 'lwfio.exe'),
    patience: PATIENCE,
  });
  return serveMachine({
    ports,
    originate: realOriginate,
    adapter: agentAdapter,
    undo: undoOn(ports),
    drivers: programs === undefined ? win32.join(systemRoot, 'System32', 'drivers') : join(programs, 'drivers'),
    // Client address and port, then ours.
    address: environment['SSH_CONNECTION']?.split(' ')[2],
    ...{ folder, version, input, output, pid },
  });
}
