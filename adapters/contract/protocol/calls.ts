/** The calls of the protocol: those of the rig, by name, with the names of their parameters in order. */
import type { Rig } from '../rig';

/** Everything of a rig that is a call; the profile has a call of its own. */
export type RigCalls = Omit<Rig, 'profile'>;
export type RigCall = keyof RigCalls;

/** As many names as the call has parameters. */
type NamesFor<P extends readonly unknown[]> = { readonly [K in keyof P]: string };

/** A call or a parameter that the rig gets and this table lacks is an error of the compiler, and of a test. */
export const RIG_CALLS = {
  load: [],
  unload: [],
  addAdapter: ['adapter', 'spec'],
  attach: ['adapter'],
  restart: ['adapter'],
  pause: ['adapter'],
  detach: ['adapter'],
  enableAdapter: ['adapter'],
  disableAdapter: ['adapter'],
  surpriseRemove: ['adapter'],
  insertFilter: ['adapter', 'where', 'layer'],
  removeFilter: ['adapter', 'where', 'layer'],
  bindProtocol: ['adapter'],
  unbindProtocol: ['adapter'],
  suspend: ['adapter'],
  resume: ['adapter'],
  netPnPEvent: ['adapter', 'event'],
  devicePnPEvent: ['adapter', 'event'],
  openHandle: ['app', 'adapter'],
  closeHandle: ['app'],
  ask: ['app', 'what', 'count'],
  cancelRequests: ['app'],
  setNeighbours: ['adapter', 'policy'],
  sendFromAbove: ['adapter', 'what'],
  receiveFromBelow: ['adapter', 'what'],
  completeSends: ['adapter', 'which'],
  returnReceives: ['adapter', 'which'],
  cancelSends: ['adapter', 'cancelId'],
  oidFromAbove: ['adapter', 'oid', 'type'],
  cancelOidFromAbove: ['adapter'],
  completeOids: ['adapter', 'which'],
  statusFromBelow: ['adapter', 'code'],
  stopBefore: ['point'],
  stopped: [],
  letGo: [],
  letTimePass: ['milliseconds'],
  failAllocations: ['count', 'kind'],
  operation: ['operation'],
  trace: ['after'],
  modules: [],
  neighbours: ['adapter'],
  settle: [],
  bugcheck: [],
  close: [],
} as const satisfies { readonly [C in RigCall]: NamesFor<Required<Parameters<RigCalls[C]>>> };

/** Calls that are not made of an open rig. */
export const OTHER_CALLS = ['hello', 'profile', 'open', 'bye'] as const;

export type Method = RigCall | (typeof OTHER_CALLS)[number];

export const METHODS: readonly Method[] = [...OTHER_CALLS, ...(Object.keys(RIG_CALLS) as RigCall[])];

/** @returns whether the protocol has a method of this name */
export function isMethod(name: string): name is Method {
  return (METHODS as readonly string[]).includes(name);
}

export function isRigCall(method: Method): method is RigCall {
  return method in RIG_CALLS;
}
