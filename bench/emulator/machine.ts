/** What else is promised of the emulator: restores of memory, a boot in a new process, a scenario in a warm one. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PAGE_SIZE } from '../../adapters/emulator/cpu/contract';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import { buildDrivers } from '../../scripts/build-drivers';
import { runSpecification } from '../../src/conformance';
import { kitRoot } from '../../src/conformance/kit-root';
import { hold, line, milliseconds } from './measure';

const WINDOW = 64 << 20;
const PAGES = 200;
const BOOTS = 7;
const RUNS = 2;
const DRIVER = join(kitRoot, 'drivers', 'build', 'reference.sys');
const PROFILE = join(kitRoot, 'drivers', 'profiles', 'reference.yaml');

export function restores(): boolean {
  const memory = createMemory(WINDOW);
  const base = memory.snapshot();
  const times = Array.from({ length: 20 }, () => {
    for (let page = 0; page < PAGES; page += 1) memory.setU8((1024 + page) * PAGE_SIZE, page + 1);
    return milliseconds(() => memory.restore(base));
  });
  return hold({ name: `restore of ${PAGES} dirty pages`, value: Math.min(...times), unit: ' ms', limit: 0.2 });
}

export async function boots(): Promise<boolean> {
  await buildDrivers(['reference']);
  const register = join(kitRoot, 'register-typescript.js');
  const cold = Array.from({ length: BOOTS }, () => {
    const args = ['-r', register, join(__dirname, 'cold.ts'), DRIVER, PROFILE];
    const [loaded = '', booted = ''] = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split(' ');
    return { loaded: Number(loaded), booted: Number(booted) };
  });
  const least = (name: 'loaded' | 'booted'): number => Math.min(...cold.map((one) => one[name]));
  line('loading the modules of a new process, from source', `${least('loaded').toFixed(0)} ms, not counted below`);
  return hold({ name: '.sys file to DriverEntry returned', value: least('booted'), unit: ' ms', limit: 250 });
}

/** The specification on the reference driver, with all judges; each run makes a new engine and translates anew. */
export async function scenarios(): Promise<boolean> {
  const run = async (): Promise<number> => {
    const start = performance.now();
    const result = await runSpecification({
      driver: DRIVER,
      profile: PROFILE,
      seed: 1,
      evidence: 'violations',
    });
    return (performance.now() - start) / result.scenarios.length;
  };
  line('scenario, first run', `${(await run()).toFixed(2)} ms each, translation and loading included`);
  const warm: number[] = [];
  for (let count = 0; count < RUNS; count += 1) warm.push(await run());
  return hold({ name: 'scenario, warm', value: Math.min(...warm), unit: ' ms', limit: 10 });
}
