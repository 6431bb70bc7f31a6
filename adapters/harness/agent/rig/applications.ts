/** What applications do: by the requests of the vendor's profile where it has them, else by the vendor's command in their place. */
import { RigRefusal, type AdapterName, type AppName, type Ask, type Operation } from '../../../contract';
import type { Clock } from '../../protocol';
import type { Handles } from './handles';
import { refuse, WHY_NOT } from './refusals';
import type { Sends } from './sends';
import type { Site } from './site';

/** The driver issues OID requests for them. */
const ASKS_OIDS: ReadonlySet<Ask> = new Set(['oid', 'synchronousOid', 'oidByWorkItem'] as const);

export interface Ways {
  /** The profile says how applications open the driver. */
  readonly handles: Handles | undefined;
  /** The vendor's command. */
  readonly sends: Sends | undefined;
}

/** What a driver may take to give back what is cancelled and closed. */
const LAST_MS = 10_000;

export class Applications {
  /** Since when an application has a handle: a number of crossings. */
  private readonly opened = new Map<AppName, number>();

  constructor(
    private readonly site: Site,
    private readonly ways: Ways,
    private readonly clock: Clock,
  ) {}

  async open(app: AppName, adapter: AdapterName): Promise<Operation> {
    const { site } = this;
    site.require(adapter);
    await site.lookHere();
    const { scene } = site;
    const { handles, sends } = this.ways;
    if (!handles && (!sends || scene.state !== 'Running')) refuse(WHY_NOT.handle);
    this.opened.set(app, scene.now);
    if (handles) return this.begin(handles.open(app));
    return scene.begin(Promise.resolve(), () => 'STATUS_SUCCESS');
  }

  async ask(app: AppName, what: Ask, count = 1): Promise<Operation> {
    const { handles, sends } = this.ways;
    if (!handles || (what === 'send' && sends && !handles.knows(what))) return this.command(app, what, count);
    if (!handles.knows(what)) refuse(WHY_NOT.unsaid);
    await this.site.lookHere();
    if (ASKS_OIDS.has(what)) await this.site.oids.expectOwn(what);
    return this.begin(handles.ask(app, what, count));
  }

  async close(app: AppName): Promise<Operation> {
    const { handles } = this.ways;
    if (!handles) refuse(WHY_NOT.handle);
    await this.site.lookHere();
    return this.begin(handles.close(app));
  }

  async cancel(app: AppName): Promise<void> {
    const { handles } = this.ways;
    if (!handles) refuse(WHY_NOT.cancel);
    await this.site.lookHere();
    await handles.cancel(app);
    await this.site.scene.settle();
  }

  /** Whoever ends a module must find the handles open that the scenario has opened: of commands those of processes that are still there. */
  requireHandles(): void {
    const { handles, sends } = this.ways;
    if (handles) return;
    for (const app of this.opened.keys()) if (sends?.isUnderWay(app) !== true) refuse(WHY_NOT.handle);
  }

  /** Applications have the driver's device open: Windows does not unload the driver before they have closed it. */
  get keepDriver(): boolean {
    return this.ways.handles?.areOpen === true;
  }

  /** They end, and with them all that they have open. @returns when the driver has given everything back, which may wait for what neighbours hold */
  end(): () => Promise<void> {
    this.ways.sends?.stop();
    const ended = this.ways.handles?.end() ?? Promise.resolve();
    ended.catch(() => undefined);
    return () => this.inTime(ended);
  }

  private begin(work: Promise<string>): Promise<Operation> {
    let status = '';
    return this.site.scene.begin(
      work.then((found) => (status = found)),
      () => (status === '' ? undefined : status),
    );
  }

  private async command(app: AppName, what: Ask, count: number): Promise<Operation> {
    const { site } = this;
    const { sends } = this.ways;
    if (what !== 'send' || !sends) refuse(WHY_NOT.ask);
    await site.lookHere();
    const { scene, ends } = site;
    const opened = this.opened.get(app);
    if (opened === undefined) throw new Error(`${app} has no handle.`);
    if (site.turns(opened).some(({ state }) => state === 'Restarting')) refuse(WHY_NOT.keptHandle);
    if (ends.below.holds && !sends.takesFrames) refuse(WHY_NOT.frames);
    const { work, status } = sends.start(app, count);
    return scene.begin(work, status);
  }

  private inTime(ended: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.clock.after(LAST_MS, () =>
        reject(
          new RigRefusal(
            'environment',
            `A handle on the driver was closed, and ${LAST_MS / 1000} s later the driver still had a request of it: until it gives that back, Windows cannot unload it.`,
          ),
        ),
      );
      ended.then(resolve, reject).finally(stop);
    });
  }
}
