/** Machine code as text, as debuggers of Windows write it. Besides `decode`, the only file that knows the decoder library. */
import { Decoder, DecoderOptions, Formatter, FormatterSyntax, OpKind, type Instruction } from 'iced-x86';

export interface ListedInstruction {
  readonly address: bigint;
  readonly length: number;
  /** `mov rcx,[rbx+18h]` */
  readonly text: string;
  /** Address that it jumps to or calls, when the instruction itself holds it. */
  readonly target?: bigint;
  /** Address that it reads or writes, when that is relative to rip: a variable, or the slot of an import. */
  readonly memory?: bigint;
}

const BRANCHES: readonly OpKind[] = [OpKind.NearBranch16, OpKind.NearBranch32, OpKind.NearBranch64];

/**
 * @param bytes that begin with an instruction
 * @param address of the first byte
 * @param most instructions to list
 * @returns the instructions one behind the other; bytes that are none end the list
 */
export function listing(bytes: Uint8Array, address: bigint, most: number): ListedInstruction[] {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const formatter = new Formatter(FormatterSyntax.Masm);
  formatter.showSymbolAddress = true;
  formatter.ripRelativeAddresses = false;
  formatter.uppercaseHex = false;
  decoder.ip = address;
  const listed: ListedInstruction[] = [];
  while (listed.length < most && decoder.canDecode) {
    const instruction = decoder.decode();
    if (instruction.isInvalid) break;
    listed.push({
      address: instruction.ip,
      length: instruction.length,
      text: formatter.format(instruction),
      ...references(instruction),
    });
    instruction.free();
  }
  formatter.free();
  decoder.free();
  return listed;
}

function references(instruction: Instruction): Pick<ListedInstruction, 'target' | 'memory'> {
  if (instruction.opCount > 0 && BRANCHES.includes(instruction.opKind(0))) {
    return { target: instruction.nearBranchTarget };
  }
  return instruction.isIpRelMemoryOperand ? { memory: instruction.ipRelMemoryAddress } : {};
}
