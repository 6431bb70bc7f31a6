/** The programs of the fake machine: each is this client, which hands its lines to the machine and prints what that says. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROGRAMS } from '../../../adapters/harness/agent/ports';

/** What stays and answers lines, and the vendor's command besides the programs that end by themselves. */
export const RESIDENT: readonly string[] = ['powershell', 'lwfio'];
export const VENDOR = 'send';

/** Ends with the code that the machine says, or with that of a program that was killed when the machine goes down. */
const CLIENT = `'use strict';
const [socket, program, ...args] = process.argv.slice(2);
const machine = require('node:net').connect(socket);
machine.on('error', () => process.exit(137));
machine.on('close', () => process.exit(137));
machine.write(JSON.stringify({ program, args }) + '\\n');
if (${JSON.stringify(RESIDENT)}.includes(program)) {
  process.stdin.pipe(machine);
  process.stdin.on('end', () => process.exit(0));
  machine.pipe(process.stdout);
} else {
  let text = '';
  machine.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    if (!text.endsWith('\\n')) return;
    const { code, stdout, stderr } = JSON.parse(text);
    process.stderr.write(stderr);
    process.stdout.write(stdout, () => process.exit(code));
  });
}
`;

/**
 * Writes the programs.
 * @param folder made where it is not there
 * @param socket of the machine
 */
export function writePrograms(folder: string, socket: string): void {
  mkdirSync(folder, { recursive: true });
  const client = join(folder, 'client.js');
  writeFileSync(client, CLIENT);
  for (const program of [...RESIDENT, ...PROGRAMS, VENDOR]) {
    const path = join(folder, program);
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${client}" "${socket}" ${program} "$@"\n`);
    chmodSync(path, 0o755);
  }
}
