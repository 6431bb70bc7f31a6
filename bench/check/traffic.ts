/** A trace of any length: modules that run, pass sends and receives, originate, pause and restart, over and over, side by side. */

/** `full`: with all columns, as an emulator records. `lean`: with what the rules about NBLs need. */
export type Kind = 'full' | 'lean';

interface Draft {
  readonly status?: string;
  readonly args?: object;
  readonly nbl?: string;
  readonly source?: string;
  readonly irql?: number;
}

class Recorder {
  private seq = 0;
  private readonly lines: string[] = [];

  constructor(private readonly kind: Kind) {}

  add(dir: string, ddi: string, module: string | undefined, thread: string, draft: Draft = {}): void {
    this.seq += 1;
    const { seq } = this;
    const { status, args, nbl, source, irql = 0 } = draft;
    if (this.kind === 'lean') {
      const nbls = nbl === undefined ? undefined : [{ nbl }];
      this.lines.push(JSON.stringify({ seq, dir, ddi, module, thread, status, nbls }));
      return;
    }
    const nbs = [{ nb: `${nbl ?? ''}b`, dataOffset: 0, dataLength: 60, mdls: 'd' }];
    const nbls = nbl === undefined ? undefined : [{ nbl, source, nbs }];
    this.lines.push(
      JSON.stringify({ seq, dir, ddi, module, thread, cpu: seq % 4, irql, locks: [], time: seq, status, args, nbls }),
    );
  }

  take(): readonly string[] {
    return this.lines.splice(0);
  }
}

const ROUNDS = 100;
const NBLS = 64;

function* life(recorder: Recorder, number: number): Generator<void> {
  const module = `m${number}`;
  const handle = `h${number}`;
  const add = (dir: string, ddi: string, thread: string, draft?: Draft): void =>
    recorder.add(dir, ddi, module, `${thread}${number % 4}`, draft);
  const pair = (ddi: string, status?: string): void => {
    add('->', ddi, 't1');
    add('<-', ddi, 't1', { status });
  };
  /** A call of the driver from within a handler, or a handler alone. */
  const pass = (handler: string, thread: string, call: string | undefined, draft: Draft): void => {
    add('->', handler, thread, { ...draft, args: { ...draft.args } });
    if (call !== undefined) {
      add('=>', call, thread, { ...draft, args: { handle, ...draft.args } });
      add('<=', call, thread, { irql: draft.irql });
    }
    add('<-', handler, thread, { irql: draft.irql });
  };
  add('->', 'FilterAttach', 't1', { args: { handle } });
  add('=>', 'NdisFSetAttributes', 't1', { args: { handle, context: `c${number}` } });
  add('<=', 'NdisFSetAttributes', 't1', { status: 'NDIS_STATUS_SUCCESS' });
  add('<-', 'FilterAttach', 't1', { status: 'NDIS_STATUS_SUCCESS' });
  for (let nbl = 0; ;) {
    pair('FilterRestart', 'NDIS_STATUS_SUCCESS');
    for (let round = 0; round < ROUNDS; round += 1) {
      nbl = (nbl + 1) % NBLS;
      const own = { nbl: `o${number}_${nbl}`, source: handle };
      const sent = { nbl: `f${number}_${nbl}`, source: 'p1', irql: 2 };
      const received = { nbl: `r${number}_${nbl}`, source: 'mp' };
      recorder.add('->', 'IRP_MJ_WRITE', undefined, `w${number % 4}`, { args: { irp: 'i1', file: 'a1' } });
      recorder.add('=>', 'NdisFSendNetBufferLists', module, `w${number % 4}`, { ...own, args: { handle, flags: 0 } });
      recorder.add('<=', 'NdisFSendNetBufferLists', module, `w${number % 4}`);
      recorder.add('<-', 'IRP_MJ_WRITE', undefined, `w${number % 4}`, { status: 'STATUS_SUCCESS' });
      pass('FilterSendNetBufferListsComplete', 't3', undefined, { ...own, args: { flags: 1 }, irql: 2 });
      yield;
      pass('FilterSendNetBufferLists', 't4', 'NdisFSendNetBufferLists', { ...sent, args: { flags: 0 } });
      yield;
      const completed = { ...sent, args: { flags: 1 } };
      pass('FilterSendNetBufferListsComplete', 't3', 'NdisFSendNetBufferListsComplete', completed);
      yield;
      const up = { ...received, args: { count: 1, flags: 1 }, irql: 2 };
      pass('FilterReceiveNetBufferLists', 't5', 'NdisFIndicateReceiveNetBufferLists', up);
      yield;
      pass('FilterReturnNetBufferLists', 't6', 'NdisFReturnNetBufferLists', { ...received, args: { flags: 0 } });
      yield;
    }
    pair('FilterPause', 'NDIS_STATUS_SUCCESS');
    yield;
  }
}

/**
 * @param crossings at least so many
 * @param modules how many live side by side
 * @returns lines, some at a time, without line feeds
 */
export function* traffic(kind: Kind, crossings: number, modules: number): Generator<readonly string[]> {
  const recorder = new Recorder(kind);
  yield ['{"schema":"trace/1","driver":"traffic"}'];
  const lives = Array.from({ length: modules }, (_, number) => life(recorder, number + 1));
  for (let written = 0; written < crossings;) {
    for (const one of lives) one.next();
    const lines = recorder.take();
    written += lines.length;
    yield lines;
  }
}
