import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runSpecification } from '../../src/conformance';
import { sha256, type RunIdentity } from '../../src/conformance/identity';
import { kitRoot } from '../../src/conformance/kit-root';
import { findScenario } from '../../src/conformance/replay/find-scenario';
import { replayCase } from '../../src/conformance/replay';
import { findSubject } from '../../src/conformance/replay/find-subject';
import {
  findingsHash,
  looksLikeToken,
  readToken,
  shortHash,
  textHash,
  tokenOf,
} from '../../src/conformance/replay/token';
import type { TokenScenario } from '../../src/conformance/replay/token';

const identity: RunIdentity = {
  kit: '0.1.0',
  specification: { version: '1.0.0', sha256: 'ff' },
  driver: {
    name: 'mine.sys',
    kind: 'image',
    image: { file: 'mine.sys', sha256: '0123456789abcdef'.repeat(4), size: 1 },
  },
  profile: { file: 'mine.yaml', sha256: 'fedcba9876543210'.repeat(4), size: 1 },
  adapter: { name: 'emulator', observation: 'memory', engine: 'jit', capabilities: [] },
  seed: 7,
  conformance: 'full',
  selection: {},
};

const scenario: TokenScenario = {
  id: 'features/pause/pending.feature:12',
  name: 'Zustand „Paused“ — 一時停止',
  steps: [{ keyword: 'When', text: 'it is paused', status: 'passed' }],
  verdict: 'fail',
  violations: [{ rule: 'PAU-11', reading: 'default', at: 9, witnesses: [3, 9], message: 'it was' }],
};

/** The last character of a text changed. */
function mistyped(token: string, at: number): string {
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

describe('Token of a case', () => {
  const token = tokenOf(identity, scenario);

  it('says what the case was', () => {
    expect(readToken(token)).to.deep.equal({
      kit: '0.1.0',
      specification: '1.0.0',
      driver: 'mine.sys',
      driverHash: '0123456789abcdef',
      profileHash: 'fedcba9876543210',
      adapter: 'emulator',
      engine: 'jit',
      seed: 7,
      conformance: 'full',
      scenario: scenario.id,
      textHash: textHash(scenario.name, ['it is paused']),
      verdict: 'fail',
      findings: findingsHash(scenario, identity.driver),
    });
  });

  it('is one word that a mail may break', () => {
    expect(token).to.match(/^lwf1-[A-Za-z0-9_-]+-[0-9a-f]{8}$/);
    const broken = ` ${token.slice(0, 70)}\r\n  ${token.slice(70)}\n`;
    expect(looksLikeToken(broken)).to.equal(true);
    expect(readToken(broken)).to.deep.equal(readToken(token));
  });

  it('keeps the profile of the conformance where it is not the whole', () => {
    expect(readToken(tokenOf({ ...identity, conformance: 'strict' }, scenario)).conformance).to.equal('strict');
  });

  it('of other findings is another one, of another message not', () => {
    const [violation] = scenario.violations;
    const other = { ...scenario, violations: violation ? [{ ...violation, at: 8 }] : [] };
    expect(tokenOf(identity, other)).not.to.equal(token);
    const reworded = { ...scenario, violations: violation ? [{ ...violation, message: 'x' }] : [] };
    expect(tokenOf(identity, reworded)).to.equal(token);
  });

  it('is refused with one character changed, wherever', () => {
    for (let at = 'lwf1-'.length; at < token.length; at += 1) {
      expect(() => readToken(mistyped(token, at)), `${at}`).to.throw(/mistyped or cut off/);
    }
  });

  const refused: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
    ['cut off', token.slice(0, -9), /mistyped or cut off/],
    ['cut off behind the prefix', 'lwf1-', /mistyped or cut off/],
    ['of a later format', token.replace('lwf1', 'lwf2'), /of format 2, and this kit reads format 1/],
    ['without its prefix', token.slice(5), /is no token: those begin with lwf1-/],
    ['far too long', `lwf1-${'A'.repeat(100_000)}-00000000`, /mistyped or cut off/],
  ];
  for (const [what, text, complaint] of refused) {
    it(`${what} is refused`, () => expect(() => readToken(text)).to.throw(complaint));
  }
});

const PLACE = 'features/sequences/disabled-while-an-application-writes.feature:7';

