import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import ts from 'typescript';
import { ADAPTER_CAPABILITIES, DRIVER_CAPABILITIES, REFUSALS } from '../../adapters/contract';
import { messageFault, METHODS, RIG_CALLS, type RigCall } from '../../adapters/contract/protocol';
import schema from '../../adapters/contract/protocol/adapter-1.schema.json';
import { kitRoot } from '../../src/conformance/kit-root';
import traceSchema from '../../src/trace/trace-1.schema.json';

const contract = join(kitRoot, 'adapters', 'contract');
const definitions = schema.definitions as Record<string, { properties?: object; enum?: string[]; required?: string[] }>;

function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(contract, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

function declared<T extends ts.Node>(file: string, name: string, is: (node: ts.Node) => node is T): T {
  const found = parsed(file).statements.find(
    (statement) => is(statement) && (statement as unknown as { name: ts.Identifier }).name.text === name,
  );
  if (!found) throw new Error(`${file} declares no ${name}`);
  return found as unknown as T;
}

/** The calls of the interface with the names of their parameters, as they are written in its source. */
function callsOfTheRig(): Record<string, { name: string; optional: boolean }[]> {
  const rig = declared('rig.ts', 'Rig', ts.isInterfaceDeclaration);
  return Object.fromEntries(
    rig.members.filter(ts.isMethodSignature).map(({ name, parameters }) => [
      name.getText(),
      parameters.map((parameter) => ({
        name: parameter.name.getText(),
        optional: parameter.questionToken !== undefined,
      })),
    ]),
  );
}

describe('the protocol and the rig', () => {
  const rig = callsOfTheRig();

  it('have the same calls, with parameters of the same names', () => {
    const names = Object.entries(rig).map(([call, parameters]) => [call, parameters.map(({ name }) => name)]);
    expect(Object.fromEntries(names)).to.deep.equal(RIG_CALLS);
  });

  it('have every call in the schema, with the same parameters, and the same ones optional', () => {
    for (const [call, parameters] of Object.entries(rig)) {
      // Pages are the protocol's own.
      const own = call === 'trace' ? ['limit'] : [];
      const described = definitions[`params.${call}`];
      expect(Object.keys(described?.properties ?? {}), call).to.deep.equal([
        ...parameters.map(({ name }) => name),
        ...own,
      ]);
      const needed = parameters.filter(({ optional }) => !optional).map(({ name }) => name);
      expect(described?.required ?? [], call).to.deep.equal(needed);
    }
  });

  it('know the same capabilities, requests and refusals', () => {
    const ask = declared('profile.ts', 'Ask', ts.isTypeAliasDeclaration).type as ts.UnionTypeNode;
    const asks = ask.types.map((type) => type.getText().slice(1, -1));
    expect(definitions['ask']?.enum).to.deep.equal(asks);
    expect(definitions['adapterCapability']?.enum).to.deep.equal(Object.keys(ADAPTER_CAPABILITIES));
    expect(definitions['driverCapability']?.enum).to.deep.equal(Object.keys(DRIVER_CAPABILITIES));
    const { data } = definitions['error']?.properties as { data: { properties: { kind: { enum: string[] } } } };
    expect(data.properties.kind.enum).to.deep.equal(Object.keys(REFUSALS));
  });

  it('describe crossings as trace/1 does', () => {
    for (const name of ['crossing', 'netBufferList', 'netBuffer', 'status', 'argument', 'text', 'count'] as const) {
      expect(definitions[name], name).to.deep.equal(traceSchema.definitions[name]);
    }
  });
});

describe('the schema of the protocol', () => {
  it('has parameters and a result for every method, and no others', () => {
    const described = Object.keys(definitions).filter((name) => /^(?:params|result)\./.test(name));
    expect(described.sort()).to.deep.equal(
      METHODS.flatMap((method) => [`params.${method}`, `result.${method}`]).sort(),
    );
    for (const method of METHODS) expect(() => messageFault(method, 'result', null), method).not.to.throw();
  });

  const wrong: readonly (readonly [RigCall, 'params' | 'result', unknown, string])[] = [
    ['attach', 'params', {}, 'it lacks the member `adapter`'],
    ['attach', 'params', { adapter: 'A', speed: 1 }, 'it has the unknown member `speed`'],
    ['ask', 'params', { app: 'x', what: 'jump' }, '`what` is "jump", and must be one of send, sendChain'],
    ['operation', 'result', { state: 'done' }, 'lacks the member `status`'],
    ['modules', 'result', [{ module: 'm1', adapter: 'A', position: 0, state: 'Up', restarts: 0 }], '`0.state` is "Up"'],
    ['pause', 'result', null, 'it is null, and must be object'],
  ];
  for (const [method, part, value, complaint] of wrong) {
    it(`says of ${method}, ${part} ${JSON.stringify(value)}: ${complaint}`, () => {
      expect(messageFault(method, part, value)).to.include(complaint);
    });
  }
});
