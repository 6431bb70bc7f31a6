/** How the emulator executes machine code: translated to WebAssembly, or one instruction at a time. */
export const ENGINES = ['jit', 'interpreter'] as const;
export type EngineName = (typeof ENGINES)[number];
