/** The bytes of a file that somebody saved, as text: logs of WinDbg are UTF-8, ANSI or UTF-16, and forums add their own. */

const DUMP_ITSELF =
  'a dump itself, not the text about it. Open it in WinDbg, run !analyze -v, and save what it writes (.logopen FILE)';
const ARCHIVE = 'an archive. Unpack it first';
const PICTURE = 'a picture. Type the stop code and its parameters into a text file, or analyse the dump with WinDbg';

/** First bytes of files that people give instead of the text, and what they are. */
const OTHER_FILES: readonly (readonly [magic: string, what: string])[] = [
  ['PAGEDU', DUMP_ITSELF],
  ['MDMP', DUMP_ITSELF],
  ['MZ', 'a program or a driver, not a text. Give the text that WinDbg writes for !analyze -v'],
  ['PK\x03\x04', ARCHIVE],
  ['\x1f\x8b', ARCHIVE],
  ['7z\xbc\xaf', ARCHIVE],
  ['\x89PNG', PICTURE],
  ['\xff\xd8\xff', PICTURE],
];

/**
 * @param bytes beginning of a file
 * @returns what the file is, when it certainly is no text: the end of a sentence that begins with "FILE is"
 */
export function otherThanText(bytes: Uint8Array): string | undefined {
  const head = latin1(bytes.subarray(0, 8));
  return OTHER_FILES.find(([magic]) => head.startsWith(magic))?.[1];
}

/**
 * @param bytes a whole file
 * @returns its text: UTF-8 or UTF-16 with or without byte order mark, else Windows-1252. Never throws.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2));
  if (first === 0xfe && second === 0xff) return utf16(swapped(bytes.subarray(2)));
  const order = orderOfUtf16(bytes.subarray(0, 4096));
  if (order === 'little') return utf16(bytes);
  if (order === 'big') return utf16(swapped(bytes));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

function utf16(bytes: Uint8Array): string {
  return new TextDecoder('utf-16le').decode(bytes);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function swapped(bytes: Uint8Array): Uint8Array {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
}

/** Text in Latin letters has a zero in every other byte. */
function orderOfUtf16(bytes: Uint8Array): 'little' | 'big' | undefined {
  let even = 0;
  let odd = 0;
  bytes.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even++;
    else odd++;
  });
  const enough = bytes.length / 5;
  if (odd > enough && even < odd / 4) return 'little';
  return even > enough && odd < even / 4 ? 'big' : undefined;
}
