import type { Irp } from '../../../../src/ndis';
import type { Guest } from '../guest';
import { DEVICE_FLAGS, DEVICE_OBJECT, IRP, MAJOR_FUNCTIONS, STACK_LOCATION } from './layouts';
import { newLockedMdl } from './mdl';
import type { RawRequest } from './requests';

/** An IRP as it lies in guest memory. */
export interface BuiltIrp {
  readonly offset: number;
  readonly length: number;
  /** Of the driver's stack location. */
  readonly stackLocation: number;
  /** @param information bytes that the driver says it wrote. @returns what the application gets to see */
  output(information: number): Uint8Array;
}

const STACK_COUNT = 1;
const USER_MODE = 1;
/** FILE_GENERIC_READ | FILE_GENERIC_WRITE. */
const DESIRED_ACCESS = 0x12019f;

const METHOD_BUFFERED = 0;
const METHOD_NEITHER = 3;
const METHOD_NEVER = -1;

/** Builds the IRP of a request as the I/O manager does: buffered, direct or neither, by control code or by device. */
export function buildIrp(guest: Guest, irp: Irp, device: number, file: number): BuiltIrp {
  const { memory } = guest;
  const length = IRP.size + STACK_COUNT * STACK_LOCATION.size;
  const offset = guest.allocate(length);
  const stackLocation = offset + IRP.size;
  memory.setU16(offset, IRP.type);
  memory.setU16(offset + 2, length);
  memory.setU8(offset + IRP.requestorMode, USER_MODE);
  memory.setU8(offset + IRP.stackCount, STACK_COUNT);
  memory.setU8(offset + IRP.currentLocation, STACK_COUNT);
  memory.setU64(offset + IRP.currentStackLocation, guest.address(stackLocation));
  memory.setU64(offset + IRP.originalFileObject, guest.address(file));
  memory.setU8(stackLocation + STACK_LOCATION.majorFunction, MAJOR_FUNCTIONS[irp.MajorFunction]);
  memory.setU64(stackLocation + STACK_LOCATION.deviceObject, guest.address(device));
  memory.setU64(stackLocation + STACK_LOCATION.fileObject, guest.address(file));

  const raw = guest.requests(irp);
  const { input, output } = buffersOf(guest, raw);
  const parameters = stackLocation + STACK_LOCATION.parameters;
  const built = { offset, length, stackLocation };
  switch (irp.MajorFunction) {
    case 'IRP_MJ_CREATE':
      fillCreate(guest, offset, parameters, raw);
      return { ...built, output: () => new Uint8Array() };
    case 'IRP_MJ_WRITE':
    case 'IRP_MJ_READ': {
      const isWrite = irp.MajorFunction === 'IRP_MJ_WRITE';
      const flags = memory.u32(device + DEVICE_OBJECT.flags);
      const buffer = isWrite ? input : output;
      memory.setU32(parameters, buffer.length);
      memory.setU64(offset + IRP.userBuffer, buffer.address);
      if ((flags & DEVICE_FLAGS.buffered) !== 0) {
        const system = setSystemBuffer(guest, offset, isWrite ? input : NONE, buffer.length);
        return { ...built, output: bytesAt(guest, system, output.length) };
      }
      if ((flags & DEVICE_FLAGS.direct) !== 0) setMdl(guest, offset, buffer);
      return { ...built, output: bytesOf(guest, output) };
    }
    case 'IRP_MJ_DEVICE_CONTROL': {
      const code = raw.ioControlCode ?? codeOf(irp.IoControlCode);
      return { ...built, output: fillControl(guest, { offset, parameters, code, input, output }) };
    }
    case 'IRP_MJ_CLEANUP':
    case 'IRP_MJ_CLOSE':
      return { ...built, output: () => new Uint8Array() };
  }
}

/** A buffer of the application; at NULL when it has none. */
interface Span {
  readonly address: bigint;
  readonly length: number;
}

