/** The fake machine behind the agent's ports, in this process. */
import { RigRefusal } from '../../../adapters/contract';
import type {
  Helper,
  HelperEvents,
  HelperOp,
  HelperOps,
  Originate,
  Ports,
  Programs,
  Shell,
  ShellCommand,
  ShellCommands,
} from '../../../adapters/harness/agent/ports';
import type { Clock } from '../../../adapters/harness/protocol';
import { JumpingClock } from './clock';
import { HelperProcess } from './helper';
import { MachineIsDown } from './model';
import { runProgram } from './programs';
import { shellCommands } from './shell';
import { runVendor } from './vendor';
import type { FakeWindows } from './windows';

/**
 * @param clock by default one whose time makes the machine's pass
 * @param pid process id of the agent
 */
export function portsOn(
  windows: FakeWindows,
  clock: Clock = new JumpingClock((milliseconds) => windows.pass(milliseconds)),
  pid: number = process.pid,
): Ports {
  return {
    shell: new FakeShell(windows, clock),
    programs: programsOn(windows),
    helper: new FakeHelper(windows, clock, pid),
    originate: originateOn(windows),
    clock,
  };
}

/** One call at a time, in their order. */
class FakeShell implements Shell {
  private last: Promise<unknown> = Promise.resolve();
  private readonly commands: ReturnType<typeof shellCommands>;

  constructor(
    private readonly windows: FakeWindows,
    private readonly clock: Clock,
  ) {
    this.commands = shellCommands(windows);
  }

  call<C extends ShellCommand>(
    command: C,
    parameters: ShellCommands[C]['parameters'],
  ): Promise<ShellCommands[C]['answer']> {
    const answer = this.last.then(() => done(this.windows, () => this.commands[command](parameters)));
    this.last = answer.catch(() => undefined);
    return withDeadline(this.clock, answer, command);
  }

  close(): void {
    // Nothing is open.
  }
}

class FakeHelper implements Helper {
  private readonly process: HelperProcess;
  private readonly listeners = new Map<string, ((params: never) => void)[]>();
  private isGone = false;

  constructor(
    private readonly windows: FakeWindows,
    private readonly clock: Clock,
    agent: number,
  ) {
    const say = <E extends keyof HelperEvents>(event: E, params: HelperEvents[E]): void => {
      for (const listener of this.listeners.get(event) ?? []) listener(params as never);
    };
    this.process = new HelperProcess(windows, say, () => {
      windows.helpers.delete(this.process);
      if (this.isGone) return;
      this.isGone = true;
      say('exit', { reason: 'the machine went down' });
    });
    windows.helpers.set(this.process, agent);
  }

  async request<O extends HelperOp>(op: O, params: HelperOps[O]['params']): Promise<HelperOps[O]['answer']> {
    if (this.isGone) throw new RigRefusal('lost', 'There is no helper any more');
    const answer = done(this.windows, () => this.process.answer(op, params));
    // The only one that takes time.
    return op === 'power.sleep' ? withDeadline(this.clock, answer, op) : answer;
  }

  on<E extends keyof HelperEvents>(event: E, listener: (params: HelperEvents[E]) => void): void {
    const listeners = this.listeners.get(event) ?? [];
    this.listeners.set(event, [...listeners, listener]);
  }

  close(): void {
    if (!this.isGone) this.process.end();
  }
}

function programsOn(windows: FakeWindows): Programs {
  return { run: (program, args) => done(windows, () => runProgram(windows, program, args)) };
}

function originateOn(windows: FakeWindows): Originate {
  return {
    takesFrames: true,
    start: ({ adapter, count, frame }) => runVendor(windows, adapter, count, frame),
  };
}

/** What Windows does not answer in time is given up, and goes on. */
const ANSWER_MS = 60_000;

function withDeadline<T>(clock: Clock, answer: Promise<T>, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ANSWER_MS, () => reject(new RigRefusal('timeout', `Windows does not answer ${what}`)));
    answer.then(resolve, reject).finally(stop);
  });
}

/** @throws RigRefusal, as real ports do */
async function done<T>(windows: FakeWindows, act: () => Promise<T>): Promise<T> {
  try {
    if (windows.isDown) throw new MachineIsDown('the machine is down');
    const answer = await act();
    windows.looksDown();
    return answer;
  } catch (failure) {
    windows.looksDown();
    if (windows.isDown || failure instanceof MachineIsDown) {
      throw new RigRefusal('lost', 'The machine is down', { cause: failure });
    }
    const words = failure instanceof Error ? failure.message : String(failure);
    throw new RigRefusal('environment', words, { cause: failure });
  }
}
