import fc from 'fast-check';
import type { Rig } from '../../../adapters/contract';
import type { Story } from './story';

/** Where a history begins. The generator varies it, so that deep situations need no long history. */
export interface Opening {
  readonly stage: 'running' | 'attached' | 'plugged' | 'plugged first';
  /** The first application has a handle on adapter "A". */
  readonly handle: boolean;
  /** Miniport and protocol keep what they get. */
  readonly keeping: boolean;
  /** Adapter "B" runs too. */
  readonly two: boolean;
}

/** Shrinks towards a running module with nothing around it. */
export const arbitraryOpening: fc.Arbitrary<Opening> = fc.record({
  stage: fc.oneof(
    { weight: 7, arbitrary: fc.constant<Opening['stage']>('running') },
    { weight: 1, arbitrary: fc.constant<Opening['stage']>('attached') },
    { weight: 1, arbitrary: fc.constant<Opening['stage']>('plugged') },
    { weight: 1, arbitrary: fc.constant<Opening['stage']>('plugged first') },
  ),
  handle: fc.oneof({ weight: 1, arbitrary: fc.constant(false) }, { weight: 4, arbitrary: fc.constant(true) }),
  keeping: fc.boolean(),
  two: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const STAGES: Readonly<Record<Opening['stage'], string>> = {
  running: 'Given a running filter module',
  attached: 'Given a newly attached filter module',
  plugged: 'Given adapter "A" is plugged in',
  'plugged first': 'When adapter "A" is plugged in while the filter driver is loaded',
};

/**
 * Brings rig and story to where the history begins.
 * @param told takes the sentences
 * @param judge throws when the driver breaks something on the way
 */
export async function open(
  rig: Rig,
  story: Story,
  opening: Opening,
  told: string[],
  judge: () => Promise<void>,
): Promise<void> {
  told.push(STAGES[opening.stage]);
  if (opening.stage === 'plugged first') await rig.addAdapter('A');
  await rig.load();
  if (opening.stage !== 'plugged first') await rig.addAdapter('A');
  if (opening.stage === 'plugged first') story.stacks['A'] = 'attached';
  if (opening.stage === 'running' || opening.stage === 'attached') {
    await rig.attach('A');
    story.stacks['A'] = 'attached';
  }
  if (opening.stage === 'running') {
    await rig.restart('A');
    story.stacks['A'] = 'running';
  }
  await judge();
  if (opening.two) {
    told.push('Given a running filter module of adapter "B"');
    await rig.addAdapter('B');
    await rig.attach('B');
    await rig.restart('B');
    story.stacks['B'] = 'running';
  }
  if (opening.handle && story.profile.device) {
    told.push('Given application "first" has a handle on the filter');
    await rig.openHandle('first', 'A');
    story.handles['first'] = 'A';
  }
  if (opening.keeping) {
    told.push('Given the miniport keeps the sends it gets', 'Given the protocol keeps the receives it gets');
    await rig.setNeighbours('A', { miniportSends: 'hold', protocolReceives: 'hold' });
  }
  await judge();
}
