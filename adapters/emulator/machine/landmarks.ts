import type { Registers } from '../cpu/contract';
import { RETURN_SENTINEL } from './layout';
import { IMAGE_ADDRESS } from './unwinding';

/** @returns where the image of the driver is mapped */
export function addressOfImage(): bigint {
  return IMAGE_ADDRESS;
}

/** @returns whether a function of the guest has just returned to the system that called it */
export function isReturnToSystem(registers: Registers): boolean {
  return registers.ripOffset === RETURN_SENTINEL;
}