const NONE: Span = { address: 0n, length: 0 };

function buffersOf(guest: Guest, raw: RawRequest): { input: Span; output: Span } {
  const place = (bytes: Uint8Array): bigint => {
    const address = guest.user.allocate(bytes.length);
    guest.memory.write(spot(guest, address), bytes);
    return address;
  };
  const bytes = typeof raw.input === 'function' ? raw.input(place) : raw.input;
  const length = raw.outputLength ?? 0;
  return {
    input: bytes && bytes.length > 0 ? { address: place(bytes), length: bytes.length } : NONE,
    output: length > 0 ? { address: guest.user.allocate(length), length } : NONE,
  };
}

/** @returns the offset of an address of the application's own */
function spot(guest: Guest, address: bigint): number {
  return guest.memory.offsetOf(address) ?? 0;
}

type Output = (information: number) => Uint8Array;

function bytesAt({ memory }: Guest, at: number, most: number): Output {
  return (length) => memory.bytes.slice(at, at + Math.min(length, most));
}

function bytesOf(guest: Guest, { address, length }: Span): Output {
  return bytesAt(guest, spot(guest, address), length);
}

interface Control {
  readonly offset: number;
  readonly parameters: number;
  readonly code: number;
  readonly input: Span;
  readonly output: Span;
}

function fillControl(guest: Guest, { offset, parameters, code, input, output }: Control): Output {
  const { memory } = guest;
  memory.setU32(parameters, output.length);
  memory.setU32(parameters + 0x08, input.length);
  memory.setU32(parameters + 0x10, code);
  const method = code & 3;
  if (method === METHOD_NEITHER) {
    memory.setU64(parameters + 0x18, input.address);
    memory.setU64(offset + IRP.userBuffer, output.address);
    return bytesOf(guest, output);
  }
  if (method !== METHOD_BUFFERED) {
    setSystemBuffer(guest, offset, input, input.length);
    setMdl(guest, offset, output);
    return bytesOf(guest, output);
  }
  memory.setU64(offset + IRP.userBuffer, output.address);
  const system = setSystemBuffer(guest, offset, input, Math.max(input.length, output.length));
  return bytesAt(guest, system, output.length);
}

/** The copy of the input that the driver works on, with room for its output. @returns where it is */
function setSystemBuffer(guest: Guest, offset: number, { address, length }: Span, size: number): number {
  if (size === 0) return 0;
  const { memory } = guest;
  const system = guest.allocate(size);
  if (length > 0) memory.write(system, bytesOf(guest, { address, length })(length));
  setPointer(guest, offset + IRP.systemBuffer, system);
  return system;
}

function fillCreate(guest: Guest, offset: number, parameters: number, { attribute }: RawRequest): void {
  const { memory } = guest;
  const context = guest.allocate(0x18);
  memory.setU32(context + 0x10, DESIRED_ACCESS);
  setPointer(guest, parameters, context);
  memory.setU16(parameters + 0x12, 3);
  if (!attribute) return;
  const name = new Uint8Array(Buffer.from(attribute.name, 'latin1'));
  const length = 8 + name.length + 1 + attribute.value.length;
  const full = guest.allocate(length);
  memory.setU8(full + 5, name.length);
  memory.setU16(full + 6, attribute.value.length);
  memory.write(full + 8, name);
  memory.write(full + 9 + name.length, attribute.value);
  setPointer(guest, offset + IRP.systemBuffer, full);
  memory.setU32(parameters + 0x18, length);
}

function setPointer(guest: Guest, at: number, offset: number): void {
  guest.memory.setU64(at, guest.address(offset));
}

function setMdl(guest: Guest, offset: number, { address, length }: Span): void {
  if (length > 0) setPointer(guest, offset + IRP.mdlAddress, newLockedMdl(guest, address, length));
}

/** A code of the model is text: a number as it is written in a header. */
function codeOf(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) ? value : METHOD_NEVER;
}
