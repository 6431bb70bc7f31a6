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

export class Transfers {
  private readonly made = new Map<string, Uint8Array>();

  constructor(private readonly layout: Layout) {}

  /** @returns code that loads locals from the state, and stores others there */
  between(loads: Locals, stores: Locals): Uint8Array {
    const key = `${loads} ${stores}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const code = new Code();
    for (const { local, field, load, store } of FIELDS) {
      const bit = 1 << local;
      const at = this.layout.engine + field;
      if ((loads & bit) !== 0) code.i32(0).access(load, at).set(local);
      if ((stores & bit) !== 0) code.i32(0).get(local).access(store, at);
    }
    const bytes = code.toArray();
    this.made.set(key, bytes);
    return bytes;
  }
}
