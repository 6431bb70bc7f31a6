/** What the test drivers below and above the driver under test do. */
import type * as Contract from '../../../contract';
import { RigRefusal, type Operation } from '../../../contract';
import { Arrivals } from './arrivals';
import { booksOf } from './books';
import { backIn, handed, passes, type Traffic } from './border';
import { choose } from './choose';
import type { MarkedFrame } from './frames';
import { refuse, WHY_NOT } from './refusals';
import type { Site } from './site';

/** How long fnlwf may take to run after the driver, and between two looks. */
const LONGEST_MS = 4000;
const BREAK_MS = 25;

export class Neighbours {
  private batches = 0;
  private readonly below: Arrivals;
  private readonly above: Arrivals;

  /** @param nextNumber of the next frame */
  constructor(
    private readonly site: Site,
    private readonly nextNumber: () => number,
  ) {
    const { ends, underWay } = site;
    this.below = new Arrivals('below', ends.below, underWay);
    this.above = new Arrivals('above', ends.above, underWay);
  }

  async set(adapter: Contract.AdapterName, policy: Contract.NeighbourPolicy): Promise<void> {
    this.site.require(adapter);
    const { ends, scene, oids } = this.site;
    const { miniportSends = 'later', protocolReceives = 'later', miniportOids = 'inside-the-call' } = policy;
    if (policy.sendStatus !== undefined) refuse(WHY_NOT.statuses);
    if (policy.protocolVetoes === true) refuse(WHY_NOT.events);
    const lets = (miniportSends !== 'hold' && ends.below.holds) || (protocolReceives !== 'hold' && ends.above.holds);
    if (lets && scene.holds) refuse(WHY_NOT.lettingGo);
    oids.behave({ how: miniportOids, status: policy.oidStatus });
    if ((miniportSends === 'hold') !== ends.below.holds) this.below.begin(scene.now);
    await ends.keepBelow(miniportSends === 'hold');
    if ((protocolReceives === 'hold') !== ends.above.holds) this.above.begin(scene.now);
    await ends.keepAbove(protocolReceives === 'hold');
  }

  async sendFromAbove(
    adapter: Contract.AdapterName,
    what: Parameters<Contract.Rig['sendFromAbove']>[1],
  ): Promise<Contract.Batch> {
    if (what.cancelId !== undefined) refuse(WHY_NOT.cancelSends);
    if ((what.netBuffersEach ?? 1) !== 1 || what.passive === true) refuse(WHY_NOT.chains);
    return this.inject(adapter, what.count, 'sends', (frames) => this.site.ends.sendDown(frames));
  }

  async receiveFromBelow(
    adapter: Contract.AdapterName,
    { count, lowResources = false }: Parameters<Contract.Rig['receiveFromBelow']>[1],
  ): Promise<Contract.Batch> {
    const put = (frames: readonly MarkedFrame[]): Promise<readonly string[]> =>
      this.site.ends.indicateUp(frames, lowResources);
    return this.inject(adapter, count, 'receives', put, lowResources);
  }

  async completeSends(adapter: Contract.AdapterName, which: Contract.Selection = {}): Promise<void> {
    this.site.require(adapter);
    const { scene, ends } = this.site;
    await scene.look();
    for (const chain of choose(scene.heldBelow, which)) await scene.release(ends.below, chain);
    await scene.settle();
  }

  async returnReceives(adapter: Contract.AdapterName, which: Contract.Selection = {}): Promise<void> {
    this.site.require(adapter);
    const { scene, ends } = this.site;
    await scene.look();
    for (const chain of choose(scene.heldAbove, which)) await scene.release(ends.above, chain);
    await scene.settle();
  }

  async oidFromAbove(adapter: Contract.AdapterName, oid: string, type: 'query' | 'set' = 'query'): Promise<Operation> {
    const { site } = this;
    site.require(adapter);
    await site.lookHere();
    const { work, status } = await site.oids.issue(oid, type);
    return site.scene.begin(work, status);
  }

  async completeOids(adapter: Contract.AdapterName, { status }: Contract.Selection = {}): Promise<void> {
    this.site.require(adapter);
    // Nobody else has to wait for the request: Windows may have gone on without it.
    await this.site.lookHere();
    const { scene, oids } = this.site;
    await oids.release(status, () => scene.settle());
  }

  async books(adapter: Contract.AdapterName): Promise<Contract.NeighbourBooks> {
    this.site.require(adapter);
    const { scene, ends, oids } = this.site;
    await scene.look();
    const there = scene.views(adapter).filter(({ state }) => state !== 'Detached');
    const { shown } = scene;
    return booksOf({
      below: ends.below.isOpen && this.below.areKnown(shown) ? scene.heldBelow : undefined,
      above: ends.above.isOpen && this.above.areKnown(shown) ? scene.heldAbove : undefined,
      border: { ...backIn(shown), ...oids.books },
      module: there.length === 1 ? there[0]?.module : undefined,
    });
  }

  private async inject(
    adapter: Contract.AdapterName,
    count: number,
    traffic: Traffic,
    put: (frames: readonly MarkedFrame[]) => Promise<readonly string[]>,
    isLent = false,
  ): Promise<Contract.Batch> {
    const { site } = this;
    site.require(adapter);
    await site.lookHere();
    const { scene } = site;
    if (scene.state !== 'Running') refuse(WHY_NOT.late);
    const frames = Array.from({ length: count }, () => ({ origin: 'neighbour', number: this.nextNumber() }) as const);
    await this.requireUp();
    const from = scene.now;
    const names = await put(frames);
    if (!isLent) (traffic === 'sends' ? this.below : this.above).give(names);
    await scene.settle();
    this.batches += 1;
    return { id: this.batches, items: this.namesInTrace(traffic, from) ?? names };
  }

  /** The driver runs, and what is above it is about to. @throws RigRefusal (notObserved) when that takes too long */
  private async requireUp(): Promise<void> {
    const { scene, ends } = this.site;
    for (let waited = 0; !(await ends.isUp()); waited += BREAK_MS) {
      if (waited >= LONGEST_MS) throw new RigRefusal('notObserved', 'fnlwf has not been restarted within 4 s.');
      await scene.wait(BREAK_MS);
    }
  }

  /**
   * Nobody else sends on the adapter: what the driver gets is what was put there.
   * @returns undefined where the driver is passed by, or reports nothing
   */
  private namesInTrace(traffic: Traffic, from: number): readonly string[] | undefined {
    const { shown } = this.site.scene;
    return passes(shown, traffic) ? handed(shown.slice(from), traffic) : undefined;
  }
}
