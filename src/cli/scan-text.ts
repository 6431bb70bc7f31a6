import type { DriverScan, ScannedImport, UnsupportedInstruction } from '../../adapters/emulator/scan';
import { plural } from '../reporting/plural';
import { line, paint, type Paint } from '../reporting/terminal/paint';
import { columns } from './columns';

const NOT_MODELLED = 'not modelled: a call stops the run with its name';

/** Modelled as on a machine that has no such thing. */
const ANSWERS: Readonly<Record<string, string>> = {
  NdisFGetOptionalSwitchHandlers:
    'modelled: no adapter is a Hyper-V extensible switch; a filter that takes only those attaches to none here',
};

/** What `lwf scan` says: the file, its sections, how it was built, what it imports and what instructions it has. */
export function scanText(file: string, scan: DriverScan, colour: boolean): string {
  const p = paint(colour);
  const part = (title: string, rows: readonly (readonly string[])[]): string =>
    `\n${p.bold(title)}\n${columns(rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]))}`;
  return [
    `${p.bold(line(file))}: ${plural(scan.size, 'byte')}\n`,
    columns(fileRows(scan)),
    part('Sections', sectionRows(scan)),
    part('Built with', buildRows(scan)),
    ...scan.imports.map(({ module, functions }) => part(`Imports from ${line(module)}`, functions.map(importRow))),
    `\n${p.bold('Instructions')}\n`,
    instructionText(p, scan),
  ].join('');
}

function fileRows({ sha256, fileVersion, debug, symbols }: DriverScan): string[][] {
  const named = debug === undefined ? 'none named' : `${line(debug.file)} ${debug.guid} age ${debug.age}`;
  const found = symbols.kind === 'none' ? 'none found beside the image' : `found, ${plural(symbols.count, 'name')}`;
  return [
    ['  sha256', sha256],
    ['  version', line(fileVersion ?? 'none')],
    ['  PDB', named],
    ['  symbols', symbols.refused === undefined ? found : `not used: ${line(symbols.refused)}`],
  ];
}

function sectionRows({ sections }: DriverScan): string[][] {
  return sections.map(({ name, rva, size, read, write, execute, discardable, pageable }) => [
    line(name),
    hex(rva),
    plural(size, 'byte'),
    `${read ? 'r' : '-'}${write ? 'w' : '-'}${execute ? 'x' : '-'}`,
    [discardable ? 'discardable' : '', pageable ? 'pageable' : ''].filter(Boolean).join(', '),
  ]);
}

function buildRows({ securityCookie, guardFunctions, handlers }: DriverScan): string[][] {
  const handled = handlers.map(({ name, count }) => `${line(name)} (${plural(count, 'function')})`);
  return [
    ['security cookie', securityCookie ? 'yes' : 'no'],
    ['control-flow guard', guardFunctions === undefined ? 'no' : `yes, ${plural(guardFunctions, 'target')}`],
    ['exception handlers', handled.length > 0 ? handled.join(', ') : 'no'],
  ];
}

function importRow({ name, delayed, modelled }: ScannedImport): string[] {
  return [line(name), `${modelled ? (ANSWERS[name] ?? 'modelled') : NOT_MODELLED}${delayed ? ' (delay-loaded)' : ''}`];
}

function instructionText(p: Paint, { functions, code }: DriverScan): string {
  const { instructions, mnemonics, unsupported, tableBytes } = code;
  const kinds = plural(Object.keys(mnemonics).length, 'kind');
  const tables = tableBytes === 0 ? '' : `; ${plural(tableBytes, 'byte')} behind them taken for tables of switches`;
  const verdict = unsupported.length === 0 ? 'All of these are supported.' : `${p.bold('Not supported')}:`;
  return [
    `  ${plural(instructions, 'instruction')} of ${kinds} in ${plural(functions, 'function')} of .pdata${tables}.\n`,
    `  Leaf functions have no entry there and were not looked at.\n`,
    `  ${verdict}\n`,
    columns(unsupported.map(unsupportedRow)),
  ].join('');
}

function unsupportedRow({ mnemonic, form, rva, symbol, count }: UnsupportedInstruction): string[] {
  const what = mnemonic === 'invalid' ? 'bytes that are no instruction' : `${mnemonic} (${form})`;
  return [`    ${what}`, `first at ${hex(rva)}${symbol === undefined ? '' : ` ${line(symbol)}`}`, times(count)];
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
