import type { Irp } from '../../../../src/ndis';

/** Puts bytes into memory of the application. @returns their address */
export type PlaceBytes = (bytes: Uint8Array) => bigint;

/** What an application hands to the I/O manager with one request, down to the byte. */
export interface RawRequest {
  readonly ioControlCode?: number;
  /** Given as a function when it holds pointers to further buffers. */
  readonly input?: Uint8Array | ((place: PlaceBytes) => Uint8Array);
  /** Bytes of the output buffer. */
  readonly outputLength?: number;
  /** The extended attribute of IRP_MJ_CREATE. */
  readonly attribute?: { readonly name: string; readonly value: Uint8Array };
}

/** Turns a request of a scenario into what an application would hand over. */
export type RequestBytes = (irp: Irp) => RawRequest;

/** @returns the bytes that the scenario gave with the request as `raw`; none when it gave none */
export const bytesGiven: RequestBytes = (irp) => {
  const { raw } = irp.Input;
  return isRaw(raw) ? raw : {};
};

function isRaw(value: unknown): value is RawRequest {
  return typeof value === 'object' && value !== null;
}
