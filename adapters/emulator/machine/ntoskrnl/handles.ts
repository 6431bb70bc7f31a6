import type { Guest } from '../guest';
import { STATUS } from '../status';
import { readUnicodeString } from '../text';
import { checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';
import { DispatcherObjects, HEADER, OBJECT } from './objects';
import { ObjectTypes, References } from './references';

const EVENT_SIZE = HEADER.size;

/** What a handle stands for. */
export type HandleTarget =
  | { readonly kind: 'thread' | 'event'; readonly object: bigint }
  | { readonly kind: 'key'; readonly path: string }
  | { readonly kind: 'file' }
  | { readonly kind: 'object'; readonly object: bigint };

/** Handles of the kernel's handle table, and names of objects that the driver made or opened. */
export class Handles {
  private readonly targets = new Map<bigint, HandleTarget>();
  private readonly closers = new Map<bigint, () => void>();
  private readonly named = new Map<string, bigint>();
  private made = 0;

  constructor(private readonly guest: Guest) {}

  /** @param whenClosed called when the handle is closed */
  open(target: HandleTarget, whenClosed?: () => void): bigint {
    this.made += 1;
    // Kernel handles are negative numbers, multiples of four.
    const handle = BigInt.asUintN(64, 0xffff_ffff_8000_0000n + BigInt(4 * this.made));
    this.targets.set(handle, target);
    if (whenClosed) this.closers.set(handle, whenClosed);
    if ('object' in target) this.guest.part(References).add(target.object);
    return handle;
  }

  of(handle: bigint): HandleTarget | undefined {
    return this.targets.get(handle);
  }

  /** @returns false when it is no handle */
  close(handle: bigint): boolean {
    const target = this.targets.get(handle);
    if (!target) return false;
    this.targets.delete(handle);
    this.closers.get(handle)?.();
    this.closers.delete(handle);
    if ('object' in target) this.guest.part(References).remove(target.object);
    return true;
  }

  /** @returns a handle to a new event, or to the one that has the name already; and where the event is */
  newEvent(type: number, signaled: boolean, name = ''): { readonly handle: bigint; readonly object: number } {
    const { guest } = this;
    const known = name === '' ? undefined : this.named.get(name);
    const object = known === undefined ? guest.allocate(EVENT_SIZE) : guest.offset(known);
    const address = guest.address(object);
    if (known === undefined) {
      guest.part(DispatcherObjects).initialise(object, type, EVENT_SIZE, signaled ? 1 : 0);
      guest.part(References).begin(address, EVENT_SIZE, 'an event', () => this.named.delete(name));
      if (name !== '') this.named.set(name, address);
    }
    return { handle: this.open({ kind: 'event', object: address }), object };
  }
}

/** OBJECT_ATTRIBUTES. */
const ATTRIBUTES = { size: 0x30, rootDirectory: 0x08, objectName: 0x10, attributes: 0x18 } as const;

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

/** @returns the OBJ_… flags of OBJECT_ATTRIBUTES */
export function attributesOf(guest: Guest, attributes: number): number {
  if (attributes === 0) return 0;
  guest.touch('read', attributes, ATTRIBUTES.size);
  return guest.memory.u32(attributes + ATTRIBUTES.attributes);
}

/** NtCurrentThread(): a handle that needs not be opened. */
const CURRENT_THREAD = 0xffff_ffff_ffff_fffen;

/** What a handle may be asked to stand for. @returns undefined when any type will do */
function typeOf(guest: Guest, target: HandleTarget): bigint | undefined {
  const names = {
    event: 'ExEventObjectType',
    thread: 'PsThreadType',
    key: 'CmKeyObjectType',
    file: 'IoFileObjectType',
    object: undefined,
  };
  const name = names[target.kind];
  return name === undefined ? undefined : guest.part(ObjectTypes).of(name);
}

/** Objects, handles and references. */
export const handleExports: readonly GuestExport[] = [
  define('ObReferenceObjectByHandle', PASSIVE, 'wdm/nf-wdm-obreferenceobjectbyhandle', (guest, call) => {
    const out = checked(guest, call, 4, 'write', 8);
    const target: HandleTarget | undefined =
      call.u64(0) === CURRENT_THREAD
        ? { kind: 'thread', object: guest.threads.enter(guest.kernel.thread).object }
        : guest.part(Handles).of(call.u64(0));
    if (!target) return STATUS.INVALID_HANDLE;
    const type = typeOf(guest, target);
    const isOther = call.u64(2) !== 0n && type !== undefined && type !== call.u64(2);
    // Keys and files have no object here that anything could be done with.
    if (isOther || target.kind === 'key' || target.kind === 'file') return STATUS.OBJECT_TYPE_MISMATCH;
    guest.part(References).add(target.object);
    guest.memory.setU64(out, target.object);
    return STATUS.SUCCESS;
  }),
  define('ObOpenObjectByPointer', PASSIVE, 'ntifs/nf-ntifs-obopenobjectbypointer', (guest, call) => {
    const out = checked(guest, call, 6, 'write', 8);
    guest.memory.setU64(out, guest.part(Handles).open({ kind: 'object', object: call.u64(0) }));
    return STATUS.SUCCESS;
  }),
  ...(['ObfReferenceObject', 'ObfReferenceObjectWithTag'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => {
      guest.touch('read', call.pointer(0), 8);
      return BigInt(guest.part(References).add(call.u64(0)));
    }),
  ),
  ...(['ObReferenceObjectByPointer', 'ObReferenceObjectByPointerWithTag'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => {
      guest.touch('read', call.pointer(0), 8);
      guest.part(References).add(call.u64(0));
      return STATUS.SUCCESS;
    }),
  ),
  ...(
    [
      'ObfDereferenceObject',
      'ObfDereferenceObjectWithTag',
      'ObDereferenceObjectDeferDelete',
      'ObDereferenceObjectDeferDeleteWithTag',
    ] as const
  ).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase().replace('obf', 'ob')}`, (guest, call) => {
      const left = guest.part(References).remove(call.u64(0));
      if (left === undefined) guest.touch('read', call.pointer(0), 8);
      return BigInt(left ?? 0);
    }),
  ),
  define('ZwClose', PASSIVE, 'wdm/nf-wdm-zwclose', (guest, call) =>
    guest.part(Handles).close(call.u64(0)) ? STATUS.SUCCESS : STATUS.INVALID_HANDLE,
  ),
  define('ZwCreateEvent', PASSIVE, 'ntifs/nf-ntifs-zwcreateevent', (guest, call) => {
    const out = checked(guest, call, 0, 'write', 8);
    const { name } = nameIn(guest, call.pointer(2));
    const type = call.u32(3) === 0 ? OBJECT.notificationEvent : OBJECT.synchronizationEvent;
    guest.memory.setU64(out, guest.part(Handles).newEvent(type, call.bool(4), name).handle);
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
  define('ZwSetInformationThread', PASSIVE, 'ntifs/nf-ntifs-zwsetinformationthread', () => STATUS.SUCCESS),
  define('KeSetPriorityThread', DISPATCH, 'wdm/nf-wdm-kesetprioritythread', () => 8),
  define(
    'KeGetCurrentThread',
    HIGH,
    'wdm/nf-wdm-kegetcurrentthread',
    (guest) => guest.threads.enter(guest.kernel.thread).object,
  ),
];
