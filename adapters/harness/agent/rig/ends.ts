/** The two ends of the stack: what comes from below and above the driver under test, and what is kept back there. */
import { RigRefusal } from '../../../contract';
import type { Helper } from '../ports';
import { frameName, frameOf, type MarkedFrame } from './frames';
import { Holds } from './holds';

export interface Installed {
  readonly fnmp: boolean;
  readonly fnlwf: boolean;
}

export class Ends {
  readonly below: Holds;
  readonly above: Holds;
  private fnmp: number | undefined;
  private fnlwf: number | undefined;

  /** @param vanished the test drivers gave back what nobody released */
  constructor(
    private readonly helper: Helper,
    private readonly installed: Installed,
    private readonly ifIndex: number,
    vanished: (names: readonly string[]) => void,
  ) {
    this.below = new Holds(helper, 'below', vanished);
    this.above = new Holds(helper, 'above', vanished);
  }

  async open(): Promise<void> {
    if (this.installed.fnmp) this.fnmp = await this.below.open(this.ifIndex);
    if (this.installed.fnlwf) this.fnlwf = await this.above.open(this.ifIndex);
  }

  /** Of the test drivers, while they are there. */
  get handles(): { readonly fnmp: number | undefined; readonly fnlwf: number | undefined } {
    return { fnmp: this.fnmp, fnlwf: this.fnlwf };
  }

  /** The adapter is about to go. */
  leave(): void {
    this.below.leave();
    this.above.leave();
  }

  /** The adapter has been away, and with it everything that was open on it. */
  async reopen(): Promise<void> {
    const [below, above] = [this.below.holds, this.above.holds];
    await this.close();
    await this.open();
    await this.below.keep(below);
    await this.above.keep(above);
  }

  /** Does fnlwf run, as far as it is there? It is restarted after the driver below it. */
  async isUp(): Promise<boolean> {
    const handle = this.fnlwf;
    return handle === undefined || (await this.helper.request('fnlwf.datapath', { handle })).isUp;
  }

  /** @returns names of the frames */
  async sendDown(frames: readonly MarkedFrame[]): Promise<readonly string[]> {
    const handle = this.fnlwf;
    if (handle === undefined) throw missing('fnlwf', 'sends from above');
    await this.helper.request('fnlwf.send', { handle, frames: frames.map((frame) => frameOf(frame)) });
    return frames.map(frameName);
  }

  /** @returns names of the frames */
  async indicateUp(frames: readonly MarkedFrame[], lowResources: boolean): Promise<readonly string[]> {
    const handle = this.fnmp;
    if (handle === undefined) throw missing('fnmp', 'receives from below');
    await this.helper.request('fnmp.indicate', {
      handle,
      frames: frames.map((frame) => frameOf(frame)),
      dpcLevel: true,
      lowResources,
    });
    return frames.map(frameName);
  }

  /** @throws RigRefusal (notSupported) when nobody there can hold anything */
  async keepBelow(holds: boolean): Promise<void> {
    if (holds && !this.below.isOpen) throw missing('fnmp', 'a miniport that keeps sends');
    await this.below.keep(holds);
  }

  async keepAbove(holds: boolean): Promise<void> {
    if (holds && !this.above.isOpen) throw missing('fnlwf', 'a protocol that keeps receives');
    await this.above.keep(holds);
  }

  /** All that is held goes back. */
  async close(): Promise<void> {
    this.fnmp = undefined;
    this.fnlwf = undefined;
    await this.below.close();
    await this.above.close();
  }
}

function missing(driver: string, what: string): RigRefusal {
  return new RigRefusal('notSupported', `There is no ${driver} on the machine, which it takes for ${what}.`);
}
