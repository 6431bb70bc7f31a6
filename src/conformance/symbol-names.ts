/**
 * Names of places in machine code: with symbols beside an image a stack reads `driver.sys!Handler+0x27`, and `driver.sys+0x1067` without.
 * What differs in nothing else is the same finding.
 */
import type { DriverFacts } from './identity';

/** Exhibits have names of their own. */
const ANY_DRIVER = String.raw`[\w.-]+\.sys`;
const IN_A_FUNCTION = String.raw`(?:![^\s",+]+)?\+0x[0-9a-f]+`;

/**
 * @param text a sentence, or a whole trace
 * @param driver whose machine code it is about
 * @returns the text with all places in machine code alike
 */
export function withoutPlaces(text: string, { name, image }: Pick<DriverFacts, 'name' | 'image'>): string {
  const own = (image?.file ?? name).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text.replace(new RegExp(`(?:${own}|${ANY_DRIVER})${IN_A_FUNCTION}`, 'g'), '…');
}
