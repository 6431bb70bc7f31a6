/** More than this of what a program wrote for people is not kept. */
const KEPT = 400;
const LINES = 3;

/** What a program wrote to standard error before it ended: nobody knows better why. */
export class LastWords {
  private text = '';

  add(text: string): void {
    this.text = (this.text + text).slice(-KEPT);
  }

  /** @returns the end of a sentence; nothing when it wrote nothing */
  told(): string {
    const words = this.text
      .trim()
      .split(/\s*\n\s*/)
      .slice(-LINES)
      .join(' / ');
    return words === '' ? '' : `; its last words: ${words}`;
  }
}
