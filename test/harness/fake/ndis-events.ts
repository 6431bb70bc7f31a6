/** Event 10312 of Microsoft-Windows-NDIS: a filter module has come into a state. Laid out by hand, as its manifest says; never recorded. */
import { NDIS_PROVIDER, type EtwEvent } from '../../../adapters/harness/agent/ports';
import type { ToldState } from './states';

const STATES = ['Detached', 'Attaching', 'Paused', 'Restarting', 'Running', 'Pausing', 'Detaching'];

const FILTER_STATE = 10312;

interface FilterState {
  readonly state: string;
  /** GUIDs in braces. */
  readonly ifGuid: string;
  readonly miniportIfGuid: string;
  readonly adapterName: string;
  readonly instanceName: string;
  readonly friendlyName: string;
}

/** @param index of its adapter */
export function filterStateEvent(told: ToldState, index: number): Omit<EtwEvent, 't'> {
  const { state, filter, adapter, isDriver } = told;
  const payload = filterStatePayload({
    state,
    ifGuid: guidOf(0x100 * (index + 1) + (isDriver ? 1 : 2)),
    miniportIfGuid: guidOf(index + 1),
    adapterName: adapter,
    instanceName: `${adapter}-${isDriver ? 'Driver under test' : filter}-0000`,
    friendlyName: isDriver ? 'Driver under test' : 'QoS Packet Scheduler',
  });
  return { provider: NDIS_PROVIDER, id: FILTER_STATE, version: 0, cpu: 0, payload: payload.toString('base64') };
}

/** @returns the payload: GUID, state, location, GUID, three texts */
function filterStatePayload(event: FilterState): Buffer {
  return Buffer.concat([
    guidBytes(event.ifGuid),
    Buffer.from([STATES.indexOf(event.state), 1, 0, 0, 0]),
    guidBytes(event.miniportIfGuid),
    ...[event.adapterName, event.instanceName, event.friendlyName].map((text) => Buffer.from(`${text}\0`, 'utf16le')),
  ]);
}

/** @returns a GUID that tells one thing from another, in braces, capital letters */
export function guidOf(number: number): string {
  return `{10C0FFEE-0000-4000-8000-${number.toString(16).toUpperCase().padStart(12, '0')}}`;
}

/** The first three parts are numbers, little-endian. */
function guidBytes(guid: string): Buffer {
  const [a = '', b = '', c = '', d = '', e = ''] = guid.slice(1, -1).split('-');
  const number = (part: string): Buffer => Buffer.from(part, 'hex').reverse();
  return Buffer.concat([number(a), number(b), number(c), Buffer.from(d, 'hex'), Buffer.from(e, 'hex')]);
}
