/** A real OpenSSH server on loopback, with keys and a configuration of its own, as whoever runs the tests. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { SshTarget } from '../../../adapters/harness/target';

const PROGRAM = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find((path) => existsSync(path));
const PRIVILEGE_SEPARATION = '/run/sshd';

export interface Sshd {
  readonly target: SshTarget;
  /** A key that the server does not know. */
  readonly strangeKey: string;
  /** A known_hosts file with another host key, and one that is not there. */
  readonly changedHosts: string;
  readonly noHosts: string;
  /** The server is also reached by this port. */
  trust(port: number): void;
  stop(): void;
}

/** @returns undefined where there is none, or it does not start */
export async function startSshd(): Promise<Sshd | undefined> {
  if (PROGRAM === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'lwf-sshd-'));
  try {
    if (process.getuid?.() === 0 && !existsSync(PRIVILEGE_SEPARATION)) mkdirSync(PRIVILEGE_SEPARATION, { mode: 0o755 });
    const key = (name: string): string => {
      const path = join(folder, name);
      spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
      return path;
    };
    const [host, user, strangeKey] = [key('host'), key('user'), key('strange')];
    const port = await freePort();
    const knownHosts = join(folder, 'known_hosts');
    const changedHosts = join(folder, 'changed_hosts');
    const hostLine = (path: string, at = port): string => `[127.0.0.1]:${at} ${readFileSync(`${path}.pub`, 'utf8')}`;
    writeFileSync(knownHosts, hostLine(host));
    writeFileSync(changedHosts, hostLine(strangeKey));
    writeFileSync(join(folder, 'authorized_keys'), readFileSync(`${user}.pub`));
    const config = join(folder, 'sshd_config');
    writeFileSync(
      config,
      [
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${host}`,
        `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication no',
        'StrictModes no',
        `PidFile ${join(folder, 'sshd.pid')}`,
        '',
      ].join('\n'),
    );
    const server = spawn(PROGRAM, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    await listening(server);
    return {
      target: { host: '127.0.0.1', user: userInfo().username, port, identity: user, knownHosts, config: 'none' },
      strangeKey,
      changedHosts,
      noHosts: join(folder, 'no_hosts'),
      trust: (other) => appendFileSync(knownHosts, hostLine(host, other)),
      stop: () => {
        server.kill();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}

/** For a suite of tests: a server for all of them. They are skipped, with one line, where there is none. @returns it, while they run */
export function useSshd(): () => Sshd {
  let sshd: Sshd | undefined;
  before(async function () {
    sshd = await startSshd();
    if (sshd) return;
    process.stdout.write('skipped: no OpenSSH server starts here\n');
    this.skip();
  });
  after(() => sshd?.stop());
  return () => {
    if (!sshd) throw new Error('there is no OpenSSH server');
    return sshd;
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function listening(server: ChildProcess): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('Server listening on')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(text)));
  });
}
