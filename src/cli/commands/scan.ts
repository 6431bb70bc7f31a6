import { createRequire } from 'node:module';
import type { DriverScan } from '../../../adapters/emulator/scan';
import type * as ScanFile from '../../conformance/scan-file';
import { plural } from '../../reporting/plural';
import type { AddCommand } from '../command';
import { scanText } from '../scan-text';

const load = createRequire(__filename);

/** `lwf scan`: what is in a .sys file, and whether the emulator has all that it wants. */
export const addScan: AddCommand = (program, { terminal }) => {
  program
    .command('scan')
    .description('tell what a .sys file is and what of it the emulator cannot run, without running anything')
    .argument('<file>', 'image of a driver for x64; a .pdb beside it gives names')
    .option('--json', 'write what was found as JSON', false)
    .action((file: string, { json }: { readonly json: boolean }) => {
      const scan = (load('../../conformance/scan-file') as typeof ScanFile).scanFile(file);
      terminal.out(json ? `${JSON.stringify(scan, null, 2)}\n` : scanText(file, scan, terminal.colour));
      const lacks = lacking(scan);
      if (lacks.length > 0) {
        terminal.err(`lwf: warning: ${lacks.join(' and ')}; a run that comes to one ends there and says so.\n`);
      }
    });
};

function lacking({ imports, code }: DriverScan): string[] {
  const unmodelled = imports.flatMap(({ functions }) => functions).filter(({ modelled }) => !modelled).length;
  const unsupported = code.unsupported.length;
  return [
    ...(unmodelled > 0 ? [`${plural(unmodelled, 'import')} not modelled`] : []),
    ...(unsupported > 0 ? [`${plural(unsupported, 'kind')} of instruction not supported`] : []),
  ];
}
