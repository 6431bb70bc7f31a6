/**
 * What people leave out when they write a trace by hand or cut it out of a log. Each of these turns a trace into another one of
 * the same life that tells less. Whoever is acquitted with everything on the table must be acquitted with less of it.
 */
import type { Crossing, NblView } from '../../../src/trace';

/** A number in [0, 1). */
export type Random = () => number;
export type Thinning = (life: readonly Crossing[], random: Random) => Crossing[];

type Draft = { -readonly [Member in keyof Crossing]: Crossing[Member] };
type ViewDraft = { -readonly [Member in keyof NblView]: NblView[Member] };

const MEMBERS = ['irql', 'locks', 'time', 'cpu', 'adapter', 'certainty'] as const;
const NBL_MEMBERS = ['nbs', 'source', 'status', 'cancelId', 'context'] as const;
/** Arguments that a judge may use and nobody has to write. */
const ARGUMENTS = [
  'handle',
  'count',
  'context',
  'pool',
  'memory',
  'tag',
  'length',
  'size',
  'delta',
  'mdl',
  'requestHandle',
  'attributes',
  'handlers',
  'file',
  'irp',
  'timer',
  'due',
  'period',
  'workItem',
  'object',
  'timeout',
  'signaled',
  'cancelled',
  'bytesWritten',
  'bytesRead',
  'bytesNeeded',
  'oid',
  'type',
  'code',
  'event',
  'power',
  'cancelId',
  'requestId',
  'name',
  'device',
  'configuration',
] as const;

/** Nobody has to write these, as long as they are left out together. */
const KINDS: readonly RegExp[] = [
  /^(DriverEntry|NdisFRegisterFilterDriver|FilterSetOptions)$/,
  /^NdisFRegisterFilterDriver$/,
  /^(FilterDriverUnload|NdisFDeregisterFilterDriver)$/,
  /^(NdisAllocateMemoryWithTagPriority|ExAllocatePoolWithTag|NdisFreeMemory)$/,
  /^Ndis(Allocate|Free)(NetBufferListPool|NetBufferAndNetBufferList|NetBufferList)$/,
  /^Ndis(Allocate|Free)NetBufferListPool$/,
  /^Ndis(Allocate|Free)Mdl$/,
  /^Ndis(Retreat|Advance)NetBufferDataStart$/,
  /^Ndis(Allocate|Free)NetBufferListContext$/,
  /^(NdisWaitEvent|NdisMSleep|ExWaitForRundownProtectionRelease)$/,
  /^(Ndis(Allocate|Set|Cancel|Free)TimerObject|NdisTimerFunction)$/,
  /^Ndis(Allocate|Set|Cancel|Free)TimerObject$/,
  /^(Ndis(Allocate|Queue|Free)IoWorkItem|NdisIoWorkItemFunction)$/,
  /^Ndis(Allocate|Queue|Free)IoWorkItem$/,
  /^IRP_MJ_/,
  /^(IoMarkIrpPending|IoCompleteRequest|IrpCancelRoutine)$/,
  /^Ndis(Open|Close)Configuration/,
  /^Ndis(Register|Deregister)DeviceEx$/,
  /^(FilterNetPnPEvent|NdisFNetPnPEvent)$/,
  /^(FilterDevicePnPEventNotify|NdisFDevicePnPEventNotify)$/,
  /^(FilterStatus|NdisFIndicateStatus)$/,
  /^(Filter|NdisF)CancelSendNetBufferLists$/,
  /^(Filter.*Oid.*|NdisF.*Oid.*|Ndis.*CloneOid.*)$/,
  /^(FilterSetModuleOptions|NdisSetOptionalHandlers)$/,
  /^NdisFRestartFilter$/,
  /^Quiescent$/,
];

/** As written by hand: no number is missing. */
export function renumbered(crossings: readonly Crossing[]): Crossing[] {
  return crossings.map((crossing, index) => ({ ...crossing, seq: index + 1 }));
}

