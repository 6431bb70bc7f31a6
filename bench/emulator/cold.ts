/**
 * From the file of a driver to the return of its DriverEntry, in a process that has done nothing else: run by the benchmark.
 * Prints the milliseconds until everything is loaded, and those that came after.
 */
import { readFileSync } from 'node:fs';
import { createDriver } from '../../adapters/emulator';
import { createJit } from '../../adapters/emulator/cpu/jit';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import { WINDOW_SIZE } from '../../adapters/emulator/machine';
import { readProfile } from '../../adapters/emulator/profile';
import { ModelledRig } from '../../adapters/modelled';

async function main(image: string, profile: string): Promise<void> {
  // A process begins at 0.
  const loaded = performance.now();
  const driver = createDriver({
    image: readFileSync(image),
    profile: readProfile(readFileSync(profile, 'utf8'), profile),
    engine: () => createJit(createMemory(WINDOW_SIZE)),
  });
  const rig = new ModelledRig(driver, { seed: 1 });
  const { state } = await rig.operation(await rig.load());
  if (state !== 'done') throw new Error(`DriverEntry ended ${state}`);
  process.stdout.write(`${loaded} ${performance.now() - loaded}\n`);
}

const [, , image = '', profile = ''] = process.argv;
void main(image, profile);
