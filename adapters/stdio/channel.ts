/** Two streams of bytes with somebody at the other end: a child process, or, in tests, an adapter in this process. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { RigRefusal } from '../contract';
import { endWithUs, killWithItsOwn } from './children';

/** The command line of an adapter. No shell reads it. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Folder to start in; default: the current one. */
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ChannelListener {
  bytes(chunk: Uint8Array): void;
  /** Text for people. */
  log(chunk: string): void;
  /** The other end is gone. Nothing follows. @param how in words: `ended with exit code 1` */
  closed(how: string): void;
}

export interface Channel {
  write(bytes: Uint8Array | string): void;
  /** End of input: the other end is to end by itself. */
  end(): void;
  /** Ends the other end without asking. */
  kill(): void;
}

export type OpenChannel = (listener: ChannelListener) => Channel;

/** Milliseconds after the end of a program in which what it wrote is read to the end, when somebody keeps its output open. */
const READ_OUT = 500;
const LEFT_BEHIND = ', and left a process behind that keeps its output open';

/** @returns what starts the command, each time it is called */
export function startsProcess(command: Command): OpenChannel {
  return (listener) => startProcess(command, listener);
}

function startProcess(command: Command, listener: ChannelListener): Channel {
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawnProcess(command);
  } catch (failure) {
    // What a system refuses to start at all is thrown: scripts of the Windows shell, an empty name.
    queueMicrotask(() => listener.closed(notStarted(command.program, failure as NodeJS.ErrnoException)));
    return NOBODY;
  }
  endWithUs(child);
  let isHeld = false;
  let failure: NodeJS.ErrnoException | undefined;
  child.on('error', (error) => {
    failure = error;
    // A process that never was has no end to tell of.
    if (child.pid === undefined) listener.closed(notStarted(command.program, error));
  });
  // Whoever reads no more has ended, or is about to: the end says how.
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Uint8Array) => listener.bytes(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => listener.log(chunk));
  let held: NodeJS.Timeout | undefined;
  child.on('exit', () => {
    held = setTimeout(() => {
      // What came while nobody could look is read first.
      setImmediate(() => {
        isHeld = true;
        child.stdout.destroy();
        child.stderr.destroy();
      });
    }, READ_OUT);
  });
  child.on('close', (code, signal) => {
    clearTimeout(held);
    if (child.pid === undefined) return;
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
    listener.closed(failure?.message ?? how + (isHeld ? LEFT_BEHIND : ''));
  });
  return {
    write: (bytes) => void child.stdin.write(bytes),
    end: () => void child.stdin.end(),
    kill: () => killWithItsOwn(child),
  };
}

const NOBODY: Channel = { write: () => undefined, end: () => undefined, kill: () => undefined };

function spawnProcess({ program, args, cwd, env }: Command): ChildProcessWithoutNullStreams {
  return spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    shell: false,
    // Ctrl-C is for the controller, which ends the scenario in good order; the end of input ends the program.
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
  });
}

function notStarted(program: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT')
    return `could not be started: there is no program "${program}" (or no such folder to start it in)`;
  if (code === 'EACCES') return `could not be started: "${program}" may not be executed`;
  return `could not be started: ${message}`;
}

const WORD = /"((?:[^"\\]|\\(?!")|\\")*)"|'([^']*)'|[^\s"']+/g;

/**
 * Takes a command line apart as a shell would, without one: words, with quotes around what holds spaces. A backslash is a
 * letter like any other (paths of Windows have them), but in front of a double quote inside double quotes.
 * @throws RigRefusal when there is no program in it, or a quote does not end
 */
export function readCommand(text: string): Command {
  const words: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const word = /^(?:"(?:[^"\\]|\\[^])*"|'[^']*'|[^\s"'])+/.exec(rest)?.[0];
    if (word === undefined) throw new RigRefusal('environment', `A quote in the command does not end: ${text}.`);
    words.push(
      word.replace(WORD, (_, double: string | undefined, single: string | undefined) =>
        double !== undefined ? double.replaceAll('\\"', '"') : (single ?? _),
      ),
    );
    rest = rest.slice(word.length).trimStart();
  }
  const [program, ...args] = words;
  if (program === undefined || program === '') throw new RigRefusal('environment', 'The command names no program.');
  return { program, args };
}
