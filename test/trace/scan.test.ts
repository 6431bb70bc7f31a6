import { expect } from 'chai';
import fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import {
  CannotRead,
  closeBelt,
  newBelt,
  readTrace,
  scanTrace,
  scanTraceFile,
  sendTrace,
  takeTrace,
  traceLines,
  type Crossing,
  type TraceHeader,
  type TraceProblem,
} from '../../src/trace';
import { BeltSender } from '../../src/trace/scan/belt';
import { anyCrossing, anyHeader } from './arbitrary';

type Found = readonly ['header', TraceHeader] | readonly ['crossing', Crossing] | readonly ['problem', TraceProblem];

async function slowly(source: readonly Uint8Array[]): Promise<Found[]> {
  const found: Found[] = [];
  for await (const { header, crossing, problem } of readTrace(source)) {
    if (header) found.push(['header', header]);
    if (crossing) found.push(['crossing', crossing]);
    if (problem) found.push(['problem', problem]);
  }
  return found;
}

/** What is absent may be there as undefined. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

async function fast(source: readonly Uint8Array[]): Promise<Found[]> {
  const found: Found[] = [];
  await scanTrace(source, {
    header: (header) => found.push(['header', header]),
    crossing: (crossing) => {
      found.push(['crossing', plain(crossing)]);
      return true;
    },
    problem: (problem) => found.push(['problem', problem]),
  });
  return found;
}

async function same(...source: readonly Uint8Array[]): Promise<void> {
  expect(await fast(source)).to.deep.equal(plain(await slowly(source)));
}

const bytes = (text: string): Buffer => Buffer.from(text);
const call = (seq: number, more = ''): string => `{"seq":${seq},"dir":"=>","ddi":"NdisFSendNetBufferLists"${more}}`;

/** The same crossings again and again, so that the shapes of their lines are known. */
const repeated = fc
  .tuple(fc.array(anyCrossing, { minLength: 1, maxLength: 6 }), fc.integer({ min: 2, max: 4 }))
  .map(([crossings, times]) =>
    Array.from({ length: times }, () => crossings)
      .flat()
      .map((crossing, index) => ({ ...crossing, seq: index + 1 })),
  );

const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat(6),
  put: fc.oneof(
    fc.constantFrom('', '\n', '"', '\\', '0', '00', '1e3', '.5', '-', ',', '}', '{', ' ', '\0', 'é', '\r'),
    fc.string({ maxLength: 3 }),
  ),
});

/** Values as they may be written, whatever they are for. */
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 17 });
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab1_'), maxLength: 3 }),
  fc.string({ unit: fc.constantFrom(...'ab01 :{[,'), minLength: 12, maxLength: 60 }),
  fc.constantFrom('\\n', '\\"', '\\u0061', '\\', '\x7f', 'é', 'x\t', '\0', '\ud83d\ude00', '"'),
);
const written = fc.oneof(
  digits.map((value) => value.replace(/^0+(?=.)/, '')),
  digits,
  fc.tuple(digits, digits).map((parts) => parts.join('.')),
  texts.map((text) => `"${text}"`),
  fc.tuple(texts, texts).map(([text, other]) => `"${text}${other}"`),
  fc.array(texts, { maxLength: 3 }).map((items) => `["${items.join('","')}"]`),
  fc.constantFrom('-1', '1e3', '1E-2', 'true', 'null', '""', '[]', '{}', ' 7', '7 ', '2147483647', '2147483648'),
);
const chain = fc.array(fc.tuple(texts, written), { maxLength: 3 }).map((nbls) => {
  const items = nbls.map(([nbl, length]) => `{"nbl":"${nbl}","nbs":[{"nb":"b","dataLength":${length}}]}`);
  return `,"nbls":[${items.join(',')}]`;
});
const membersOfALine = fc
  .oneof(
    fc.tuple(fc.constantFrom('module', 'adapter', 'thread', 'cpu', 'irql', 'time', 'locks', 'status'), written),
    fc.tuple(fc.constantFrom('a', 'b', 'status'), written).map(([name, value]) => ['args', `{"${name}":${value}}`]),
    fc.tuple(written, written).map(([a, b]) => ['args', `{"a":${a},"b":${b}}`]),
  )
  .map(([name, value]) => `,"${name}":${value}`);
/** Lines that are often of one shape. */
const writtenLines = fc
  .array(fc.tuple(fc.array(fc.oneof(membersOfALine, chain), { maxLength: 3 }), fc.nat(1)), {
    minLength: 1,
    maxLength: 40,
  })
  .map((lines) => lines.map(([more, cr], index) => `${call(index + 1, more.join(''))}${cr === 1 ? '\r' : ''}\n`));

function cutInto(whole: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
  return chunks;
}

