/**
 * The part of the scanner that sees every byte: a module of WebAssembly, made of `matcher/matcher.c`. What it works on lies in its
 * memory: the bytes of the trace, the tree of templates (`tree.ts`), and what it found (`records.ts`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotRead } from '../file';
import { MACROS } from './layout';

/** Where something is. */
interface Address {
  readonly value: number;
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly scan: (at: number, filled: number) => number;
  readonly forget: () => void;
  readonly input: Address;
  readonly arena: Address;
  readonly records: Address;
  readonly recorded: Address;
}

export class Matcher {
  /** Bytes of the trace. */
  readonly input: Buffer;
  /** Where the tree is to be, and where its memory ends. */
  readonly arena: number;
  readonly arenaEnd: number;
  readonly records: Buffer;
  /** All of the memory, in which addresses are those that the module uses. */
  readonly view: DataView;
  private readonly exports: Exports;

  constructor() {
    const exports = new WebAssembly.Instance(loadMatcher(), {}).exports as unknown as Exports;
    const { memory, input, arena, records } = exports;
    this.exports = exports;
    this.view = new DataView(memory.buffer);
    this.arena = arena.value;
    this.arenaEnd = arena.value + MACROS.ARENA_BYTES;
    this.input = Buffer.from(memory.buffer, input.value, MACROS.INPUT_BYTES);
    this.records = Buffer.from(memory.buffer, records.value, MACROS.RECORDS_BYTES);
  }

  /** Makes it ready for another trace; what is in its arena is left. */
  forget(): void {
    this.exports.forget();
  }

  /** Bytes of the records. */
  get recorded(): number {
    return this.view.getUint32(this.exports.recorded.value, true);
  }

  set recorded(bytes: number) {
    this.view.setUint32(this.exports.recorded.value, bytes, true);
  }

  /**
   * Records the lines that fit a template, one after the other.
   * @param at where the first begins in the input
   * @param filled bytes that are there
   * @returns where the first line begins that fits none, or is not there as a whole
   */
  scan(at: number, filled: number): number {
    return this.exports.scan(at, filled);
  }
}

let made: WebAssembly.Module | undefined;

/**
 * Loads what every matcher is made of, once.
 * @throws CannotRead where there is no WebAssembly
 */
export function loadMatcher(): WebAssembly.Module {
  if (typeof WebAssembly === 'undefined')
    throw new CannotRead(
      'Reading a trace needs WebAssembly, which this Node was told to leave out: start it without --jitless.',
    );
  return (made ??= new WebAssembly.Module(readFileSync(join(__dirname, 'matcher.wasm'))));
}

let spare: Matcher | undefined;

/** @returns one that knows nothing yet; what is in its arena may be left from another trace */
export function takeMatcher(): Matcher {
  const matcher = spare;
  spare = undefined;
  matcher?.forget();
  return matcher ?? new Matcher();
}

/** @param matcher is not needed any more: to make it ready for another trace takes less time than to make one */
export function giveBack(matcher: Matcher): void {
  spare = matcher;
}
