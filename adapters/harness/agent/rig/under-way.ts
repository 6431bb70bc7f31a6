/** What applications have put to the driver and not got back. */

interface Put {
  readonly frames: readonly string[];
  /** Of its frames, those that a neighbour was seen to hold. */
  readonly seen: Set<string>;
}

export class UnderWay {
  private readonly all = new Set<Put>();
  private readonly frames = new Set<string>();

  /**
   * @param frames that the driver is to hand on, by name
   * @param until it has come back, whatever has become of it: its status, where it has one
   */
  add(frames: readonly string[], until: Promise<unknown>): void {
    const put: Put = { frames, seen: new Set() };
    this.all.add(put);
    for (const frame of frames) this.frames.add(frame);
    const over = (status?: unknown): void => {
      this.all.delete(put);
      if (status !== 'STATUS_SUCCESS') for (const frame of frames) this.frames.delete(frame);
    };
    until.then(over, () => over());
  }

  /** Frames that the driver has been asked to send, and has not refused. */
  get asked(): ReadonlySet<string> {
    return this.frames;
  }

  get isAny(): boolean {
    return this.all.size > 0;
  }

  /**
   * @param held names of the frames that neighbours hold
   * @param isOidHeld a neighbour holds an OID request
   * @returns whether the driver must go on: what waits for a frame that is held waits for the scenario
   */
  isAwaited(held: ReadonlySet<string>, isOidHeld: boolean): boolean {
    return [...this.all].some(({ frames, seen }) => {
      if (frames.length === 0) return !isOidHeld;
      for (const frame of frames) if (held.has(frame)) seen.add(frame);
      return seen.size < frames.length || !frames.some((frame) => held.has(frame));
    });
  }
}
