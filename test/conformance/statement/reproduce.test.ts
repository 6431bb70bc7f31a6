import { expect } from 'chai';
import type { RunIdentity } from '../../../src/conformance';
import { openAdapter, type Subject } from '../../../src/conformance/adapters';
import { identityOf } from '../../../src/conformance/identity';
import { reproduceCommand } from '../../../src/conformance/statement/reproduce';

/** Of a run on an adapter that the kit does not have, without starting it. */
function identityWith(subject: Subject): Promise<RunIdentity> {
  const adapter = openAdapter({ driver: 'reference' });
  return identityOf({ subject, adapter, seed: 7, conformance: 'core', selection: { rules: ['PAU-07'] } });
}

describe('the command that makes a run again', () => {
  it('names the program of an adapter as it was named', async () => {
    const command = "python3 my_adapter.py --nic 'Intel 2'";
    const identity = await identityWith({ driver: 'reference', adapter: 'stdio', command });
    expect(identity.adapter.command).to.equal(command);
    expect(reproduceCommand(identity)).to.match(
      / lwf run --adapter stdio --command "python3 my_adapter\.py --nic 'Intel 2'" --seed 7 --conformance core --rule PAU-07$/,
    );
  });

  it('names the module of an adapter in TypeScript, without its folder', async () => {
    const identity = await identityWith({ driver: 'reference', adapter: `${__dirname}/sample.ts` });
    expect(reproduceCommand(identity)).to.include(' lwf run --adapter ./sample.ts --seed 7 ');
  });
});
