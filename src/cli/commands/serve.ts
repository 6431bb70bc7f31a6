import { Option } from 'commander';
import { registeredDrivers } from '../../../adapters/simulator/drivers';
import { Server } from '../../../adapters/stdio';
import { ENGINES, openAdapter, type EngineName } from '../../conformance';
import { kitVersion } from '../../conformance/kit-root';
import type { AddCommand } from '../command';

interface Options {
  readonly adapter?: string;
  readonly driver: string;
  readonly profile?: string;
  readonly engine?: EngineName;
}

/** `lwf serve`: the simulator or the emulator, as an adapter that is a program of its own. */
export const addServe: AddCommand = (program, { terminal }) => {
  program
    .command('serve')
    .description(
      'serve the simulator or the emulator as an adapter on standard input and output (docs/adapter-protocol.md)',
    )
    .option('--adapter <module>', 'an adapter in TypeScript of your own: ./adapter.ts (docs/writing-an-adapter.md)')
    .option('--driver <name-or-path>', 'a driver of the kit, or your own: ./driver.ts, ./driver.sys', 'reference')
    .option('--profile <file>', 'how to make a .sys driver do things (docs/profile.md)')
    .addOption(new Option('--engine <name>', 'how a .sys driver is executed').choices(ENGINES))
    .action(async ({ adapter: module, driver, profile, engine }: Options) => {
      const adapter = openAdapter({ adapter: module, driver, profile, engine });
      // Exhibits belong to the run on the kit's own driver.
      const exhibits = module === undefined && driver === 'reference' ? [...registeredDrivers.keys()] : [];
      const server = new Server({ adapter, version: kitVersion, exhibits, write: terminal.out });
      for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
        server.push(chunk);
        await server.idle();
        if (server.isOver) break;
      }
      await server.end();
    });
};
