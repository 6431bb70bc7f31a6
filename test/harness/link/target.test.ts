import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { BadTarget, hyperV, readTarget, type Target } from '../../../adapters/harness/target';

const LAB = `target: target/1
name: lab-1
ssh: { host: lab-1.example, user: lwf, port: 22 }
agent: { folder: 'C:\\lwf' }
adapter: { name: 'Ethernet 2', kind: fnmp }
driver: { component: ms_mylwf, service: mylwf, profile: mylwf.yaml, probe: true }
originate: { program: 'C:\\tools\\send.exe', arguments: ['--count', '{count}'] }
machine: { preset: hyper-v, vm: lab-1, snapshot: baseline }
limits: { lease: 10 }
`;

function read(text: string): Target | string {
  try {
    return readTarget(text, 'lab.yaml');
  } catch (failure) {
    if (failure instanceof BadTarget) return failure.message;
    throw failure;
  }
}

describe('a target file', () => {
  it('says everything about a machine, with defaults and times in milliseconds', () => {
    expect(read(LAB)).to.deep.equal({
      file: 'lab.yaml',
      name: 'lab-1',
      ssh: { host: 'lab-1.example', user: 'lwf', port: 22 },
      agent: { folder: 'C:\\lwf', node: 'C:\\Program Files\\nodejs\\node.exe' },
      adapter: { name: 'Ethernet 2', kind: 'fnmp' },
      driver: { component: 'ms_mylwf', service: 'mylwf', profile: resolve('mylwf.yaml'), probe: true },
      calibration: {},
      originate: { program: 'C:\\tools\\send.exe', arguments: ['--count', '{count}'] },
      machine: hyperV('lab-1', 'baseline'),
      limits: { lease: 10_000, boot: 300_000, answer: 60_000 },
      verifier: false,
    });
  });

  it('names known filters as it names the driver', () => {
    const known = `${LAB}calibration: { bad: { component: ms_x, service: x, inf: 'C:\\x\\x.inf', profile: x.yaml } }\n`;
    const bad = { component: 'ms_x', service: 'x', inf: 'C:\\x\\x.inf', profile: resolve('x.yaml'), probe: false };
    expect((read(known) as Target).calibration).to.deep.equal({ bad });
  });

  it('takes four commands instead of a preset, and ssh files beside it', () => {
    const own = LAB.replace(
      /^machine: .*$/m,
      'machine: { snapshot: [a], revert: [b, c], powerOn: [d], powerOff: [e] }',
    );
    const target = read(own.replace('port: 22', 'identity: keys/lab, knownHosts: known, config: none')) as Target;
    expect(target.machine).to.deep.equal({ snapshot: ['a'], revert: ['b', 'c'], powerOn: ['d'], powerOff: ['e'] });
    expect(target.ssh).to.deep.include({ identity: resolve('keys/lab'), knownHosts: resolve('known'), config: 'none' });
    expect(read(LAB.replace(/^machine: .*\n/m, ''))).to.not.have.property('machine');
  });

  it('hands the names of a preset to a script as values', () => {
    const { revert } = hyperV("lab'; Remove-VM *", 'base line');
    expect(revert.slice(-6)).to.deep.equal(['-Action', 'Revert', '-VM', "lab'; Remove-VM *", '-Snapshot', 'base line']);
    expect(existsSync(revert[revert.indexOf('-File') + 1] ?? '')).to.equal(true);
  });

  const wrong: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'an option of ssh',
      'user: lwf',
      'options: [StrictHostKeyChecking=no]',
      /^lab\.yaml:3:\d+: "options" is no key of "ssh"/,
    ],
    ['a password', 'user: lwf', 'password: secret', /^lab\.yaml:3:\d+: "password" is no key of "ssh"/],
    [
      'a host that is an option',
      'lab-1.example',
      '-oProxyCommand=x',
      /^lab\.yaml:3:14: "ssh\.host" is "-oProxyCommand=x"/,
    ],
    ['a user that is an option', 'user: lwf', 'user: -lroot', /"ssh\.user" is "-lroot"/],
    ['no known hosts', 'port: 22', 'knownHosts: /dev/null', /^lab\.yaml:3:\d+: without known host keys/],
    ['a folder that a shell would read', 'C:\\lwf', 'C:\\lwf" & del', /^lab\.yaml:4:\d+: "agent\.folder" is/],
    ['a misspelt key', 'service: mylwf', 'servise: mylwf', /"servise" is no key of "driver"; did you mean "service"\?/],
    ['no driver', 'driver:', 'driverr:', /"driverr" is no key of a target file; did you mean "driver"\?/],
    ['a preset without a machine', 'vm: lab-1, ', '', /^lab\.yaml:8:10: the preset hyper-v needs "vm" and "snapshot"/],
    ['a preset and a command', 'vm: lab-1', 'vm: lab-1, revert: [x]', /has a command for "revert"/],
    [
      'half of the commands',
      'preset: hyper-v, vm: lab-1, snapshot: baseline',
      'revert: [x]',
      /lacks "snapshot", "powerOn", "powerOff"/,
    ],
    ['a machine that is an option', 'vm: lab-1', 'vm: -Force', /"machine\.vm" is "-Force"/],
    [
      'a lease longer than an answer',
      'lease: 10',
      'lease: 90',
      /"limits\.answer" \(60 s\) must not be less than "limits\.lease" \(90 s\)/,
    ],
    [
      'a sleep longer than an answer',
      'lease: 10',
      'lease: 10, sleep: 30',
      /"limits\.answer" \(60 s\) must be at least 40 s more than "limits\.sleep" \(30 s\)/,
    ],
    ['a sleep of no time', 'lease: 10', 'lease: 10, sleep: 1', /"limits\.sleep" is 1/],
    ['another version', 'target/1', 'target/2', /^lab\.yaml:1:9: "target" is "target\/2"/],
  ];
  for (const [what, from, to, message] of wrong) {
    it(`is refused with a place and words: ${what}`, () => {
      const text = LAB.replace(from, to);
      expect(text).to.not.equal(LAB);
      expect(read(text)).to.match(message);
    });
  }
});
