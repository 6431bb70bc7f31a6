/** Compares what a probe reports with the emulator's own trace: crossing for crossing, up to the names of objects. */
import { isProbed } from '../../../adapters/harness/decode/probe-arguments';
import type { ArgValue, Crossing, NblView } from '../../../src/trace';

/** Members of `args` that name an object: the same object has the same name, whatever it is. */
const IDENTITIES = new Set([
  ...['handle', 'context', 'request', 'clone', 'requestHandle', 'pool', 'original', 'mdl', 'memory', 'object', 'timer'],
  ...['workItem', 'device', 'irp', 'file', 'configuration', 'nb', 'cancelId', 'requestId', 'source'],
]);

/**
 * The model knows its control codes by name, and NDIS alone which registration is bound to an adapter; an IRP is marked by an inline function
 * that the emulator notices late.
 */
const NOT_COMPARED = new Set(['code of IRP_MJ_DEVICE_CONTROL', 'bound of NdisFRegisterFilterDriver']);
export const SEEN_LATE = 'IoMarkIrpPending';

/** @returns the crossings of the emulator that a probe is to report */
export function probedPart(trace: readonly Crossing[]): Crossing[] {
  return trace.filter(
    ({ dir, ddi, neighbour }) => dir !== '!!' && neighbour === undefined && isProbed(ddi) && ddi !== SEEN_LATE,
  );
}

/**
 * @param threads who wrote each crossing of the probe, as the emulator calls its threads. With it, each thread is compared by itself: it may
 *   have been suspended between the border and the event of the probe, so that others came in between. Without it the two are in one order.
 * @returns the first difference, undefined when there is none
 */
export function difference(
  emulator: readonly Crossing[],
  probe: readonly Crossing[],
  threads?: readonly string[],
): string | undefined {
  const expected = probedPart(emulator);
  const inOrder = (threads ? asScheduled(expected, probe, threads) : probe).filter((each) => each?.ddi !== SEEN_LATE);
  const names = new Names();
  for (let i = 0; i < Math.max(expected.length, inOrder.length); i += 1) {
    const [a, b] = [expected[i], inOrder[i]];
    if (!a || !b) return `after ${i} crossings: ${text(a)} against ${text(b)}`;
    const found = new Comparison(names, a, b, threads !== undefined).difference();
    if (found) return `crossing ${i}: ${found}: ${text(a)} against ${text(b)}`;
  }
  return undefined;
}

/** @returns the crossings of the probe, each thread's own in their order, as the emulator's threads took turns; what is left at the end */
function asScheduled(
  expected: readonly Crossing[],
  probe: readonly Crossing[],
  threads: readonly string[],
): (Crossing | undefined)[] {
  const queues = new Map<string, Crossing[]>();
  probe.forEach((crossing, i) => {
    if (crossing.ddi === SEEN_LATE) return;
    const thread = threads[i] ?? '';
    const queue = queues.get(thread) ?? [];
    queue.push(crossing);
    queues.set(thread, queue);
  });
  const turns = expected.map(({ thread = '' }) => queues.get(thread)?.shift());
  return [...turns, ...[...queues.values()].flat()];
}

const DEPTH = { '->': 1, '<-': -1, '=>': 1, '<=': -1, '!!': 0 } as const;

function text(crossing: Crossing | undefined): string {
  return crossing ? JSON.stringify(crossing) : 'nothing';
}

/** Which names of the emulator are which of the probe. */
class Names {
  private readonly names = new Map<string, string>();
  private readonly threads = new Map<string, { readonly name: string; depth: number }>();

  agree(kind: string, emulator: string, probe: string): boolean {
    const key = `${kind} ${emulator}`;
    const known = this.names.get(key);
    this.names.set(key, known ?? probe);
    if (known !== undefined || MANY_TO_ONE.has(kind)) return known === undefined || known === probe;
    // Two objects are not one.
    const reverse = `${kind} <- ${probe}`;
    const other = this.names.get(reverse);
    this.names.set(reverse, other ?? emulator);
    return other === undefined || other === emulator;
  }

