/**
 * Snapshots by pages. A snapshot is one reference a page to bytes that never change again; pages that two snapshots have in
 * common are shared. Memory always equals the snapshot it stands on, except for the pages marked since.
 */

/** One kind of content of a page: the bytes themselves, or their shadow. */
export interface PageSource {
  readonly pageSize: number;
  /** A byte a page, 1 where it may differ from the snapshot that memory stands on. */
  readonly marks: Uint8Array;
  read(page: number, into: Uint8Array): void;
  write(page: number, from: Uint8Array): void;
}

export type PageTable = readonly Uint8Array[];

export class Pages {
  private base: PageTable;

  constructor(
    private readonly source: PageSource,
    private readonly count: number,
  ) {
    // Fresh memory is all zero, and every page of it is the same one.
    const zeros = new Uint8Array(source.pageSize);
    this.base = new Array<Uint8Array>(count).fill(zeros);
  }

  snapshot(): PageTable {
    const table = this.base.slice();
    this.forEachMarked((page) => {
      const copy = new Uint8Array(this.source.pageSize);
      this.source.read(page, copy);
      table[page] = copy;
    });
    this.standOn(table);
    return table;
  }

  /** @param changed is told of each page that was written back */
  restore(table: PageTable, changed: (page: number) => void): void {
    const put = (page: number): void => {
      const bytes = table[page];
      if (bytes === undefined) return;
      this.source.write(page, bytes);
      changed(page);
    };
    this.forEachMarked(put);
    if (table !== this.base) {
      for (let page = 0; page < this.count; page += 1) {
        if (table[page] !== this.base[page] && this.source.marks[page] === 0) put(page);
      }
    }
    this.standOn(table);
  }

  private forEachMarked(visit: (page: number) => void): void {
    const { marks } = this.source;
    for (let page = marks.indexOf(1); page >= 0 && page < this.count; page = marks.indexOf(1, page + 1)) visit(page);
  }

  private standOn(table: PageTable): void {
    this.base = table;
    this.source.marks.fill(0);
  }
}
