/** Makes small images byte by byte, sound ones and others, without a compiler. */

/** Where every made image would like to be. */
export const PREFERRED_BASE = 0x1_4000_0000n;

/** Bytes that are appended one after another and know where in the image they will be. */
export class Data {
  private bytes: number[] = [];

  constructor(private readonly base = 0) {}

  /** RVA of what comes next. */
  get rva(): number {
    return this.base + this.bytes.length;
  }

  raw(...bytes: readonly number[]): this {
    for (const byte of bytes) this.bytes.push(byte & 0xff);
    return this;
  }

  u16(...values: readonly number[]): this {
    for (const value of values) this.raw(value, value >> 8);
    return this;
  }

  u32(...values: readonly number[]): this {
    for (const value of values) this.raw(value, value >> 8, value >> 16, value >> 24);
    return this;
  }

  u64(...values: readonly bigint[]): this {
    for (const value of values) this.u32(Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn));
    return this;
  }

  text(text: string): this {
    return this.raw(...[...text].map((letter) => letter.charCodeAt(0)), 0);
  }

  wide(text: string): this {
    return this.u16(...[...text].map((letter) => letter.charCodeAt(0)), 0);
  }

  zeros(count: number): this {
    return this.raw(...new Array<number>(count).fill(0));
  }

  align(to: number): this {
    while (this.bytes.length % to !== 0) this.raw(0);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

export const CODE = 0x6000_0020;
export const READ_ONLY = 0x4000_0040;
export const READ_WRITE = 0xc000_0040;
export const DISCARDABLE = 0x0200_0000;

export interface SectionPlan {
  readonly name: string;
  readonly characteristics: number;
  readonly data?: Uint8Array;
  readonly rva?: number;
  readonly virtualSize?: number;
  readonly rawSize?: number;
  readonly pointer?: number;
}

export interface ImagePlan {
  readonly machine?: number;
  readonly magic?: number;
  readonly fileFlags?: number;
  readonly subsystem?: number;
  readonly entryPoint?: number;
  readonly sectionAlignment?: number;
  readonly fileAlignment?: number;
  readonly sizeOfImage?: number;
  readonly sizeOfHeaders?: number;
  readonly sectionCount?: number;
  readonly timeDateStamp?: number;
  /** RVA and size, by index. */
  readonly directories?: Readonly<Record<number, readonly [rva: number, size: number]>>;
  readonly sections: readonly SectionPlan[];
}

/** File offset of the PE signature. */
export const PE = 0x40;

/** @returns the file: sections a page apart from RVA 0x1000 on, and a sector apart in the file, unless the plan says else */
export function build(plan: ImagePlan): Uint8Array {
  const { sections, sizeOfHeaders = 0x400, sectionAlignment = 0x1000, fileAlignment = 0x200 } = plan;
  const up = (value: number, alignment: number) => Math.ceil(value / alignment) * alignment;
  let rva = 0x1000;
  let pointer = sizeOfHeaders;
  const placed = sections.map((section) => {
    const data = section.data ?? new Uint8Array();
    const at = {
      ...section,
      data,
      rva: section.rva ?? rva,
      pointer: section.pointer ?? (data.length ? pointer : 0),
      virtualSize: section.virtualSize ?? data.length,
      rawSize: section.rawSize ?? up(data.length, fileAlignment),
    };
    rva = up(at.rva + Math.max(at.virtualSize, 1), 0x1000);
    pointer = Math.max(pointer, up(at.pointer + data.length, 0x200));
    return at;
  });
  const header = new Data();
  header.raw(0x4d, 0x5a).zeros(0x3a).u32(PE);
  header.u32(0x4550).u16(plan.machine ?? 0x8664, plan.sectionCount ?? sections.length);
  header.u32(plan.timeDateStamp ?? 0x5f00_0000, 0, 0).u16(240, plan.fileFlags ?? 0x22);
  header
    .u16(plan.magic ?? 0x20b, 14)
    .u32(0, 0, 0, plan.entryPoint ?? 0x1000, 0x1000)
    .u64(PREFERRED_BASE);
  header
    .u32(sectionAlignment, fileAlignment)
    .u16(10, 0, 0, 0, 10, 0)
    .u32(0, plan.sizeOfImage ?? rva, sizeOfHeaders, 0);
  header
    .u16(plan.subsystem ?? 1, 0x4160)
    .u64(0x10_0000n, 0x1000n, 0x10_0000n, 0x1000n)
    .u32(0, 16);
  for (let index = 0; index < 16; index++) header.u32(...(plan.directories?.[index] ?? [0, 0]));
  for (const one of placed) {
    const name = [...one.name.padEnd(8, '\0')].map((letter) => letter.charCodeAt(0));
    header
      .raw(...name)
      .u32(one.virtualSize, one.rva, one.rawSize, one.pointer, 0, 0)
      .u16(0, 0)
      .u32(one.characteristics);
  }
  const file = new Uint8Array(Math.max(pointer, sizeOfHeaders));
  file.set(header.done().subarray(0, file.length));
  for (const one of placed) file.set(one.data, one.pointer);
  return file;
}

/** Of what the smallest driver has at RVA 0x1000: `xor eax, eax; ret`. */
export const DO_NOTHING = Uint8Array.of(0x31, 0xc0, 0xc3);

export const TEXT: SectionPlan = { name: '.text', characteristics: CODE, data: DO_NOTHING };

/** @returns a driver with what `fill` writes in a read-only section at RVA 0x2000, and what `plan` adds */
export function withTables(
  fill: (data: Data) => ImagePlan['directories'],
  plan: Partial<ImagePlan> = {},
  text: Uint8Array = DO_NOTHING,
): Uint8Array {
  const data = new Data(0x2000);
  const directories = fill(data);
  return build({
    sections: [
      { ...TEXT, data: text },
      { name: '.rdata', characteristics: READ_ONLY, data: data.done() },
    ],
    directories,
    ...plan,
  });
}
