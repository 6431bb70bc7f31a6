/** What a driver's answer to a request says about the profile that the request is from. */
import type { Crossing } from '../../../src/trace';
import type { Ask } from '../../contract';
import type { AskPlan, PlannedRequest } from '../profile';
import { isCall } from './trial';

/** @returns what was tried: `IOCTL_SEND with 8 bytes of input and 16 of output` */
export function requestText({ irp, code, input, outputLength }: PlannedRequest): string {
  const bytes = input.buffers[0].bytes.length;
  if (irp === 'IRP_MJ_WRITE') return `a write of ${bytes} bytes`;
  if (irp === 'IRP_MJ_READ') return `a read of ${outputLength} bytes`;
  return `${code?.name ?? 'the ioctl'} with ${bytes} bytes of input and ${outputLength} of output`;
}

const BUFFER =
  'compare the lengths with sizeof in your header: an `align` or a `pad` may be missing, or `output`; `repeat` and `lengthOf` count what is inside';
const FIRST = 'another request has to come first: put it into "setup", or in front of this one';

/** Statuses that tell what to look at. */
const LOOK_AT: Readonly<Record<string, string>> = {
  STATUS_INVALID_PARAMETER: BUFFER,
  STATUS_BUFFER_TOO_SMALL: BUFFER,
  STATUS_BUFFER_OVERFLOW: BUFFER,
  STATUS_INVALID_BUFFER_SIZE: BUFFER,
  STATUS_INFO_LENGTH_MISMATCH: BUFFER,
  STATUS_INVALID_USER_BUFFER: BUFFER,
  STATUS_DEVICE_NOT_READY: FIRST,
  STATUS_INVALID_DEVICE_STATE: FIRST,
  STATUS_INVALID_HANDLE: FIRST,
  STATUS_UNSUCCESSFUL: FIRST,
  STATUS_DEVICE_BUSY: 'it takes one request of a handle at a time: `oneAtATime: true` below "open"',
  STATUS_ACCESS_DENIED:
    'it lets nobody do that through this handle: look at "open" and at what it reads in the registry',
};

/** @returns what to look at, with a colon in front; empty where the status says nothing */
export function adviceOnAnswer({ irp }: PlannedRequest, status: string): string {
  if (status === 'STATUS_INVALID_DEVICE_REQUEST') {
    return irp === 'IRP_MJ_DEVICE_CONTROL' ? ': this code is not one of its own' : ': it does not take such requests';
  }
  const advice = LOOK_AT[status];
  if (advice !== undefined) return `: ${advice}`;
  return status.startsWith('STATUS_') ? ': if that is a success of this driver, name it in "status"' : '';
}

const CALLS: Partial<Readonly<Record<Ask, string>>> = {
  send: 'NdisFSendNetBufferLists',
  sendChain: 'NdisFSendNetBufferLists',
  sendByTimer: 'NdisFSendNetBufferLists',
  sendByWorkItem: 'NdisFSendNetBufferLists',
  receive: 'NdisFIndicateReceiveNetBufferLists',
  receiveLowResources: 'NdisFIndicateReceiveNetBufferLists',
  oid: 'NdisFOidRequest',
  oidByWorkItem: 'NdisFOidRequest',
  synchronousOid: 'NdisFSynchronousOidRequest',
  status: 'NdisFIndicateStatus',
  statusByTimer: 'NdisFIndicateStatus',
  bypass: 'NdisFRestartFilter',
};

/** @returns whether the driver did what it was asked for; true where that need not be seen */
export function happened(ask: Ask, crossings: readonly Crossing[]): boolean {
  const name = CALLS[ask];
  return name === undefined || crossings.some((crossing) => isCall(crossing, name));
}

/**
 * What a request that succeeds did, or did not.
 * @returns what to look at; undefined when all is as the profile has it
 */
export function adviceOnEffect(
  ask: Ask,
  plan: AskPlan,
  seen: { readonly happened: boolean; readonly waited: boolean },
): { readonly inStep: boolean; readonly message: string } | undefined {
  if (!seen.happened) {
    return {
      inStep: false,
      message:
        `asked for "${ask}", the driver lets every request succeed and never calls ${CALLS[ask] ?? ''}: ` +
        'a mode may have to be set first ("setup", or a request in front), a queue be flushed (a request behind), or it is not the code for this',
    };
  }
  if (!seen.waited || plan.steps.some(({ blocks }) => blocks)) return undefined;
  return {
    inStep: true,
    message:
      'the request comes back only when what it made the driver send is completed: say `blocks: true`, or no two of them can be in flight',
  };
}
