/** Makes the `locks`, `args` and `nbls` of crossings of the values of their holes. */
import type { ArgValue, Crossing, NblView, NetBufferView } from '../crossing';
import type { Group, Part } from './template';

export type GroupValue = NonNullable<Crossing['locks'] | Crossing['args'] | Crossing['nbls']>;

/** Of the holes of a group, in their order. It is not needed afterwards. */
export type Values = ArrayLike<ArgValue>;

type Maker<T> = (values: Values) => T;

/** @returns what makes the value that a line with these values has as that member */
export function makerOf({ member, part }: Group): Maker<GroupValue> {
  if (member === 'args') return part.kind === 'object' ? argsMaker(part.members) : () => ({});
  if (part.kind !== 'list') return () => [];
  return member === 'nbls' ? listMaker(part.items.map(nblMaker)) : listMaker(part.items.map(textMaker));
}

/**
 * What `map` does, by `push`: once V8 has compiled it, `map` makes lists of another kind than before, and whatever reads them is thrown
 * out of its own compiled code and compiled again.
 */
export function listOf<T, U>(items: readonly T[], make: (item: T) => U): U[] {
  const [first, second] = items;
  // Most have one item, and a list that grows by `push` has room for 17.
  if (first !== undefined && second === undefined) return [make(first)];
  const made: U[] = [];
  for (const item of items) made.push(make(item));
  return made.slice();
}

function valueOf(part: Part, values: Values): ArgValue {
  switch (part.kind) {
    case 'hole':
      return values[part.hole] ?? null;
    case 'constant':
      return part.value;
    case 'list':
      return listOf(part.items, (item) => valueOf(item, values) as string);
    case 'object':
      throw new Error('an argument is no object');
  }
}

function listMaker<T>(makers: readonly Maker<T>[]): Maker<T[]> {
  const [only, other] = makers;
  if (only && !other) return (values) => [only(values)];
  return (values) => listOf(makers, (make) => make(values));
}

function textMaker(part: Part): Maker<string> {
  return (values) => valueOf(part, values) as string;
}

/** A copy of what is the same in all of them, with what varies put in its place: V8 copies an object at once. */
function argsMaker(members: readonly (readonly [string, Part])[]): Maker<Record<string, ArgValue>> {
  const like: Record<string, ArgValue> = {};
  for (const [name, part] of members) like[name] = valueOf(part, []);
  const varying = members.filter(([, { kind }]) => kind !== 'constant');
  return (values) => {
    const args = { ...like };
    for (const [name, part] of varying) args[name] = valueOf(part, values);
    return args;
  };
}

/** Of an NBL, always all members in the same order: whoever reads them meets one kind of object. */
function nblMaker(part: Part): Maker<NblView> {
  const members = membersOf(part);
  const [nbl, source, status] = [members.get('nbl'), members.get('source'), members.get('status')];
  const [nbs, cancelId, context] = [members.get('nbs'), members.get('cancelId'), members.get('context')];
  const buffers = nbs?.kind === 'list' ? listMaker(nbs.items.map(netBufferMaker)) : undefined;
  return (values) => ({
    nbl: memberOf(nbl, values) as string,
    source: memberOf(source, values) as NblView['source'],
    status: memberOf(status, values) as NblView['status'],
    nbs: buffers?.(values),
    cancelId: memberOf(cancelId, values) as NblView['cancelId'],
    context: memberOf(context, values) as NblView['context'],
  });
}

function netBufferMaker(part: Part): Maker<NetBufferView> {
  const members = membersOf(part);
  const [nb, dataOffset] = [members.get('nb'), members.get('dataOffset')];
  const [dataLength, mdls] = [members.get('dataLength'), members.get('mdls')];
  return (values) => ({
    nb: memberOf(nb, values) as string,
    dataOffset: memberOf(dataOffset, values) as NetBufferView['dataOffset'],
    dataLength: memberOf(dataLength, values) as NetBufferView['dataLength'],
    mdls: memberOf(mdls, values) as NetBufferView['mdls'],
  });
}

function membersOf(part: Part): ReadonlyMap<string, Part> {
  return new Map(part.kind === 'object' ? part.members : []);
}

function memberOf(part: Part | undefined, values: Values): ArgValue | undefined {
  if (part === undefined) return undefined;
  return part.kind === 'hole' ? values[part.hole] : valueOf(part, values);
}
