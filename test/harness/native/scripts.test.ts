/** The PowerShell scripts: that they parse, are made of what is documented, and do for each command of the agent exactly what they should. */
import { expect } from 'chai';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShellCommand } from '../../../adapters/harness/agent/ports';
import { faultIn, SHELL_SHAPES } from '../../../adapters/harness/agent/ports/real/shapes';
import { filesOf } from '../../../scripts/drivers/plan';
import { kitRoot } from '../../../src/conformance/kit-root';
import { CMDLETS } from './cmdlets';
import { parsePowerShell, Script } from './lint-powershell';

const HOST = 'adapters/harness/agent/scripts/host.ps1';
const files = filesOf('adapters').filter((file) => file.endsWith('.ps1'));
const read = (file: string): string => readFileSync(join(kitRoot, file), 'utf8');

/** Each with a piece of what must be said about it. */
const BAD: Readonly<Record<string, string>> = {
  'function A {': 'cannot be parsed',
  'Invoke-Expression -Command $line': 'Invoke-Expression, which is not in the table',
  'iex $line': 'iex, which is not in the table',
  '& $line': 'runs what it computes: & $line',
  '. $line': 'runs what it computes: . $line',
  "& 'C:\\a.exe' $line": 'runs what it computes',
  'Get-NetAdapters': 'Get-NetAdapters, which is not in the table',
  'Get-NetAdapter -Nmae $name': 'the parameter -Nmae, which is not in the table',
  'Get-NetAdapter $name': 'gives Get-NetAdapter $name without a name',
  'Disable-NetAdapterBinding -InputObject $b': 'does not give Disable-NetAdapterBinding the parameter -Confirm',
  'Disable-NetAdapterBinding -InputObject $b -Confirm:$false -AllBindings': 'the parameter -AllBindings',
  'Get-Item -LiteralPath C:\\Windows\\MEMORY.DMP': 'without quotes',
  'Get-Item -LiteralPath "C:\\$name"': 'builds a text',
  'Get-Item @arguments': 'whatever is in it',
  '[scriptblock]::Create($line)': 'uses the type [scriptblock]',
  '$power.$name()': 'by a name that it computes',
  "New-Object -TypeName 'System.Diagnostics.Process'": 'makes a',
  "Get-Item -LiteralPath 'a' > b.txt": 'writes to a file',
  '$lines = $Input': 'uses $input',
};

describe('PowerShell scripts', () => {
  const scripts = new Map<string, Script>();
  const bad = Object.keys(BAD);
  const badScripts: Script[] = [];

  before(() => {
    const folder = join(kitRoot, '.tmp', 'powershell');
    mkdirSync(folder, { recursive: true });
    const badFiles = bad.map((source, at) => {
      const file = join(folder, `${at}.ps1`);
      writeFileSync(file, `${source}\n`);
      return file;
    });
    const trees = parsePowerShell([...files.map((file) => join(kitRoot, file)), ...badFiles]);
    trees.forEach((tree, at) => {
      const file = files[at];
      if (file !== undefined) scripts.set(file, new Script(read(file), tree));
      else badScripts.push(new Script(`${bad[at - files.length] ?? ''}\n`, tree));
    });
  });

  it('are found', () => {
    expect(files).to.include.members([HOST, 'adapters/harness/target/hyper-v.ps1']);
  });

  it('parse, and are made of documented cmdlets and parameters, of no text that is run, of quoted paths', () => {
    const findings = [...scripts].flatMap(([file, script]) => script.findings().map((found) => `${file}:${found}`));
    expect(findings).to.deep.equal([]);
  });

  it('are ASCII, which PowerShell 5.1 reads the same without a mark at the beginning', () => {
    for (const file of files) expect(read(file), file).to.match(/^[\t\n\x20-\x7e]*$/);
  });

  it('use every cmdlet of the table', () => {
    const all = [...scripts.values()].map(({ source }) => source).join('\n');
    for (const name of Object.keys(CMDLETS)) expect(all, name).to.match(new RegExp(`\\b${name}\\b`));
  });

  it('are told what is wrong with them', () => {
    badScripts.forEach((script, at) => {
      const source = bad[at] ?? '';
      expect(script.findings().join('\n'), source).to.include(BAD[source]);
    });
    expect(badScripts).to.have.lengthOf(bad.length);
  });
});

interface Command {
  readonly run: string;
  readonly parameters: readonly string[];
  readonly undo: string;
}

/** What changes the machine, in the functions that do, and nothing else: the same lines on every build from Windows 8 on. */
const CHANGES: Readonly<Record<string, string>> = {
  'Invoke-DisableAdapter': 'Disable-NetAdapter -InputObject (Get-Adapter -Name $Name) -Confirm:$false',
  'Invoke-EnableAdapter': 'Enable-NetAdapter -InputObject (Get-Adapter -Name $Name) -Confirm:$false',
  'Invoke-DisableBinding':
    'Disable-NetAdapterBinding -InputObject (Get-ExactBinding -Name $Name -Component $Component) -Confirm:$false',
  'Invoke-EnableBinding':
    'Enable-NetAdapterBinding -InputObject (Get-ExactBinding -Name $Name -Component $Component) -Confirm:$false',
  'Invoke-StartService': '$driver.Start()',
  'Invoke-StopService': '$driver.Stop()',
};

