/** lwfio.exe with everything that it talks to, driven line by line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HelperOp } from '../../../../adapters/harness/agent/ports';
import { EVENT_SHAPES, HELPER_SHAPES, requireShape } from '../../../../adapters/harness/agent/ports/real/shapes';
import { HELPER_PROGRAM } from '../../../../scripts/build-helper';
import { kitRoot } from '../../../../src/conformance/kit-root';
import { FakeEtw } from './etw';
import { FakeDrivers } from './functional';
import { OwnDriver } from './own-driver';
import { Power, type PowerOptions } from './power';
import { GuestProcess, type Thread } from './process';
import { system } from './system';

export interface Machine {
  readonly wine?: boolean;
  readonly installed?: readonly ('fnmp' | 'fnlwf')[];
  readonly frameSize?: number;
  readonly power?: PowerOptions;
}

interface Line {
  readonly id?: number;
  readonly answer?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly event?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly ready?: string;
}

/** Of the driver under test. */
export const DEVICE = '\\Device\\Mine';

/** Milliseconds that an answer may take. */
const PATIENCE = 30_000;

export class Lwfio {
  readonly lines: Line[] = [];
  complaints = '';
  readonly etw: FakeEtw;
  readonly drivers: FakeDrivers;
  /** The one under test. */
  readonly driver: OwnDriver;
  readonly power: Power;
  readonly process: GuestProcess;
  private readonly input: (Buffer | undefined)[] = [];
  private said = '';
  private last = 0;

  constructor({ wine = false, installed = ['fnmp', 'fnlwf'], frameSize = 56, power = {} }: Machine = {}) {
    const affinity = new Map<Thread, number>();
    this.etw = new FakeEtw(affinity);
    this.drivers = new FakeDrivers(installed, frameSize);
    const streams = { input: this.input, write: this.take.bind(this) };
    const signals = new Map<bigint, boolean>();
    this.driver = new OwnDriver(DEVICE, (event) => void signals.set(event, true));
    this.power = new Power(power, (event) => void signals.set(event, true));
    this.process = new GuestProcess(readFileSync(join(kitRoot, HELPER_PROGRAM)), {
      ...system(streams, wine, affinity, signals),
      ...this.etw.imports(),
      ...this.power.imports(),
      ...this.driver.imports(this.drivers.imports()),
    });
    this.process.run(() => this.lines.length > 0, 1000);
  }

  /** Sends a request, without waiting. @returns its number */
  send(op: string, params: Readonly<Record<string, unknown>> = {}): number {
    this.last += 1;
    this.write(`${JSON.stringify({ id: this.last, op, params })}\n`);
    return this.last;
  }

  /** @returns the answer, or `{error}` */
  ask(op: string, params: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    const id = this.send(op, params);
    const found = (): Line | undefined => this.lines.find((line) => line.id === id);
    if (!this.process.run(() => found() !== undefined, PATIENCE)) throw new Error(`${op} is not answered.`);
    const { answer, error } = found() ?? {};
    // As the agent would.
    if (answer) requireShape('lwfio', op, answer, HELPER_SHAPES[op as HelperOp]);
    return answer ?? { error };
  }

  write(text: string | Buffer): void {
    this.input.push(Buffer.from(text));
  }

  /** Lets time pass. */
  pass(milliseconds: number): void {
    this.process.run(() => false, milliseconds);
  }

  events(name: keyof typeof EVENT_SHAPES): readonly Readonly<Record<string, unknown>>[] {
    const told = this.lines.filter(({ event }) => event === name).map(({ params = {} }) => params);
    for (const each of told) requireShape('lwfio', name, each, EVENT_SHAPES[name]);
    return told;
  }

  /** @returns its exit code */
  end(): number | undefined {
    this.input.push(undefined);
    this.process.run(() => false, PATIENCE);
    return this.process.exitCode;
  }

  private take(stream: 'out' | 'error', bytes: Buffer): void {
    if (stream === 'error') {
      this.complaints += bytes.toString('utf8');
      return;
    }
    const parts = (this.said + bytes.toString('utf8')).split('\n');
    this.said = parts.pop() ?? '';
    this.lines.push(...parts.map((line) => JSON.parse(line) as Line));
  }
}
