'use strict';
/**
 * What `lwf check` is measured against: each line of a file through JSON.parse.
 *
 * node parse.js FILE      and nothing else
 * node parse.js FILE KIT  and what comes of it to the judges of that kit, unexamined, as the shortest reader there could be does it
 */
const { openSync, readSync } = require('node:fs');
const { join } = require('node:path');

const [, , path, kit] = process.argv;
const checker = kit && new (require(join(kit, 'dist', 'src', 'conformance', 'checker.js')).Checker)();
const file = openSync(path, 'r');
const chunk = Buffer.alloc(256 * 1024);
let rest = '';
let parsed = 0;

function take(value) {
  if (value === null) return;
  parsed += 1;
  if (!checker) return;
  if (value.schema) checker.header(value);
  else checker.crossing(value);
}

for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
  const text = rest + chunk.toString('latin1', 0, length);
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    take(JSON.parse(text.slice(start, end)));
    start = end + 1;
  }
  rest = text.slice(start);
}
checker?.result();
process.stdout.write(`${parsed}\n`);
