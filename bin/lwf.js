#!/usr/bin/env node
'use strict';
// Read by every Node there is, also by those the kit does not support: no syntax newer than ES5 in this file.

var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..');
var version = process.versions.node.split('.').map(Number);
var major = version[0];
var minor = version[1];

// The floor is where `require` loads ES modules without a flag, which the assertion library needs; the odd releases
// in between have been out of support for a long time.
var supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;

if (!supported) {
  process.stderr.write(
    'lwf: Node ' +
      process.versions.node +
      ' is not supported; install Node 20.19, 22.12, 24 or newer (https://nodejs.org).\n'
  );
  process.exitCode = 2;
} else if (fs.existsSync(path.join(root, 'src', 'cli', 'start.ts'))) {
  // A clone: always its sources, so that an old build never misleads.
  require('../register-typescript');
  require('../src/cli/start').start();
} else {
  require('../dist/src/cli/start').start();
}
