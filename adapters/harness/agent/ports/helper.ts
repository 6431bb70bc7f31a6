/**
 * What lwfio does for the agent: events of ETW, the drivers of win-net-test (fnmp below the driver under test, fnlwf above it), and handles of
 * the driver under test itself.
 */
import type { Nothing } from './shell';

/** Microsoft-Windows-NDIS. */
export const NDIS_PROVIDER = '{CDEAD503-17F5-4A3E-B7AE-DF8CC2902EB9}';

export interface EtwProvider {
  readonly guid: string;
  readonly level: number;
  /** MatchAnyKeyword, hexadecimal with 0x. */
  readonly keywords: string;
  /** At each flush it is asked to log its state, and has done so when the flush is answered, if it is there. */
  readonly captureState: boolean;
}

/** Held by fnmp or fnlwf. Its index is as good as the answer it stands in: what is released moves the others. */
export interface HeldFrame {
  readonly index: number;
  /** The first NET_BUFFER, hexadecimal, at most 256 bytes. */
  readonly bytes: string;
  /** Length of the whole frame. */
  readonly length: number;
  readonly cpu: number;
}

export type OidType = 'query' | 'set';

/** IRP_MJ_WRITE, IRP_MJ_READ, IRP_MJ_DEVICE_CONTROL. */
export type DeviceRequest = 'write' | 'read' | 'control';

export interface DeviceBuffer {
  /** Hexadecimal. */
  readonly bytes: string;
  /** 8 bytes at `offset` become the address of another buffer, by its number in the list. */
  readonly pointers: readonly { readonly offset: number; readonly buffer: number }[];
}

/** A handle is a number that the helper gave. `t` is the performance counter, decimal; frames, patterns and masks are hexadecimal. */
export interface HelperOps {
  info: {
    params: Nothing;
    answer: {
      readonly version: string;
      readonly frequency: string;
      /** Not Windows: nothing that is seen here says anything about a driver. */
      readonly wine: boolean;
      /** Which of the drivers are there. */
      readonly fnmp: boolean;
      readonly fnlwf: boolean;
    };
  };
  /** A session of that name which somebody left behind is ended first. One session at a time. */
  'etw.start': {
    params: { readonly session: string; readonly providers: readonly EtwProvider[] };
    answer: { readonly t: string };
  };
  /**
   * Answers when every event that was written before this was asked has been handed out: a marker is written, the buffers are flushed, and
   * the marker has come back. `lost`: events and buffers that ETW lost since the session began.
   */
  'etw.flush': { params: Nothing; answer: { readonly t: string; readonly lost: number } };
  /** Without a session nothing is lost. */
  'etw.stop': { params: Nothing; answer: { readonly lost: number } };
  'fnmp.open': { params: { readonly ifIndex: number }; answer: { readonly handle: number } };
  /** All that is held goes back. */
  'fnmp.close': { params: { readonly handle: number }; answer: Nothing };
  /** Holds sends whose bytes match from the first on; an empty pattern ends it and gives all back. */
  'fnmp.holdSends': {
    params: { readonly handle: number; readonly pattern: string; readonly mask: string };
    answer: Nothing;
  };
  'fnmp.held': {
    params: { readonly handle: number };
    answer: { readonly frames: readonly HeldFrame[]; readonly t: string };
  };
  /** Indexes as `held` told them last; all go back in one flush. */
  'fnmp.release': { params: { readonly handle: number; readonly indexes: readonly number[] }; answer: Nothing };
  /** One chain of receives. */
  'fnmp.indicate': {
    params: {
      readonly handle: number;
      readonly frames: readonly string[];
      readonly dpcLevel: boolean;
      readonly lowResources: boolean;
    };
    answer: Nothing;
  };
  /** OID requests that wait for `completeOid`, in place of those that were to wait before, which go on; none with an empty list. */
  'fnmp.holdOids': {
    params: { readonly handle: number; readonly oids: readonly { readonly oid: number; readonly type: OidType }[] };
    answer: Nothing;
  };
  /** `held: false`: none of that number waits. */
  'fnmp.heldOid': {
    params: { readonly handle: number; readonly oid: number; readonly type: OidType };
    answer: { readonly held: boolean };
  };
  /** `status`: NDIS_STATUS; NDIS_STATUS_PENDING (0x103) lets fnmp answer as it would have. */
  'fnmp.completeOid': {
    params: { readonly handle: number; readonly oid: number; readonly type: OidType; readonly status: number };
    answer: Nothing;
  };
  'fnlwf.open': { params: { readonly ifIndex: number }; answer: { readonly handle: number } };
  'fnlwf.close': { params: { readonly handle: number }; answer: Nothing };
  /** One chain of sends. */
  'fnlwf.send': { params: { readonly handle: number; readonly frames: readonly string[] }; answer: Nothing };
  'fnlwf.holdReceives': {
    params: { readonly handle: number; readonly pattern: string; readonly mask: string };
    answer: Nothing;
  };
  'fnlwf.held': {
    params: { readonly handle: number };
    answer: { readonly frames: readonly HeldFrame[]; readonly t: string };
  };
  'fnlwf.release': { params: { readonly handle: number; readonly indexes: readonly number[] }; answer: Nothing };
  'fnlwf.datapath': { params: { readonly handle: number }; answer: { readonly isUp: boolean } };
  /** Answers when the request has come back. Other requests go on meanwhile. */
  'fnlwf.oid': {
    params: { readonly handle: number; readonly oid: number; readonly type: OidType };
    answer: { readonly status: number };
  };
  /** `state`: `S3` and the like, from which a timer wakes the machine; `null` where there is none, with the reason. */
  'power.look': { params: Nothing; answer: { readonly state: string | null; readonly why: string | null } };
  /** Answers when the machine is awake again. `asleep`: milliseconds that it slept; fails when it did not. */
  'power.sleep': { params: { readonly seconds: number }; answer: { readonly asleep: number } };
  /**
   * These four are about the driver under test. Each but the cancelling is answered when it is under way, and `device.done` tells of its end, by the
   * number that the agent gave it. The agent numbers handles, too; no number is used twice.
   */
  'device.open': {
    params: {
      readonly request: number;
      readonly handle: number;
      /** Of the object manager, with what follows the device: `\Device\MyDriver\{…}`. */
      readonly path: string;
      /** Name and value (hexadecimal) of the extended attribute; none where the name is empty. */
      readonly attribute: { readonly name: string; readonly value: string };
      /** Not for overlapped requests: one is put after the other, and the handle is closed when its request has come back. */
      readonly synchronous: boolean;
    };
    answer: Nothing;
  };
  /** The first buffer is what is written, or the input; the others are those that pointers lead to. `output`: bytes that can be read. */
  'device.put': {
    params: {
      readonly request: number;
      readonly handle: number;
      readonly what: DeviceRequest;
      /** With `control`; 0 otherwise. */
      readonly code: number;
      readonly buffers: readonly DeviceBuffer[];
      readonly output: number;
    };
    answer: Nothing;
  };
  /** All that is under way on the handle is cancelled, as far as the driver has it. */
  'device.cancel': { params: { readonly handle: number }; answer: Nothing };
  'device.close': { params: { readonly request: number; readonly handle: number }; answer: Nothing };
}

