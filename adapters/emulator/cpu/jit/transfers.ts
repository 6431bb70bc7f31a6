/** Loads and stores between locals and the state, as `flow` finds them to be needed. */
import type { Layout } from '../memory/layout';
import { Code } from './code';
import type { Locals } from './flow';
import { LOCAL } from './locals';
import { OP } from './opcodes';
import { STATE } from './state';

const WIDE = { load: OP.i64Load, store: OP.i64Store };
const FIELDS = [
  ...Array.from({ length: 16 }, (_, index) => ({
    local: LOCAL.general + index,
    field: STATE.general + index * 8,
    ...WIDE,
  })),
  { local: LOCAL.flagA, field: STATE.flagA, ...WIDE },
  { local: LOCAL.flagB, field: STATE.flagB, ...WIDE },
  { local: LOCAL.flagResult, field: STATE.flagResult, ...WIDE },
  { local: LOCAL.flagKind, field: STATE.flagKind, load: OP.i32Load, store: OP.i32Store },
];

/** More than the regions of a large driver ask for; what comes after them is made anew. */
const MOST = 20_000;

export class Transfers {
  /** By what is loaded and by what is stored. */
  private readonly made = new Map<Locals, Map<Locals, Uint8Array>>();
  private count = 0;

  /** @param engine where the area of the engine begins */
  constructor(private readonly engine: number) {}

  /** @returns code that loads locals from the state, and stores others there; nobody may change it */
  between(loads: Locals, stores: Locals): Uint8Array {
    const known = this.made.get(loads)?.get(stores);
    if (known !== undefined) return known;
    const bytes = this.make(loads, stores);
    if (this.count === MOST) {
      this.made.clear();
      this.count = 0;
    }
    const row = this.made.get(loads) ?? new Map<Locals, Uint8Array>();
    this.made.set(loads, row.set(stores, bytes));
    this.count += 1;
    return bytes;
  }

  private make(loads: Locals, stores: Locals): Uint8Array {
    const code = new Code();
    for (const { local, field, load, store } of FIELDS) {
      const bit = 1 << local;
      const at = this.engine + field;
      if ((loads & bit) !== 0) code.i32(0).access(load, at).set(local);
      if ((stores & bit) !== 0) code.i32(0).get(local).access(store, at);
    }
    return code.toArray();
  }
}

/** Regions of all images need the same ones, again and again. */
const transfers = new Map<number, Transfers>();

/** @returns the transfers of all engines whose memory is laid out so */
export function transfersOf({ engine }: Layout): Transfers {
  let known = transfers.get(engine);
  if (known === undefined) transfers.set(engine, (known = new Transfers(engine)));
  return known;
}
