/** A crash with what can be read off its text at once: the material of the clues. */
import type { Bugcheck } from './identity';
import type { Line } from './lines';
import { isNdis } from './modules';
import { isNdisVerifierCode } from './ndis-codes';
import type { CrashText } from './parse';
import { pointerOf, type BadPointer } from './pointer';
import { storyOf, type DriverInStack, type StackStory } from './stack';

export interface Case {
  readonly crash: CrashText;
  readonly story: StackStory;
  readonly pointer?: BadPointer;
}

export function caseOf(crash: CrashText): Case {
  const pointer = pointerOf(crash);
  return { crash, story: storyOf(crash.frames), ...(pointer && { pointer }) };
}

export const NDIS_DRIVER = 0x7c;
export const NDIS_LIVE_DUMP = 0x15e;
export const VERIFIER = 0xc4;
export const VERIFIER_LIVE_DUMP = 0x1c4;

/** Windows went on. */
export function isLiveDump({ code }: Bugcheck): boolean {
  return code === NDIS_LIVE_DUMP || code === VERIFIER_LIVE_DUMP;
}

/** @returns parameter 1 to 4 as a number, undefined where the text has none or it is too large for a code */
export function parameter(bugcheck: Bugcheck | undefined, which: 1 | 2 | 3 | 4): number | undefined {
  const value = bugcheck?.parameters[which - 1];
  return value === undefined || value > 0xffff_ffffn ? undefined : Number(value);
}

/** @returns the lines that name NDIS in this crash; empty when nothing does */
export function ndisLines({ crash, story }: Case): Line[] {
  const { bugcheck, fields } = crash;
  const lines: Line[] = [];
  const first = parameter(bugcheck, 1) ?? 0;
  const ofNdis =
    bugcheck &&
    (bugcheck.code === NDIS_DRIVER ||
      bugcheck.code === NDIS_LIVE_DUMP ||
      ((bugcheck.code === VERIFIER || bugcheck.code === VERIFIER_LIVE_DUMP) && isNdisVerifierCode(first)));
  if (ofNdis) lines.push(...bugcheck.lines.slice(0, 1));
  const frame = story.frames.find(({ module }) => isNdis(module));
  if (frame) lines.push(frame.line);
  for (const key of NAMING) {
    const field = fields.get(key);
    if (field && /\bndis(?:\.sys|!|\+|$)/i.test(field.value)) lines.push(field.line);
  }
  return [...new Set(lines)];
}

/** Fields that name whom the debugger holds responsible. */
const NAMING = [
  'IMAGE_NAME',
  'MODULE_NAME',
  'SYMBOL_NAME',
  'FAULTING_IP',
  'FAILURE_BUCKET_ID',
  'BUCKET_ID',
  'CAUSED_BY_ADDRESS',
];

/** Drivers in the stack that may be filters, nearest to the crash first. */
export function possibleFilters({ story }: Case): DriverInStack[] {
  return story.drivers.filter(({ role }) => role === 'filter' || role === 'unknown');
}
