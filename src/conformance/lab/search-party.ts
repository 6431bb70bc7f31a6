/** Who looks for a machine that went away, and asks it what has happened. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RigRefusal } from '../../../adapters/contract';
import { revive, type Session } from '../../../adapters/harness/controller';
import type { Clock, CollectedFile } from '../../../adapters/harness/protocol';
import type { Target } from '../../../adapters/harness/target';
import { crashEvidence } from './crash-evidence';
import type { MachineFolder } from './machine-folder';
import type { MachineStop } from './notes';

export interface Found {
  readonly told: MachineStop;
  /** Of the driver under test, as far as can be told. */
  readonly bugcheck?: string;
}

export interface SearchOptions {
  readonly target: Target;
  readonly folder: MachineFolder | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly tell: (words: string) => void;
  readonly log: (text: string) => void;
}

export class SearchParty {
  /** Number of the last entry of the machine's log that tells of a crash; undefined: it could not be asked, so that none can be told from older ones. */
  private known: number | undefined;
  /** Dumps that are of earlier crashes. */
  private files: readonly CollectedFile[] = [];
  private revived = false;
  /** The start of the machine in which an agent was lost. */
  private disturbed: string | undefined;

  constructor(private readonly options: SearchOptions) {}

  /** Remembers what the machine knows by now. @throws RigRefusal when the machine is lost over it */
  async lookAround(session: Session): Promise<void> {
    try {
      this.files = await session.files();
      const crashes = await session.crashes();
      this.known = crashes.reduce((last, { record }) => Math.max(last, record), 0);
    } catch (failure) {
      this.known = undefined;
      if (!session.isConnected) throw failure;
    }
  }

  /** The lab's own commands, where the target file has some. */
  get revive(): (() => Promise<void>) | undefined {
    const { target, clock, signal, tell, log } = this.options;
    const { name, machine: commands, limits } = target;
    return (
      commands &&
      (async () => {
        if (signal.aborted) throw new RigRefusal('environment', 'The run was interrupted');
        tell(`${name} does not come back by itself: it is turned off, reverted and turned on by the lab's commands`);
        this.revived = true;
        await revive({ commands, clock, limit: limits.boot, log });
      })
    );
  }

  /** @param before the start of the machine that was lost. Never throws. */
  async search(session: Session, before: string): Promise<Found> {
    const found = this.doubted(await this.find(session, before), before);
    if (found.told.how === 'connection') this.disturbed = before;
    return found;
  }

  /** What a scenario left behind that lost its agent may stop the system later: that is held against no other. */
  private doubted({ told, bugcheck }: Found, before: string): Found {
    if (bugcheck === undefined || before !== this.disturbed)
      return { told, ...(bugcheck !== undefined && { bugcheck }) };
    const why =
      'a scenario before it lost its agent in the same start of the machine, and may have left what this comes from';
    return { told: { ...told, words: `${told.words}; ${why}` } };
  }

  private async find(session: Session, before: string): Promise<Found> {
    const { target, tell } = this.options;
    const { name, limits } = target;
    this.revived = false;
    tell(`${name} does not answer any more: it is looked for, for up to ${limits.boot / 1000} s`);
    try {
      await session.reconnect();
    } catch (failure) {
      return { told: { how: 'gone', words: `${name} went away and did not come back: ${wordsOf(failure)}` } };
    }
    const { boot } = session.machine;
    if (boot === before) {
      const words = `the connection to ${name} was lost; the machine itself had not stopped`;
      return { told: { how: 'connection', boot, words } };
    }
    const revived = this.revived ? { revived: true as const } : {};
    try {
      const { told, ...found } = await this.ask(session);
      return { told: { ...told, boot, ...revived }, ...found };
    } catch (failure) {
      const words = `${name} was started anew, and could not be asked what had happened: ${wordsOf(failure)}`;
      return { told: { how: 'restart', boot, words, ...revived } };
    }
  }

  private async ask(session: Session): Promise<Found> {
    const { name } = this.options.target;
    // What a snapshot knows is of another time.
    const known = this.files;
    const canTell = this.known !== undefined && !this.revived;
    const evidence = canTell ? crashEvidence(await session.crashes(this.known)) : undefined;
    await this.lookAround(session);
    const kept = await this.keep(session, evidence?.text, known);
    if (!evidence) {
      const how = this.revived
        ? 'went away, and the lab brought it back from its snapshot: what it knew of its end is gone'
        : 'was started anew, and its log of events has no bugcheck of that time';
      return { told: { how: 'restart', words: `${name} ${how}`, ...kept } };
    }
    const { bugcheck, text, rules, isOfAFilter } = evidence;
    const whose = isOfAFilter
      ? ''
      : '; nothing in its log says which driver that was: see what `lwf explain --dump` makes of the dump';
    return {
      told: { how: 'bugcheck', words: `${name} stopped: ${bugcheck}${whose}`, text, rules, ...kept },
      ...(isOfAFilter && { bugcheck }),
    };
  }

  /** Dumps and logs, below the folder of the run. */
  private async keep(
    session: Session,
    text: string | undefined,
    known: readonly CollectedFile[],
  ): Promise<Pick<MachineStop, 'folder' | 'files' | 'left'>> {
    const place = this.options.folder?.nextStop();
    if (!place) return {};
    if (text !== undefined) writeFileSync(join(place.path, 'bugcheck.txt'), `${text}\n`);
    try {
      const { files, left } = await session.collect(join(place.path, 'files'), { known });
      return { folder: place.name, files, ...(left.length > 0 && { left }) };
    } catch (failure) {
      // What the log says stands without them.
      return { folder: place.name, left: [`its files: ${wordsOf(failure)}`] };
    }
  }
}

function wordsOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
