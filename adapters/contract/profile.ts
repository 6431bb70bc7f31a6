/** What the kit must know about a driver before it can run scenarios against it. */

/** What a driver can do. A scenario asks for one by tag (`@needs-originatesReceives`); without it the scenario is not applicable. */
export const DRIVER_CAPABILITIES = {
  originatesSends: 'an application can make the driver originate sends',
  originatesReceives: 'an application can make the driver originate receive indications',
  originatesOids: 'an application can make the driver originate OID requests',
  originatesSynchronousOids: 'an application can make the driver originate synchronous OID requests',
  originatesStatus: 'an application can make the driver originate status indications',
  originatesFromTimers: 'the driver can originate sends from a timer',
  originatesFromWorkItems: 'the driver can originate sends from a work item',
  userModeHandles: 'applications open handles on the driver',
  holdsSends: 'the driver can hold (queue) sends that come from above',
  holdsReceives: 'the driver can hold (queue) receives that come from below',
  modifiesData: 'the driver can modify the frames that pass through',
  changesHandlers: 'the driver can ask for a restart and change its data handlers',
} as const;
export type DriverCapability = keyof typeof DRIVER_CAPABILITIES;

/** What an adapter can do. Without it a scenario is *not observed*. */
export const ADAPTER_CAPABILITIES = {
  exactTrace: 'every crossing is seen, in order',
  memoryAccess: 'accesses to memory the driver does not hold are seen',
  holdCompletions: 'the neighbours can keep NBLs and OIDs back',
  scheduleControl: 'a thread of the driver can be stopped in front of a call',
  memoryPressure: 'an allocation can be made to fail',
  virtualTime: 'time can be let pass at will',
  lateTraffic: 'neighbours can misbehave: traffic at a paused module',
  plainPause: 'a pause comes alone, without a change of the stack that filters are told of',
  stackedFilters: 'neighbour filters can be put above and below',
  surpriseRemoval: 'the adapter can disappear without a query',
  systemSleep: 'the system can sleep and resume',
} as const;
export type AdapterCapability = keyof typeof ADAPTER_CAPABILITIES;

/** What an application asks the driver to do, in the kit's words. The profile says how to ask this driver. */
export type Ask =
  | 'send' // originate `count` sends
  | 'sendChain' // originate one chain of `count` sends
  | 'receive' // originate `count` receive indications
  | 'receiveLowResources' // the same with NDIS_RECEIVE_FLAGS_RESOURCES
  | 'oid' // originate an OID query
  | 'synchronousOid' // originate a synchronous OID request
  | 'status' // originate a status indication
  | 'sendByTimer' // arm a timer that originates a send when it fires
  | 'sendByWorkItem' // queue a work item that originates a send
  | 'statusByTimer'
  | 'oidByWorkItem'
  | 'holdSends' // from now on queue sends from above
  | 'releaseSends' // pass the queued ones down and stop queueing
  | 'holdReceives'
  | 'releaseReceives'
  | 'modifyData' // from now on retreat/insert data into frames on the way through
  | 'bypass'; // change the data handlers by NdisFRestartFilter

/** Without the ask, the kit has no way to make a driver show the capability. */
export const ASKED_BY: Readonly<Record<Exclude<DriverCapability, 'userModeHandles'>, Ask>> = {
  originatesSends: 'send',
  originatesReceives: 'receive',
  originatesOids: 'oid',
  originatesSynchronousOids: 'synchronousOid',
  originatesStatus: 'status',
  originatesFromTimers: 'sendByTimer',
  originatesFromWorkItems: 'sendByWorkItem',
  holdsSends: 'holdSends',
  holdsReceives: 'holdReceives',
  modifiesData: 'modifyData',
  changesHandlers: 'bypass',
};

/** How to put an Ask to the driver: an IRP. `count` is added to the input. */
export interface Request {
  readonly irp: 'IRP_MJ_WRITE' | 'IRP_MJ_READ' | 'IRP_MJ_DEVICE_CONTROL';
  readonly ioControlCode?: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

export interface DriverProfile {
  readonly capabilities: readonly DriverCapability[];
  /** Device to open, and how a handle is bound to an adapter: `{adapter}` is replaced by the adapter's name. */
  readonly device?: { readonly name: string; readonly fileName: string };
  readonly requests: Partial<Record<Ask, Request>>;
}
