/**
 * Joins the parts of a kill matrix that were made side by side, with the run of the reference filter that `lwf run` made.
 * Arguments: the run, the file for the whole, the parts. Exit code 1 when something is wrong with the whole.
 */
import { summariseMatrix, matrixSentence } from '../src/reporting';
import { readFileSync } from 'node:fs';
import { readRun } from '../src/cli/reports';
import { writeWhole } from '../src/cli/write-whole';
import type { MatrixRow } from '../src/conformance';
import { joinMatrix } from '../src/conformance/matrix';

const [runFile = '', wholeFile = '', ...partFiles] = process.argv.slice(2);
const rows = partFiles.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')) as MatrixRow[]);
const whole = joinMatrix(rows, readRun(runFile), true);
writeWhole(wholeFile, `${JSON.stringify(whole)}\n`);

for (const problem of whole.problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${matrixSentence(whole)}.\n`);
process.exitCode = whole.problems.length === 0 && summariseMatrix(whole).unproven.length === 0 ? 0 : 1;
