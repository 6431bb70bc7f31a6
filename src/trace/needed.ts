/**
 * What crossings of some kinds have to tell besides their names. They hand over what somebody owes from then on, or no longer owes:
 * where such a crossing leaves out what it hands over, everything that a judge concludes from it may be wrong.
 */

type Value = Readonly<Record<string, unknown>>;

interface Need {
  /** What is said where it is missing. */
  readonly at: string;
  readonly write: string;
  readonly isThere: (crossing: Value) => boolean;
}

function argument(crossing: Value, name: string): unknown {
  const { args } = crossing;
  return typeof args === 'object' && args !== null ? (args as Value)[name] : undefined;
}

const CHAIN: Need = {
  at: 'nbls',
  write: 'Name the NBLs of the chain; [] says that there was none',
  isThere: ({ nbls }) => nbls !== undefined,
};

const ALLOCATED: Need = { ...CHAIN, write: 'Name the NBL that it gave; [] says that it gave none' };

const FLAGS: Need = {
  at: 'args.flags',
  write: 'Write ReceiveFlags as they were: with 2 (RESOURCES) the chain is only lent',
  isThere: (crossing) => argument(crossing, 'flags') !== undefined,
};

function identity(name: string): Need {
  return {
    at: `args.${name}`,
    write: 'Name the OID request, by the same text each time; null says that the pointer was NULL',
    isThere: (crossing) => {
      const value = argument(crossing, name);
      return typeof value === 'string' || value === null;
    },
  };
}

const SENDS = ['SendNetBufferLists', 'SendNetBufferListsComplete'].flatMap((name) => [`Filter${name}`, `NdisF${name}`]);
const RETURNS = ['FilterReturnNetBufferLists', 'NdisFReturnNetBufferLists'];
const RECEIVES = ['FilterReceiveNetBufferLists', 'NdisFIndicateReceiveNetBufferLists'];
const OIDS = ['OidRequest', 'OidRequestComplete', 'DirectOidRequest', 'DirectOidRequestComplete'].flatMap((name) => [
  `Filter${name}`,
  `NdisF${name}`,
]);

const NBL_ALLOCATIONS = ['NetBufferAnd', 'Clone', 'Fragment', 'Reassembled'].map(
  (kind) => `NdisAllocate${kind}NetBufferList`,
);

/** What the call handed over, the return need not say. */
const OF_CALLS: ReadonlyMap<unknown, readonly Need[]> = new Map<unknown, readonly Need[]>([
  ...[...SENDS, ...RETURNS, 'NdisFreeNetBufferList'].map((name) => [name, [CHAIN]] as const),
  ...RECEIVES.map((name) => [name, [CHAIN, FLAGS]] as const),
  ...[...OIDS, 'NdisAllocateCloneOidRequest'].map((name) => [name, [identity('request')]] as const),
  ['NdisFreeCloneOidRequest', [identity('clone')]] as const,
]);

const OF_RETURNS: ReadonlyMap<unknown, readonly Need[]> = new Map(
  NBL_ALLOCATIONS.map((name) => [name, [ALLOCATED]] as const),
);

const NEEDS: ReadonlyMap<unknown, ReadonlyMap<unknown, readonly Need[]>> = new Map([
  ['->', OF_CALLS],
  ['=>', OF_CALLS],
  ['<=', OF_RETURNS],
]);

/**
 * @param crossing a line that is right as far as each member goes; those of neighbours, whom nobody judges, need nothing
 * @returns the first member that is missing, and what to write
 */
export function missingMember(crossing: Value): { at: string; complaint: string } | undefined {
  const { dir, ddi, neighbour } = crossing;
  if (neighbour !== undefined) return undefined;
  const need = NEEDS.get(dir)
    ?.get(ddi)
    ?.find(({ isThere }) => !isThere(crossing));
  return need && { at: need.at, complaint: `is missing in ${String(dir)}${String(ddi)}. ${need.write}` };
}
