/** The other way round: by which signs in a dump a rule comes into question. */
import { NDIS_BUGCHECKS, VERIFIER_CODES, WATCHDOGS } from './ndis-codes';
import { NDIS_FUNCTIONS } from './ndis-functions';

export interface Signs {
  /** Bugchecks that name it: `0x7C, parameters 0x25, 0x11 (WATCHDOG, FILTER_PAUSE)`. */
  readonly bugchecks: readonly string[];
  /** Functions of NDIS in which a driver that breaks it may die, having called them. */
  readonly functions: readonly string[];
}

/** Of those in 0x7C; the watchdog is another one. */
const LIVE_DUMPS: ReadonlySet<number> = new Set([0x01, 0x30]);

/** @param rule id of the catalogue */
export function signsOf(rule: string): Signs {
  const hex = (code: string) => `0x${Number(code).toString(16)}`;
  return {
    bugchecks: [
      ...Object.entries(WATCHDOGS)
        .filter(([, { rules }]) => rules.includes(rule))
        .map(([code, { name }]) => `0x7C or live dump 0x15E, parameters 0x25, ${hex(code)} (WATCHDOG, ${name})`),
      ...Object.entries(NDIS_BUGCHECKS)
        .filter(([, { rules }]) => rules.includes(rule))
        .map(
          ([code, { name }]) =>
            `0x7C${LIVE_DUMPS.has(Number(code)) ? ' or live dump 0x15E' : ''}, parameter 1 = ${hex(code)} (${name})`,
        ),
      ...Object.entries(VERIFIER_CODES)
        .filter(([, { rules }]) => rules.includes(rule))
        .map(([code, { name }]) => `Driver Verifier: 0xC4, parameter 1 = ${hex(code)} (${name})`),
    ],
    functions: Object.entries(NDIS_FUNCTIONS)
      .filter(([, { handle = [], state = [], object }]) =>
        [...handle, ...state, ...(object?.rules ?? [])].includes(rule),
      )
      .map(([name]) => name),
  };
}
