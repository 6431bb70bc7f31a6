/** The agent as a program of its own: standard input and output, and nothing else that anybody could reach it by. */
import { join } from 'node:path';
import { realClock, type Clock } from '../protocol';
import { Agent, type AgentParts, type ExitCode } from './agent';
import { journalsIn } from './journal-folder';
import { lockAt } from './lock';

export interface AgentProgram extends Omit<AgentParts, 'journals' | 'lock' | 'clock' | 'write'> {
  /** Where the agent keeps its lock and its journals. */
  readonly folder: string;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly clock?: Clock;
}

/** @returns the exit code, when the input has ended (or the lease has, or `bye` was said) and everything is taken back */
export function runAgent({ folder, input, output, clock = realClock, ...parts }: AgentProgram): Promise<ExitCode> {
  const agent = new Agent({
    ...parts,
    clock,
    journals: journalsIn(join(folder, 'journals')),
    lock: lockAt(join(folder, 'agent.lock'), clock, process.pid, isAlive),
    write: (line) => void output.write(line),
  });
  // Whoever reads no more has ended; that he wrote no more is told by the end of input, or by the lease.
  output.on('error', () => agent.end());
  input.on('data', (chunk: Buffer) => agent.push(chunk));
  for (const end of ['end', 'error', 'close']) input.on(end, () => agent.end());
  return agent.ended;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM';
  }
}
