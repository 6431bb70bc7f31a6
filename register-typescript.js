'use strict';
// Runs the TypeScript of a clone, and remembers what each file compiled to: a command starts in half a second instead of five,
// and without the compiler in memory. A file is looked up by its content, so an entry is never out of date. Preload it:
// `node -r ./register-typescript.js`.

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const sourceMapSupport = require('@cspotcode/source-map-support');

const compiler = join(__dirname, 'compile-typescript.js');
const folder = join(__dirname, 'node_modules', '.cache', 'ndis-lwf-spec');

const salt = [require('@swc/wasm/package.json').version, readFileSync(compiler, 'utf8')].join('\n');
/** Compiled text by file: stack traces need the source maps in there. */
const known = new Map();

sourceMapSupport.install({
  environment: 'node',
  retrieveFile: (path) => known.get(path) ?? null,
});

function compiledText(fileName) {
  const code = readFileSync(fileName, 'utf8');
  const key = createHash('sha256').update(salt).update(fileName).update('\n').update(code).digest('hex');
  const entry = join(folder, `${key}.js`);
  let compiled = read(entry);
  if (compiled === undefined) {
    // The compiler is loaded for the first file that is new.
    compiled = require(compiler).compile(code, fileName);
    write(entry, compiled);
  }
  known.set(fileName, compiled);
  return compiled;
}

Module._extensions['.ts'] = (module, fileName) => module._compile(compiledText(fileName), fileName);

function read(entry) {
  try {
    return readFileSync(entry, 'utf8');
  } catch {
    return undefined;
  }
}

/** Several processes may write the same entry: each writes a file of its own and puts it in place. A cache may be lost. */
function write(entry, text) {
  const mine = `${entry}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(mine, text);
    renameSync(mine, entry);
  } catch {
    // A clone that cannot be written runs as well, only slower.
  }
}

// `ndis-lwf-spec/simulator` means these sources too, and not what was once built from them.
require('./src/conformance/own-package').serveOwnPackage();
