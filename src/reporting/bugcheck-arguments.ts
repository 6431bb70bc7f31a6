/** What the four parameters of a bugcheck mean, as the documentation of each code has it. https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2 */

type Meanings = readonly [string?, string?, string?, string?];

const BAD_ACCESS = 'memory referenced';
const BY = 'instruction that referenced it';
const BY_READ_OR_WRITE: Meanings = [BAD_ACCESS, '0 read, 1 write', BY];
const EXCEPTION: Meanings = ['exception code', 'instruction that raised it'];

const MEANINGS: Readonly<Record<string, Meanings>> = {
  '0xA': [BAD_ACCESS, 'IRQL', '0 read, 1 write', BY],
  '0x10': ['spin lock'],
  '0x18': ['object type', 'object'],
  '0x1E': EXCEPTION,
  '0x3B': EXCEPTION,
  '0x44': ['IRP'],
  '0x48': ['IRP'],
  '0x50': [BAD_ACCESS, '0 read, 2 write, 10h execute', BY, 'kind of page fault'],
  '0x7E': EXCEPTION,
  '0x7F': ['trap: 8 is a double fault'],
  '0xBE': ['memory written to'],
  '0xD1': [BAD_ACCESS, 'IRQL', '0 read, 1 write, 8 execute', BY],
  '0xD6': BY_READ_OR_WRITE,
  '0xFC': ['memory executed'],
  '0x133': ['1: too long at DISPATCH_LEVEL', 'watchdog period in ticks'],
  '0x139': ['kind of corruption'],
};

const KIND = 'kind of violation';

/** Codes whose first parameter says what the others are. */
const BY_KIND: Readonly<Record<string, Readonly<Record<string, Meanings>>>> = {
  '0xC2': {
    '0x7': ['the block was freed before', undefined, 'pool header', 'block'],
    '0x9': ['freed at a bad IRQL', 'IRQL', 'pool type', 'block'],
    '0xA': ['freed with the wrong tag', 'block', 'tag of the allocation', 'tag of the free'],
    '0x40': ['a user address was freed', 'address', 'where system addresses begin'],
    '0x46': ['no pool block was freed', 'address'],
  },
  '0xC4': {
    '0x1': ['paged pool was asked for above APC_LEVEL', 'IRQL', 'pool type', 'bytes'],
    '0x30': ['KeRaiseIrql was to lower the IRQL', 'IRQL', 'IRQL asked for'],
    '0x31': ['KeLowerIrql was to raise the IRQL', 'IRQL', 'IRQL asked for'],
    '0x7C': ['pages were unlocked that had not been locked', 'MDL', 'flags of the MDL'],
    '0x7D': ['pages of nonpaged pool were unlocked', 'MDL', 'flags of the MDL'],
    '0x7F': ['an MDL of paged pool was built as nonpaged', 'IRQL', 'MDL', 'flags of the MDL'],
    '0xB0': ['an MDL was locked that must not be', 'MDL', 'flags of the MDL', 'those that are wrong'],
    '0xB3': ['an MDL was mapped that is not locked', 'MDL', 'flags of the MDL', 'one of those is missing'],
    '0x1000': ['a lock was taken by a thread that holds it', 'lock'],
  },
};

/**
 * @param code as it is written in traces: `0xD1`
 * @param values of the parameters that are known
 * @returns a line for each: number, value, and what it is
 */
export function argumentLines(code: string, values: readonly string[]): string[] {
  const meanings = BY_KIND[code]?.[values[0] ?? ''] ?? (BY_KIND[code] ? [KIND] : (MEANINGS[code] ?? []));
  const width = Math.max(0, ...values.map(({ length }) => length));
  return values.map((value, index) => {
    const meaning = meanings[index];
    return meaning === undefined ? `${index + 1}: ${value}` : `${index + 1}: ${value.padEnd(width)}  ${meaning}`;
  });
}
