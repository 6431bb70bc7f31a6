/** A machine on which Driver Verifier watches the driver for a run, where the target file wants that: it does so from a start of the machine on. */
import { RigRefusal } from '../../../adapters/contract';
import type { Session } from '../../../adapters/harness/controller';

/** The first start was not enough where somebody took the settings back meanwhile. */
const MOST_STARTS = 2;

export class Verified {
  /** The run has brought it about. */
  private isDone = false;
  /** It was not so before the run. */
  private isOurs = false;

  constructor(
    private readonly name: string,
    private readonly isWanted: boolean,
    private readonly tell: (words: string) => void,
  ) {}

  /** Called after each greeting, as an agent that ends takes it back. @throws RigRefusal when it cannot be brought about */
  async watch(session: Session): Promise<void> {
    if (!this.isWanted) return;
    for (let starts = 0; ; starts += 1) {
      const { isActive, isSet, drivers, flags } = await session.watch(this.isDone);
      this.isOurs ||= !isSet;
      if (isActive) {
        if (!this.isDone || starts > 0)
          this.tell(`${this.name}: Driver Verifier (${flags}) watches ${drivers.join(', ')}`);
        this.isDone = true;
        return;
      }
      if (starts === MOST_STARTS)
        throw new RigRefusal(
          'environment',
          `Driver Verifier does not watch ${drivers.join(', ')}, although the machine was started again: look at what \`verifier /query\` says there`,
        );
      this.tell(`${this.name} is started again, so that Driver Verifier watches ${drivers.join(', ')}`);
      await session.restart();
      this.isDone = true;
      await session.reconnect();
    }
  }

  /** Everything is taken back; what that says of Driver Verifier comes about with a start. Never throws. */
  async release(session: Session): Promise<void> {
    if (!this.isOurs || !session.isConnected) return;
    this.tell(`${this.name} is started again: Driver Verifier was to watch the driver for this run only`);
    await session.restart().catch((failure: unknown) => {
      const words = failure instanceof Error ? failure.message : String(failure);
      this.tell(`${this.name} could not be started again (${words}): Driver Verifier goes on until its next start`);
    });
  }
}
