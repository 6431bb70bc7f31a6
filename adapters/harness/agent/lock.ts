/** One agent at a time: a file says which. Nobody listens anywhere, so another agent asks it to make way by a second file. */
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { RigRefusal } from '../../contract';
import type { Clock } from '../protocol';

export interface Claim {
  readonly boot: string;
  readonly run: string;
  /** Milliseconds after which an agent that shows no life is dead. */
  readonly lease: number;
  /** End the agent of another run. */
  readonly takeover: boolean;
}

export interface HeldLock {
  /** Another agent has it otherwise, and nothing may be touched. */
  isOurs(): boolean;
  /** Shows life. @returns `ours`; `wanted`: make way; `taken`: another agent has it, and nothing may be touched */
  beat(): 'ours' | 'wanted' | 'taken';
  /** Lets the next one in. */
  release(): void;
}

export interface Lock {
  /** @throws RigRefusal (environment) when another agent holds it and need not make way */
  take(claim: Claim): Promise<HeldLock>;
}

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly boot: string;
  readonly run: string;
  readonly lease: number;
  readonly beats: number;
}

/** How often the holder is looked at in the time after which it is dead. */
const LOOKS = 10;
/** How often a lock that nobody holds may be found again. */
const TRIES = 50;

/**
 * @param path of the lock; `path.wanted` beside it is the wish
 * @param isAlive whether a process of this number is there
 */
export function lockAt(path: string, clock: Clock, pid: number, isAlive: (pid: number) => boolean): Lock {
  const wish = `${path}.wanted`;

  const read = (): string | undefined => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };

  /** Moves a lock out of the way, if it is still the one that was looked at. */
  const breakUp = (text: string): void => {
    const aside = `${path}.${randomUUID()}`;
    try {
      renameSync(path, aside);
      if (readFileSync(aside, 'utf8') !== text) linkSync(aside, path);
    } catch {
      // Somebody was faster: the next look tells.
    }
    rmSync(aside, { force: true });
  };

  /** @returns the lock, or undefined when somebody else has it */
  const create = ({ boot, run, lease }: Claim): HeldLock | undefined => {
    let holder: Holder = { token: randomUUID(), pid, boot, run, lease, beats: 0 };
    try {
      writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw new RigRefusal('environment', `The agent cannot write its lock: ${(failure as Error).message}.`);
    }
    rmSync(wish, { force: true });
    const isOurs = (): boolean => {
      try {
        return readFileSync(path, 'utf8').includes(holder.token);
      } catch (failure) {
        // Somebody else has it open, a virus scanner for instance: to leave the machine as it is for that would be worse.
        return (failure as NodeJS.ErrnoException).code !== 'ENOENT';
      }
    };
    return {
      isOurs,
      beat() {
        if (!isOurs()) return 'taken';
        if (existsSync(wish)) return 'wanted';
        holder = { ...holder, beats: holder.beats + 1 };
        try {
          const next = `${path}.${holder.token}`;
          writeFileSync(next, JSON.stringify(holder));
          renameSync(next, path);
        } catch {
          // A full disk, or somebody who reads it: the next beat is in time.
        }
        return 'ours';
      },
      release() {
        if (isOurs()) rmSync(path, { force: true });
      },
    };
  };

  return {
    async take(claim) {
      mkdirSync(dirname(path), { recursive: true });
      let seen: string | undefined;
      let tries = 0;
      for (let looks = 0; ; looks += 1) {
        const held = create(claim);
        if (held) return held;
        const text = read();
        const holder = text === undefined ? undefined : readHolder(text);
        if (text === undefined || !holder || holder.boot !== claim.boot || !isAlive(holder.pid)) {
          if (text !== undefined) breakUp(text);
          tries += 1;
          if (tries === TRIES) throw new RigRefusal('environment', `The agent cannot get its lock: look at ${path}`);
          continue;
        }
        if (holder.run !== claim.run && !claim.takeover) {
          throw new RigRefusal(
            'environment',
            `The machine is in use by run ${holder.run} (agent with process id ${holder.pid}): wait for its end, or take the machine over`,
          );
        }
        writeFileSync(wish, claim.run);
        if (text !== seen) looks = 0;
        // It has shown no sign of life for as long as it may: it is frozen, or its number is another program's by now.
        if (looks > LOOKS) breakUp(text);
        seen = text;
        await new Promise<void>((resolve) => clock.after(holder.lease / LOOKS, resolve));
      }
    },
  };
}

function readHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    return typeof holder?.pid === 'number' && typeof holder.lease === 'number' ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}
