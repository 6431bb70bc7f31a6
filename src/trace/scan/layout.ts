/** Sizes and numbers that the matcher in C and the code around it agree on. The C has them as macros, see `scripts/build-matcher.ts`. */
import { MOST_BYTES } from '../lines';

/** Bytes that are scanned at a time. */
export const PIECE = 64 * 1024;
/** Bytes of records that are passed on to another thread at a time. */
export const EACH_BATCH = 256 * 1024;
/** Values of one line. */
export const HOLES = 1024;
/** Texts that are remembered; a trace may make up any number. */
export const TEXTS = 1 << 14;
/** Longer texts are rare enough. */
export const LONGEST_TEXT = 56;
/** Arguments and chains that are remembered; the first places are for those of a line that are not. */
export const GROUPS = (1 << 13) + 4;

/** `place`, `length`, bytes: a text that is used from here on. */
export const TEXT_RECORD = -1;
/** `place`, number of the kind of group, 0, values: arguments or a chain that are used from here on. */
export const GROUP_RECORD = -2;
/** `length`, bytes: the line that the next template was made of. It was passed on as a line, too. */
export const TEMPLATE_RECORD = -3;
/** `length`, bytes: a line for `JSON.parse`, with its line feed. */
export const LINE_RECORD = -4;
/** `length`, bytes: the last line, which has no line feed. */
export const LAST_LINE_RECORD = -5;
/** A line that is too long to be a crossing: 0, and its length as a double. */
export const TOO_LONG_RECORD = -6;

/** A number of a crossing is so many times its second half and its first: neither is too large for an integer of 32 bits. */
export const SEQ_UNIT = 1 << 30;
/**
 * Bytes of a line that a template fits: number of the template, length of the line, `seq` in halves, module, adapter, thread, cpu,
 * irql, locks, args, nbls (texts and groups by their places), and `time` as a double.
 */
export const LINE_BYTES = 56;

/** What the C is compiled with. Pages of memory that nobody writes to are not there: sizes are for the worst. */
export const MACROS = {
  HOLES,
  TEXTS,
  LONGEST_TEXT,
  GROUPS,
  /** Of the bytes of a group. */
  GROUP_BYTES: 1000,
  TEXT_RECORD,
  GROUP_RECORD,
  SEQ_UNIT,
  LINE_BYTES,
  INPUT_BYTES: MOST_BYTES + PIECE,
  /** More than a template is long. */
  SLACK_BYTES: 16 * 1024,
  ARENA_BYTES: 8 * 1024 * 1024,
  /** A byte of a piece makes 16 bytes of records at most (a line that is empty), and one line may be as long as lines are. */
  RECORDS_BYTES: 8 * 1024 * 1024,
} as const;
