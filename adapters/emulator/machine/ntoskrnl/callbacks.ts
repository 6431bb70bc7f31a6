/**
 * Callback objects of the executive: drivers make them and tell each other by them.
 * @see https://learn.microsoft.com/windows-hardware/drivers/kernel/callback-objects
 */
import type { Call } from '../../../../src/kernel';
import type { GuestCall, Result } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, PASSIVE, type GuestExport } from './define';
import { attributesOf, nameIn } from './handles';

const OBJECT_SIZE = 0x40;
const OBJ_OPENIF = 0x80;
/** Objects that the system makes by itself. */
const OF_SYSTEM = ['\\callback\\powerstate', '\\callback\\processoradd', '\\callback\\setsystemtime'];

interface Registration {
  readonly object: bigint;
  readonly routine: bigint;
  readonly context: bigint;
  /** Calls that are under way: whoever unregisters waits for them. */
  running: number;
}

class Callbacks {
  readonly named = new Map<string, bigint>();
  readonly allowsMany = new Map<bigint, boolean>();
  readonly registrations = new Map<bigint, Registration>();

  constructor(private readonly guest: Guest) {
    for (const name of OF_SYSTEM) this.make(name, true);
  }

  make(name: string, allowsMany: boolean): bigint {
    const object = this.guest.address(this.guest.allocate(OBJECT_SIZE));
    if (name !== '') this.named.set(name, object);
    this.allowsMany.set(object, allowsMany);
    return object;
  }

  of(object: bigint): Registration[] {
    return [...this.registrations.values()].filter((one) => one.object === object);
  }
}

export const callbackExports: readonly GuestExport[] = [
  define('ExCreateCallback', PASSIVE, 'wdm/nf-wdm-excreatecallback', (guest, call) => {
    const out = checked(guest, call, 0, 'write', 8);
    const callbacks = guest.part(Callbacks);
    const name = nameIn(guest, call.pointer(1)).name.toLowerCase();
    const known = callbacks.named.get(name);
    if (known === undefined && !call.bool(2)) return STATUS.OBJECT_NAME_NOT_FOUND;
    const mayOpen = !call.bool(2) || (attributesOf(guest, call.pointer(1)) & OBJ_OPENIF) !== 0;
    if (known !== undefined && !mayOpen) return STATUS.OBJECT_NAME_COLLISION;
    guest.memory.setU64(out, known ?? callbacks.make(name, call.bool(3)));
    return STATUS.SUCCESS;
  }),
  define('ExRegisterCallback', APC, 'wdm/nf-wdm-exregistercallback', (guest, call) => {
    const callbacks = guest.part(Callbacks);
    const object = call.u64(0);
    guest.touch('read', guest.offset(object), OBJECT_SIZE);
    if (callbacks.of(object).length > 0 && callbacks.allowsMany.get(object) !== true) return 0n;
    const registration = guest.address(guest.allocate(0x20));
    callbacks.registrations.set(registration, { object, routine: call.u64(1), context: call.u64(2), running: 0 });
    return registration;
  }),
  define('ExUnregisterCallback', APC, 'wdm/nf-wdm-exunregistercallback', function* (guest, call) {
    const { registrations } = guest.part(Callbacks);
    const registration = registrations.get(call.u64(0));
    if (!registration) throw guest.faults.badAccess('read', call.u64(0), 1);
    registrations.delete(call.u64(0));
    yield* guest.kernel.until(call.name, () => registration.running === 0);
  }),
  define('ExNotifyCallback', DISPATCH, 'wdm/nf-wdm-exnotifycallback', notify),
];

/** In the order in which they have registered. */
function* notify(guest: Guest, call: GuestCall): Call<Result> {
  const callbacks = guest.part(Callbacks);
  for (const one of callbacks.of(call.u64(0))) {
    if (![...callbacks.registrations.values()].includes(one)) continue;
    one.running += 1;
    yield* guest.call(one.routine, one.context, call.u64(1), call.u64(2));
    one.running -= 1;
  }
}
