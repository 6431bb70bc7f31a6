/** Asks about the frames of others: whether they come about shows when one passes. */
import type { Ask } from '../../contract';
import { ADAPTER, APP, isFine, type Session } from './trial';

interface Passing {
  readonly way: 'send' | 'receive';
  /** What is asked for first, so that there is something to let go. */
  readonly first?: Ask;
}

/** `modifyData` is none of them: bytes that are changed in place show nowhere, and the kit's frames need not be those that a driver changes. */
const PASSING: Partial<Readonly<Record<Ask, Passing>>> = {
  holdSends: { way: 'send' },
  releaseSends: { way: 'send', first: 'holdSends' },
  holdReceives: { way: 'receive' },
  releaseReceives: { way: 'receive', first: 'holdReceives' },
};

/** @returns whether the ask is one about frames that pass */
export function isAboutPassing(ask: Ask): boolean {
  return PASSING[ask] !== undefined;
}

/**
 * Asks, and has a frame pass.
 * @param session a module that runs, with an application that has opened it
 * @returns what is wrong; undefined when the driver does what it was asked for, or where that cannot be told
 */
export async function adviceOnPassing(session: Session, ask: Ask): Promise<string | undefined> {
  const passing = PASSING[ask];
  if (!passing) return undefined;
  const { way, first } = passing;
  const frame = `a frame from ${way === 'send' ? 'above' : 'below'}`;
  if (first === undefined) {
    if (!(await takes(session, ask)) || (await keeps(session, await pass(session, way)))) return undefined;
    return `${lets(ask)} and passes ${frame} on: ${WHY}`;
  }
  if (!(await takes(session, first))) return undefined;
  const item = await pass(session, way);
  if (!(await keeps(session, item)) || !(await takes(session, ask)) || !(await keeps(session, item))) return undefined;
  return `${lets(ask)} and keeps ${frame} that it holds because of "${first}": ${WHY}`;
}

const WHY = 'a mode may have to be set first ("setup", or a request in front), or it is not the code for this';

function lets(ask: Ask): string {
  return `asked for "${ask}", the driver lets every request succeed`;
}

async function takes({ rig }: Session, ask: Ask): Promise<boolean> {
  return isFine(await rig.operation(await rig.ask(APP, ask, 1)));
}

/** @returns the frame's name */
async function pass({ rig }: Session, way: Passing['way']): Promise<string> {
  const batch =
    way === 'send' ? await rig.sendFromAbove(ADAPTER, { count: 1 }) : await rig.receiveFromBelow(ADAPTER, { count: 1 });
  return batch.items[0] ?? '';
}

/** Neighbours answer at once: what has not come back is with the driver. Looked at before time passes, when it may let go by itself. */
async function keeps({ rig }: Session, frame: string): Promise<boolean> {
  const { sendsBack, receivesBack } = await rig.neighbours(ADAPTER);
  return !receivesBack.includes(frame) && !sendsBack.some(({ item }) => item === frame);
}
