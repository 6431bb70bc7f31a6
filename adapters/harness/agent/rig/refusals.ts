/** What a Windows machine cannot be made to do, in words for whoever reads the report. */
import { RigRefusal } from '../../../contract';

/** @throws RigRefusal (notSupported): the scenario is not observed */
export function refuse(why: string): never {
  throw new RigRefusal('notSupported', why);
}

export const WHY_NOT = {
  layers:
    'The target has one module of the driver on its adapter; what else is in the stack is not for the rig to say.',
  mandatory: 'Whether the filter is mandatory stands in its INF.',
  sleepsWithoutPause:
    'Whether the stack is paused for sleep is for the miniport and all drivers in it to say, and here it is not.',
  sleepsPaused: 'NDIS pauses the stack for sleep here: a driver in it is older than NDIS 6.30.',
  otherAdapter: 'The target file names one adapter under test.',
  loadsUnbound:
    'The driver is loaded before it is bound to the adapter: NDIS attaches no module of it while it is being loaded.',
  surprise: 'The adapter cannot be made to disappear.',
  filters: 'Where a filter goes in the stack stands in its INF.',
  protocols: 'The protocols of the machine are unbound or left as they are for all scenarios.',
  sleep: 'The target file does not say that the machine may be put to sleep ("limits.sleep").',
  sleepHolding: 'The machine sleeps for longer than the test drivers hold anything.',
  asleep: 'The machine wakes up by a timer: what a scenario does to it while it sleeps would meet one that is awake.',
  awake: 'The machine has not been put to sleep.',
  events: 'Windows sends its events itself.',
  restart: 'Windows restarts a filter module by itself after a pause, and does not restart one that is running.',
  enabled: 'The adapter is enabled, and the driver bound to it, already.',
  ahead:
    'Windows goes on by itself: the filter module has been restarted already, and was only for a moment what the scenario wants it to be now.',
  ask: "The vendor's command originates sends, and nothing else.",
  handle: "The vendor's command opens a handle for each send, and closes it: it can keep none.",
  keptHandle:
    "The vendor's command opens a handle for each send, so that none is there that was opened before the restart.",
  unsaid: 'The profile does not say how the driver is asked for it.',
  cancel: "What the vendor's command has asked the driver for cannot be cancelled but by ending it.",
  frames: "The vendor's command takes no {frame}, so that the frames of the driver cannot be told from others.",
  lettingGo: 'The test drivers cannot go over to holding no more without giving back what they hold.',
  late: 'Only a running stack lets traffic through.',
  chains: 'How NET_BUFFER_LISTs are made, and at which IRQL they are sent, cannot be chosen.',
  statuses: 'The functional miniport completes everything with success.',
  oids: 'Only the functional miniport is known to answer OID requests in a way that a scenario can count on, and the adapter is another one.',
  oneOid: 'fnlwf and fnmp have one OID request of the scenario under way at a time: NDIS keeps the next one back.',
  unknownOid: 'The functional miniport does not support this OID request, and answers it inside the call.',
  oidStatus: 'Inside the call the functional miniport answers OID requests as it does: no status can be chosen.',
  cancelOids: 'fnlwf cancels no OID requests.',
  oidsOut: 'fnmp does not give back an OID request when its adapter goes, and Windows waits for it.',
  ownOids:
    'fnmp keeps only OID requests that it is told of beforehand, and which ones the driver issues the profile does not say ("oids").',
  othersOids: 'From outside nobody can tell OID requests of the driver from those of others.',
  synchronousOids: 'The functional miniport answers synchronous OID requests inside the call.',
  status:
    'The functional miniport indicates that its offload settings have changed, and no status of choice: its link is always up.',
  cancelSends: 'The test drivers cancel no sends.',
  schedule: 'A thread of a driver on a real machine cannot be stopped.',
  memory: 'An allocation of a driver on a real machine cannot be made to fail.',
  time: 'Time on a real machine passes as it does.',
} as const;
