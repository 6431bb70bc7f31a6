// Who may know whom. Each room lists the rooms it may import from (itself always); everything else is forbidden to it.
//
// The judges (`src/rules`) never see the model (`src/ndis`), and the model never sees the judges: they are two
// independent statements of the same truth, and only so can they check each other.

const TRACE = 'src/trace';
const RULES = 'src/rules';
const KERNEL = 'src/kernel';
const NDIS = 'src/ndis';
const CONTRACT = 'adapters/contract';
const STDIO = 'adapters/stdio';
const MODELLED = 'adapters/modelled';
const SIMULATOR = 'adapters/simulator';
const CPU = 'adapters/emulator/cpu';
const IMAGE = 'adapters/emulator/image';
const PROFILE = 'adapters/emulator/profile';
const EMULATOR = 'adapters/emulator/machine';
const INSPECT = 'adapters/emulator/inspect';
const HARNESS = 'adapters/harness';
const STEPS = 'step-definitions';
const DUMP = 'src/dump';
const CONFORMANCE = 'src/conformance';
const REPORTING = 'src/reporting';
const CLI = 'src/cli';
const TEST = 'test';
const BENCH = 'bench';
const SCRIPTS = 'scripts';
const EXAMPLES = 'docs/examples';

const below = [
  TRACE,
  RULES,
  KERNEL,
  NDIS,
  CONTRACT,
  STDIO,
  MODELLED,
  SIMULATOR,
  CPU,
  IMAGE,
  PROFILE,
  EMULATOR,
  INSPECT,
  HARNESS,
  DUMP,
];

export const arrows = {
  [TRACE]: [],
  [RULES]: [TRACE],
  [KERNEL]: [TRACE],
  [NDIS]: [KERNEL, TRACE],
  [CONTRACT]: [TRACE],
  // Another program's adapter, and ours for another program: all it knows is the contract.
  [STDIO]: [CONTRACT, TRACE],
  [MODELLED]: [CONTRACT, NDIS, KERNEL, TRACE],
  [SIMULATOR]: [MODELLED, CONTRACT, NDIS, KERNEL, TRACE],
  // A processor and a file format: neither knows of Windows drivers, nor of the other.
  [CPU]: [],
  [IMAGE]: [],
  [PROFILE]: [CONTRACT, TRACE],
  [EMULATOR]: [CPU, IMAGE, PROFILE, MODELLED, CONTRACT, NDIS, KERNEL, TRACE],
  [INSPECT]: [EMULATOR, CPU, IMAGE, PROFILE, CONTRACT, KERNEL, TRACE],
  // A real machine is known by what it reports; the numbers of NDIS have the names that the model uses.
  [HARNESS]: [PROFILE, STDIO, CONTRACT, NDIS, TRACE],
  // Reads texts of people; rules, scenarios and drivers are names to it.
  [DUMP]: [],
  [STEPS]: [CONTRACT, TRACE, RULES],
  // What a scenario attaches for the verdicts is agreed with the step definitions.
  [CONFORMANCE]: [...below, STEPS],
  [REPORTING]: [...below, CONFORMANCE],
  [CLI]: [...below, CONFORMANCE, REPORTING],
  [EXAMPLES]: [SIMULATOR, CONTRACT],
  [SCRIPTS]: [...below, CONFORMANCE, REPORTING, CLI],
  // The drivers that it measures are built as all are.
  [BENCH]: [...below, CONFORMANCE, REPORTING, CLI, SCRIPTS],
  [TEST]: [...below, STEPS, CONFORMANCE, REPORTING, CLI, EXAMPLES, BENCH, SCRIPTS],
};

const rooms = Object.keys(arrows);

/** One zone a pair of rooms between which there is no arrow. */
export const zones = rooms.flatMap((target) =>
  rooms
    .filter((from) => from !== target && !arrows[target].includes(from))
    .map((from) => ({ target, from, message: `There is no arrow from ${target} to ${from}: see eslint.arrows.mjs.` })),
);
