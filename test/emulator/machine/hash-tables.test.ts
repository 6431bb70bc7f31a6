import { expect } from 'chai';
import { Caller } from './caller';

/** A table, given memory of the library's, and the entries that are in it. */
class Table {
  readonly caller = new Caller();
  readonly at: bigint;
  readonly context = this.caller.space(0x18);

  constructor() {
    const out = this.caller.space(8);
    expect(this.caller.do('RtlCreateHashTable', out, 0, 0)).to.equal(1n);
    this.at = this.caller.u64(out);
  }

  insert(signature: number): bigint {
    const entry = this.caller.space(0x18);
    expect(this.caller.do('RtlInsertEntryHashTable', this.at, entry, signature, 0)).to.equal(1n);
    return entry;
  }

  enumerate(each: (entry: bigint) => void = () => undefined): bigint[] {
    const { caller, at } = this;
    const enumerator = caller.space(0x28);
    caller.do('RtlInitEnumerationHashTable', at, enumerator);
    const found: bigint[] = [];
    for (;;) {
      const entry = caller.do('RtlEnumerateEntryHashTable', at, enumerator);
      if (entry === 0n) break;
      found.push(entry);
      each(entry);
    }
    caller.do('RtlEndEnumerationHashTable', at, enumerator);
    return found;
  }
}

const ENTRIES = 0x14;
const BUCKETS = 0x18;

describe('Hash tables', () => {
  it('find entries by their signature, one after another', () => {
    const table = new Table();
    const { caller, at, context } = table;
    const [a, b] = [table.insert(7), table.insert(7)];
    const other = table.insert(7 + 128);
    expect(caller.do('RtlLookupEntryHashTable', at, 7, context)).to.equal(a);
    expect(caller.do('RtlGetNextEntryHashTable', at, context)).to.equal(b);
    expect(caller.do('RtlGetNextEntryHashTable', at, context)).to.equal(0n);
    expect(caller.do('RtlLookupEntryHashTable', at, 7 + 128, 0)).to.equal(other);
    expect(caller.do('RtlLookupEntryHashTable', at, 8, 0)).to.equal(0n);
    expect([caller.u32(at, ENTRIES), caller.u32(at, BUCKETS)]).to.deep.equal([3, 1]);
  });

  it('are walked through, and entries removed on the way', () => {
    const table = new Table();
    const { caller, at } = table;
    const entries = [1, 2, 2, 130, 127].map((signature) => table.insert(signature));
    expect(table.enumerate()).to.have.members(entries);
    expect(table.enumerate((entry) => caller.do('RtlRemoveEntryHashTable', at, entry, 0))).to.have.length(5);
    expect(table.enumerate()).to.deep.equal([]);
    expect([caller.u32(at, ENTRIES), caller.u32(at, BUCKETS)]).to.deep.equal([0, 0]);
    caller.do('RtlDeleteHashTable', at);
    caller.run(() => caller.export('RtlLookupEntryHashTable', at, 1, 0));
    expect(caller.bugcheck.code).to.be.oneOf(['0x50', '0xD1']);
  });
});
