// Parses PowerShell scripts and prints their trees, one JSON document: a program of its own, because what compiles the parser's WebAssembly
// best takes a minute for it, and --liftoff-only is for whole processes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Language, Parser } = require('@vscode/tree-sitter-wasm');

/** Of named nodes, missing ones and errors; `from` and `to` count UTF-16 units. */
function treeOf(node) {
  const children = node.children.filter((child) => child.isNamed || child.isMissing || child.isError);
  return {
    type: node.isMissing ? 'MISSING' : node.type,
    line: node.startPosition.row + 1,
    from: node.startIndex,
    to: node.endIndex,
    children: children.map(treeOf),
  };
}

await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm')));
const trees = process.argv.slice(2).map((file) => treeOf(parser.parse(readFileSync(file, 'utf8')).rootNode));
process.stdout.write(JSON.stringify(trees));
