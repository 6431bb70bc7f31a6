import { signStatement } from '../../conformance/statement';
import type { AddCommand } from '../command';
import { refuseAmong, writeWhole } from '../write-whole';

/** Where the password of a key comes from: a command line is seen by others and kept by shells. */
const PASSWORD = 'LWF_KEY_PASSWORD';

/** `lwf sign`: the vendor answers for a statement. */
export const addSign: AddCommand = (program, { terminal }) => {
  program
    .command('sign')
    .description('sign a conformance statement with a key of your own (docs/statement.md)')
    .argument('<statement>', 'statement.json, or the folder that it is in')
    .requiredOption('--key <file>', `your private key (PEM); its password, if it has one, is taken from ${PASSWORD}`)
    .option('--out <file>', 'where the signature goes (default: statement.jws beside it, where `lwf verify` looks)')
    .action(async (statement: string, { key, out }: { readonly key: string; readonly out?: string }) => {
      const signed = await signStatement(statement, key, process.env[PASSWORD]);
      const path = out ?? signed.path;
      refuseAmong(path, [signed.statement, key]);
      writeWhole(path, signed.jws);
      terminal.out(`${path}: ${signed.algorithm}, key ${signed.key}\n`);
    });
};
