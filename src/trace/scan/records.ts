/**
 * What the scanner hands on: numbers in a row, so that they can be passed to another thread at no cost. Each record begins
 * with what it is; a line that a template fits begins with the number of the template and 4096 times the length of the line.
 */

/** Templates have numbers below. */
export const TEMPLATE_BITS = 12;
export const TEMPLATES = 1 << TEMPLATE_BITS;

/** `place`, `length`, bytes: a text that is used from here on. */
export const TEXT_RECORD = -1;
/** `place`, number of the kind of group, values: arguments or a chain that are used from here on. */
export const GROUP_RECORD = -2;
/** `length`, bytes: the line that the next template was made of. It was passed on as a line, too. */
export const TEMPLATE_RECORD = -3;
/** `length`, bytes: a line for `JSON.parse`, with its line feed. */
export const LINE_RECORD = -4;
/** `length`, bytes: the last line, which has no line feed. */
export const LAST_LINE_RECORD = -5;
/** `length`: a line that is too long to be a crossing. */
export const TOO_LONG_RECORD = -6;

/** Numbers of a record that `length` bytes take. */
export function numbersFor(length: number): number {
  return (length + 7) >> 3;
}

const FIRST_SIZE = 1 << 14;

/** Records on their way. */
export class Records {
  numbers: Float64Array<ArrayBuffer> = new Float64Array(FIRST_SIZE);
  bytes: Buffer = Buffer.from(this.numbers.buffer);
  length = 0;

  /** Makes room for so many numbers more. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.numbers.length) return;
    const larger = new Float64Array(Math.max(needed, this.numbers.length * 2));
    larger.set(this.numbers.subarray(0, this.length));
    this.use(larger);
  }

  /** Adds `kind`, what belongs to it, and bytes. */
  addBytes(kind: number, bytes: Uint8Array): void {
    const { length } = bytes;
    this.reserve(2 + numbersFor(length));
    this.numbers[this.length] = kind;
    this.numbers[this.length + 1] = length;
    this.bytes.set(bytes, (this.length + 2) * 8);
    this.length += 2 + numbersFor(length);
  }

  /** Takes out what is there, and goes on with other memory. */
  swap(other: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
    const filled = this.numbers;
    this.use(other);
    this.length = 0;
    return filled;
  }

  private use(numbers: Float64Array<ArrayBuffer>): void {
    this.numbers = numbers;
    this.bytes = Buffer.from(numbers.buffer);
  }
}
