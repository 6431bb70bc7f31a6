/**
 * Builds lwfio with Zig, the program in C that the agent starts on a Windows test machine: `adapters/harness/helper/build/lwfio.exe`.
 * What is up to date is left alone; a build gives the same bytes every time.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kitRoot } from '../src/conformance/kit-root';
import { filesOf, hashOf } from './drivers/plan';
import { findToolchain, namedObject, runZig, SCRATCH, type Toolchain } from './drivers/toolchain';

export const HELPER_SOURCES = 'adapters/harness/helper';
export const HELPER_PROGRAM = 'adapters/harness/helper/build/lwfio.exe';

const WORK = '.tmp/helper';

/** Everything that it takes from Windows. There is no C library in it. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  kernel32: [
    ...[
      'AcquireSRWLockExclusive',
      'AcquireSRWLockShared',
      'CloseHandle',
      'CreateEventW',
      'CreateThread',
      'ExitProcess',
    ],
    ...[
      'GetActiveProcessorCount',
      'GetActiveProcessorGroupCount',
      'GetCurrentThread',
      'GetLastError',
      'GetModuleHandleW',
      'MultiByteToWideChar',
    ],
    ...['GetProcAddress', 'GetProcessHeap', 'GetStdHandle', 'HeapAlloc', 'HeapFree', 'QueryPerformanceCounter'],
    ...[
      'QueryPerformanceFrequency',
      'ReadFile',
      'ReleaseSRWLockExclusive',
      'ReleaseSRWLockShared',
      'ResetEvent',
      'SetEvent',
    ],
    ...['SetThreadGroupAffinity', 'Sleep', 'WaitForSingleObject', 'WriteFile'],
    // Of sleep.
    ...['CreateWaitableTimerW', 'GetCurrentProcess', 'GetSystemPowerStatus', 'GetSystemTimeAsFileTime'],
    ...['GetTickCount64', 'LocalFree', 'QueryUnbiasedInterruptTime', 'SetLastError', 'SetThreadExecutionState'],
    'SetWaitableTimer',
  ],
  advapi32: [
    ...[
      'CloseTrace',
      'ControlTraceW',
      'EnableTraceEx2',
      'EventRegister',
      'EventUnregister',
      'EventWrite',
      'OpenTraceW',
    ],
    ...['ProcessTrace', 'StartTraceW'],
    ...['AdjustTokenPrivileges', 'LookupPrivilegeValueW', 'OpenProcessToken'],
  ],
  powrprof: [
    ...['CallNtPowerInformation', 'PowerGetActiveScheme', 'PowerReadACValueIndex', 'PowerReadDCValueIndex'],
    'SetSuspendState',
  ],
  ntdll: [
    ...['NtCancelIoFileEx', 'NtClose', 'NtCreateFile', 'NtDeviceIoControlFile', 'NtReadFile', 'NtWriteFile'],
    ...['memcmp', 'memcpy', 'memmove', 'memset'],
  ],
};

/** Of the compiler: x64, user mode, Windows 10, every warning an error. */
export function helperOptions(): string[] {
  return [
    ...['-target', 'x86_64-windows-gnu', '-std=gnu17', '-O2', '-ffreestanding', '-fms-extensions'],
    ...['-fno-sanitize=all', '-fno-stack-protector', '-Wall', '-Wextra', '-Werror'],
  ];
}

/**
 * @returns whether anything had to be done
 * @throws when Zig is missing or a source does not compile: the message has what the compiler said
 */
export async function buildHelper(out = HELPER_PROGRAM): Promise<boolean> {
  const toolchain = findToolchain();
  if (!toolchain) throw new Error(`Zig is not installed for ${process.platform}-${process.arch}: run npm install.`);
  const sources = filesOf(HELPER_SOURCES).filter((file) => /\.[ch]$/.test(file));
  const key = hashOf([...sources, 'scripts/build-helper.ts', 'scripts/drivers/toolchain.ts', 'package-lock.json'], out);
  const [program, keyFile] = [join(kitRoot, out), join(kitRoot, WORK, 'key')];
  if (existsSync(program) && existsSync(keyFile) && readFileSync(keyFile, 'utf8') === key) return false;
  for (const folder of [SCRATCH, join(kitRoot, WORK), join(program, '..')]) mkdirSync(folder, { recursive: true });
  const compiled = sources
    .filter((file) => file.endsWith('.c'))
    .map(async (source) => {
      const object = `${WORK}/${source.replace(/^.*\//, '').replace(/\.c$/, '.obj')}`;
      await runZig(toolchain, ['cc', ...helperOptions(), '-c', source, ...namedObject(object)], `Compiling ${source}`);
      return object;
    });
  const made = await Promise.all([Promise.all(compiled), importLibraries(toolchain)]);
  const link = [
    'lld-link',
    '/subsystem:console',
    '/entry:Main',
    '/nodefaultlib',
    '/dynamicbase',
    '/brepro',
    `/out:${out}`,
  ];
  await runZig(toolchain, [...link, ...made.flat()], 'Linking lwfio');
  writeFileSync(keyFile, key);
  return true;
}

function importLibraries(toolchain: Toolchain): Promise<string[]> {
  return Promise.all(
    Object.entries(IMPORTS).map(async ([name, functions]) => {
      const [definition, library] = [`${WORK}/${name}.def`, `${WORK}/${name}.lib`];
      writeFileSync(join(kitRoot, definition), `LIBRARY "${name}.dll"\nEXPORTS\n${functions.join('\n')}\n`);
      await runZig(
        toolchain,
        ['dlltool', '-m', 'i386:x86-64', '-d', definition, '-l', library],
        `Import library of ${name}`,
      );
      return library;
    }),
  );
}

if (require.main === module) {
  buildHelper()
    .then((isNew) => process.stdout.write(`${HELPER_PROGRAM} ${isNew ? 'is built' : 'was up to date'}.\n`))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    });
}
