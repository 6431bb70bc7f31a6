#!/usr/bin/env node
'use strict';
// The agent of a Windows test machine: `lwf run --target` starts it there. No syntax newer than ES5 in this file.

var fs = require('fs');
var path = require('path');

var root = path.join(__dirname, '..');
var major = Number(process.versions.node.split('.')[0]);

if (major < 20) {
  process.stderr.write(
    'lwf-agent: Node ' + process.versions.node + ' is not supported; install Node 20.19, 22.12, 24 or newer.\n'
  );
  process.exitCode = 2;
} else {
  var isClone = fs.existsSync(path.join(root, 'src', 'cli', 'start.ts'));
  if (isClone) require('../register-typescript');
  var agent = require(isClone ? '../adapters/harness/agent/main' : '../dist/adapters/harness/agent/main');
  agent
    .runAgentProcess({
      args: process.argv.slice(2),
      version: require('../package.json').version,
      environment: process.env,
      pid: process.pid,
      input: process.stdin,
      output: process.stdout,
      say: function (text) {
        process.stderr.write(text);
      },
    })
    .then(function (code) {
      // Whatever is still open: nothing that the agent is answerable for.
      process.exit(code);
    });
}
