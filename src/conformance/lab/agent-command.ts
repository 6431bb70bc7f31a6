import { posix, win32 } from 'node:path';
import type { Target } from '../../../adapters/harness/target';
import { packageName } from '../kit-root';

/** @returns program and arguments on the machine: the package lies below the folder of the agent, as `npm install --prefix` puts it there */
export function agentCommand({ agent: { folder, node } }: Pick<Target, 'agent'>): readonly string[] {
  const path = folder.startsWith('/') ? posix : win32;
  const program = path.join(folder, 'node_modules', packageName, 'bin', 'lwf-agent.js');
  return [node, program, '--folder', folder];
}