/** Each member is written nowhere, or not everywhere. */
const withoutMembers: Thinning = (life, random) => {
  const odds = (): number => Math.max(0, random() * 3 - 1);
  const members = MEMBERS.map((member) => [member, odds()] as const);
  const nblMembers = NBL_MEMBERS.map((member) => [member, odds()] as const);
  const args = ARGUMENTS.map((argument) => [argument, Math.max(0, random() * 3 - 2)] as const);
  return life.map((crossing) => {
    const thin: Draft = { ...crossing };
    for (const [member, chance] of members) if (random() < chance) delete thin[member];
    if (thin.args) {
      const left = { ...thin.args };
      for (const [argument, chance] of args) if (random() < chance) delete left[argument];
      thin.args = left;
    }
    if (thin.nbls) {
      thin.nbls = thin.nbls.map((view) => {
        const left: ViewDraft = { ...view };
        for (const [member, chance] of nblMembers) if (random() < chance) delete left[member];
        return left;
      });
    }
    return thin;
  });
};

/** Calls are written as one line, except where nothing that their thread does next shows that they are over. */
const withoutReturnsOfCalls: Thinning = (life, random) => {
  const chance = random() < 0.5 ? 1 : random();
  const goesOn = new Map<string, boolean>();
  const droppable = new Set<Crossing>();
  for (const crossing of [...life].reverse()) {
    if (crossing.neighbour !== undefined || crossing.dir === '!!') continue;
    const thread = crossing.thread ?? '';
    if (crossing.dir === '<=' && goesOn.get(thread)) droppable.add(crossing);
    else goesOn.set(thread, crossing.dir === '=>' || crossing.dir === '<-');
  }
  return renumbered(life.filter((crossing) => !droppable.has(crossing) || random() >= chance));
};

/** Returns do not say what was returned. */
const withoutStatuses: Thinning = (life, random) => {
  const chance = random() < 0.5 ? 1 : random() * 0.3;
  return life.map((crossing) => {
    if (crossing.status === undefined || random() >= chance) return crossing;
    const { status: _status, ...rest } = crossing;
    return rest;
  });
};

/** What the writer does not care for is left out. */
const withoutKinds: Thinning = (life, random) => {
  const left = KINDS.filter(() => random() < 0.3);
  return renumbered(life.filter(({ ddi }) => !left.some((kind) => kind.test(ddi))));
};

/** Neighbours need not appear. */
const withoutNeighbours: Thinning = (life) => renumbered(life.filter(({ neighbour }) => neighbour === undefined));

/** Begins in the middle. */
const suffix: Thinning = (life, random) => {
  const rest = life.slice(Math.floor(random() * life.length));
  return random() < 0.5 ? rest : renumbered(rest);
};

/** Ends in the middle. */
const prefix: Thinning = (life, random) => life.slice(0, Math.floor(random() * life.length));

/** Crossings were lost, and the numbers show it. */
const lossy: Thinning = (life, random) => {
  const odds = random() < 0.5 ? 0.002 : 0.05;
  let losing = 0;
  return life.filter(() => {
    if (losing > 0) losing -= 1;
    else if (random() < odds) losing = 1 + Math.floor(random() * (random() < 0.5 ? 1 : 20));
    return losing === 0;
  });
};

export const thinnings: Readonly<Record<string, Thinning>> = {
  'kinds of crossings left out': withoutKinds,
  'members left out': withoutMembers,
  'returns of calls left out': withoutReturnsOfCalls,
  'statuses left out': withoutStatuses,
  'neighbours left out': withoutNeighbours,
  'a beginning left out': suffix,
  'an end left out': prefix,
  'crossings lost': lossy,
};

/** Several at once, in an order that ends with lost crossings, so that gaps stay visible. */
export const thinnedAnyhow: Thinning = (life, random) => {
  let thinned = [...life];
  for (const thinning of Object.values(thinnings)) if (random() < 0.4) thinned = thinning(thinned, random);
  return thinned;
};
