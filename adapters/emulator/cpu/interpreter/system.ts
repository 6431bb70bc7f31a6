/** What asks the processor about itself, does nothing, or needs hardware that is not there. */
import type { Instruction } from '../instruction';
import type { Execute } from './cpu';
import { cpuid } from './cpuid';
import { immediateAt, operandAt, readerOf } from './operands';
import { each, type Prepare, type Table } from './table';

const nothing: Prepare = () => () => {};

function illegal(instruction: Instruction): Execute {
  const { mnemonic } = instruction;
  return (cpu) => {
    throw cpu.stopped({ kind: 'illegal', mnemonic });
  };
}

/** @returns what stops at an instruction that is not supported, however it came there */
export function unsupported(instruction: Instruction): Execute {
  const { mnemonic } = instruction;
  return (cpu) => {
    throw cpu.stopped({ kind: 'unsupported', mnemonic });
  };
}

function interrupt(vector: number): Execute {
  return (cpu) => {
    throw cpu.stopped({ kind: 'interrupt', vector });
  };
}

function identify(): Execute {
  return (cpu) => {
    const { eax, ebx, ecx, edx } = cpuid(cpu.i32[0] ?? 0);
    cpu.i32.set([eax, 0, ecx, 0, edx, 0, ebx, 0]);
  };
}

/** Time is the number of instructions executed before this one. */
function timeStamp(withProcessor: boolean): Prepare {
  return () => (cpu) => {
    cpu.i32[0] = cpu.count | 0;
    cpu.i32[1] = 0;
    cpu.i32[4] = Math.floor(cpu.count / 0x1_0000_0000);
    cpu.i32[5] = 0;
    if (withProcessor) cpu.i32.set([0, 0], 2);
  };
}

/** Checks the byte it names, and that is all that can be seen of it. */
function flush(instruction: Instruction): Execute {
  const operand = operandAt(instruction, 0);
  const read = readerOf(operand.kind === 'memory' ? { ...operand, size: 1, read: true } : operand);
  return (cpu) => {
    read(cpu);
  };
}

/**
 * Where the driver may be at any IRQL, but interrupts are not modelled: cli and sti do nothing. Neither are caches and translations of
 * addresses, nor shadow stacks, without which a processor takes the instructions that read their pointer for no operation.
 */
const NOTHING = [
  ...['wbinvd', 'wbnoinvd', 'invlpg', 'rdsspd', 'rdsspq'],
  ...['nop', 'endbr32', 'endbr64', 'pause', 'lfence', 'mfence', 'sfence', 'cli', 'sti', 'reservednop'],
  ...['prefetcht0', 'prefetcht1', 'prefetcht2', 'prefetchnta', 'prefetchw', 'prefetch', 'prefetchwt1'],
];

/** What cpuid does not offer raises #UD, as on a processor without it. */
const UNDEFINED = [...['invalid', 'ud0', 'ud1', 'ud2'], ...['xgetbv', 'xsetbv', 'vmcall', 'rsm', 'monitor', 'mwait']];

/** They are a driver's to execute, and it is no fault of its own; but there is no hardware behind them here. */
export const PRIVILEGED: readonly string[] = [
  ...['hlt', 'in', 'out', 'rdmsr', 'wrmsr', 'swapgs', 'int1', 'rdpmc', 'lgdt', 'lidt', 'lldt', 'ltr', 'lmsw', 'clts'],
  ...['insb', 'insw', 'insd', 'outsb', 'outsw', 'outsd', 'syscall', 'sysret', 'sysretq', 'sysenter', 'sysexit'],
  ...['sysexitq', 'iret', 'iretd', 'iretq', 'invd'],
];

export const SYSTEM: Table = {
  ...each(NOTHING, nothing),
  ...each(UNDEFINED, illegal),
  ...each(PRIVILEGED, unsupported),
  int3: () => interrupt(3),
  int: (instruction) => interrupt(immediateAt(instruction, 0).lo & 0xff),
  cpuid: identify,
  rdtsc: timeStamp(false),
  rdtscp: timeStamp(true),
  ...each(['clflush', 'clflushopt', 'clwb'], flush),
};
