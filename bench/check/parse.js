'use strict';
// What `lwf check` is measured against: each line of a file through JSON.parse, and nothing else.
const { openSync, readSync } = require('node:fs');

const file = openSync(process.argv[2], 'r');
const chunk = Buffer.alloc(256 * 1024);
let rest = '';
let parsed = 0;
for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
  const text = rest + chunk.toString('latin1', 0, length);
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    if (JSON.parse(text.slice(start, end)) !== null) parsed += 1;
    start = end + 1;
  }
  rest = text.slice(start);
}
process.stdout.write(`${parsed}\n`);