describe('Scenario of a token', () => {
  const id = PLACE;
  const versions = { kit: '0.1.0', specification: '1.0.0' };
  // What stands there is learnt from the refusal of every other text.
  const here = (textHash_: string, place = id) => findScenario({ ...versions, scenario: place, textHash: textHash_ });

  it('with a text that is nowhere is refused, with the kit that has it', () => {
    expect(() => here('00000000')).to.throw(
      /No scenario of the specification \S+ has the text.*disabled-while-an-application-writes\.feature:7 in specification 1\.0\.0.*npx ndis-lwf-spec@0\.1\.0 replay/,
    );
  });

  it('that has moved is found by its text', async () => {
    const { scenarios } = await runSpecification({ driver: 'reference', paths: [id], seed: 1, evidence: 'violations' });
    const [played] = scenarios;
    expect(played).not.to.equal(undefined);
    const hash = textHash(played?.name ?? '', played?.steps.map(({ text }) => text) ?? []);
    expect(here(hash)).to.deep.equal({ id, name: played?.name, moved: false });
    expect(here(hash, id.replace(':7', ':900'))).to.include({ id, moved: true });
    expect(here(hash, 'features/gone.feature:3')).to.include({ id, moved: true });
    expect(here(hash, '../../../etc/passwd:1')).to.include({ id, moved: true });
  });
});

describe('Replay of a token', () => {
  it('that is interrupted says so', async () => {
    const [played] = (await runSpecification({ driver: 'reference', paths: [PLACE], seed: 1, evidence: 'violations' }))
      .scenarios;
    if (!played) throw new Error(`there is no ${PLACE}`);
    const kit = { name: 'reference', kind: 'simulated' } as const;
    const simulator = { name: 'simulator', observation: 'memory', capabilities: [] } as const;
    const token = readToken(tokenOf({ ...identity, driver: kit, profile: undefined, adapter: simulator }, played));
    const failure = await replayCase(token, { signal: AbortSignal.abort() }).catch((thrown: unknown) => String(thrown));
    expect(failure).to.match(/interrupted before the case was played/);
  });
});

describe('Driver of a token', () => {
  const token = readToken(tokenOf(identity, scenario));

  it('that is not here is asked for by name and hash', () => {
    expect(() => findSubject(token, {})).to.throw(
      /The token is of mine\.sys \(sha256 0123456789abcdef…\), which is not here\. Give it with --driver FILE and its profile with --profile FILE\./,
    );
  });

  it('that is given with other bytes is taken, and said to be another', () => {
    const { subject, differences } = findSubject(token, { driver: __filename, profile: __filename });
    expect(subject).to.deep.equal({ driver: __filename, profile: __filename, engine: 'jit' });
    expect(differences[0]).to.match(
      /the token is of mine\.sys \(sha256 0123456789abcdef…\), and .* has sha256 [0-9a-f]{16}…/,
    );
    expect(differences[1]).to.match(
      /asks for a profile: one with sha256 fedcba9876543210…; .* has sha256 [0-9a-f]{16}…/,
    );
  });

  it('of the kit goes by its name', () => {
    const ofTheKit = tokenOf(
      {
        ...identity,
        driver: { name: 'reference', kind: 'simulated' },
        adapter: { name: 'simulator', observation: 'memory', capabilities: [] },
      },
      scenario,
    );
    expect(readToken(ofTheKit)).not.to.have.property('driverHash');
  });

  it('behind an adapter that is a program is played by that program', () => {
    const { driverHash: _hash, profileHash: _profile, ...rest } = token;
    const lab = { ...rest, adapter: 'lab', driver: 'mine' };
    expect(() => findSubject(lab, {})).to.throw(/mine on the adapter lab, which is a program: give it with --command/);
    expect(() => findSubject(lab, { command: 'lab', driver: 'x.sys' })).to.throw(/brings its driver along/);
    expect(findSubject(lab, { command: 'lab --fast' })).to.deep.equal({
      subject: { adapter: 'stdio', driver: 'reference', command: 'lab --fast' },
      differences: [],
    });
    expect(findSubject(token, { command: 'lab' }).differences.join()).to.match(
      /the token is of mine\.sys .* on the emulator/,
    );
  });

  it('behind an adapter that is a module is found with it, by its hash', () => {
    const module = join(kitRoot, 'docs/examples/adapter.ts');
    const { profileHash: _profile, ...rest } = token;
    const own = {
      ...rest,
      adapter: 'bench',
      driver: 'adapter.ts',
      driverHash: shortHash(sha256(readFileSync(module))),
    };
    const found = { subject: { adapter: module, driver: 'reference' }, differences: [] };
    expect(findSubject(own, {}, [dirname(module)])).to.deep.equal(found);
    expect(findSubject(own, { adapter: module })).to.deep.equal(found);
    expect(() => findSubject(own, {})).to.throw(/which is not here\. Give it with --adapter FILE\./);
    expect(() => findSubject(own, { driver: 'x.sys' })).to.throw(/brings its driver along/);
    const other = findSubject(own, { adapter: './' + relative(process.cwd(), __filename) });
    expect(other.differences[0]).to.match(/the token is of adapter\.ts .*, and .*replay-token\.test\.ts has sha256/);
  });

  it('whose profile is not here is asked for it', () => {
    expect(() => findSubject(token, { driver: __filename })).to.throw(
      /a profile of replay-token\.test\.ts whose sha256 begins with fedcba9876543210.*--profile FILE/,
    );
  });
});
