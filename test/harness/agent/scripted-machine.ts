/** A machine that does what its script says: one adapter, one filter, a miniport that holds frames. */
import { RigRefusal, type ModuleState } from '../../../adapters/contract';
import type {
  EtwEvent,
  HelperEvent,
  HelperEvents,
  HelperOp,
  Ports,
  Program,
  ShellCommand,
} from '../../../adapters/harness/agent/ports';
import { NDIS_PROVIDER } from '../../../adapters/harness/agent/ports';
import { FILTER_STATES } from '../../../adapters/harness/decode/ndis-event';
import { filterStateEvent } from './events';
import { ScriptedClock } from './scripted-clock';

export const ADAPTER = 'Ethernet 2';
export const DUT = 'ms_mylwf';
const GUID = '{01234567-89AB-CDEF-0123-456789ABCDEF}';

interface Held {
  readonly bytes: string;
  readonly done: () => void;
}

/** How the driver behaves. */
export interface Script {
  /** It does not wait for what it has sent. */
  pausesAtOnce?: boolean;
  /** FilterAttach, or FilterRestart, fails. */
  failsTo?: 'attach' | 'restart';
  /** It refuses to send while it is not Running. */
  originates?: boolean;
  wine?: boolean;
  /** fnlwf is there, and runs after it has been asked so often. */
  runsAboveAfter?: number;
  takesFrames?: boolean;
}

export class ScriptedMachine {
  readonly clock = new ScriptedClock();
  /** What the machine was told, in order. */
  readonly told: string[] = [];
  /** Commands that fail, with what they say. */
  readonly failing = new Map<ShellCommand, string>();
  bindings = new Map<string, boolean>([
    [DUT, true],
    ['ms_pacer', true],
    ['ms_tcpip', true],
    ['ms_rspndr', true],
  ]);
  /** On the adapter that carries the connection. */
  dutElsewhere = true;
  service: 'Running' | 'Stopped' | 'Missing' = 'Running';
  status: 'Up' | 'Disabled' = 'Up';
  carrier = 'Ethernet';
  lost = 0;
  /** Windows does nothing that it is told. */
  isStuck = false;
  state: ModuleState = 'Detached';
  private askedAbove = 0;
  private held: Held[] = [];
  private pattern = '';
  private hasSession = false;
  private time = 0n;
  private events: EtwEvent[] = [];
  private readonly listeners = new Map<HelperEvent, ((params: never) => void)[]>();
  private whenQuiet: (() => void) | undefined;

  constructor(readonly script: Script = {}) {}

