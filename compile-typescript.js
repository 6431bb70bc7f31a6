'use strict';
// How ts-node turns a file into JavaScript here: by swc, which takes a fifth of the time that TypeScript takes for a clone.

const { transformSync } = require('@swc/wasm');

const OPTIONS = {
  swcrc: false,
  configFile: false,
  sourceMaps: true,
  isModule: true,
  jsc: { parser: { syntax: 'typescript', dynamicImport: true }, target: 'es2022', keepClassNames: true },
  // A native import stays one: packages that are modules cannot be required.
  module: { type: 'commonjs', ignoreDynamic: true },
};

/** A transpiler of ts-node. */
exports.create = () => ({
  transpile(input, { fileName }) {
    const { code, map } = transformSync(input, { ...OPTIONS, filename: fileName });
    return { outputText: code, sourceMapText: map };
  },
});
