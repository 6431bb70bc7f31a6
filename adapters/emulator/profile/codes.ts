/** I/O control codes as a driver's header writes them. */
import { didYouMean } from './nearest';
import type { IoControlCode, IoMethod } from './profile';

const METHODS: readonly IoMethod[] = ['METHOD_BUFFERED', 'METHOD_IN_DIRECT', 'METHOD_OUT_DIRECT', 'METHOD_NEITHER'];

const ACCESS: Readonly<Record<string, number>> = {
  FILE_ANY_ACCESS: 0,
  FILE_SPECIAL_ACCESS: 0,
  FILE_READ_ACCESS: 1,
  FILE_READ_DATA: 1,
  FILE_WRITE_ACCESS: 2,
  FILE_WRITE_DATA: 2,
};

/** Those that network drivers use; any other can be given by number. */
const DEVICES: Readonly<Record<string, number>> = {
  FILE_DEVICE_DATALINK: 0x05,
  FILE_DEVICE_NAMED_PIPE: 0x11,
  FILE_DEVICE_NETWORK: 0x12,
  FILE_DEVICE_NETWORK_BROWSER: 0x13,
  FILE_DEVICE_NULL: 0x15,
  FILE_DEVICE_PHYSICAL_NETCARD: 0x17,
  FILE_DEVICE_STREAMS: 0x1e,
  FILE_DEVICE_TRANSPORT: 0x21,
  FILE_DEVICE_UNKNOWN: 0x22,
  FILE_DEVICE_NETWORK_REDIRECTOR: 0x28,
  FILE_DEVICE_KS: 0x2f,
};

const CALL = /^\s*CTL_CODE\s*\(([^()]*)\)\s*$/;
const NUMBER = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i;

function methodOf(code: number): IoMethod {
  return METHODS[code & 3] ?? 'METHOD_BUFFERED';
}

/**
 * @param written `0x170004`, `CTL_CODE(FILE_DEVICE_NETWORK, 5, METHOD_BUFFERED, FILE_WRITE_ACCESS)`, or a name
 * @param named codes by name
 * @returns the code, or what is wrong with it
 */
export function readCode(written: string | number, named: ReadonlyMap<string, IoControlCode>): IoControlCode | string {
  const text = String(written).trim();
  const known = named.get(text);
  if (known) return known;
  const value = NUMBER.test(text) ? Number(text) : ctlCode(text);
  if (typeof value === 'string') return value;
  if (value > 0xffff_ffff) return `an I/O control code has 32 bits, ${text} has more`;
  return { value, method: methodOf(value), name: `0x${value.toString(16).toUpperCase().padStart(8, '0')}` };
}

/** @returns the number of a code as a profile may write it, or what is wrong with it */
export function controlCode(text: string): number | string {
  const code = readCode(text, new Map());
  return typeof code === 'string' ? code : code.value;
}

function ctlCode(text: string): number | string {
  const call = CALL.exec(text);
  if (!call?.[1]) {
    return (
      `"${text}" is no I/O control code: give a number (0x170004), a name from "codes", ` +
      'or CTL_CODE(FILE_DEVICE_NETWORK, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS) as in the driver’s header'
    );
  }
  const parts = call[1].split(',').map((part) => part.trim());
  if (parts.length !== 4)
    return `CTL_CODE takes four arguments (device type, function, method, access), not ${parts.length}`;
  const [deviceText = '', functionText = '', methodText = '', accessText = ''] = parts;
  const device = numberOr(deviceText, DEVICES);
  if (device === undefined || device > 0xffff)
    return `${unknown('device type', deviceText, DEVICES)}${list(DEVICES)}, or its number`;
  const code = numberOr(functionText, {});
  if (code === undefined || code > 0xfff) return `${unknown('function', functionText)}a number from 0 to 0xFFF`;
  const methods = Object.fromEntries(METHODS.map((name, index) => [name, index]));
  const method = numberOr(methodText, methods);
  if (method === undefined || method > 3) return `${unknown('method', methodText, methods)}${list(methods)}`;
  const accesses = accessText.split('|').map((part) => numberOr(part.trim(), ACCESS));
  const access = accesses.reduce<number>((all, one) => all | (one ?? 0xff), 0);
  if (access > 3) return `${unknown('access', accessText, ACCESS)}${list(ACCESS)}, several with |`;
  return ((device << 16) | (access << 14) | (code << 2) | method) >>> 0;
}

function numberOr(text: string, names: Readonly<Record<string, number>>): number | undefined {
  if (Object.hasOwn(names, text)) return names[text];
  return NUMBER.test(text) ? Number(text) : undefined;
}

function unknown(what: string, text: string, names: Readonly<Record<string, number>> = {}): string {
  return `"${text}" is no ${what} for CTL_CODE${didYouMean(text, Object.keys(names)) || '.'} Known: `;
}

function list(names: Readonly<Record<string, number>>): string {
  return Object.keys(names).join(', ');
}
