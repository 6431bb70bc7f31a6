/**
 * Files: a volume that is empty when the machine boots, so that a driver that writes a log can, and one that looks for a
 * file finds none. All directories are there.
 */
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { checked, define, PASSIVE, type GuestExport } from './define';
import { Handles, nameIn } from './handles';

const OBJECT_NAME_INVALID = 0xc0000033;
const OBJECT_PATH_SYNTAX_BAD = 0xc000003b;
const INVALID_INFO_CLASS = 0xc0000003;
const DISK_FULL = 0xc000007f;

/** What leads to the volume. */
const VOLUME = /^\\(?:\?\?\\c:|dosdevices\\c:|systemroot|device\\harddiskvolume\d+)\\/i;

/** Larger is a mistake of the driver's. */
const LARGEST = 16 * 1024 * 1024;

const DISPOSITION = { supersede: 0, open: 1, create: 2, openIf: 3, overwrite: 4, overwriteIf: 5 } as const;
/** What IO_STATUS_BLOCK.Information says became of a file. */
const OUTCOME = { superseded: 0, opened: 1, created: 2, overwritten: 3 } as const;
/** In a byte offset: where the last transfer ended; the end of the file. */
const CURRENT = 0xffff_fffen;
const END = 0xffff_ffffn;
const LOW = 0xffff_ffffn;
const HIGH_PART = 0xffff_ffffn << 32n;

/** FILE_INFORMATION_CLASS. */
const CLASS = { basic: 4, standard: 5, position: 14, disposition: 13, endOfFile: 20 } as const;
const SIZES: ReadonlyMap<number, number> = new Map([
  [CLASS.basic, 40],
  [CLASS.standard, 24],
  [CLASS.position, 8],
]);

class Content {
  bytes = new Uint8Array(0);
  isDoomed = false;

  resize(length: number): void {
    const next = new Uint8Array(length);
    next.set(this.bytes.subarray(0, length));
    this.bytes = next;
  }
}

interface OpenedFile {
  readonly name: string;
  readonly content: Content;
  position: number;
}

/** Files by their names, and those that are open by handle. */
export class Files {
  private readonly contents = new Map<string, Content>();
  private readonly opened = new Map<bigint, OpenedFile>();

  constructor(private readonly guest: Guest) {}

  of(handle: bigint): OpenedFile | undefined {
    return this.opened.get(handle);
  }

