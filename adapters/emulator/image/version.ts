/** The file's version and what else it says of itself, from its resources. */
import { alignUp, unlessBeyond, viewOf } from './bytes';
import type { Directory } from './headers';

const RT_VERSION = 16;
const SUBDIRECTORY = 0x8000_0000;
const FIXED_INFO_SIGNATURE = 0xfeef_04bd;
const ROOT = 'VS_VERSION_INFO';
const STRINGS = 'StringFileInfo';
/** Length, value length and type. */
const BLOCK_HEADER = 6;
/** More strings than this are no version resource that somebody wrote; nor are longer ones. */
const STRINGS_READ = 64;
const CHARACTERS_READ = 1024;

/** A node of the version resource: a key, a value, and blocks below it. Offsets are RVAs. */
interface Block {
  readonly key: string;
  readonly value: number;
  /** As the block says: in bytes, or in characters where the value is text. */
  readonly valueLength: number;
  readonly end: number;
}

/** @returns the RVA of what a resource directory has under an id, or first of all; flagged when it is another directory */
function entryOf(view: DataView, directory: number, id: number | undefined): number | undefined {
  const count = view.getUint16(directory + 12, true) + view.getUint16(directory + 14, true);
  for (let index = 0; index < count; index++) {
    const at = directory + 16 + 8 * index;
    if (id === undefined || view.getUint32(at, true) === id) return view.getUint32(at + 4, true);
  }
  return undefined;
}

function textAt(view: DataView, at: number, end: number): string {
  let text = '';
  for (let place = at; place + 1 < end && text.length < CHARACTERS_READ; place += 2) {
    const character = view.getUint16(place, true);
    if (character === 0) break;
    text += String.fromCharCode(character);
  }
  return text;
}

function blockAt(view: DataView, at: number): Block {
  const end = at + view.getUint16(at, true);
  const key = textAt(view, at + BLOCK_HEADER, end);
  return {
    key,
    value: alignUp(at + BLOCK_HEADER + 2 * (key.length + 1), 4),
    valueLength: view.getUint16(at + 2, true),
    end,
  };
}

function* blocksFrom(view: DataView, from: number, end: number): Generator<Block, void, undefined> {
  for (let at = alignUp(from, 4); at + BLOCK_HEADER < end;) {
    const block = blockAt(view, at);
    // A block without a length would be read for ever.
    if (block.end <= at + BLOCK_HEADER || block.end > end) return;
    yield block;
    at = alignUp(block.end, 4);
  }
}

/** @returns the version resource; undefined when there is none, or it is where nobody finds it */
function rootOf(view: DataView, { rva, size }: Directory): Block | undefined {
  if (rva === 0 || size === 0) return undefined;
  let entry = entryOf(view, rva, RT_VERSION);
  // Type, name and language: two more directories to go.
  for (let level = 0; level < 2; level++) {
    if (entry === undefined || entry < SUBDIRECTORY) return undefined;
    entry = entryOf(view, rva + entry - SUBDIRECTORY, undefined);
  }
  if (entry === undefined || entry >= SUBDIRECTORY) return undefined;
  const data = view.getUint32(rva + entry, true);
  const fixed = data + alignUp(BLOCK_HEADER + 2 * (ROOT.length + 1), 4);
  if (view.getUint32(fixed, true) !== FIXED_INFO_SIGNATURE) return undefined;
  return {
    key: ROOT,
    value: fixed,
    valueLength: view.getUint16(data + 2, true),
    end: data + view.getUint16(data, true),
  };
}

/** @returns `1.2.3.4`, undefined when the image does not say, or says it where nobody finds it */
export function readFileVersion(contents: Uint8Array, directory: Directory): string | undefined {
  const view = viewOf(contents);
  return unlessBeyond(() => {
    const root = rootOf(view, directory);
    return root && [10, 8, 14, 12].map((offset) => view.getUint16(root.value + offset, true)).join('.');
  });
}

/**
 * @returns `CompanyName`, `FileVersion`, `ProductVersion` and whatever else the author wrote there, of the first language, in the
 *   order of the file; empty when there is nothing, or it cannot be followed
 */
export function readVersionStrings(contents: Uint8Array, directory: Directory): Readonly<Record<string, string>> {
  const view = viewOf(contents);
  return (
    unlessBeyond(() => {
      const root = rootOf(view, directory);
      if (!root) return {};
      const [strings] = [...blocksFrom(view, root.value + root.valueLength, root.end)].filter(
        ({ key }) => key === STRINGS,
      );
      const [table] = strings ? [...blocksFrom(view, strings.value, strings.end)] : [];
      const found: [string, string][] = [];
      for (const { key, value, end } of table ? blocksFrom(view, table.value, table.end) : []) {
        if (found.length < STRINGS_READ) found.push([key, textAt(view, value, end).trim()]);
      }
      return Object.fromEntries(found.filter(([key, text]) => key !== '' && text !== ''));
    }) ?? {}
  );
}