/** What ends something that nobody begins again. */
const ENDS: Readonly<Record<string, string>> = {
  'Invoke-EndHelpers': 'Stop-Process -Id $other.ProcessId -Force -ErrorAction SilentlyContinue',
};

describe('The commands of host.ps1', () => {
  const source = read(HOST);
  const bodies = source.split(/^(?=function )/m).slice(1);
  const rows = source.matchAll(/^ {4}(\w+) += @\{ Run = '([\w-]+)'; Parameters = @\{(.*?)\}; Undo = '(\w*)' \}$/gm);
  const commands = new Map<string, Command>();
  for (const [, name = '', run = '', parameters = '', undo = ''] of rows)
    commands.set(name, { run, parameters: [...parameters.matchAll(/(\w+) = '(\w+)'/g)].map(([each]) => each), undo });

  it('are those of the agent, with their parameters', () => {
    const ports = read('adapters/harness/agent/ports/shell.ts');
    const body = /export interface ShellCommands \{\n([^]*?)\n\}/.exec(ports)?.[1] ?? '';
    const asked = body.split(/^ {2}(?=\w+: \{)/m).slice(1);
    const known = asked.map((each): [string, string[]] => {
      const [name = ''] = /^\w+/.exec(each) ?? [];
      const inner = /parameters: (?:Nothing|\{([^}]*)\})/.exec(each)?.[1] ?? '';
      const parameters = [...inner.matchAll(/(\w+): (string|number)/g)];
      return [name, parameters.map(([, key = '', type]) => `${key} = '${type === 'string' ? 'text' : 'number'}'`)];
    });
    expect(known).to.have.length.above(12);
    const offered = [...commands].map(([name, { parameters }]) => [name, parameters]);
    expect(offered.sort()).to.deep.equal(known.sort());
  });

  /** As host.ps1 makes them, read and not run. */
  const ANSWERS: Readonly<Record<string, object>> = {
    GetOsInfo: { name: 'Microsoft Windows 11 Pro', build: '10.0.26100.1742', arch: 'AMD64' },
    GetBootId: { boot: '0f3a1b2c-4d5e-6f70-8192-a3b4c5d6e7f8' },
    GetAdapter: { adapter: null },
    GetAdapterOfAddress: { name: null },
    GetBinding: { bindings: [{ component: 'ms_pacer', displayName: 'QoS', enabled: true }] },
    GetBindingsOf: { bindings: [] },
    GetService: { state: 'Missing' },
    GetBugcheckEvents: { events: [{ record: 1, time: '2026-01-01T00:00:00.0000000Z', message: '' }] },
    GetDumps: { files: [] },
  };

  it('answer what the agent takes', () => {
    for (const command of commands.keys())
      expect(faultIn(ANSWERS[command] ?? {}, SHELL_SHAPES[command as ShellCommand]), command).to.equal(undefined);
  });

  it('that change something have a command of the same parameters that takes it back', () => {
    for (const [name, { run, parameters, undo }] of commands) {
      const changes = run in CHANGES;
      expect(undo !== '', name).to.equal(changes);
      if (changes) expect(commands.get(undo)?.parameters, name).to.deep.equal(parameters);
    }
  });

  it('change the machine in these lines only', () => {
    const changing = /\b(?:Disable|Enable|Restart)-Net\w+ .*|\bStop-Process .*|\$driver\.\w+\(\)/g;
    const found = bodies.flatMap((body): [string, string][] => {
      const lines = body.match(changing) ?? [];
      return lines.map((line) => [/^function ([\w-]+)/.exec(body)?.[1] ?? '', line]);
    });
    expect(Object.fromEntries(found)).to.deep.equal({ ...CHANGES, ...ENDS });
    expect(found).to.have.lengthOf(Object.keys({ ...CHANGES, ...ENDS }).length);
  });

  it('end helpers of others only, also of one whose number Windows has given to this agent', () => {
    const chosen = bodies.find((body) => body.startsWith('function Get-OtherHelper '));
    expect(chosen).to.include("$_.Name -eq 'lwfio.exe' -and (");
    expect(chosen).to.include('$_.ParentProcessId -ne $Agent -or $_.CreationDate -lt $own.CreationDate');
    expect(bodies.filter((body) => body.includes('Stop-Process'))).to.have.lengthOf(1);
    expect(bodies.find((body) => body.includes('Stop-Process'))).to.include('in @(Get-OtherHelper -Agent $Agent)) {');
  });
});
