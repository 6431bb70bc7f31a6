import { THE_DRIVER } from './holder';
import type { NdisHandle } from './wdk';

/** An NDIS_HANDLE with what it stands for. Drivers see only the identity. */
export class Handle implements NdisHandle {
  constructor(
    readonly handle: string,
    readonly target: object,
  ) {}
}

/** For the driver as a whole, where it has no handle of its own to pass: NULL, or a generic object. */
export const WHOLE_DRIVER = new Handle('driver', THE_DRIVER);

/**
 * @param handle what a driver passed
 * @param kind class of the object that is expected
 * @returns the object, or undefined when the handle is NULL, made up, or of another kind
 */
export function targetOf<T extends object>(
  handle: unknown,
  kind: abstract new (...parameters: never[]) => T,
): T | undefined {
  return handle instanceof Handle && handle.target instanceof kind ? handle.target : undefined;
}

/** @returns the identity of a handle for the trace */
export function handleName(handle: unknown): string | null {
  return handle instanceof Handle ? handle.handle : null;
}
