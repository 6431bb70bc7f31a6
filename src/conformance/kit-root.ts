import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The published package runs from `dist/src/conformance/*.js`, a clone from `src/conformance/*.ts`. */
const compiled = __filename.endsWith('.js');

/** Folder of the kit's package.json: the clone, or the installed package. */
export const kitRoot = join(__dirname, ...(compiled ? ['..', '..', '..'] : ['..', '..']));

/** Folder of what runs: the same as `kitRoot` in a clone, `dist` in the package. */
export const codeRoot = compiled ? join(kitRoot, 'dist') : kitRoot;

/** The specification as it is written. */
export const featuresFolder = join(kitRoot, 'features');

/** What Cucumber must load so that the specification's sentences mean something: a pattern, relative to the kit, whose own place may look like one. */
export const stepDefinitionGlob = `${compiled ? 'dist/' : ''}step-definitions/**/${compiled ? '*.js' : '*.ts'}`;

interface Package {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

/** Name and version of the kit, and what it exports, as in its package.json. */
export const {
  name: packageName,
  version: kitVersion,
  exports: packageExports,
} = JSON.parse(readFileSync(join(kitRoot, 'package.json'), 'utf8')) as Package;
