/** Sessions of ETW: buffers that are handed out when they are flushed, and what can go wrong with them. */
import type { EtwEvent, EtwProvider } from '../../../adapters/harness/agent/ports';

/** ETW hands out its buffers every second, when nobody asks for them before. */
export const FLUSH_MS = 1000;

/** What goes wrong from now on. */
export interface EtwFaults {
  /** Chosen events are lost, and counted. */
  loses?: (event: EtwEvent) => boolean;
  /** They are lost, and ETW does not know it. */
  forgets?: (event: EtwEvent) => boolean;
  /** One buffer for each of two processors, handed out one after the other. */
  reorders?: boolean;
  /** Providers that are asked for their state have not logged it when whoever asked goes on. */
  answersLate?: boolean;
}

export class EtwSession {
  private events: EtwEvent[] = [];
  private missing = 0;

  constructor(
    readonly name: string,
    private readonly providers: readonly EtwProvider[],
    private readonly faults: EtwFaults,
  ) {}

  /** Events that were lost since the session began. */
  get lost(): number {
    return this.missing;
  }

  hears(provider: string): boolean {
    return this.providers.some(({ guid }) => guid.toUpperCase() === provider.toUpperCase());
  }

  /** Is it asked for its state when buffers are flushed? */
  asks(provider: string): boolean {
    return this.providers.some(({ guid, captureState }) => captureState && guid === provider);
  }

  write(event: EtwEvent): void {
    if (!this.hears(event.provider) || this.faults.forgets?.(event)) return;
    if (this.faults.loses?.(event)) this.missing += 1;
    else this.events.push(event);
  }

  /** @returns what has been written and not been handed out */
  flush(): readonly EtwEvent[] {
    const { events } = this;
    this.events = [];
    if (!this.faults.reorders) return events;
    const buffers = [0, 1].map((cpu) =>
      events.filter((_event, i) => i % 2 !== cpu).map((event) => ({ ...event, cpu })),
    );
    return buffers.flat();
  }
}
