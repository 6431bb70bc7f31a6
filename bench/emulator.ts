/**
 * What the emulator promises, measured: how fast guest code runs beside the processor itself and beside Unicorn with a hook of
 * every access, all in one run and in turns; what calls of the model, restores, boots and scenarios cost. A missed promise
 * makes the exit code 1. Run with `npm run bench`.
 */
import { calls } from './emulator/calls';
import { engines } from './emulator/engines';
import { boots, restores, scenarios } from './emulator/machine';

async function main(): Promise<void> {
  const held = [await engines(), await calls(), restores(), await boots(), await scenarios()];
  process.exitCode = held.every(Boolean) ? 0 : 1;
}

void main();
