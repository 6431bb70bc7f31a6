import type { Crossing } from '../../src/trace';

type Look = 'irql' | 'locks' | 'source' | 'nbs';

/** Members that a trace may leave out, and the rules that nobody can be judged by without them (docs/trace-format.md). */
const NEEDED: Readonly<Record<string, Look>> = {
  'IRQ-01': 'irql',
  'IRQ-02': 'irql',
  'SC-05': 'irql',
  'SP-10': 'irql',
  'LCK-01': 'locks',
  'LCK-02': 'locks',
  'SO-02': 'source',
  'SP-02': 'source',
  'SP-04': 'nbs',
};

/**
 * @param crossings all that were seen
 * @returns why they cannot put the rule to the test, whatever the driver does; undefined when they could have
 */
export function absentMember(rule: string, crossings: readonly Crossing[]): string | undefined {
  const member = NEEDED[rule];
  const seen = crossings.filter(({ dir, neighbour }) => dir !== '!!' && neighbour === undefined);
  if (member === 'irql' || member === 'locks') {
    const isAbsent = seen.length > 0 && seen.every((crossing) => crossing[member] === undefined);
    return isAbsent ? `no crossing of the trace has \`${member}\`, without which ${rule} cannot be judged` : undefined;
  }
  if (member === undefined) return undefined;
  const nbls = seen.flatMap((crossing) => crossing.nbls ?? []);
  const isAbsent = nbls.length > 0 && nbls.every((nbl) => nbl[member] === undefined);
  return isAbsent ? `no NBL of the trace has \`${member}\`, without which ${rule} cannot be judged` : undefined;
}
