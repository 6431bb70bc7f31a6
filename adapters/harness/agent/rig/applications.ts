/** What applications do: the vendor's command in their place. */
import type { AdapterName, AppName, Ask, Operation } from '../../../contract';
import { refuse, WHY_NOT } from './refusals';
import type { Sends } from './sends';
import type { Site } from './site';

export interface Command {
  readonly sends: Sends;
  /** It sends the frames that it is given. */
  readonly takesFrames: boolean;
}

export class Applications {
  private readonly handles = new Map<AppName, number>();

  /** @param command undefined: the driver cannot be asked for anything */
  constructor(
    private readonly site: Site,
    private readonly command: Command | undefined,
  ) {}

  async open(app: AppName, adapter: AdapterName): Promise<Operation> {
    const { site } = this;
    site.require(adapter);
    await site.lookHere();
    const { scene } = site;
    if (!this.command || scene.state !== 'Running') refuse(WHY_NOT.handle);
    this.handles.set(app, scene.now);
    return scene.begin(Promise.resolve(), () => 'STATUS_SUCCESS');
  }

  async ask(app: AppName, what: Ask, count = 1): Promise<Operation> {
    const { command, site } = this;
    if (what !== 'send' || !command) refuse(WHY_NOT.ask);
    await site.lookHere();
    const { scene, ends } = site;
    const opened = this.handles.get(app);
    if (opened === undefined) throw new Error(`${app} has no handle.`);
    if (site.turns(opened).some(({ state }) => state === 'Restarting')) refuse(WHY_NOT.keptHandle);
    if (ends.below.holds && !command.takesFrames) refuse(WHY_NOT.frames);
    const { work, status } = command.sends.start(app, count);
    return scene.begin(work, status);
  }

  /** Whoever ends a module must find the handles open that the scenario has opened: those of processes that are still there. */
  requireHandles(): void {
    const sends = this.command?.sends;
    for (const app of this.handles.keys()) if (sends?.isUnderWay(app) !== true) refuse(WHY_NOT.handle);
  }

  end(): void {
    this.command?.sends.stop();
  }
}
