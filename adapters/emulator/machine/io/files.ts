import type { FileObject } from '../../../../src/ndis';
import type { Guest } from '../guest';
import { fillUnicodeString } from '../text';
import { FILE_OBJECT } from './layouts';

/** FILE_OBJECTs of the guest for the open handles of the model. */
export class GuestFiles {
  private readonly offsets = new Map<FileObject, number>();
  private readonly devices = new Map<FileObject, number>();
  /** What is left to do with a device once nobody has it open. */
  private readonly afterwards = new Map<number, () => void>();

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
    this.devices.set(file, device);
    return offset;
  }

  /** Does something as soon as no handle is open on a device: at once, or with the last close. */
  onceClosed(device: number, then: () => void): void {
    if ([...this.devices.values()].includes(device)) this.afterwards.set(device, then);
    else then();
  }

  /** IRP_MJ_CLOSE is done, or the open has failed: the object is gone. */
  close(file: FileObject): void {
    const [offset, device] = [this.offsets.get(file), this.devices.get(file)];
    if (offset === undefined || device === undefined) return;
    this.offsets.delete(file);
    this.devices.delete(file);
    this.guest.bury(offset, FILE_OBJECT.size, 'a FILE_OBJECT that has been closed');
    const then = this.afterwards.get(device);
    if (!then || [...this.devices.values()].includes(device)) return;
    this.afterwards.delete(device);
    then();
  }
}
