import Module from 'node:module';
import { join } from 'node:path';
import { codeRoot, packageExports, packageName } from './kit-root';

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

let served = false;

/**
 * Makes `ndis-lwf-spec/simulator` and the like mean this very kit, wherever the module that says it lies. A driver that is
 * judged by a clone, or by `npx` without having installed anything, finds no package of that name beside it; and one that finds
 * another copy would extend the classes of that copy.
 */
export function serveOwnPackage(): void {
  if (served) return;
  served = true;
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    const file = ownFile(request);
    return resolve.call(this, file ?? request, ...rest);
  };
}

function ownFile(request: string): string | undefined {
  if (request !== packageName && !request.startsWith(`${packageName}/`)) return undefined;
  const entry = packageExports[`.${request.slice(packageName.length)}`];
  if (typeof entry !== 'object') return undefined;
  // `./dist/adapters/simulator/authoring.js` is compiled from `adapters/simulator/authoring.ts`.
  return join(codeRoot, entry.default.replace(/^\.\/dist\//, '').replace(/\.js$/, ''));
}
