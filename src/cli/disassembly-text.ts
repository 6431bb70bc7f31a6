/** Machine code around the crossings that broke a rule, as a debugger shows it. */
import { parametersOf } from '../../adapters/emulator/parameters';
import type { Site, SiteInstruction } from '../../adapters/emulator/sites';
import type { ScenarioResult } from '../conformance/results';
import { crossingText, OBSERVATION, type Crossing } from '../trace';

/** More places nobody reads; the first are those that matter. */
const MOST = 12;
const REGISTERS_A_LINE = 4;
const IN_REGISTERS = ['rcx', 'rdx', 'r8', 'r9'] as const;
/** Of arguments that the kit has no names for. */
const UNNAMED = ['argument 1', 'argument 2', 'argument 3', 'argument 4'];
/** Above the home space of the four in registers. */
const FIRST_ON_STACK = 0x20;

/**
 * @param scenario that was played
 * @param siteAt what the machine code was doing at a crossing
 * @returns a section for each crossing at which a rule was broken, and for the bugcheck
 */
export function disassemblyText(scenario: ScenarioResult, siteAt: (seq: number) => Site | undefined): string {
  const { trace, violations } = scenario;
  const broken = new Map<number, string[]>();
  for (const { at, rule } of violations) broken.set(at, [...new Set([...(broken.get(at) ?? []), rule])]);
  const shown = trace.filter(({ seq, ddi }) => broken.has(seq) || ddi === OBSERVATION.Bugcheck);
  if (shown.length === 0)
    return 'No crossing broke a rule, and nothing stopped the system: there is no place to show.\n';
  const sections = shown
    .slice(0, MOST)
    .map((crossing) => section(crossing, broken.get(crossing.seq), siteAt(crossing.seq)));
  const more = shown.length > MOST ? [`… and ${shown.length - MOST} more places.\n`] : [];
  return [...sections, ...more].join('\n');
}

function section(crossing: Crossing, rules: readonly string[] | undefined, site: Site | undefined): string {
  const what = rules ? `breaks ${rules.join(', ')}` : 'stopped the system';
  const head = `Machine code at ${crossingText(crossing)}: ${what}`;
  if (!site) return `${head}\n  No code of the driver was under way then.\n`;
  return [head, ...instructions(site), ...argumentsOf(site), ...registersOf(site), ...stackOf(site), ''].join('\n');
}

const AT_WORK: Readonly<Record<Site['kind'], string>> = {
  call: '; called',
  return: '; returned',
  instruction: '; here',
  entry: '',
};

function instructions({ kind, before, after }: Site): string[] {
  if (kind === 'entry') return ['  The system was about to enter the driver.'];
  // A call and a return have been executed; what stopped the system, or touched memory, has not.
  const all = [...before, ...after];
  const at = kind === 'instruction' ? before.length : before.length - 1;
  const lines: string[] = [];
  let previous: SiteInstruction | undefined;
  all.forEach((instruction, index) => {
    if (functionOf(previous) !== functionOf(instruction)) lines.push(`  ${instruction.where}:`);
    previous = instruction;
    const names = instruction.names === undefined ? '' : ` ; ${instruction.names}`;
    const note = index === at && names === '' ? ` ${AT_WORK[kind]}` : '';
    lines.push(`  ${index === at ? '>' : ' '} ${address(instruction.address)}  ${instruction.text}${names}${note}`);
  });
  return lines;
}

/** `mydriver.sys!NpfWrite` */
function functionOf(instruction: SiteInstruction | undefined): string | undefined {
  return instruction?.where.replace(/\+0x[0-9a-f]+$/, '');
}

function argumentsOf({ kind, called, registers, stackArguments }: Site): string[] {
  if (kind !== 'call' || called === undefined) return [];
  const names = parametersOf(called) ?? UNNAMED;
  if (names.length === 0) return [];
  const values = names.flatMap((name, index) => {
    const register = IN_REGISTERS[index];
    const place = register ?? `[rsp+${(FIRST_ON_STACK + 8 * (index - IN_REGISTERS.length)).toString(16)}h]`;
    const value = register ? registers[register] : stackArguments[index - IN_REGISTERS.length];
    return value === undefined || name === '...' ? [] : [{ place, name, value }];
  });
  const width = Math.max(...values.map(({ name }) => name.length));
  return [
    `  Arguments of ${called}`,
    ...values.map(({ place, name, value }) => `    ${place.padEnd(9)} ${name.padEnd(width)}  ${address(value)}`),
  ];
}

function registersOf({ registers }: Site): string[] {
  const known = Object.entries(registers).map(([name, value]) => `${name.padStart(3)}=${digits(value)}`);
  if (known.length === 0) return [];
  const lines: string[] = [];
  for (let at = 0; at < known.length; at += REGISTERS_A_LINE) {
    lines.push(`    ${known.slice(at, at + REGISTERS_A_LINE).join(' ')}`);
  }
  return ['  Registers', ...lines];
}

function stackOf({ kind, stack }: Site): string[] {
  if (stack.length === 0) return [];
  const title = kind === 'return' || kind === 'entry' ? '  Stack around it' : '  Stack';
  return [title, ...stack.map(({ where }) => `    ${where}`)];
}

/** As WinDbg writes it. */
function address(value: bigint): string {
  const all = digits(value);
  return `${all.slice(0, 8)}\`${all.slice(8)}`;
}

function digits(value: bigint): string {
  return value.toString(16).padStart(16, '0');
}