export type HelperOp = keyof HelperOps;

/** As ETW handed it out, undecoded. */
export interface EtwEvent {
  /** GUID in braces, capital letters. */
  readonly provider: string;
  readonly id: number;
  readonly version: number;
  /** Performance counter, decimal. */
  readonly t: string;
  readonly cpu: number;
  /** EVENT_HEADER_EXT_TYPE_EVENT_SCHEMA_TL of events that describe themselves. Base64, as is `payload`. */
  readonly metadata?: string;
  readonly payload: string;
}

/** What the helper says without being asked. */
export interface HelperEvents {
  etw: EtwEvent;
  /** fnmp has given back what it held, and holds no more: a frame was older than 5 s. */
  'fnmp.watchdog': { readonly t: string };
  /** A request to the driver under test has ended. `status`: NTSTATUS, unsigned; `information` of the IO_STATUS_BLOCK. */
  'device.done': { readonly request: number; readonly status: number; readonly information: number };
  /** Events and buffers that ETW lost, since the session began. */
  lost: { readonly lost: number };
  /** Something that it said could not be read; it may have been an event. Said by this side, not on the wire. */
  garbled: Nothing;
  /** There is no helper any more. Said by this side, not on the wire. */
  exit: { readonly reason: string };
}

export type HelperEvent = keyof HelperEvents;

/**
 * On the wire, a line each: `{"id": 1, "op": "fnmp.held", "params": {…}}` is answered by `{"id": 1, "answer": {…}}` or
 * `{"id": 1, "error": "words"}`, in any order; `{"event": "etw", "params": {…}}` comes by itself, and what was seen before an answer comes
 * before it. The first line of the helper is `{"ready": "lwfio/1"}`.
 */
export interface Helper {
  /** @throws RigRefusal: environment when it failed, timeout when it does not answer, lost when there is no helper any more */
  request<O extends HelperOp>(op: O, params: HelperOps[O]['params']): Promise<HelperOps[O]['answer']>;
  on<E extends HelperEvent>(event: E, listener: (params: HelperEvents[E]) => void): void;
  /** The helper ends at the end of its input, and gives back what it holds. */
  close(): void;
}
