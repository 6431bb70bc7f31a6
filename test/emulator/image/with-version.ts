import { withTables } from './builder';
import { imports } from './imports';

const IMPORT = 1;
const RESOURCE = 2;
const DIRECTORY = 0x8000_0000;
/** Three directories of one entry, and the entry of the data. */
const DATA = 3 * 24 + 16;

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** A block of a version resource: its length, that of its value, its type, key, value, and blocks below. */
function block(key: string, value: Uint8Array, valueLength: number, children: readonly Buffer[] = []): Buffer {
  const head = Buffer.alloc(6);
  const start = padded(Buffer.concat([head, Buffer.from(`${key}\0`, 'utf16le')]));
  const whole = Buffer.concat([start, padded(value), ...children.map(padded)]);
  whole.writeUInt16LE(whole.length, 0);
  whole.writeUInt16LE(valueLength, 2);
  whole.writeUInt16LE(key === 'VS_VERSION_INFO' ? 0 : 1, 4);
  return whole;
}

/** @returns a filter driver whose version resource has these strings, and 1.2.3.4 for installers */
export function imageWithVersion(strings: Readonly<Record<string, string>>): Uint8Array {
  const fixed = Buffer.alloc(52);
  fixed.writeUInt32LE(0xfeef_04bd, 0);
  [2, 1, 4, 3].forEach((part, at) => fixed.writeUInt16LE(part, 8 + 2 * at));
  const texts = Object.entries(strings).map(([key, text]) =>
    block(key, Buffer.from(`${text}\0`, 'utf16le'), text.length + 1),
  );
  const none = Buffer.alloc(0);
  const table = block('040904b0', none, 0, texts);
  const languages = block('VarFileInfo', none, 0, [block('Translation', Buffer.from([9, 4, 0xb0, 4]), 4)]);
  const root = block('VS_VERSION_INFO', fixed, fixed.length, [languages, block('StringFileInfo', none, 0, [table])]);
  return withTables((data) => {
    const { rva } = data;
    const directory = (id: number, target: number) => data.zeros(12).u16(0, 1).u32(id, target);
    directory(16, DIRECTORY + 24);
    directory(1, DIRECTORY + 48);
    directory(1033, 72);
    data.u32(rva + DATA, root.length, 0, 0);
    data.raw(...root);
    const filter = imports(data.align(4), [{ module: 'NDIS.SYS', names: ['NdisFRegisterFilterDriver'] }]);
    return { [RESOURCE]: [rva, DATA + root.length], [IMPORT]: [filter.rva, 40] };
  });
}
