/** Changes of the machine, each with how it is taken back, and the taking back, which does nothing where all is as it was. */
import { RigRefusal } from '../../../contract';
import { decodeNetcfg } from '../../decode/netcfg';
import type { Changes, UndoRunner } from '../changes';
import type { Ports } from '../ports';
import { SESSION } from './events';
import { UNDO_VERIFIER, undoVerifier } from '../verifier';

/** As the journal keeps it: the state to bring about again. */
type Restoring =
  | { readonly verb: 'binding'; readonly args: { adapter: string; component: string; enabled: boolean } }
  | { readonly verb: 'adapter'; readonly args: { name: string; enabled: boolean } }
  | { readonly verb: 'service'; readonly args: { name: string; running: boolean } }
  | { readonly verb: 'component'; readonly args: { id: string } }
  | { readonly verb: typeof UNDO_VERIFIER; readonly args: Record<string, unknown> }
  | { readonly verb: 'session'; readonly args: Record<string, never> };

/** Of the parameters of a change. */
export interface Changed {
  /** Until Windows says that it is done. */
  readonly done: Promise<void>;
  readonly undo: () => Promise<void>;
}

export class Machine {
  constructor(
    private readonly ports: Pick<Ports, 'shell' | 'programs' | 'helper'>,
    private readonly changes: Pick<Changes, 'make'>,
  ) {}

  setBinding(adapter: string, component: string, enabled: boolean): Promise<Changed> {
    const what = `"${component}" is ${enabled ? 'unbound from' : 'bound to'} adapter "${adapter}" again`;
    const restoring: Restoring = { verb: 'binding', args: { adapter, component, enabled: !enabled } };
    return this.change(restoring, what, () =>
      this.ports.shell.call(enabled ? 'EnableBinding' : 'DisableBinding', { name: adapter, component }),
    );
  }

  setAdapter(name: string, enabled: boolean): Promise<Changed> {
    const what = `adapter "${name}" is ${enabled ? 'disabled' : 'enabled'} again`;
    return this.change({ verb: 'adapter', args: { name, enabled: !enabled } }, what, () =>
      this.ports.shell.call(enabled ? 'EnableAdapter' : 'DisableAdapter', { name }),
    );
  }

  setService(name: string, running: boolean): Promise<Changed> {
    const what = `service "${name}" is ${running ? 'stopped' : 'started'} again`;
    return this.change({ verb: 'service', args: { name, running: !running } }, what, () =>
      this.ports.shell.call(running ? 'StartService' : 'StopService', { name }),
    );
  }

  /** Network components are not installed by pnputil: https://learn.microsoft.com/windows-hardware/drivers/network/ndis-filter-driver-installation */
  install(inf: string, id: string): Promise<Changed> {
    return this.change({ verb: 'component', args: { id } }, `"${id}" is uninstalled again`, async () => {
      const ended = await this.ports.programs.run('netcfg', ['-v', '-l', inf, '-c', 's', '-i', id]);
      const { isDone, needsRestart, words } = decodeNetcfg(ended);
      if (!isDone) throw environment(`netcfg could not install ${inf}: ${words}`);
      if (needsRestart) {
        throw environment(
          `${inf} works when Windows has been started again: install it with netcfg -l INF -c s -i ${id}, restart the machine, and run again`,
        );
      }
    });
  }

  /** The ETW session that `start` starts is stopped again. */
  async startSession<T>(start: () => Promise<T>): Promise<T> {
    const undo = { verb: 'session', args: {}, what: 'the ETW session is stopped' };
    return (await this.changes.make(undo, start)).result;
  }

  /** It is written down before this returns, and done when `done` is. */
  private async change(restoring: Restoring, what: string, act: () => Promise<unknown>): Promise<Changed> {
    let began: Promise<void> | undefined;
    const made = await this.changes.make({ ...restoring, what }, async () => {
      began = act().then(() => undefined);
      // Whoever waits for it hears of its failure; nobody has to.
      began.catch(() => undefined);
    });
    return { done: began ?? Promise.resolve(), undo: made.undo };
  }
}

/** @returns what takes changes back, also those of an agent that is gone */
export function undoOn({ shell, programs, helper }: Pick<Ports, 'shell' | 'programs' | 'helper'>): UndoRunner {
  return async ({ verb, args }, still) => {
    const restoring = { verb, args } as unknown as Restoring;
    switch (restoring.verb) {
      case 'binding': {
        const { adapter: name, component, enabled } = restoring.args;
        const { bindings } = await shell.call('GetBinding', { name });
        const now = bindings.find((binding) => binding.component === component)?.enabled;
        if (now === undefined || now === enabled) return;
        still();
        await shell.call(enabled ? 'EnableBinding' : 'DisableBinding', { name, component });
        return;
      }
      case 'adapter': {
        const { name, enabled } = restoring.args;
        const { adapter } = await shell.call('GetAdapter', { name });
        if (!adapter) throw environment(`there is no adapter "${name}" any more`);
        if ((adapter.status !== 'Disabled') === enabled) return;
        still();
        await shell.call(enabled ? 'EnableAdapter' : 'DisableAdapter', { name });
        return;
      }
      case 'service': {
        const { name, running } = restoring.args;
        const { state } = await shell.call('GetService', { name });
        if (state === 'Missing' || (state === 'Running') === running) return;
        still();
        await shell.call(running ? 'StartService' : 'StopService', { name });
        return;
      }
      case 'component': {
        const { id } = restoring.args;
        const { bindings } = await shell.call('GetBindingsOf', { component: id });
        if (bindings.length === 0) return;
        still();
        const { isDone, words } = decodeNetcfg(await programs.run('netcfg', ['-v', '-u', id]));
        if (!isDone) throw environment(`netcfg could not uninstall "${id}": ${words}`);
        return;
      }
      case UNDO_VERIFIER:
        await undoVerifier(programs)({ ...restoring, what: '' }, still);
        return;
      case 'session':
        await helper.request('etw.stop', {});
        // One that a helper has left which was ended by force: whoever begins another of its name ends it, and with it that of the next agent.
        still();
        await helper.request('etw.start', { session: SESSION, providers: [] });
        await helper.request('etw.stop', {});
        return;
      default:
        throw environment(`this agent does not know how to take back "${verb}"`);
    }
  };
}

function environment(message: string): RigRefusal {
  return new RigRefusal('environment', message);
}
