/**
 * How fast the judges are: crossings a second, in memory, over a realistic mix, beside a bare loop over the same crossings.
 * Run with `npm run bench`.
 */
import { createJudges } from '../src/rules';
import type { Crossing } from '../src/trace';

const EPOCHS = 400;
const ROUNDS_PER_EPOCH = 100;
const REPEATS = 7;

type Draft = Omit<Crossing, 'seq' | 'thread' | 'cpu' | 'locks' | 'time'>;
const NO_LOCKS: readonly string[] = [];

/** One module that runs, passes sends and receives, originates, pauses and restarts, over and over. */
function realisticTrace(): Crossing[] {
  const crossings: Crossing[] = [];
  const add = (thread: string, draft: Draft): void => {
    const seq = crossings.length + 1;
    crossings.push({
      seq,
      dir: draft.dir,
      ddi: draft.ddi,
      module: draft.module,
      thread,
      cpu: 0,
      irql: draft.irql ?? 0,
      locks: NO_LOCKS,
      time: seq,
      status: draft.status,
      args: draft.args,
      nbls: draft.nbls,
    });
  };
  const module = 'm1';
  const handle = 'h1';
  add('t1', { dir: '->', ddi: 'FilterAttach', module, args: { handle } });
  add('t1', { dir: '=>', ddi: 'NdisFSetAttributes', module, args: { handle, context: 'c1' } });
  add('t1', { dir: '<=', ddi: 'NdisFSetAttributes', module, status: 'NDIS_STATUS_SUCCESS' });
  add('t1', { dir: '<-', ddi: 'FilterAttach', module, status: 'NDIS_STATUS_SUCCESS' });
  let nbl = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    add('t1', { dir: '->', ddi: 'FilterRestart', module });
    add('t1', { dir: '<-', ddi: 'FilterRestart', module, status: 'NDIS_STATUS_SUCCESS' });
    for (let round = 0; round < ROUNDS_PER_EPOCH; round += 1) {
      const own = `o${nbl % 512}`;
      const foreign = `f${nbl % 512}`;
      const received = `r${nbl % 512}`;
      nbl += 1;
      write(add, module, handle, own);
      passSend(add, module, handle, foreign);
      passReceive(add, module, handle, received);
    }
    add('t1', { dir: '->', ddi: 'FilterPause', module });
    add('t1', { dir: '<-', ddi: 'FilterPause', module, status: 'NDIS_STATUS_SUCCESS' });
  }
  return crossings;
}

type Add = (thread: string, draft: Draft) => void;

function write(add: Add, module: string, handle: string, nbl: string): void {
  const nbls = [{ nbl, source: handle, nbs: [{ nb: `${nbl}b`, dataOffset: 0, dataLength: 60, mdls: 'd' }] }];
  add('t2', { dir: '->', ddi: 'IRP_MJ_WRITE', args: { irp: 'i1', file: 'a1' } });
  add('t2', { dir: '=>', ddi: 'NdisFSendNetBufferLists', module, nbls, args: { handle, flags: 0 } });
  add('t2', { dir: '<=', ddi: 'NdisFSendNetBufferLists', module });
  add('t2', { dir: '<-', ddi: 'IRP_MJ_WRITE', status: 'STATUS_SUCCESS' });
  add('t3', { dir: '->', ddi: 'FilterSendNetBufferListsComplete', module, nbls, args: { flags: 1 }, irql: 2 });
  add('t3', { dir: '<-', ddi: 'FilterSendNetBufferListsComplete', module, irql: 2 });
}

function passSend(add: Add, module: string, handle: string, nbl: string): void {
  const nbls = [{ nbl, source: 'p1', nbs: [{ nb: `${nbl}b`, dataOffset: 0, dataLength: 60, mdls: 'd' }] }];
  add('t4', { dir: '->', ddi: 'FilterSendNetBufferLists', module, nbls, args: { flags: 0 }, irql: 2 });
  add('t4', { dir: '=>', ddi: 'NdisFSendNetBufferLists', module, nbls, args: { handle, flags: 0 }, irql: 2 });
  add('t4', { dir: '<=', ddi: 'NdisFSendNetBufferLists', module, irql: 2 });
  add('t4', { dir: '<-', ddi: 'FilterSendNetBufferLists', module, irql: 2 });
  add('t3', { dir: '->', ddi: 'FilterSendNetBufferListsComplete', module, nbls, args: { flags: 1 }, irql: 2 });
  add('t3', { dir: '=>', ddi: 'NdisFSendNetBufferListsComplete', module, nbls, args: { handle, flags: 1 }, irql: 2 });
  add('t3', { dir: '<=', ddi: 'NdisFSendNetBufferListsComplete', module, irql: 2 });
  add('t3', { dir: '<-', ddi: 'FilterSendNetBufferListsComplete', module, irql: 2 });
}

function passReceive(add: Add, module: string, handle: string, nbl: string): void {
  const nbls = [{ nbl, source: 'mp', nbs: [{ nb: `${nbl}b`, dataOffset: 0, dataLength: 60, mdls: 'd' }] }];
  add('t5', { dir: '->', ddi: 'FilterReceiveNetBufferLists', module, nbls, args: { count: 1, flags: 1 }, irql: 2 });
  add('t5', {
    dir: '=>',
    ddi: 'NdisFIndicateReceiveNetBufferLists',
    module,
    nbls,
    args: { handle, count: 1, flags: 1 },
    irql: 2,
  });
  add('t5', { dir: '<=', ddi: 'NdisFIndicateReceiveNetBufferLists', module, irql: 2 });
  add('t5', { dir: '<-', ddi: 'FilterReceiveNetBufferLists', module, irql: 2 });
  add('t6', { dir: '->', ddi: 'FilterReturnNetBufferLists', module, nbls, args: { flags: 0 } });
  add('t6', { dir: '=>', ddi: 'NdisFReturnNetBufferLists', module, nbls, args: { handle, flags: 0 } });
  add('t6', { dir: '<=', ddi: 'NdisFReturnNetBufferLists', module });
  add('t6', { dir: '<-', ddi: 'FilterReturnNetBufferLists', module });
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/** Processor time, so that what else the machine does has little say in it. */
function seconds(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

function benchJudges(): void {
  const crossings = realisticTrace();
  const judged: number[] = [];
  const bare: number[] = [];
  let touched = 0;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    bare.push(
      seconds(() => {
        for (const crossing of crossings) touched += crossing.dir.length + crossing.seq;
      }),
    );
    const judges = createJudges();
    judged.push(
      seconds(() => {
        for (const crossing of crossings) judges.see(crossing);
        judges.finish();
      }),
    );
    if (judges.violations.length > 0) throw new Error(`the bench trace breaks ${judges.violations[0]?.message ?? ''}`);
  }
  const rate = crossings.length / median(judged) / 1e6;
  const bareRate = crossings.length / median(bare) / 1e6;
  console.log(
    `judges: ${rate.toFixed(2)} million crossings/s (median of ${REPEATS}, ${crossings.length} crossings); bare loop ${bareRate.toFixed(0)} million/s, ratio ${(bareRate / rate).toFixed(0)} (${touched > 0 ? 'touched' : ''})`,
  );
}

benchJudges();
