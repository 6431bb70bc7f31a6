/** What this machine can do for the kit. Nothing is installed, downloaded or changed. */
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { kitRoot } from '../../conformance/kit-root';
import { findJava, JAVA_NEEDED } from '../../reporting/allure/java';
import { errorCode } from '../error-code';
import { findChromium } from './chromium';
import { versionOf } from './tools';

export interface Finding {
  readonly name: string;
  /** A .sys file cannot be judged without it. */
  readonly needed: boolean;
  readonly fine: boolean;
  /** What is there: a version, a number, or what is wrong. */
  readonly found: string;
  /** What cannot be done without it, and how to get it; only where it is not fine. */
  readonly costs?: string;
}

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** Of Node: `22.12.0`. */
  readonly node: string;
  /** Where reports would go. */
  readonly folder: string;
  readonly interactive: boolean;
  readonly colour: boolean;
  /** How long a tool may take to say its version, in ms. */
  readonly patience: number;
}

const MEGABYTE = 1024 * 1024;
/** What a run of the whole specification takes on one worker, and room for its reports. */
const MEMORY_NEEDED = 1024;
const DISK_NEEDED = 200;
const PYTHON_NEEDED: readonly [number, number] = [3, 8];

/** @returns everything that was looked at: what is needed first */
export async function examine(around: Surroundings): Promise<Finding[]> {
  return [
    nodeFinding(around),
    kitFinding(),
    memoryFinding(),
    folderFinding(around),
    webAssemblyFinding(),
    await workersFinding(),
    terminalFinding(around),
    javaFinding(around),
    chromiumFinding(around),
    zigFinding(),
    sshFinding(around),
    pythonFinding(around),
  ];
}

function needed(name: string, found: string, lacks?: string): Finding {
  return { name, needed: true, fine: lacks === undefined, found, ...(lacks !== undefined && { costs: lacks }) };
}

function useful(name: string, found: string, lacks?: string): Finding {
  return { name, needed: false, fine: lacks === undefined, found, ...(lacks !== undefined && { costs: lacks }) };
}

function nodeFinding({ node }: Surroundings): Finding {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  return needed('Node', node, isSupported ? undefined : 'nothing runs: install Node 20.19, 22.12, 24 or newer');
}

function kitFinding(): Finding {
  const missing = ['features', 'package.json'].filter((part) => !existsSync(join(kitRoot, part)));
  if (missing.length === 0) return needed('installation', kitRoot);
  return needed(
    'installation',
    `${missing.join(' and ')} not in ${kitRoot}`,
    'nothing can be judged: install the package again',
  );
}

function memoryFinding(): Finding {
  // A container's limit, where there is one, is what counts.
  const limit = process.constrainedMemory();
  const bytes = limit > 0 && limit < totalmem() ? limit : totalmem();
  const megabytes = Math.floor(bytes / MEGABYTE);
  const isEnough = megabytes >= MEMORY_NEEDED;
  return needed(
    'memory',
    `${megabytes} MB`,
    isEnough ? undefined : `a run may end for want of memory: give it ${MEMORY_NEEDED} MB`,
  );
}

function folderFinding({ folder }: Surroundings): Finding {
  const above = nearestFolder(resolve(folder));
  try {
    rmSync(mkdtempSync(join(above, '.lwf-doctor-')), { recursive: true });
  } catch (failure) {
    return needed(
      'reports folder',
      `${folder} cannot be written to (${errorCode(failure)})`,
      'no run can leave its results: choose another folder with --out',
    );
  }
  const free = freeMegabytes(above);
  const isEnough = free === undefined || free >= DISK_NEEDED;
  const room = free === undefined ? '' : `, ${free} MB free`;
  return needed(
    'reports folder',
    `${folder}${room}`,
    isEnough ? undefined : `a run may not get its results written: ${DISK_NEEDED} MB are enough`,
  );
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function freeMegabytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.floor((bavail * bsize) / MEGABYTE);
  } catch {
    return undefined;
  }
}

/** `\0asm`, version 1: the smallest module there is. */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

function webAssemblyFinding(): Finding {
  try {
    new WebAssembly.Module(EMPTY_MODULE);
    return useful('WebAssembly', 'works');
  } catch (failure) {
    return useful('WebAssembly', errorCode(failure), 'a .sys file runs many times slower: give --engine interpreter');
  }
}

/** A thread that answers. */
function workersFinding(): Promise<Finding> {
  const costs = 'a run uses one thread and takes longer: give --workers 1';
  return new Promise((done) => {
    try {
      const worker = new Worker('', { eval: true });
      worker.on('error', (failure) => done(useful('worker threads', failure.message, costs)));
      worker.on('exit', () => done(useful('worker threads', `${availableParallelism()} at a time`)));
    } catch (failure) {
      done(useful('worker threads', errorCode(failure), costs));
    }
  });
}

function terminalFinding({ interactive, colour }: Surroundings): Finding {
  if (!interactive) return useful('terminal', 'none: plain lines, and no questions');
  return useful('terminal', colour ? 'yes, with colours' : 'yes, without colours');
}

function javaFinding({ environment, patience }: Surroundings): Finding {
  const java = findJava(environment, patience);
  if (java.usable) return useful('Java', String(java.version));
  return useful(
    'Java',
    java.why,
    `no Allure report, all others are made: install Java ${JAVA_NEEDED} or newer, or set JAVA_HOME`,
  );
}

function chromiumFinding({ environment }: Surroundings): Finding {
  const costs =
    "the kit's own tests leave out those that look at its pages; vendors need none: install Chromium, or set CHROMIUM_PATH";
  try {
    const found = findChromium(environment);
    return found === undefined ? useful('Chromium', 'not found', costs) : useful('Chromium', found);
  } catch (failure) {
    return useful('Chromium', failure instanceof Error ? failure.message : String(failure), costs);
  }
}

function zigFinding(): Finding {
  try {
    const home = dirname(require.resolve(`@zigc/${process.platform}-${process.arch}/package.json`));
    const zig = join(home, 'bin', process.platform === 'win32' ? 'zig.exe' : 'zig');
    if (existsSync(zig)) return useful('Zig', zig);
  } catch {
    // Not installed: said below.
  }
  return useful(
    'Zig',
    'not found',
    "the kit's drivers in C cannot be built; the package brings the reference built: in a clone, npm ci installs Zig",
  );
}

function sshFinding({ environment, patience }: Surroundings): Finding {
  const ssh = versionOf(['ssh'], ['-V'], /OpenSSH\S*|\S*ssh\S*/i, environment, patience);
  return ssh.version === undefined
    ? useful('ssh', ssh.why, 'a Windows machine of a lab cannot be reached; the emulator needs none: install OpenSSH')
    : useful('ssh', ssh.version.replace(/,$/, ''));
}

function pythonFinding({ environment, patience }: Surroundings): Finding {
  const costs = `the example adapter in Python does not run: install Python ${PYTHON_NEEDED.join('.')} or newer`;
  const names = process.platform === 'win32' ? ['python', 'py', 'python3'] : ['python3', 'python'];
  const python = versionOf(names, ['--version'], /\d+\.\d+(\.\d+)?/, environment, patience);
  if (python.version === undefined) return useful('Python', python.why, costs);
  const [major = 0, minor = 0] = python.version.split('.').map(Number);
  const isEnough = major > PYTHON_NEEDED[0] || (major === PYTHON_NEEDED[0] && minor >= PYTHON_NEEDED[1]);
  return useful('Python', isEnough ? python.version : `${python.version} is too old`, isEnough ? undefined : costs);
}
