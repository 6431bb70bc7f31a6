import { startsProcess } from '../../../../stdio';
import type { Clock } from '../../../protocol';
import type { Helper, HelperEvent, HelperEvents, HelperOp, HelperOps } from '../helper';
import { JsonProcess } from './json-process';
import { EVENT_SHAPES, faultIn, HELPER_SHAPES, requireShape } from './shapes';

export interface HelperOptions {
  /** lwfio.exe. */
  readonly program: string;
  readonly clock: Clock;
  readonly patience: number;
}

const NAME = 'lwfio';

type Listeners = { readonly [E in HelperEvent]: ((params: HelperEvents[E]) => void)[] };

export function realHelper({ program, clock, patience }: HelperOptions): Helper {
  const listeners: Listeners = {
    ...{ etw: [], 'fnmp.watchdog': [], 'device.done': [] },
    ...{ lost: [], garbled: [], exit: [] },
  };
  const tell = <E extends HelperEvent>(event: E, params: HelperEvents[E]): void => {
    for (const listener of listeners[event]) listener(params);
  };
  const lwfio = new JsonProcess({
    name: NAME,
    open: startsProcess({ program, args: [] }),
    ready: 'lwfio/1',
    clock,
    patience,
    heard({ event, params }) {
      if (isEvent(event) && faultIn(params, EVENT_SHAPES[event]) === undefined) {
        tell(event, params as HelperEvents[typeof event]);
        return;
      }
      tell('garbled', {});
    },
    garbled: () => tell('garbled', {}),
    died: (reason) => tell('exit', { reason }),
  });
  return {
    async request<O extends HelperOp>(op: O, params: HelperOps[O]['params']): Promise<HelperOps[O]['answer']> {
      const answer = await lwfio.request({ op, params }, 'seconds' in params ? params.seconds * 1000 : 0);
      return requireShape<HelperOps[O]['answer']>(NAME, op, answer, HELPER_SHAPES[op]);
    },
    on: (event, listener) => void listeners[event].push(listener),
    close: () => lwfio.close(),
  };
}

function isEvent(name: unknown): name is keyof typeof EVENT_SHAPES {
  return typeof name === 'string' && Object.hasOwn(EVENT_SHAPES, name);
}
