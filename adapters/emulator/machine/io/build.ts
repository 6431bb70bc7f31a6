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
  const { input, result } = buffersOf(guest, raw);
  const parameters = stackLocation + STACK_LOCATION.parameters;
  const output = () => memory.bytes.slice(result, result + (raw.outputLength ?? 0));
  const built = { offset, length, stackLocation };
  switch (irp.MajorFunction) {
    case 'IRP_MJ_CREATE':
      fillCreate(guest, offset, parameters, raw);
      return { ...built, output: () => new Uint8Array() };
    case 'IRP_MJ_WRITE':
    case 'IRP_MJ_READ': {
      const isWrite = irp.MajorFunction === 'IRP_MJ_WRITE';
      const buffer = isWrite ? input : { at: result, length: raw.outputLength ?? 0 };
      const flags = memory.u32(device + DEVICE_OBJECT.flags);
      memory.setU32(parameters, buffer.length);
      if ((flags & DEVICE_FLAGS.buffered) !== 0) setPointer(guest, offset + IRP.systemBuffer, buffer.at);
      else if ((flags & DEVICE_FLAGS.direct) !== 0) setMdl(guest, offset, buffer);
      setPointer(guest, offset + IRP.userBuffer, buffer.at);
      return { ...built, output };
    }
    case 'IRP_MJ_DEVICE_CONTROL': {
      const code = raw.ioControlCode ?? codeOf(irp.IoControlCode);
      return { ...built, output: fillControl(guest, { offset, parameters, code, raw, input, result }) };
    }
    case 'IRP_MJ_CLEANUP':
    case 'IRP_MJ_CLOSE':
      return { ...built, output: () => new Uint8Array() };
  }
}

interface Span {
  readonly at: number;
  readonly length: number;
}

/** Buffers of the application; 0 for none. */
function buffersOf(guest: Guest, raw: RawRequest): { input: Span; result: number } {
  const place = (bytes: Uint8Array): number => {
    const at = guest.allocate(bytes.length);
    guest.memory.write(at, bytes);
    return at;
  };
  const bytes = typeof raw.input === 'function' ? raw.input((inner) => guest.address(place(inner))) : raw.input;
  const input = bytes && bytes.length > 0 ? { at: place(bytes), length: bytes.length } : { at: 0, length: 0 };
  return { input, result: raw.outputLength ? guest.allocate(raw.outputLength) : 0 };
}

interface Control {
  readonly offset: number;
  readonly parameters: number;
  readonly code: number;
  readonly raw: RawRequest;
  readonly input: Span;
  readonly result: number;
}

function fillControl(
  guest: Guest,
  { offset, parameters, code, raw, input, result }: Control,
): (length: number) => Uint8Array {
  const { memory } = guest;
  const outputLength = raw.outputLength ?? 0;
  memory.setU32(parameters, outputLength);
  memory.setU32(parameters + 0x08, input.length);
  memory.setU32(parameters + 0x10, code);
  const method = code & 3;
  if (method === METHOD_NEITHER) {
    setPointer(guest, parameters + 0x18, input.at);
    setPointer(guest, offset + IRP.userBuffer, result);
    return (length) => memory.bytes.slice(result, result + Math.min(length, outputLength));
  }
  if (method !== METHOD_BUFFERED) {
    setPointer(guest, offset + IRP.systemBuffer, input.at);
    if (result !== 0) setMdl(guest, offset, { at: result, length: outputLength });
    return (length) => memory.bytes.slice(result, result + Math.min(length, outputLength));
  }
  const size = Math.max(input.length, outputLength);
  if (size === 0) return () => new Uint8Array();
  const system = guest.allocate(size);
  if (input.length > 0) memory.write(system, memory.bytes.slice(input.at, input.at + input.length));
  setPointer(guest, offset + IRP.systemBuffer, system);
  setPointer(guest, offset + IRP.userBuffer, result);
  return (length) => memory.bytes.slice(system, system + Math.min(length, outputLength));
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

function setMdl(guest: Guest, offset: number, { at, length }: Span): void {
  if (at !== 0) setPointer(guest, offset + IRP.mdlAddress, newLockedMdl(guest, guest.address(at), length));
}

/** A code of the model is text: a number as it is written in a header. */
function codeOf(text: string): number {
  const value = Number(text);
  return Number.isInteger(value) ? value : METHOD_NEVER;
}
