/** Sends that the driver is asked to originate, by the vendor's command: a process for each. */
import { RigRefusal } from '../../../contract';
import type { AdapterInfo, Originate } from '../ports';
import { frameName, frameOf } from './frames';
import type { UnderWay } from './under-way';

/** What a command that is put to the driver ends with. */
const STATUS_OF_CODE: Readonly<Record<number, string>> = { 0: 'STATUS_SUCCESS', 1: 'STATUS_UNSUCCESSFUL' };

interface Sent {
  readonly app: string;
  readonly stop: () => void;
  isOver: boolean;
  isStopped: boolean;
}

export interface Originated {
  /** Until all have ended. @throws RigRefusal (environment) when the command itself failed */
  readonly work: Promise<void>;
  /** When all have ended. */
  readonly status: () => string;
}

export class Sends {
  private readonly all: Sent[] = [];

  /** @param nextNumber the number of the next frame */
  constructor(
    private readonly originate: Originate,
    private readonly adapter: AdapterInfo,
    private readonly underWay: UnderWay,
    private readonly nextNumber: () => number,
  ) {}

  /** The command sends the frames that it is given. */
  get takesFrames(): boolean {
    return this.originate.takesFrames;
  }

  /** @param app whose handle it would be */
  start(app: string, count: number): Originated {
    const { takesFrames } = this.originate;
    const ended: Promise<string>[] = [];
    // A command that sends frames of its own choice sends them all at once: nobody could tell which is whose.
    for (let left = takesFrames ? count : 1; left > 0; left -= 1) {
      const marked = { origin: 'filter', number: this.nextNumber() } as const;
      const run = this.run(app, marked.number, takesFrames ? 1 : count, frameOf(marked));
      this.underWay.add([frameName(marked)], run);
      ended.push(run);
    }
    let status = 'STATUS_SUCCESS';
    const work = Promise.all(ended).then((statuses) => {
      status = statuses.find((each) => each !== status) ?? status;
    });
    return { work, status: () => status };
  }

  /** Has the application a process that has not ended? */
  isUnderWay(app: string): boolean {
    return this.all.some((sent) => sent.app === app && !sent.isOver);
  }

  /** The processes of an application, or all, are ended: Windows closes their handles. */
  stop(app?: string): void {
    for (const sent of this.all) {
      if (sent.isOver || (app ?? sent.app) !== sent.app) continue;
      sent.isStopped = true;
      sent.stop();
    }
  }

  private async run(app: string, seq: number, count: number, frame: string): Promise<string> {
    const { name, ifGuid } = this.adapter;
    const { ended, stop } = this.originate.start({ count, seq, frame, adapter: name, guid: ifGuid });
    const sent: Sent = { app, stop, isOver: false, isStopped: false };
    this.all.push(sent);
    const code = await ended.finally(() => (sent.isOver = true));
    const status = sent.isStopped ? 'STATUS_CANCELLED' : STATUS_OF_CODE[code];
    if (status !== undefined) return status;
    throw new RigRefusal(
      'environment',
      `The originate command ended with ${code}: 0 says that what it sent has come back, 1 that the driver refused it.`,
    );
  }
}
