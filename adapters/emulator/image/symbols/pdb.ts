/** Names in a program database. https://llvm.org/docs/PDB/ describes the format. */
import { alignUp, stringAt, textAt, unlessBeyond, viewOf } from '../bytes';
import type { DebugInformation } from '../contract';
import { guidText } from '../debug';
import { openMsf, type Streams } from './msf';

/** A name and where it is: section, counted from 1, and offset in it. */
export interface Located {
  readonly name: string;
  readonly section: number;
  readonly offset: number;
  /** The source's own name for a function, not one that the linker made up. */
  readonly procedure: boolean;
}

/** What a file with symbols gives, or why it cannot be used. */
export type Found = { readonly symbols: readonly Located[] } | { readonly refused: string };

const INFO_STREAM = 1;
const DBI_STREAM = 3;
const NO_STREAM = 0xffff;
const DBI_HEADER_SIZE = 64;
const MODULE_HEADER_SIZE = 64;
const LONGEST_NAME = 4096;

/** Where in a symbol record, after length and kind, are offset, section and name. */
interface Fields {
  readonly offset: number;
  readonly section: number;
  readonly name: number;
}

const DATA: Fields = { offset: 4, section: 8, name: 10 };
const PROCEDURE: Fields = { offset: 28, section: 32, name: 35 };

const RECORDS: ReadonlyMap<number, Fields> = new Map([
  [0x110c, DATA], // S_LDATA32
  [0x110d, DATA], // S_GDATA32
  [0x110e, DATA], // S_PUB32, which has flags where data have a type
  [0x110f, PROCEDURE], // S_LPROC32
  [0x1110, PROCEDURE], // S_GPROC32
  [0x1146, PROCEDURE], // S_LPROC32_ID
  [0x1147, PROCEDURE], // S_GPROC32_ID
]);

/** Adds the names among the records in a range of a stream; stops where they are damaged. */
function readRecords(stream: Uint8Array, from: number, to: number, found: Located[]): void {
  const view = viewOf(stream);
  const end = Math.min(to, stream.length);
  for (let at = from; at + 4 <= end;) {
    const length = view.getUint16(at, true);
    if (length < 2 || at + 2 + length > end) return;
    const fields = RECORDS.get(view.getUint16(at + 2, true));
    if (fields && length >= 2 + fields.name) {
      const name = textAt(stream, at + 4 + fields.name, Math.min(LONGEST_NAME, length - 2 - fields.name));
      const section = view.getUint16(at + 4 + fields.section, true);
      if (name && section)
        found.push({
          name,
          section,
          offset: view.getUint32(at + 4 + fields.offset, true),
          procedure: fields === PROCEDURE,
        });
    }
    at += 2 + length;
  }
}

/** Static functions are not public: their names are with the object files that they came from. */
function readModules(streams: Streams, dbi: Uint8Array, found: Located[]): void {
  const view = viewOf(dbi);
  const end = Math.min(dbi.length, DBI_HEADER_SIZE + view.getUint32(24, true));
  const seen = new Set<number>();
  for (let at = DBI_HEADER_SIZE; at + MODULE_HEADER_SIZE <= end;) {
    const index = view.getUint16(at + 34, true);
    const length = view.getUint32(at + 36, true);
    if (index !== NO_STREAM && !seen.has(index)) {
      seen.add(index);
      const stream = streams(index);
      if (stream) readRecords(stream, 4, length, found);
    }
    const module = stringAt(dbi, at + MODULE_HEADER_SIZE, LONGEST_NAME);
    const object =
      module === undefined ? undefined : stringAt(dbi, at + MODULE_HEADER_SIZE + module.length + 1, LONGEST_NAME);
    if (module === undefined || object === undefined) return;
    at = alignUp(at + MODULE_HEADER_SIZE + module.length + object.length + 2, 4);
  }
}

function read(file: Uint8Array, wanted: DebugInformation | undefined): Found {
  const streams = openMsf(file);
  const info = streams?.(INFO_STREAM);
  const dbi = streams?.(DBI_STREAM);
  if (!streams || !info || !dbi || dbi.length < DBI_HEADER_SIZE) {
    return {
      refused:
        'The symbol file is no program database (MSF 7.00) with debug information: give the .pdb that the linker wrote.',
    };
  }
  if (!wanted) {
    return { refused: 'The image does not say which program database is its own: link it with debug information.' };
  }
  const guid = guidText(viewOf(info), 12);
  const age = viewOf(dbi).getUint32(8, true);
  if (guid !== wanted.guid || age !== wanted.age) {
    return {
      refused:
        `The program database is of another build: it is ${guid} age ${age}, and the image wants ${wanted.guid} age ${wanted.age} ` +
        `(${wanted.file}); give the .pdb that was linked with this very file.`,
    };
  }
  const found: Located[] = [];
  const records = streams(viewOf(dbi).getUint16(20, true));
  if (records) readRecords(records, 0, records.length, found);
  readModules(streams, dbi, found);
  return { symbols: found };
}

/** @returns the names in a .pdb, or why it is not to be used; never throws, whatever the file holds */
export function readPdb(file: Uint8Array, wanted: DebugInformation | undefined): Found {
  return (
    unlessBeyond(() => read(file, wanted)) ?? {
      refused: 'The program database is damaged: its tables lead beyond its end; copy it from the build again.',
    }
  );
}
