/** Commands of WinDbg that go on from here. https://learn.microsoft.com/windows-hardware/drivers/debuggercmds/ */
import type { NextStep } from '../conclusion';

export const FILTERS: NextStep = {
  command: '!ndiskd.filter',
  shows: 'the filter modules that exist, with their states: a handle that is not among them is stale',
};

export function filterAt(value: string): NextStep {
  return { command: `!ndiskd.filter ${value}`, shows: 'whether this is a filter module, and in which state' };
}

export const PENDING_NBLS: NextStep = {
  command: '!ndiskd.pendingnbls',
  shows: 'NBLs that have not come home, and who has them',
};

export const NBL_LOG: NextStep = { command: '!ndiskd.nbllog', shows: 'the last steps of NBLs through the stack' };

export const STACKS: NextStep = { command: '!stacks 2 ndis!', shows: 'the threads that are inside NDIS now' };

export const OIDS: NextStep = { command: '!ndiskd.oid', shows: 'OID requests that are pending, and where' };

export const VERIFIER: NextStep = {
  command: 'verifier /flags 0x2209BB /driver DRIVER.sys',
  shows:
    'on the next crash, special pool and NDIS verification name the block or the rule (on the machine, elevated, then reboot)',
};

export function registersOf(crash: { readonly context?: string; readonly trap?: string }): NextStep[] {
  if (crash.context !== undefined) {
    return [{ command: `.cxr ${crash.context}; kv`, shows: 'registers and stack of the moment it failed' }];
  }
  return crash.trap === undefined
    ? []
    : [{ command: `.trap ${crash.trap}; kv`, shows: 'registers and stack of the moment it failed' }];
}

export function poolAt(value: string): NextStep {
  return { command: `!pool ${value}`, shows: 'whose pool block it is, and whether it is free' };
}
