/**
 * Makes a part of the kill matrix. Arguments: the file for its rows, the drivers. What is wrong with the matrix is for
 * `join-matrix.ts` to say, once.
 */
import { writeFileSync } from 'node:fs';
import { matrixRows } from '../src/conformance/matrix-rows';
import { requireWritableFile } from '../src/cli/write-whole';

const [file = '', ...drivers] = process.argv.slice(2);

requireWritableFile(file);
void matrixRows({ seed: 1, drivers }).then((rows) => writeFileSync(file, JSON.stringify(rows)));