  /** A KTHREAD serves the next thread once the one before has left the driver. */
  agreeThreads({ dir, thread: emulator = '' }: Crossing, probe = ''): boolean {
    const known = this.threads.get(emulator) ?? { name: probe, depth: 0 };
    known.depth += DEPTH[dir];
    if (known.depth === 0) this.threads.delete(emulator);
    else this.threads.set(emulator, known);
    return known.name === probe;
  }
}

/** What is made anew in the same memory is new to the emulator; the probe knows it by its address. */
const MANY_TO_ONE = new Set(['object', 'lock', 'nbl', 'nb', 'mdl', 'requestHandle']);

const MEMBERS = ['dir', 'ddi', 'status', 'irql'] as const;

class Comparison {
  constructor(
    private readonly names: Names,
    private readonly a: Crossing,
    private readonly b: Crossing,
    private readonly isLate: boolean,
  ) {}

  difference(): string | undefined {
    const { a, b, names } = this;
    for (const member of MEMBERS) if (a[member] !== b[member]) return member;
    if (!this.isLate && (a.time !== b.time || a.cpu !== b.cpu)) return 'time or processor';
    if (!names.agreeThreads(a, b.thread)) return 'thread';
    if (!this.sameModule()) return 'module';
    if (a.locks?.length !== b.locks?.length) return 'locks';
    if (a.locks?.some((lock, i) => !names.agree('lock', lock, b.locks?.[i] ?? ''))) return 'locks';
    return this.args() ?? this.nbls();
  }

  /** The emulator leaves it out where the return says nothing new. */
  private sameModule(): boolean {
    const { a, b, names } = this;
    if (a.module === undefined) return b.module === undefined || a.dir === '<=';
    return b.module !== undefined && names.agree('module', a.module, b.module);
  }

  private args(): string | undefined {
    const [a, b] = [this.a.args ?? {}, this.b.args ?? {}];
    const pends = this.a.status === 'NDIS_STATUS_PENDING' && /OidRequest$/.test(this.a.ddi);
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      // A request that pends is not to be looked at.
      if (pends && name.startsWith('bytes')) continue;
      if (NOT_COMPARED.has(`${name} of ${this.a.ddi}`)) continue;
      if (!this.sameArgument(name, a[name], b[name])) return `args.${name}`;
    }
    return undefined;
  }

  private sameArgument(name: string, a: ArgValue | undefined, b: ArgValue | undefined): boolean {
    if (name === 'attributes' && typeof a === 'string' && typeof b === 'string') return b.startsWith(`${a} digest=`);
    if (!IDENTITIES.has(name) || typeof a !== 'string' || typeof b !== 'string')
      return JSON.stringify(a) === JSON.stringify(b);
    const kind = { context: 'memory', clone: 'request', original: 'nbl', source: 'handle' }[name] ?? name;
    return a === 'NULL' || b === 'NULL' ? a === b : this.names.agree(kind, a, b);
  }

  private nbls(): string | undefined {
    const [a, b] = [this.a.nbls ?? [], this.b.nbls ?? []];
    if (a.length !== b.length) return 'nbls';
    const index = a.findIndex((view, i) => !this.sameNbl(view, b[i]));
    return index < 0 ? undefined : `nbls[${index}]`;
  }

  private sameNbl(a: NblView, b: NblView | undefined): boolean {
    if (!b || !this.names.agree('nbl', a.nbl, b.nbl)) return false;
    if (a.status !== b.status || a.context !== b.context || a.nbs?.length !== b.nbs?.length) return false;
    if (!this.sameArgument('cancelId', a.cancelId, b.cancelId) || !this.sameArgument('source', a.source, b.source))
      return false;
    return (a.nbs ?? []).every((nb, i) => {
      const other = b.nbs?.[i];
      if (!other || !this.names.agree('nb', nb.nb, other.nb)) return false;
      if (nb.dataOffset !== other.dataOffset || nb.dataLength !== other.dataLength) return false;
      const [mdls, others] = [nb.mdls?.split('+') ?? [], other.mdls?.split('+') ?? []];
      return mdls.length === others.length && mdls.every((mdl, j) => this.names.agree('mdl', mdl, others[j] ?? ''));
    });
  }
}
