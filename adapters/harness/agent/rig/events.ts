/** Events of ETW, from one session that is there as long as the agent. */
import { decodeNdisEvent } from '../../decode/ndis-event';
import { PROBE_PROVIDER } from '../../decode/probe-record';
import type { Helper, EtwEvent, EtwProvider } from '../ports';
import { NDIS_PROVIDER } from '../ports';
import type { Observation } from '../../protocol';

/** One name for all runs and purposes: what an agent that was killed has left is ended by the next. */
export const SESSION = 'ndis-lwf-spec';

/** Keywords PnP, Init, Bind, Power, WorkItem and LwtDiagnostic at the level of information. */
export const NDIS_EVENTS: EtwProvider = { guid: NDIS_PROVIDER, level: 4, keywords: '0x411E', captureState: false };
/** Crossings and spin locks. Its state is how much it has written. */
export const PROBE_EVENTS: EtwProvider = { guid: PROBE_PROVIDER, level: 5, keywords: '0x3', captureState: true };

/** Whoever wants to know. */
export interface Listener {
  /** It was handed out before what the listener listens to began. */
  before(event: EtwEvent): void;
  event(event: EtwEvent): void;
  /** A flush begins: what is handed out after it has ended happened after this. */
  flushing(): void;
  flushed(): void;
  lost(why: string): void;
}

export class Events {
  private listener: Listener | undefined;
  private next: Listener | undefined;
  private known = 0;

  /** @param observe writes down what outlives a lost connection */
  constructor(
    private readonly helper: Helper,
    private readonly observe: (observation: Observation) => void,
  ) {
    helper.on('etw', (event) => this.take(event));
    helper.on('lost', ({ lost }) => this.heard(lost));
    helper.on('fnmp.watchdog', ({ t }) => {
      this.observe({ t, source: 'fnmp', name: 'watchdog' });
      this.listener?.lost('The functional miniport gave back what it held, as it does after 5 s.');
    });
    helper.on('garbled', () => this.listener?.lost('Something that the helper on the machine said could not be read.'));
    helper.on('exit', ({ reason }) => this.listener?.lost(`The helper on the machine is gone: ${reason}`));
  }

  /** @param probe the driver is built with the probe header @returns performance counter */
  async start(probe: boolean): Promise<string> {
    this.known = 0;
    const providers = probe ? [NDIS_EVENTS, PROBE_EVENTS] : [NDIS_EVENTS];
    const { t } = await this.helper.request('etw.start', { session: SESSION, providers });
    // What the times of crossings are counted from.
    this.observe({ t, source: 'agent', name: 'EtwSession' });
    return t;
  }

  /** From now on. What happened before has been handed out, as such. */
  async listen(listener: Listener): Promise<void> {
    this.listener = undefined;
    this.next = listener;
    await this.flush();
    this.next = undefined;
    this.listener = listener;
  }

  stopListening(): void {
    this.listener = undefined;
  }

  /** When it returns, all that happened before it was called has been handed out. */
  async flush(): Promise<void> {
    this.listener?.flushing();
    const { lost } = await this.helper.request('etw.flush', {});
    this.heard(lost);
    this.listener?.flushed();
  }

  private take(event: EtwEvent): void {
    const { provider, id, t, cpu, payload } = event;
    const seen =
      provider === NDIS_PROVIDER ? decodeNdisEvent({ id, payload: Buffer.from(payload, 'base64') }) : undefined;
    if (seen?.what === 'filter-state' && seen.instanceName !== undefined && seen.adapterName !== undefined) {
      const { adapterName: adapter, instanceName: module, state } = seen;
      this.observe({ t, cpu, source: 'etw.ndis', name: 'FilterState', adapter, module, args: { state } });
    }
    this.listener?.event(event);
    this.next?.before(event);
  }

  private heard(lost: number): void {
    const more = lost - this.known;
    this.known = Math.max(lost, this.known);
    if (more > 0) this.listener?.lost(`ETW lost ${more} ${more === 1 ? 'event or buffer' : 'events and buffers'}.`);
  }
}