  get ports(): Ports {
    const originate = {
      takesFrames: this.script.takesFrames ?? true,
      start: ({ frame, count }: { readonly frame: string; readonly count: number }) => this.send(frame, count),
    };
    return {
      clock: this.clock,
      shell: {
        call: async (command, parameters) => this.shell(command, parameters) as never,
        close: () => undefined,
      },
      programs: { run: async (program, args) => this.program(program, args) },
      helper: {
        request: async (op, params) => this.helper(op, params) as never,
        on: (event, listener) => void this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]),
        close: () => undefined,
      },
      ...(this.script.originates !== false && { originate }),
    };
  }

  tell<E extends HelperEvent>(event: E, params: HelperEvents[E]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(params as never);
  }

  /** Since the last time. */
  takeTold(): string[] {
    return this.told.splice(0);
  }

  /** fnmp gives back what it holds, as after 5 s. */
  dropHeld(): void {
    this.pattern = '';
    this.release(this.held.map((_, index) => index));
  }

  // ---- PowerShell ------------------------------------------------------------------------------------------

  private async shell(command: ShellCommand, parameters: Record<string, unknown>): Promise<unknown> {
    this.told.push([command, ...Object.values(parameters)].join(' '));
    const failure = this.failing.get(command);
    if (failure !== undefined) throw new RigRefusal('environment', failure);
    if (this.isStuck) return new Promise(() => undefined);
    const component = String(parameters['component']);
    switch (command) {
      case 'GetAdapter':
        return { adapter: parameters['name'] === ADAPTER ? { ...this.adapter, status: this.status } : null };
      case 'GetAdapterOfAddress':
        return { name: this.carrier };
      case 'GetBinding':
        return { bindings: this.bindingsOn(String(parameters['name'])) };
      case 'GetBindingsOf':
        return { bindings: this.bindingsOf(component) };
      case 'GetService':
        return { state: this.service };
      case 'StartService':
      case 'StopService':
        this.service = command === 'StartService' ? 'Running' : 'Stopped';
        return {};
      case 'EnableBinding':
      case 'DisableBinding':
        return this.bind(String(parameters['name']), component, command === 'EnableBinding');
      case 'DisableAdapter':
        await this.leave();
        this.status = 'Disabled';
        return {};
      case 'EnableAdapter':
        this.status = 'Up';
        if (this.bindings.get(DUT) === true) this.enter();
        return {};
      default:
        throw new Error(`nobody asks for ${command} here`);
    }
  }

  private readonly adapter = {
    name: ADAPTER,
    description: 'Functional miniport',
    ifIndex: 7,
    ifGuid: GUID,
    instanceId: 'ROOT\\FNMP',
    mac: '020000000001',
  };

  private bindingsOn(adapter: string): object[] {
    const bindings = adapter === ADAPTER ? [...this.bindings] : [[DUT, this.dutElsewhere] as const];
    return bindings.map(([component, enabled]) => ({ component, displayName: component, enabled }));
  }

  private bindingsOf(component: string): object[] {
    const enabled = this.bindings.get(component);
    if (enabled === undefined) return [];
    return [
      { adapter: 'Ethernet', enabled: component === DUT && this.dutElsewhere },
      { adapter: ADAPTER, enabled },
    ];
  }

  private async bind(adapter: string, component: string, enabled: boolean): Promise<object> {
    if (adapter !== ADAPTER) {
      this.dutElsewhere = enabled;
      return {};
    }
    this.bindings.set(component, enabled);
    if (component === DUT && enabled) this.enter();
    else if (component === DUT) await this.leave();
    else if (this.state === 'Running') {
      await this.pause();
      this.restart();
    }
    return {};
  }

  private program(program: Program, args: readonly string[]): { code: number; stdout: string; stderr: string } {
    this.told.push([program, ...args].join(' '));
    if (args.includes('-l')) this.bindings.set(DUT, false);
    if (args.includes('-u')) this.bindings.delete(DUT);
    return { code: 0, stdout: '', stderr: '' };
  }

  // ---- the stack -------------------------------------------------------------------------------------------

  private enter(): void {
    this.turn('Attaching');
    if (this.script.failsTo === 'attach') return this.turn('Detached');
    this.turn('Paused');
    this.restart();
  }

  private restart(): void {
    this.turn('Restarting');
    this.turn(this.script.failsTo === 'restart' ? 'Paused' : 'Running');
  }

  private async pause(): Promise<void> {
    this.turn('Pausing');
    if (this.script.pausesAtOnce === true) this.turn('Paused');
    // Either the driver waits for what it has sent, or the miniport below it does.
    if (this.held.length > 0) await new Promise<void>((resolve) => (this.whenQuiet = resolve));
    if (this.script.pausesAtOnce !== true) this.turn('Paused');
  }

  private async leave(): Promise<void> {
    if (this.state === 'Running') await this.pause();
    if (this.state === 'Detached') return;
    this.turn('Detaching');
    this.turn('Detached');
  }

  private turn(state: ModuleState): void {
    this.state = state;
    this.time += 10n;
    this.events.push({
      provider: NDIS_PROVIDER,
      id: 10312,
      version: 0,
      t: String(this.time),
      cpu: 0,
      payload: filterStateEvent({ state: FILTER_STATES.indexOf(state), adapter: GUID, name: 'My filter' }).toString(
        'base64',
      ),
    });
  }

  // ---- the helper ------------------------------------------------------------------------------------------

  private async helper(op: HelperOp, params: Record<string, unknown>): Promise<unknown> {
    if (op !== 'etw.flush' && op !== 'fnmp.held' && op !== 'fnlwf.held') this.told.push(op);
    switch (op) {
      case 'info':
        return {
          version: '1',
          frequency: '10000000',
          wine: this.script.wine ?? false,
          fnmp: true,
          fnlwf: this.script.runsAboveAfter !== undefined,
        };
      case 'etw.start':
        this.hasSession = true;
        return { t: '0' };
      case 'etw.flush':
        if (!this.hasSession) throw new RigRefusal('environment', 'There is no session.');
        for (const event of this.events.splice(0)) this.tell('etw', event);
        return { t: String(this.time), lost: this.lost };
      case 'etw.stop':
        this.hasSession = false;
        return { lost: this.lost };
      case 'fnmp.open':
        return { handle: 1 };
      case 'fnlwf.open':
        return { handle: 2 };
      case 'fnlwf.datapath':
        this.askedAbove += 1;
        return { isUp: this.askedAbove > (this.script.runsAboveAfter ?? 0) };
      case 'fnmp.holdSends':
        this.pattern = String(params['pattern']);
        if (this.pattern === '') this.dropHeld();
        return {};
      case 'fnmp.held':
        if (this.status === 'Disabled') throw new RigRefusal('environment', 'The adapter is not there.');
        return {
          frames: this.held.map(({ bytes }, index) => ({ index, bytes, length: bytes.length / 2, cpu: 0 })),
          t: String(this.time),
        };
      case 'fnmp.release':
        this.release(params['indexes'] as readonly number[]);
        return {};
      case 'fnmp.close':
        this.dropHeld();
        return {};
      default:
        return {};
    }
  }

  private release(indexes: readonly number[]): void {
    const gone = this.held.filter((_, index) => indexes.includes(index));
    this.held = this.held.filter((_, index) => !indexes.includes(index));
    for (const { done } of gone) done();
    if (this.held.length > 0) return;
    this.whenQuiet?.();
    this.whenQuiet = undefined;
  }

  // ---- the vendor's command --------------------------------------------------------------------------------

  private send(frame: string, count: number): { ended: Promise<number>; stop: () => void } {
    this.told.push(`originate ${count}`);
    if (this.state !== 'Running') return { ended: Promise.resolve(1), stop: () => undefined };
    if (this.pattern === '') return { ended: Promise.resolve(0), stop: () => undefined };
    const ended = new Promise<number>((resolve) => this.held.push({ bytes: frame, done: () => resolve(0) }));
    return { ended, stop: () => undefined };
  }
}
