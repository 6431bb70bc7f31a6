/** Offsets of the structures of the I/O manager on x64, as the inline functions of the WDK touch them. */

export const DRIVER_OBJECT = {
  size: 0x150,
  type: 4,
  deviceObject: 0x08,
  driverStart: 0x18,
  driverSize: 0x20,
  driverExtension: 0x30,
  driverName: 0x38,
  driverInit: 0x58,
  driverUnload: 0x68,
  majorFunction: 0x70,
  majorFunctions: 28,
} as const;

export const DEVICE_OBJECT = {
  size: 0x150,
  type: 3,
  referenceCount: 0x04,
  driverObject: 0x08,
  nextDevice: 0x10,
  flags: 0x30,
  characteristics: 0x34,
  deviceExtension: 0x40,
  deviceType: 0x48,
  stackSize: 0x4c,
} as const;

export const DEVICE_FLAGS = { buffered: 0x4, exclusive: 0x8, direct: 0x10, initializing: 0x80 } as const;

export const FILE_OBJECT = {
  size: 0xd8,
  type: 5,
  deviceObject: 0x08,
  fsContext: 0x18,
  fsContext2: 0x20,
  flags: 0x50,
  fileName: 0x58,
} as const;

export const IRP = {
  size: 0xd0,
  type: 6,
  mdlAddress: 0x08,
  flags: 0x10,
  systemBuffer: 0x18,
  status: 0x30,
  information: 0x38,
  requestorMode: 0x40,
  pendingReturned: 0x41,
  stackCount: 0x42,
  currentLocation: 0x43,
  cancel: 0x44,
  cancelIrql: 0x45,
  userIosb: 0x48,
  userEvent: 0x50,
  cancelRoutine: 0x68,
  userBuffer: 0x70,
  thread: 0x98,
  currentStackLocation: 0xb8,
  originalFileObject: 0xc0,
} as const;

export const STACK_LOCATION = {
  size: 0x48,
  majorFunction: 0x00,
  minorFunction: 0x01,
  control: 0x03,
  parameters: 0x08,
  deviceObject: 0x28,
  fileObject: 0x30,
  completionRoutine: 0x38,
  context: 0x40,
} as const;

/** IO_STACK_LOCATION.Control. */
export const CONTROL = {
  pendingReturned: 0x01,
  invokeOnCancel: 0x20,
  invokeOnSuccess: 0x40,
  invokeOnError: 0x80,
} as const;

export const MAJOR_FUNCTIONS = {
  IRP_MJ_CREATE: 0x00,
  IRP_MJ_CLOSE: 0x02,
  IRP_MJ_READ: 0x03,
  IRP_MJ_WRITE: 0x04,
  IRP_MJ_DEVICE_CONTROL: 0x0e,
  IRP_MJ_CLEANUP: 0x12,
} as const;

export const MDL = {
  size: 0x30,
  next: 0x00,
  sizeField: 0x08,
  flags: 0x0a,
  process: 0x10,
  mappedSystemVa: 0x18,
  startVa: 0x20,
  byteCount: 0x28,
  byteOffset: 0x2c,
} as const;

export const MDL_FLAGS = {
  mapped: 0x1,
  locked: 0x2,
  nonpagedPool: 0x4,
  fixedSize: 0x8,
  partial: 0x10,
} as const;
