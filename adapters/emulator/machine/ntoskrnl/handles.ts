import type { Guest } from '../guest';
import { STATUS } from '../status';
import { readUnicodeString } from '../text';
import { checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';
import { DispatcherObjects, OBJECT } from './objects';

/** What a handle stands for. */
export type HandleTarget =
  | { readonly kind: 'thread' | 'event'; readonly object: bigint }
  | { readonly kind: 'key'; readonly path: string }
  | { readonly kind: 'object'; readonly object: bigint };

/** Handles of the kernel's handle table, and names of objects that the driver made or opened. */
export class Handles {
  private readonly targets = new Map<bigint, HandleTarget>();
  private readonly named = new Map<string, bigint>();
  private made = 0;

  constructor(private readonly guest: Guest) {}

  open(target: HandleTarget): bigint {
    this.made += 1;
    // Kernel handles are negative numbers, multiples of four.
    const handle = BigInt.asUintN(64, 0xffff_ffff_8000_0000n + BigInt(4 * this.made));
    this.targets.set(handle, target);
    return handle;
  }

  of(handle: bigint): HandleTarget | undefined {
    return this.targets.get(handle);
  }

  close(handle: bigint): boolean {
    return this.targets.delete(handle);
  }

  /** @returns the event of an application: its handle in the guest, to be given with a request */
  newEvent(type: number, signaled: boolean, name = ''): { readonly handle: bigint; readonly object: number } {
    const known = this.named.get(name);
    const object = known === undefined || name === '' ? this.guest.allocate(0x18) : this.guest.offset(known);
    if (known === undefined || name === '') {
      this.guest.part(DispatcherObjects).initialise(object, type, 0x18, signaled ? 1 : 0);
      if (name !== '') this.named.set(name, this.guest.address(object));
    }
    return { handle: this.open({ kind: 'event', object: this.guest.address(object) }), object };
  }
}

/** OBJECT_ATTRIBUTES. */
const ATTRIBUTES = { size: 0x30, rootDirectory: 0x08, objectName: 0x10 } as const;

/** @returns the root directory and the name of OBJECT_ATTRIBUTES */
export function nameIn(guest: Guest, attributes: number): { readonly root: bigint; readonly name: string } {
  if (attributes === 0) return { root: 0n, name: '' };
  guest.touch('read', attributes, ATTRIBUTES.size);
  const name = guest.memory.u64(attributes + ATTRIBUTES.objectName);
  return {
    root: guest.memory.u64(attributes + ATTRIBUTES.rootDirectory),
    name: name === 0n ? '' : readUnicodeString(guest, guest.offset(name)),
  };
}

/** Objects and handles. Objects live as long as the machine, so references are not counted. */
export const handleExports: readonly GuestExport[] = [
  define('ObReferenceObjectByHandle', PASSIVE, 'wdm/nf-wdm-obreferenceobjectbyhandle', (guest, call) => {
    const out = checked(guest, call, 4, 'write', 8);
    const target = guest.part(Handles).of(call.u64(0));
    if (!target) return STATUS.INVALID_HANDLE;
    if (target.kind === 'key') return STATUS.OBJECT_TYPE_MISMATCH;
    guest.memory.setU64(out, target.object);
    return STATUS.SUCCESS;
  }),
  define('ObOpenObjectByPointer', PASSIVE, 'ntifs/nf-ntifs-obopenobjectbypointer', (guest, call) => {
    const out = checked(guest, call, 6, 'write', 8);
    guest.memory.setU64(out, guest.part(Handles).open({ kind: 'object', object: call.u64(0) }));
    return STATUS.SUCCESS;
  }),
  define('ObfReferenceObject', DISPATCH, 'wdm/nf-wdm-obreferenceobject', () => 1),
  define('ObReferenceObjectByPointer', DISPATCH, 'wdm/nf-wdm-obreferenceobjectbypointer', () => STATUS.SUCCESS),
  define('ObfDereferenceObject', DISPATCH, 'wdm/nf-wdm-obdereferenceobject', (guest, call) => {
    guest.touch('read', call.pointer(0), 8);
    return 0;
  }),
  define('ObDereferenceObjectDeferDelete', DISPATCH, 'wdm/nf-wdm-obdereferenceobjectdeferdelete', () => 0),
  define('ZwClose', PASSIVE, 'wdm/nf-wdm-zwclose', (guest, call) =>
    guest.part(Handles).close(call.u64(0)) ? STATUS.SUCCESS : STATUS.INVALID_HANDLE,
  ),
  define('ZwCreateEvent', PASSIVE, 'ntifs/nf-ntifs-zwcreateevent', (guest, call) => {
    const out = checked(guest, call, 0, 'write', 8);
    const type = call.u32(3) === 0 ? OBJECT.notificationEvent : OBJECT.synchronizationEvent;
    guest.memory.setU64(out, guest.part(Handles).newEvent(type, call.bool(4)).handle);
    return STATUS.SUCCESS;
  }),
  ...(['ZwSetEvent', 'ZwResetEvent', 'ZwClearEvent'] as const).map((name) =>
    define(name, PASSIVE, `ntifs/nf-ntifs-${name.toLowerCase()}`, function* (guest, call) {
      const target = guest.part(Handles).of(call.u64(0));
      if (!target) return STATUS.INVALID_HANDLE;
      if (target.kind !== 'event') return STATUS.OBJECT_TYPE_MISMATCH;
      const [point, state] = name === 'ZwSetEvent' ? (['NdisSetEvent', 1] as const) : (['NdisResetEvent', 0] as const);
      yield* guest.kernel.point(point);
      const before = guest.part(DispatcherObjects).setState(guest.offset(target.object), state);
      if (name !== 'ZwClearEvent' && call.u64(1) !== 0n) {
        guest.memory.setU32(checked(guest, call, 1, 'write', 4), before);
      }
      return STATUS.SUCCESS;
    }),
  ),
  define('IoCreateNotificationEvent', PASSIVE, 'wdm/nf-wdm-iocreatenotificationevent', (guest, call) => {
    const out = checked(guest, call, 1, 'write', 8);
    const event = guest
      .part(Handles)
      .newEvent(OBJECT.notificationEvent, true, readUnicodeString(guest, call.pointer(0)));
    guest.memory.setU64(out, event.handle);
    return guest.address(event.object);
  }),
  // There are no files on this machine, so what needs one fails as it does where the file is missing.
  define('ZwCreateFile', PASSIVE, 'wdm/nf-wdm-zwcreatefile', () => STATUS.OBJECT_NAME_NOT_FOUND),
  define('ZwOpenFile', PASSIVE, 'wdm/nf-wdm-zwopenfile', () => STATUS.OBJECT_NAME_NOT_FOUND),
  define('ZwWriteFile', PASSIVE, 'wdm/nf-wdm-zwwritefile', () => STATUS.INVALID_HANDLE),
  define('ZwReadFile', PASSIVE, 'wdm/nf-wdm-zwreadfile', () => STATUS.INVALID_HANDLE),
  define('ZwSetInformationThread', PASSIVE, 'ntifs/nf-ntifs-zwsetinformationthread', () => STATUS.SUCCESS),
  define('KeSetPriorityThread', DISPATCH, 'wdm/nf-wdm-kesetprioritythread', () => 8),
  define(
    'KeGetCurrentThread',
    HIGH,
    'wdm/nf-wdm-kegetcurrentthread',
    (guest) => guest.threads.enter(guest.kernel.thread).object,
  ),
];
