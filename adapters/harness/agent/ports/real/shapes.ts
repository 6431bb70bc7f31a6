/** What answers must look like: whoever reads them goes on as if they did. */
import { RigRefusal } from '../../../../contract';
import type { HelperEvent, HelperOp } from '../helper';
import type { ShellCommand } from '../shell';

type Type = 'text' | 'decimal' | 'number' | 'yes or no' | 'list' | 'object' | 'object or null' | 'text or null';
type Shape = Readonly<Record<string, Type>>;

const NOTHING: Shape = {};
const HELD: Shape = { frames: 'list', t: 'decimal' };

export const SHELL_SHAPES: Readonly<Record<ShellCommand, Shape>> = {
  GetOsInfo: { name: 'text', build: 'text', arch: 'text' },
  GetBootId: { boot: 'text' },
  GetAdapter: { adapter: 'object or null' },
  GetAdapterOfAddress: { name: 'text or null' },
  DisableAdapter: NOTHING,
  EnableAdapter: NOTHING,
  GetBinding: { bindings: 'list' },
  GetBindingsOf: { bindings: 'list' },
  EnableBinding: NOTHING,
  DisableBinding: NOTHING,
  GetService: { state: 'text' },
  StartService: NOTHING,
  StopService: NOTHING,
  EndHelpers: NOTHING,
  GetBugcheckEvents: { events: 'list' },
  GetDumps: { files: 'list' },
};

export const HELPER_SHAPES: Readonly<Record<HelperOp, Shape>> = {
  info: { version: 'text', frequency: 'decimal', wine: 'yes or no', fnmp: 'yes or no', fnlwf: 'yes or no' },
  'etw.start': { t: 'decimal' },
  'etw.flush': { t: 'decimal', lost: 'number' },
  'etw.stop': { lost: 'number' },
  'fnmp.open': { handle: 'number' },
  'fnmp.close': NOTHING,
  'fnmp.holdSends': NOTHING,
  'fnmp.held': HELD,
  'fnmp.release': NOTHING,
  'fnmp.indicate': NOTHING,
  'fnmp.holdOids': NOTHING,
  'fnmp.heldOid': { held: 'yes or no' },
  'fnmp.completeOid': NOTHING,
  'fnlwf.open': { handle: 'number' },
  'fnlwf.close': NOTHING,
  'fnlwf.send': NOTHING,
  'fnlwf.holdReceives': NOTHING,
  'fnlwf.held': HELD,
  'fnlwf.release': NOTHING,
  'fnlwf.datapath': { isUp: 'yes or no' },
  'fnlwf.oid': { status: 'number' },
  'power.look': { state: 'text or null', why: 'text or null' },
  'power.sleep': { asleep: 'number' },
  'device.open': NOTHING,
  'device.put': NOTHING,
  'device.cancel': NOTHING,
  'device.close': NOTHING,
};

export const EVENT_SHAPES: Readonly<Record<Exclude<HelperEvent, 'exit' | 'garbled'>, Shape>> = {
  etw: { provider: 'text', id: 'number', t: 'decimal', cpu: 'number', payload: 'text' },
  'fnmp.watchdog': { t: 'decimal' },
  'device.done': { request: 'number', status: 'number', information: 'number' },
  lost: { lost: 'number' },
};

/** @returns the name of the first member that is not what it must be; undefined when all are */
export function faultIn(value: unknown, shape: Shape): string | undefined {
  if (typeof value !== 'object' || value === null) return 'the whole of it';
  const members = value as Readonly<Record<string, unknown>>;
  return Object.entries(shape).find(([name, type]) => !isOf(members[name], type))?.[0];
}

/** @throws RigRefusal (environment) when an answer is not as it must be */
export function requireShape<T>(program: string, asked: string, answer: unknown, shape: Shape): T {
  const fault = faultIn(answer, shape);
  if (fault === undefined) return answer as T;
  throw new RigRefusal('environment', `${program} answers ${asked} with something else than it should: ${fault}.`);
}

/** The performance counter, and how often a second it counts. */
const DECIMAL = /^\d{1,20}$/;

function isOf(value: unknown, type: Type): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'decimal':
      return typeof value === 'string' && DECIMAL.test(value);
    case 'number':
      return typeof value === 'number';
    case 'yes or no':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null);
    case 'object':
      return typeof value === 'object' && value !== null;
    case 'object or null':
      return typeof value === 'object';
    case 'text or null':
      return value === null || typeof value === 'string';
  }
}
