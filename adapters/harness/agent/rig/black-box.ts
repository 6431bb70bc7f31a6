/** The driver reports nothing: NDIS says which state its modules come into, and the miniport which frames it holds. */
import { mayFollow, type Crossing } from '../../../../src/trace';
import { decodeNdisEvent, type FilterState, type FilterStateEvent } from '../../decode/ndis-event';
import { NDIS_PROVIDER, type EtwEvent } from '../ports';
import type { SeenFrame, Sight } from './sight';

/**
 * Sightings, each with what is certain of when it was so: after one crossing was written down and before another. What makes it certain is that one
 * thing was known before the next was done; no two clocks are compared.
 */
export class BlackBox implements Sight {
  readonly isNumbered = false;
  readonly crossings: Crossing[] = [];
  /** Names of the modules that are there, by their GUIDs. */
  private readonly lives = new Map<string, string>();
  /** The state that each of them came into last. */
  private readonly states = new Map<string, FilterState>();
  private missing: string | undefined;
  private attached = 0;
  /** FriendlyName of the driver under test. */
  private filter: string | undefined;
  private expectsFilter = false;
  private seq = 0;
  /** What is handed out now happened after the crossing with this number was written down. */
  private floor = 0;
  private nextFloor = 0;

  /**
   * @param adapter as the scenario calls it
   * @param guid of the network adapter, in braces
   */
  constructor(
    private readonly adapter: string,
    private readonly guid: string,
  ) {}

  /** The driver is about to be bound to the adapter: the filter that is attached now is the one under test. */
  expectFilter(): void {
    this.expectsFilter = this.filter === undefined;
  }

  before(): void {
    // What it tells of is over.
  }

  take({ provider, id, payload }: EtwEvent): void {
    if (provider !== NDIS_PROVIDER) return;
    const event = decodeNdisEvent({ id, payload: Buffer.from(payload, 'base64') });
    if (event?.what !== 'filter-state' || event.miniportIfGuid !== this.guid || event.friendlyName === undefined)
      return;
    if (this.expectsFilter && event.state === 'Attaching') {
      this.filter = event.friendlyName;
      this.expectsFilter = false;
    }
    if (this.filter === event.friendlyName) this.turn(event);
  }

  flushing(): void {
    this.nextFloor = this.seq;
  }

  /** What was handed out until now is all that happened before the flush began. */
  flushed(): void {
    this.floor = this.nextFloor;
  }

  held(frames: readonly SeenFrame[], asked: number): void {
    const [only, other] = this.lives.values();
    const module = other === undefined ? only : undefined;
    for (const { frame, origin } of frames) {
      this.add({
        ddi: 'Frame',
        ...(origin === 'filter' && module !== undefined && { module }),
        args: { frame, at: 'below', origin },
        after: asked,
      });
    }
  }

  mark(): number {
    return this.seq;
  }

  /** A number is left out: what comes after it, nobody can be sure to know from what came before. */
  lose(): void {
    this.seq += 1;
  }

  fault(): string | undefined {
    return this.missing;
  }

  private turn({ ifGuid, state }: FilterStateEvent): void {
    const known = this.lives.get(ifGuid);
    const before = known === undefined ? undefined : this.states.get(known);
    if (before !== undefined && before !== state && !mayFollow(state, before))
      this.missing ??= `Of ${known} an event is missing: it was told to be ${state} after ${before}.`;
    const module = this.nameOf(ifGuid, state);
    this.states.set(module, state);
    this.add({ ddi: 'ModuleState', module, args: { state }, after: this.floor });
    if (state === 'Detached') this.lives.delete(ifGuid);
  }

  /** A module that is attached is a new one. */
  private nameOf(ifGuid: string, state: FilterState): string {
    const known = this.lives.get(ifGuid);
    if (known !== undefined && state !== 'Attaching') return known;
    this.attached += 1;
    const name = `m${this.attached}`;
    this.lives.set(ifGuid, name);
    return name;
  }

  private add({ after, ...what }: Pick<Crossing, 'ddi' | 'module' | 'args'> & { readonly after: number }): void {
    this.seq += 1;
    this.crossings.push({
      seq: this.seq,
      dir: '!!',
      ...what,
      adapter: this.adapter,
      certainty: { after, before: this.seq },
    });
  }
}
