import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The published package runs from `dist/src/conformance/*.js`, a clone from `src/conformance/*.ts`. */
const compiled = __filename.endsWith('.js');

/** Folder of the kit's package.json: the clone, or the installed package. */
export const kitRoot = join(__dirname, ...(compiled ? ['..', '..', '..'] : ['..', '..']));

/** Folder of what runs: the same as `kitRoot` in a clone, `dist` in the package. */
const codeRoot = compiled ? join(kitRoot, 'dist') : kitRoot;

/** The specification as it is written. */
export const featuresFolder = join(kitRoot, 'features');

/** What Cucumber must load so that the specification's sentences mean something. */
export const stepDefinitionGlob = join(codeRoot, 'step-definitions', '**', compiled ? '*.js' : '*.ts').replace(
  /\\/g,
  '/',
);

/** Version of the kit, as in its package.json. */
export const kitVersion = (JSON.parse(readFileSync(join(kitRoot, 'package.json'), 'utf8')) as { version: string })
  .version;
