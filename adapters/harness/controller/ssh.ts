/** The way to the machine: the system's own `ssh`, with the user's keys and known hosts, and nothing that would weaken it. */
import { startsProcess, type OpenChannel } from '../../stdio';
import type { SshTarget } from '../target';
import { withoutNoise } from './noise';

/** What the user's configuration may not change: the first value that ssh is given counts. */
const FIXED = {
  BatchMode: 'yes',
  StrictHostKeyChecking: 'yes',
  KnownHostsCommand: 'none',
  NoHostAuthenticationForLocalhost: 'no',
  VerifyHostKeyDNS: 'no',
  UpdateHostKeys: 'no',
  PasswordAuthentication: 'no',
  KbdInteractiveAuthentication: 'no',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  ClearAllForwardings: 'yes',
  PermitLocalCommand: 'no',
  ControlMaster: 'no',
  ControlPath: 'none',
  Tunnel: 'no',
  ConnectTimeout: '10',
} as const;

/** Seconds after which ssh asks whether the machine is still there, and how often it asks in vain. */
const ALIVE_EVERY = 2;
const ALIVE_TIMES = 2;
/** Milliseconds that a machine may take to fall asleep and to be awake again. */
const AWAKE_AGAIN = 40_000;

/** @param sleep milliseconds that the machine may sleep */
function keepAlive(sleep: number | undefined): readonly (readonly [name: string, value: string])[] {
  const patience = sleep === undefined ? 0 : (sleep + AWAKE_AGAIN) / 1000;
  const times = Math.max(ALIVE_TIMES, Math.ceil(patience / ALIVE_EVERY));
  return [
    ['ServerAliveInterval', String(ALIVE_EVERY)],
    ['ServerAliveCountMax', String(times)],
  ];
}

/**
 * @param words the command on the machine: program and arguments
 * @param sleep milliseconds that the machine may sleep, without the connection being given up
 * @returns arguments of `ssh`
 */
export function sshArguments(target: SshTarget, words: readonly string[], sleep?: number): readonly string[] {
  const { host, user, port, identity, knownHosts, config } = target;
  return [
    '-T',
    ...(config === undefined ? [] : ['-F', config]),
    ...[...Object.entries(FIXED), ...keepAlive(sleep)].flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    ...(identity === undefined ? [] : ['-i', identity, '-o', 'IdentitiesOnly=yes']),
    ...(knownHosts === undefined
      ? []
      : ['-o', `UserKnownHostsFile="${knownHosts}"`, '-o', 'GlobalKnownHostsFile=none']),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
    remoteCommand(words),
  ];
}

/** What means the same to the shells of both systems when it stands in double quotes. */
const PLAIN = /^[\p{L}\p{N} _.,:;=+@~()[\]{}#/\\-]+$/u;

/**
 * ssh hands a text to the shell of the machine, never a list: so only words in which no shell sees more than letters.
 * @throws TypeError for any other
 */
export function remoteCommand(words: readonly string[]): string {
  const unfit = words.find((word) => !PLAIN.test(word) || word.endsWith('\\'));
  if (unfit !== undefined)
    throw new TypeError(`A shell could take this for more than a word: ${JSON.stringify(unfit)}`);
  return words.map((word) => (/^[A-Za-z0-9_./-]+$/.test(word) ? word : `"${word}"`)).join(' ');
}

/** What ssh says, and what to do about it. None of these gets better by trying again. */
const HOPELESS: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|has changed and you have requested strict checking/,
    'the machine has another host key than known_hosts says: somebody may be in between; if it was installed anew, replace its line in known_hosts',
  ],
  [
    /Host key verification failed|No .* host key is known/,
    'the machine’s host key is not in known_hosts: connect once by hand, and compare the fingerprint',
  ],
  [/Permission denied/, 'the machine does not accept the key: look at its authorized_keys, and at ssh-agent here'],
  [/Could not resolve hostname/, 'there is no such host: look at "ssh.host" in the target file'],
  [/Bad configuration option|no such identity|terminating, \d+ bad/i, 'look at your ssh configuration'],
  // What the machine says of its own programs comes after a semicolon.
  [/^[^;]*: it could not be started/, 'install the OpenSSH client'],
];

/** @returns what to do about a connection that cannot come about, undefined when it may by and by */
export function hopeless(message: string): string | undefined {
  return HOPELESS.find(([said]) => said.test(message))?.[1];
}

/** What the machine's shell answers when there is no such program. */
const NOT_FOUND = /^ended with exit code (127|9009|1)$/;

/**
 * @param sleep milliseconds that the machine may sleep, without the connection being given up
 * @param program the ssh client
 * @returns what connects, each time it is called
 */
export function sshChannel(target: SshTarget, words: readonly string[], sleep?: number, program = 'ssh'): OpenChannel {
  const open = startsProcess({ program, args: sshArguments(target, words, sleep) });
  return (listener) =>
    open(
      withoutNoise({
        bytes: (chunk) => listener.bytes(chunk),
        log: (text) => listener.log(text),
        closed: (how) =>
          listener.closed(NOT_FOUND.test(how) ? `${how} (is the agent installed where "agent" says?)` : how),
      }),
    );
}
