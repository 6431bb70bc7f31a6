import { KitError } from '../../../src/kernel';
import { roundUp } from './layout';

/** A run of guest memory that is given out from its beginning to its end and never taken back. */
export class Arena {
  private next: number;

  constructor(
    private readonly name: string,
    start: number,
    private readonly end: number,
  ) {
    this.next = start;
  }

  /**
   * @param gap bytes left untouched in front of the block
   * @returns the offset of the block
   * @throws KitError when the arena is used up
   */
  take(length: number, alignment: number, gap: number): number {
    const start = roundUp(this.next + gap, alignment);
    if (start + length + gap > this.end) throw new KitError(`the ${this.name} of the emulated machine is used up`);
    this.next = start + length;
    return start;
  }
}
