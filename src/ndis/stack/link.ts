import type { NdisLinkState } from '../structures';

const SPEEDS = [100_000_000n, 1_000_000_000n] as const;

/** The link of a miniport. It is up as long as the miniport is there, and each change of its state is one of its speed. */
export class Link {
  private changes = 0;

  /** @returns the new state: what a filter that tells others of changes alone has to tell, too */
  change(): NdisLinkState {
    const speed = SPEEDS[this.changes++ % SPEEDS.length] ?? SPEEDS[0];
    return {
      MediaConnectState: 'MediaConnectStateConnected',
      MediaDuplexState: 'MediaDuplexStateFull',
      XmitLinkSpeed: speed,
      RcvLinkSpeed: speed,
    };
  }
}
