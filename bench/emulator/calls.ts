/** What a call of an export costs: from translated code to the model and back. */
import { createJit } from '../../adapters/emulator/cpu/jit';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import { readImage } from '../../adapters/emulator/image';
import { Boots, WINDOW_SIZE } from '../../adapters/emulator/machine';
import { MODULES } from '../../adapters/emulator/modules';
import { Kernel } from '../../src/kernel';
import { Chance, Machine, type Wdk } from '../../src/ndis';
import { hold, milliseconds } from './measure';
import { build } from './workload';

const ROUNDS = 400;
/** A thread may only call so often before the model takes it to hang. */
const CALLS = 5000;
/** Where an image is mapped; its entry is relative to that. */
const IMAGE_BASE = 0x10_0000;

/** @returns whether the promise holds */
export async function calls(): Promise<boolean> {
  const image = readImage(await build('calls', 'work'));
  const boots = new Boots(() => createJit(createMemory(WINDOW_SIZE)));
  let least = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const kernel = new Kernel();
    const machine = new Machine(kernel, new Chance(undefined));
    let wdk: Wdk | undefined;
    const load = machine.load((linked) => {
      wdk = linked;
      return function* () {
        return 'STATUS_SUCCESS';
      };
    });
    kernel.spawn('load', load);
    kernel.settle();
    if (wdk === undefined) throw new Error('The model did not load the driver');
    const guest = boots.boot({ image, kernel, wdk, modules: MODULES, name: 'calls' });
    let sum: bigint | undefined;
    wdk.StartRoutine('SystemThread', 0, function* () {
      sum = yield* guest.call(guest.address(IMAGE_BASE + image.entryPoint), BigInt(CALLS));
    });
    least = Math.min(
      least,
      milliseconds(() => kernel.settle()),
    );
    if (sum !== 0n) throw new Error('The calls did not come to their end');
    kernel.abandon();
  }
  return hold({ name: 'modelled API call', value: (least * 1e6) / CALLS, unit: ' ns', limit: 200 });
}