describe('Scanning a trace', () => {
  it('finds what reading finds, whatever the crossings are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.option(anyHeader, { nil: undefined }), repeated, async (header, crossings) => {
        await same(bytes([...traceLines(header, crossings)].join('')));
      }),
    );
  });

  it('finds what reading finds in damaged traces, wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(repeated, fc.array(damage, { maxLength: 8 }), fc.nat(200), async (crossings, damages, size) => {
        let text = [...traceLines({ schema: 'trace/1' }, crossings)].join('');
        for (const { at, length, put } of damages) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + put + text.slice(from + length);
        }
        await same(...cutInto(bytes(text), size + 20));
      }),
      { numRuns: 300 },
    );
  });

  it('finds what reading finds, however values are written', async () => {
    await fc.assert(
      fc.asyncProperty(writtenLines, fc.integer({ min: 30, max: 400 }), async (lines, size) => {
        await same(...cutInto(bytes([...lines, ...lines].join('')), size));
      }),
      { numRuns: 200 },
    );
  });

  it('takes numbers and texts for what JSON takes them for', async () => {
    const values = ['0', '7', '00', '07', '-1', '1.5', '1.', '.5', '1e3', '0.1', '0.30000000000000004', '123456.789'];
    values.push('9007199254740993', '999999999999999', '1234567890123456', '4294967296', 'true', 'null', '""', '"a"');
    values.push(
      '"a b"',
      '"\\u0061"',
      '"é"',
      '"\x7f"',
      `"${'x'.repeat(64)}"`,
      `"${'x'.repeat(65)}"`,
      '[]',
      '["a"]',
      '{}',
    );
    for (const member of [
      'time',
      'cpu',
      'irql',
      'module',
      'thread',
      'locks',
      'args',
      'nbls',
      'seq',
      'status',
      'more',
    ]) {
      const lines = values.flatMap((value, index) => [
        call(2 * index + 1, member === 'args' ? `,"args":{"a":1}` : ''),
        call(2 * index + 2, member === 'args' ? `,"args":{"a":${value}}` : `,"${member}":${value}`),
      ]);
      await same(bytes([...lines, ...lines, ''].join('\n')));
    }
  });

  it('tells apart what begins alike', async () => {
    const lines = [
      '',
      ',"irql":2',
      ',"irql":32',
      ',"irql":0',
      ',"time":1.25',
      ',"time":1',
      ',"args":{"a":"x"}',
      ',"args":{"a":12}',
    ]
      .concat([',"args":{"a":true}', ',"args":{"a":["x","y"],"b":""}', ',"nbls":[]', ',"nbls":[{"nbl":"n1"}]'])
      .concat([',"nbls":[{"nbl":"n1"},{"nbl":"n2","status":"PENDING"}]', ',"locks":[]', ',"locks":["a"]'])
      .concat([', "module" : "m1"', ',"module":"m2","certainty":"exact"', ',"certainty":{"after":1,"before":9}'])
      .concat([
        ',"neighbour":"miniport"',
        ',"neighbour":"filter:a"',
        ',"status":"0x103"',
        ',"status":259',
        ',"status":"PENDING"',
      ]);
    const all = [...lines, ...lines.toReversed(), ...lines].map((more, index) => call(index + 1, more));
    await same(bytes(all.join('\n')));
    await same(bytes(all.join('\r\n')));
  });

  it('goes on where more is to be remembered than there is room', async () => {
    const lines: string[] = [];
    for (let index = 1; index <= 40_000; index += 1) {
      const nbl = `{"nbl":"n${index % 30_000}","nbs":[{"nb":"b${index % 17_000}","dataLength":${index % 1500}}]}`;
      lines.push(
        call(
          index,
          `,"thread":"t${index % 3}","args":{"flags":${index % 3},"handle":"h${index % 700}"},"nbls":[${nbl}]`,
        ),
      );
    }
    // So many that saying where they differ would take longer than reading them.
    const whole = [bytes(lines.join('\n'))];
    expect(isDeepStrictEqual(await fast(whole), plain(await slowly(whole)))).to.equal(true);
  });

  it('makes a chain again when it has forgotten it, and forgets less where chains come back', async () => {
    /** @returns of each line, whether its chain is the one that was made before for the same NBL */
    const areKept = async (nbls: readonly number[]): Promise<boolean[]> => {
      const made = new Map<string, Crossing['nbls']>();
      const kept: boolean[] = [];
      const lines = nbls.map((nbl, index) => call(index + 1, `,"nbls":[{"nbl":"n${nbl}"}]`));
      await scanTrace([bytes(`${lines.join('\n')}\n`)], {
        header: () => undefined,
        crossing: ({ nbls: chain }) => {
          const nbl = chain?.[0]?.nbl ?? '';
          kept.push(made.get(nbl) === chain);
          made.set(nbl, chain);
          return true;
        },
        problem: ({ what }) => expect.fail(what),
      });
      return kept;
    };
    const some = Array.from({ length: 2000 }, (_, index) => index);
    const again = await areKept(Array.from({ length: 40 }, () => some).flat());
    expect(again.slice(-2000).filter(Boolean).length).to.be.greaterThan(1900);
    const others = Array.from({ length: 40_000 }, (_, index) => 2000 + index);
    const anew = await areKept([...some, ...others, ...some]);
    expect(anew.slice(-2000).filter(Boolean).length).to.equal(0);
    const soon = await areKept(others.flatMap((nbl) => [nbl, nbl]));
    expect(soon.filter(Boolean).length).to.be.greaterThan(39_900);
  });

  it('makes chains of any length', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => {
      const nbls = Array.from({ length: index % 40 }, (_each, at) => `{"nbl":"n${at + index}","source":"h"}`);
      const args = Array.from({ length: index % 30 }, (_each, at) => `"a${at}":${at * index}`);
      return call(index + 1, `,"nbls":[${nbls.join(',')}],"args":{${args.join(',')}}`);
    });
    await same(bytes([...lines, ...lines].join('\n')));
  });

  it('leaves out lines that are too long, finished or not', async () => {
    const long = Buffer.alloc(4 * 1024 * 1024, 'x');
    await same(bytes(`${call(1)}\n`), long, bytes(`\n${call(2)}\n`), long);
    await same(bytes(`${call(1)}\n`), long.subarray(0, 1024 * 1024 + 1), bytes(`\n${call(2)}\n${call(3)}`));
  });

  it('ends with a problem where the source fails', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield bytes(`${call(1)}\n${call(2)}\n{"se`);
      throw new Error('the disk is gone');
    }
    const found: unknown[] = [];
    await scanTrace(failing(), {
      header: () => undefined,
      crossing: ({ seq }) => {
        found.push(seq);
        return true;
      },
      problem: ({ line, what }) => found.push([line, what.split(/[:(]/)[0]]),
    });
    const slow: unknown[] = [];
    for await (const { crossing, problem } of readTrace(failing()))
      slow.push(crossing?.seq ?? [problem?.line, problem?.what.split(/[:(]/)[0]]);
    expect(found).to.deep.equal(slow);
  });

  it('finds the same on the thread that takes what another one has found', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lwf-scan-'));
    const path = join(folder, 'trace.ndjson');
    const taken = async (): Promise<string[]> => {
      const found: string[] = [];
      const tell = (kind: string, what: unknown): boolean => found.push(JSON.stringify([kind, what])) > 0;
      const belt = newBelt();
      expect(await sendTrace(path, belt)).to.equal(true);
      takeTrace(belt, {
        header: (header) => tell('header', header),
        crossing: (crossing) => tell('crossing', crossing),
        problem: (problem) => tell('problem', problem),
      });
      return found;
    };
    try {
      const lines = Array.from({ length: 4000 }, (_, index) => call(index + 1, `,"thread":"t${index % 9}","cpu":1`));
      // One that takes more room than is passed on at a time, and some that differ.
      for (let index = 0; index < 40; index += 1) lines[index * 99] = call(index * 99 + 1, `,"module":"é${index}"`);
      lines[2000] = call(2001, `,"args":{"a":"${'x'.repeat(700_000)}"}`);
      for (const content of [lines.concat(lines.slice(0, 50)).join('\n'), `{"schema":"trace/9"}\n${call(1)}`]) {
        writeFileSync(path, content);
        const slow = (await slowly([bytes(content)])).map((found) => JSON.stringify(found));
        const inOrder = (text: string): unknown => JSON.parse(text);
        expect(isDeepStrictEqual((await taken()).map(inOrder), slow.map(inOrder))).to.equal(true);
      }
      expect(await sendTrace(folder, newBelt())).to.equal(false);
      expect(await sendTrace(join(folder, 'none'), newBelt())).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tells the other thread what ended the file before its end', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lwf-scan-'));
    const path = join(folder, 'trace.gz');
    try {
      writeFileSync(path, gzipSync(`${call(1)}\n`.repeat(10)).subarray(0, -10));
      const found: unknown[] = [];
      const belt = newBelt();
      await sendTrace(path, belt);
      takeTrace(belt, {
        header: () => undefined,
        crossing: () => undefined,
        problem: ({ lost }) => found.push(lost),
      });
      expect(found.at(-1)).to.equal('rest');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not wait for a thread that takes nothing any more', async () => {
    const belt = newBelt();
    const sender = new BeltSender(belt);
    closeBelt(belt);
    for (let sent = 0; sent < 20; sent += 1) await sender.send(new Uint8Array(8));
    expect(sender.isClosed).to.equal(true);
  });

  it('says what is missing where there is no WebAssembly', async () => {
    const { WebAssembly: present } = globalThis;
    const listener = { header: () => undefined, crossing: () => undefined, problem: () => undefined };
    try {
      Reflect.deleteProperty(globalThis, 'WebAssembly');
      const failure: unknown = await scanTraceFile(__filename, listener).catch((thrown: unknown) => thrown);
      expect(failure).to.be.instanceOf(CannotRead);
    } finally {
      globalThis.WebAssembly = present;
    }
  });
});
