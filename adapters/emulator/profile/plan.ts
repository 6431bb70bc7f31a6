/** From what a scenario asks to the requests that an application puts. */
import type { Ask } from '../../contract';
import { ethernetFrame } from './frames';
import { fillIn, type AdapterFacts } from './names';
import type { AskPlan, EmulatorProfile, IoControlCode, Step } from './profile';
import { render, type Rendered } from './render';

/** @returns the frame with that number, in an order of the caller's */
export type FrameAt = (sequence: number) => Uint8Array;

/** One open of the driver: NtCreateFile. */
export interface PlannedOpen {
  readonly device: string;
  /** FILE_OBJECT.FileName: empty, or with the backslash that separates it from the device. */
  readonly fileName: string;
  readonly ea?: { readonly name: string; readonly value: Rendered };
  /** Every request in flight needs a handle of its own. */
  readonly oneAtATime?: boolean;
}

/** One request, ready to be put. */
export interface PlannedRequest {
  readonly irp: 'IRP_MJ_WRITE' | 'IRP_MJ_READ' | 'IRP_MJ_DEVICE_CONTROL';
  /** With IRP_MJ_DEVICE_CONTROL. */
  readonly code?: IoControlCode;
  readonly input: Rendered;
  readonly outputLength: number;
  readonly blocks: boolean;
  /** Any other final status ends the sequence. */
  readonly status: readonly string[];
}

export const MAJOR = {
  write: 'IRP_MJ_WRITE',
  read: 'IRP_MJ_READ',
  ioctl: 'IRP_MJ_DEVICE_CONTROL',
} as const satisfies Record<Step['kind'], PlannedRequest['irp']>;

/** @returns undefined when the profile does not say how to open the driver */
export function planOpen(profile: EmulatorProfile, adapter: AdapterFacts): PlannedOpen | undefined {
  const { open } = profile;
  if (!open) return undefined;
  const file = fillIn(open.file, { ...adapter });
  const value = open.ea && render(open.ea.value, { adapter, count: 1, frame: ownFrames(profile) });
  return {
    device: fillIn(open.device, { ...adapter }),
    fileName: file === '' ? '' : `\\${file}`,
    ...(open.ea && value && { ea: { name: open.ea.name, value } }),
    ...(open.oneAtATime && { oneAtATime: true }),
  };
}

/**
 * @returns the requests to put after an open, in order
 * @throws RangeError when a value does not fit its field
 */
export function planSetup(profile: EmulatorProfile, adapter: AdapterFacts): readonly PlannedRequest[] {
  return planSequence({ steps: profile.setup, times: 1 }, ownFrames(profile), adapter, 1, 0);
}

/**
 * @param count how many the scenario asks for
 * @param sequence number of the first frame; the next ask goes on at `sequence + count`
 * @param frameAt the frames; without it those of the profile's settings
 * @returns the requests in order, none when the driver does it by itself, undefined when the profile does not say how to ask
 * @throws RangeError when a value does not fit its field
 */
export function planAsk(
  profile: EmulatorProfile,
  ask: Ask,
  adapter: AdapterFacts,
  count: number,
  sequence: number,
  frameAt: FrameAt = ownFrames(profile),
): readonly PlannedRequest[] | undefined {
  const plan = profile.asks[ask];
  return plan && planSequence(plan, frameAt, adapter, count, sequence);
}

function planSequence(
  { steps, times }: Pick<AskPlan, 'steps' | 'times'>,
  frameAt: FrameAt,
  adapter: AdapterFacts,
  count: number,
  sequence: number,
): readonly PlannedRequest[] {
  return rounds(times, count).flatMap((round) =>
    steps.flatMap((step) =>
      rounds(step.times, round.count).map((turn) =>
        planRequest(step, frameAt, adapter, turn.count, sequence + round.first + turn.first),
      ),
    ),
  );
}

/** What is repeated for each frame is about one of them in each turn. */
function rounds(times: number | 'count', count: number): readonly { readonly count: number; readonly first: number }[] {
  if (times === 'count') return Array.from({ length: count }, (_, first) => ({ count: 1, first }));
  return Array.from({ length: times }, () => ({ count, first: 0 }));
}

function planRequest(
  step: Step,
  frameAt: FrameAt,
  adapter: AdapterFacts,
  count: number,
  sequence: number,
): PlannedRequest {
  return {
    irp: MAJOR[step.kind],
    ...(step.code && { code: step.code }),
    input: render(step.input, { adapter, count, frame: (index) => frameAt(sequence + index) }),
    outputLength: step.outputLength,
    blocks: step.blocks,
    status: step.status,
  };
}

function ownFrames({ frames }: EmulatorProfile): FrameAt {
  return (sequence) => ethernetFrame(sequence, frames);
}
