import { basename, dirname } from 'node:path';
import { FolderChange } from '../../conformance';
import { signStatement } from '../../conformance/statement';
import type { AddCommand } from '../command';

/** Where the password of a key comes from: a command line is seen by others and kept by shells. */
const PASSWORD = 'LWF_KEY_PASSWORD';

/** `lwf sign`: the vendor answers for a statement. */
export const addSign: AddCommand = (program, { terminal }) => {
  program
    .command('sign')
    .description('sign a conformance statement with a key of your own (docs/statement.md)')
    .argument('<statement>', 'statement.json, or the folder that it is in')
    .requiredOption('--key <file>', `your private key (PEM); its password, if it has one, is taken from ${PASSWORD}`)
    .action(async (statement: string, { key }: { readonly key: string }) => {
      const signed = await signStatement(statement, key, process.env[PASSWORD]);
      const change = new FolderChange(dirname(signed.path));
      change.put(basename(signed.path), signed.jws);
      change.commit();
      terminal.out(`${signed.path}: ${signed.algorithm}, key ${signed.key}\n`);
    });
};
