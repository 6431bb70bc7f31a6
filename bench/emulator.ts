/**
 * What the emulator promises, measured: how fast guest code runs beside the processor itself and beside Unicorn with a hook of
 * every access, all in one run and in turns; what calls of the model, restores, boots and scenarios cost. A missed promise
 * makes the exit code 1. Run with `npm run bench`.
 */
import { calls } from './emulator/calls';
import { engines } from './emulator/engines';
import { boots, restores, scenarios } from './emulator/machine';

async function main(): Promise<void> {
  // Calls before anything else runs: a run of a driver has one engine, and what several make of the same code is no measure of it.
  const held = [await calls(), await engines(), restores(), await boots(), await scenarios()];
  process.exitCode = held.every(Boolean) ? 0 : 1;
}

void main();
