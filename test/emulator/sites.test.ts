import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterpreter } from '../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../adapters/emulator/cpu/memory';
import { listing } from '../../adapters/emulator/cpu/listing';
import { followed, Trail } from '../../adapters/emulator/cpu/trail';
import { GUEST_BASE } from '../../adapters/emulator/cpu/contract';
import { MODULES } from '../../adapters/emulator/modules';
import { parametersOf } from '../../adapters/emulator/parameters';
import { kitRoot } from '../../src/conformance/kit-root';

const START = 0x1000;

/** mov eax,3; dec eax; jnz -4; call to a place without code */
const LOOP = [0xb8, 3, 0, 0, 0, 0xff, 0xc8, 0x75, 0xfc, 0xe8, 0, 0, 0x10, 0];

describe('A processor that is followed', () => {
  const booted = (follow: boolean) => {
    const memory = createMemory(1024 * 1024);
    memory.protect(START, 64, { read: true, write: false, execute: true });
    memory.protect(0x4000, 64, { read: true, write: true, execute: false });
    memory.write(START, Uint8Array.from(LOOP));
    const trail = new Trail(4);
    let stops = 0;
    const plain = createInterpreter(memory);
    const engine = follow ? followed(plain, trail, () => (stops += 1)) : plain;
    const registers = engine.newRegisters();
    registers.rip = GUEST_BASE + BigInt(START);
    registers.set('rsp', GUEST_BASE + 0x4040n);
    return { engine, registers, trail, stops: () => stops };
  };

  it('does what it would do alone, and remembers what it did last', () => {
    const [alone, watched] = [booted(false), booted(true)];
    expect(watched.engine.run(watched.registers, 1000)).to.deep.equal(alone.engine.run(alone.registers, 1000));
    expect(watched.registers.rip).to.equal(alone.registers.rip);
    expect(watched.registers.get('rsp')).to.equal(alone.registers.get('rsp'));
    expect(watched.engine.instructions).to.equal(alone.engine.instructions).and.to.equal(8);
    const offsets = watched.trail.of(watched.registers).map((address) => Number(address - GUEST_BASE) - START);
    expect(offsets).to.deep.equal([7, 5, 7, 9]);
    expect(watched.stops()).to.equal(1);
  });

  it('keeps to its budget', () => {
    const { engine, registers, stops } = booted(true);
    expect(engine.run(registers, 3)).to.deep.equal({ kind: 'budget' });
    expect(engine.instructions).to.equal(3);
    expect(stops()).to.equal(0);
  });

  it('forgets what was done for another call', () => {
    const { engine, registers, trail } = booted(true);
    engine.run(registers, 3);
    trail.forget(registers);
    expect(trail.of(registers)).to.deep.equal([]);
  });
});

describe('A listing of machine code', () => {
  it('is as MASM has it, with what an address in an instruction is', () => {
    const [mov, dec, jump, call] = listing(Uint8Array.from(LOOP), 0x1000n, 10);
    expect(mov?.text).to.equal('mov eax,3');
    expect(dec?.text).to.equal('dec eax');
    expect(jump).to.include({ target: 0x1005n, length: 2 });
    expect(call?.target).to.equal(0x10_100en);
    // call qword ptr [rip+10h]
    const [imported] = listing(Uint8Array.from([0xff, 0x15, 0x10, 0, 0, 0]), 0x1000n, 1);
    expect(imported).to.include({ memory: 0x1016n });
  });

  it('ends at what is no instruction, and at the end of the bytes', () => {
    expect(listing(Uint8Array.from([0x90, 0x06]), 0n, 5)).to.have.length(1);
    expect(listing(Uint8Array.from([0x90, 0xe8, 1]), 0n, 5)).to.have.length(1);
    expect(listing(new Uint8Array(0), 0n, 5)).to.deep.equal([]);
  });
});

describe('Names of parameters', () => {
  it('are those of the headers of the kit', () => {
    const folder = join(kitRoot, 'drivers', 'include', 'ndis');
    const text = readdirSync(folder)
      .filter((name) => name.endsWith('.h'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const names = MODULES.flatMap(({ exports }) => exports.map(({ name }) => name)).filter((name) =>
      /^NdisF[A-Z]/.test(name),
    );
    let compared = 0;
    for (const name of names) {
      const [, parameters] = new RegExp(`NTAPI ${name}\\(([^)]*)\\);`).exec(text) ?? [];
      if (parameters === undefined) continue;
      const written = parameters.split(',').flatMap((parameter) => /(\w+)\s*$/.exec(parameter)?.[1] ?? []);
      expect(parametersOf(name), name).to.deep.equal(written);
      compared += 1;
    }
    expect(compared).to.be.greaterThan(20);
  });

  it('are not made up', () => {
    expect(parametersOf('NdisNoSuchFunction')).to.equal(undefined);
    expect(parametersOf('constructor')).to.equal(undefined);
    expect(parametersOf('NdisGetVersion')).to.deep.equal([]);
  });
});