  /** @returns the file of a name as it is opened, and what became of it; a status when it is not */
  open(path: string, disposition: number): { readonly handle: bigint; readonly outcome: number } | number {
    if (!path.startsWith('\\')) return OBJECT_PATH_SYNTAX_BAD;
    if (!VOLUME.test(path)) return STATUS.OBJECT_NAME_NOT_FOUND;
    const name = path.replace(VOLUME, '').toLowerCase();
    if (/[<>"|?*]/.test(name)) return OBJECT_NAME_INVALID;
    const known = this.contents.get(name);
    if (known && disposition === DISPOSITION.create) return STATUS.OBJECT_NAME_COLLISION;
    if (!known && (disposition === DISPOSITION.open || disposition === DISPOSITION.overwrite)) {
      return STATUS.OBJECT_NAME_NOT_FOUND;
    }
    const keeps = disposition === DISPOSITION.open || disposition === DISPOSITION.openIf;
    const content = known ?? new Content();
    if (!keeps) content.resize(0);
    this.contents.set(name, content);
    const handle = this.guest.part(Handles).open({ kind: 'file' }, () => this.close(handle));
    this.opened.set(handle, { name, content, position: 0 });
    const replaced = disposition === DISPOSITION.supersede ? OUTCOME.superseded : OUTCOME.overwritten;
    return { handle, outcome: known ? (keeps ? OUTCOME.opened : replaced) : OUTCOME.created };
  }

  /** @returns false when there is no such file */
  remove(path: string): boolean {
    return VOLUME.test(path) && this.contents.delete(path.replace(VOLUME, '').toLowerCase());
  }

  private close(handle: bigint): void {
    const file = this.opened.get(handle);
    this.opened.delete(handle);
    if (file?.content.isDoomed) this.contents.delete(file.name);
  }
}

export const fileExports: readonly GuestExport[] = [
  ...(['ZwCreateFile', 'IoCreateFile', 'IoCreateFileEx'] as const).map((name) =>
    define(name, PASSIVE, 'wdm/nf-wdm-zwcreatefile', (guest, call) => open(guest, call, call.u32(7))),
  ),
  define('ZwOpenFile', PASSIVE, 'wdm/nf-wdm-zwopenfile', (guest, call) => open(guest, call, DISPOSITION.open)),
  define('ZwDeleteFile', PASSIVE, 'ntifs/nf-ntifs-zwdeletefile', (guest, call) =>
    guest.part(Files).remove(nameIn(guest, call.pointer(0)).name) ? STATUS.SUCCESS : STATUS.OBJECT_NAME_NOT_FOUND,
  ),
  define('ZwWriteFile', PASSIVE, 'wdm/nf-wdm-zwwritefile', (guest, call) => {
    const file = guest.part(Files).of(call.u64(0));
    if (!file) return STATUS.INVALID_HANDLE;
    const length = call.u32(6);
    const from = checked(guest, call, 5, 'read', length);
    const at = placeIn(guest, call, file);
    if (at + length > LARGEST) return DISK_FULL;
    if (at + length > file.content.bytes.length) file.content.resize(at + length);
    file.content.bytes.set(guest.memory.bytes.subarray(from, from + length), at);
    file.position = at + length;
    return answer(guest, call, 4, STATUS.SUCCESS, length);
  }),
  define('ZwReadFile', PASSIVE, 'wdm/nf-wdm-zwreadfile', (guest, call) => {
    const file = guest.part(Files).of(call.u64(0));
    if (!file) return STATUS.INVALID_HANDLE;
    const at = placeIn(guest, call, file);
    const bytes = file.content.bytes.slice(at, at + call.u32(6));
    const to = checked(guest, call, 5, 'write', call.u32(6));
    if (bytes.length === 0 && call.u32(6) > 0) return answer(guest, call, 4, STATUS.END_OF_FILE, 0);
    guest.memory.write(to, bytes);
    file.position = at + bytes.length;
    return answer(guest, call, 4, STATUS.SUCCESS, bytes.length);
  }),
  define('ZwFlushBuffersFile', PASSIVE, 'ntifs/nf-ntifs-zwflushbuffersfile', (guest, call) =>
    guest.part(Files).of(call.u64(0)) ? answer(guest, call, 1, STATUS.SUCCESS, 0) : STATUS.INVALID_HANDLE,
  ),
  define('ZwQueryInformationFile', PASSIVE, 'wdm/nf-wdm-zwqueryinformationfile', query),
  define('ZwSetInformationFile', PASSIVE, 'wdm/nf-wdm-zwsetinformationfile', set),
];

function open(guest: Guest, call: GuestCall, disposition: number): number {
  const out = checked(guest, call, 0, 'write', 8);
  const found = guest.part(Files).open(nameIn(guest, call.pointer(2)).name, disposition);
  if (typeof found === 'number') return found;
  guest.memory.setU64(out, found.handle);
  return answer(guest, call, 3, STATUS.SUCCESS, found.outcome);
}

/** Fills the IO_STATUS_BLOCK. @returns the status */
function answer(guest: Guest, call: GuestCall, index: number, status: number, information: number): number {
  const at = checked(guest, call, index, 'write', 16);
  guest.memory.setU32(at, status);
  guest.memory.setU64(at + 8, BigInt(information));
  return status;
}

/** Where a transfer begins. */
function placeIn(guest: Guest, call: GuestCall, file: OpenedFile): number {
  if (call.u64(7) === 0n) return file.position;
  const offset = guest.memory.u64(checked(guest, call, 7, 'read', 8));
  if ((offset & HIGH_PART) === HIGH_PART) {
    if ((offset & LOW) === END) return file.content.bytes.length;
    if ((offset & LOW) === CURRENT) return file.position;
  }
  return Number(offset);
}

function query(guest: Guest, call: GuestCall): number {
  const file = guest.part(Files).of(call.u64(0));
  if (!file) return STATUS.INVALID_HANDLE;
  const size = SIZES.get(call.u32(4));
  if (size === undefined) return INVALID_INFO_CLASS;
  if (call.u32(3) < size) return STATUS.INFO_LENGTH_MISMATCH;
  const at = checked(guest, call, 2, 'write', size);
  const { memory } = guest;
  memory.fill(at, size, 0);
  const length = BigInt(file.content.bytes.length);
  if (call.u32(4) === CLASS.position) memory.setU64(at, BigInt(file.position));
  if (call.u32(4) === CLASS.basic) memory.setU32(at + 32, 0x80);
  if (call.u32(4) === CLASS.standard) {
    memory.setU64(at, length);
    memory.setU64(at + 8, length);
    memory.setU32(at + 16, 1);
    memory.setU8(at + 20, file.content.isDoomed ? 1 : 0);
  }
  return answer(guest, call, 1, STATUS.SUCCESS, size);
}

function set(guest: Guest, call: GuestCall): number {
  const file = guest.part(Files).of(call.u64(0));
  if (!file) return STATUS.INVALID_HANDLE;
  const length = call.u32(3);
  const at = checked(guest, call, 2, 'read', length);
  const value = length >= 8 ? Number(guest.memory.u64(at)) : 0;
  switch (call.u32(4)) {
    case CLASS.disposition:
      file.content.isDoomed = guest.memory.u8(at) !== 0;
      break;
    case CLASS.position:
      file.position = value;
      break;
    case CLASS.endOfFile:
      if (value > LARGEST) return DISK_FULL;
      file.content.resize(value);
      break;
    case CLASS.basic:
      break;
    default:
      return INVALID_INFO_CLASS;
  }
  return answer(guest, call, 1, STATUS.SUCCESS, 0);
}
