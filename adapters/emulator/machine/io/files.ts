import type { FileObject } from '../../../../src/ndis';
import type { Guest } from '../guest';
import { fillUnicodeString } from '../text';
import { FILE_OBJECT } from './layouts';

/** FILE_OBJECTs of the guest for the open handles of the model. */
export class GuestFiles {
  private readonly offsets = new Map<FileObject, number>();

  constructor(private readonly guest: Guest) {}

  /** @returns the FILE_OBJECT of a handle; made when it is first asked for. @param name what follows the device */
  of(file: FileObject, device: number, name: string): number {
    const known = this.offsets.get(file);
    if (known !== undefined) return known;
    const { guest } = this;
    const { memory } = guest;
    const offset = guest.allocate(FILE_OBJECT.size);
    memory.setU16(offset, FILE_OBJECT.type);
    memory.setU16(offset + 2, FILE_OBJECT.size);
    memory.setU64(offset + FILE_OBJECT.deviceObject, guest.address(device));
    if (name !== '')
      fillUnicodeString(guest, offset + FILE_OBJECT.fileName, name.startsWith('\\') ? name : `\\${name}`);
    this.offsets.set(file, offset);
    return offset;
  }

  /** IRP_MJ_CLOSE is done: the object is gone. */
  close(file: FileObject): void {
    const offset = this.offsets.get(file);
    if (offset === undefined) return;
    this.offsets.delete(file);
    this.guest.bury(offset, FILE_OBJECT.size, 'a FILE_OBJECT that has been closed');
  }
}
