import type { Clock } from '../protocol';

/** A lease ends when so many whole parts of it have passed in silence. A jump of time, and a sleep of the machine, is one part at most. */
const PARTS = 5;

/** Somebody is there. */
export class Lease {
  private silent = 0;
  private heard = false;
  private over = false;
  private readonly stop: () => void;

  /** @param milliseconds of silence that are borne @param part called after each part of them, to the end @param expired called once at most */
  constructor(clock: Clock, milliseconds: number, part: () => void, expired: () => void) {
    this.stop = clock.every(milliseconds / PARTS, () => {
      this.silent = this.heard ? 0 : this.silent + 1;
      this.heard = false;
      part();
      if (this.silent < PARTS || this.over) return;
      this.over = true;
      expired();
    });
  }

  renew(): void {
    this.heard = true;
  }

  end(): void {
    this.stop();
  }
}
