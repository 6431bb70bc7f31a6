/** Registers, and the instruction that failed. */
import type { Line } from './lines';
import { hex } from './values';

export interface Register {
  readonly name: string;
  readonly value: bigint;
  readonly line: Line;
}

export interface Registers {
  readonly all: readonly Register[];
  /** A trap frame does not hold all of them: those that read as zero may have been something else. */
  readonly incomplete: boolean;
}

/** `mov r11,qword ptr [rax+18h]` */
export interface Instruction {
  readonly line: Line;
  readonly text: string;
  readonly mnemonic: string;
  /** Of its memory operand, with displacement; absent where it has none. */
  readonly base?: string;
  readonly displacement?: number;
  /** That the debugger computed: `ds:002b:6b49534e`02130030=????????????????` */
  readonly address?: bigint;
  /** The debugger could not read there. */
  readonly unreadable: boolean;
}

const REGISTER = /\b([re][abcd]x|[re][sd]i|[re][sbi]p|r(?:8|9|1[0-5]))=([0-9a-f]{8}`?[0-9a-f]{8}|[0-9a-f]{8})\b/gi;
const DISASSEMBLY = /^\s*(?:>?\s*)(?:[0-9a-f]{8}`)?[0-9a-f]{8,16}\s+([0-9a-f]{2,30})\s+([a-z]{2,12})\b\s*(.*)$/i;
const OPERAND = /\[([re][a-z0-9]{1,3})(?:\+[re][a-z0-9]{1,3}(?:\*[1248])?)?([+-][0-9a-f]{1,8}h?)?\]/i;
const EFFECTIVE = /\b[c-gs]s:(?:[0-9a-f]{4}:)?([0-9a-f`]{8,17})=(\?{2,})?/i;

/** @returns the first whole set of registers: that of the crash comes before those of later commands */
export function registersIn(lines: readonly Line[]): Registers {
  const all = new Map<string, Register>();
  let incomplete = false;
  for (const line of lines) {
    if (all.size === 0 || all.size < 4) incomplete ||= /does not contain all registers/i.test(line.text);
    for (const [, name = '', digits = ''] of line.text.matchAll(REGISTER)) {
      const value = hex(digits);
      if (value !== undefined && !all.has(name.toLowerCase())) {
        all.set(name.toLowerCase(), { name: name.toLowerCase(), value, line });
      }
    }
  }
  return { all: [...all.values()], incomplete };
}

/** @returns the first instruction that names memory, else the first one; undefined when none is shown */
export function instructionIn(lines: readonly Line[]): Instruction | undefined {
  const found = lines.flatMap((line, at) => {
    // WinDbg shows it on opening a dump: where the bugcheck was raised, not why.
    const isOfTheBugcheck = /^\s*(?:nt|ntkrn\w+)!KeBugCheck\w*:\s*$/i.test(lines[at - 1]?.text ?? '');
    return isOfTheBugcheck ? [] : (instructionOf(line) ?? []);
  });
  return found.find((each) => each.address !== undefined) ?? found.find((each) => each.base !== undefined) ?? found[0];
}

function instructionOf(line: Line): Instruction | undefined {
  const [, bytes = '', mnemonic, operands = ''] = DISASSEMBLY.exec(line.text) ?? [];
  if (mnemonic === undefined || bytes.length % 2 !== 0) return undefined;
  const effective = EFFECTIVE.exec(operands);
  const [, base, offset] = OPERAND.exec(operands) ?? [];
  const address = hex(effective?.[1] ?? '');
  const displacement = offset === undefined ? 0 : parseInt(offset.replace(/h$/i, ''), 16);
  return {
    line,
    text: `${mnemonic} ${operands.replace(/\s+[c-gs]s:[0-9a-f:`]*=.*$/i, '').trim()}`.trim(),
    mnemonic: mnemonic.toLowerCase(),
    ...(base !== undefined && { base: base.toLowerCase(), displacement }),
    ...(address !== undefined && { address }),
    unreadable: effective?.[2] !== undefined,
  };
}
