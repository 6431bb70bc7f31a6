/** What the machine saw, as far as it was told: nothing twice, and what is missing is counted. */
import { RigRefusal } from '../../contract';
import type { Peer } from '../../stdio';
import { EVENT_PAGE, harnessFault, type Cursor, type EventPage, type NumberedObservation } from '../protocol';

const MOST_EVENTS = 2_000_000;
/** As JSON: of those that nobody has taken yet. */
const MOST_BYTES = 64 * 1024 * 1024;

export class EventLog {
  private readonly ended = new Set<string>();
  private fresh: NumberedObservation[] = [];
  private freshBytes = 0;
  private total = 0;
  private missing = 0;

  /**
   * @param cursor the last one that is known from an earlier conversation
   * @param most events of a run that are taken: a machine that tells of more is refused
   * @param mostBytes that wait to be taken, as JSON
   */
  constructor(
    private cursor?: Cursor,
    private readonly most = MOST_EVENTS,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** How many are missing for good. What did not happen cannot be judged when there are any. */
  get lost(): number {
    return this.missing;
  }

  /** @returns those that came since the last call, in order; where the boot changes the machine was started anew */
  take(): readonly NumberedObservation[] {
    const { fresh } = this;
    this.fresh = [];
    this.freshBytes = 0;
    return fresh;
  }

  /** Asks for all that there are by now. @throws RigRefusal when the machine is gone, or what it tells cannot be */
  async pull(peer: Peer): Promise<void> {
    for (let more = true; more;) {
      const params = { limit: EVENT_PAGE, ...(this.cursor && { after: this.cursor }) };
      const page = (await peer.ask('events', params, (result) =>
        harnessFault('events', 'result', result),
      )) as EventPage;
      if (page.more && page.events.length === 0) this.refuse(peer, 'no observations, and says that there are more');
      for (const event of page.events) this.add(peer, event);
      ({ more } = page);
    }
  }

  private add(peer: Peer, event: NumberedObservation): void {
    const { boot, seq } = event;
    const last = this.cursor?.boot === boot ? this.cursor.seq : 0;
    if (seq <= last || this.ended.has(boot)) this.refuse(peer, `observation ${seq} of boot ${boot} a second time`);
    if (this.cursor && this.cursor.boot !== boot) this.ended.add(this.cursor.boot);
    this.missing += seq - 1 - last;
    this.total += 1;
    if (this.total > this.most) this.refuse(peer, `more than ${this.most} observations`);
    this.freshBytes += JSON.stringify(event).length;
    if (this.freshBytes > this.mostBytes)
      this.refuse(peer, `observations of more than ${this.mostBytes} bytes at once`);
    this.cursor = { boot, seq };
    this.fresh.push(event);
  }

  private refuse(peer: Peer, what: string): never {
    peer.breakOff(`it tells of ${what}`);
    throw new RigRefusal('environment', `The machine tells of ${what}.`);
  }
}
