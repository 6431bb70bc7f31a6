/**
 * Makes a part of the kill matrix. Arguments: the file for it, the drivers. What is wrong with the matrix is for
 * `join-matrix.ts` to say, once.
 */
import { killMatrix } from '../src/conformance';
import { requireWritableFile, writeJson } from '../src/cli/reports';

const [file = '', ...drivers] = process.argv.slice(2);

requireWritableFile(file);
void killMatrix({ seed: 1, drivers }).then((matrix) => writeJson(file, matrix));
