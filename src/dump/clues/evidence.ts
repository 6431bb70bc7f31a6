/** What the clues about addresses share. */
import type { Case } from '../case';
import type { NextStep } from '../conclusion';
import type { Line } from '../lines';
import { isNdis } from '../modules';
import type { DriverInStack } from '../stack';
import { hexText } from '../values';
import { poolAt, registersOf } from './next';

/** NDIS had called the driver, so it may just be passing something on. */
export function isPassing({ story }: Case, driver: DriverInStack): boolean {
  return story.frames.slice(driver.at + 1).some(({ module }) => isNdis(module));
}

/** The lines that a conclusion about an address rests on. */
export function evidence({ crash, story, pointer }: Case, driver: DriverInStack): Line[] {
  const top = story.frames[story.failed];
  return [
    ...(top ? [top.line] : []),
    ...(driver.called ? [driver.called.line] : []),
    driver.frame.line,
    ...(pointer?.lines ?? crash.bugcheck?.lines.slice(0, 1) ?? []),
    ...(story.entry?.userMode === true ? [story.entry.frame.line] : []),
  ];
}

/** Commands that show the address and what lies there. */
export function pointerSteps({ crash, pointer }: Case): NextStep[] {
  const context = /0x[0-9a-f]+|[0-9a-f`]{8,17}/i.exec(crash.fields.get('CONTEXT')?.value ?? '')?.[0];
  const trap = /0x[0-9a-f]+|[0-9a-f`]{8,17}/i.exec(crash.fields.get('TRAP_FRAME')?.value ?? '')?.[0];
  return [
    ...registersOf({ ...(context !== undefined && { context }), ...(trap !== undefined && { trap }) }),
    ...(pointer?.kind === 'system' ? [poolAt(hexText(pointer.value))] : []),
    ...(pointer?.header
      ? [
          {
            command: `!poolfind ${pointer.header.tag}`,
            shows: 'whose blocks have this tag (pooltag.txt names the owner)',
          },
        ]
      : []),
  ];
}

/** @returns the text with a capital first letter */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
