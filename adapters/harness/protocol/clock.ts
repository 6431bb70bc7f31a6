/** Time as it is passing, without a date: nothing here depends on what the machine's clock is set to. */
export interface Clock {
  /** Calls back again and again. @returns stops it */
  every(milliseconds: number, work: () => void): () => void;
  /** Calls back once. @returns stops it */
  after(milliseconds: number, work: () => void): () => void;
}

export const realClock: Clock = {
  every(milliseconds, work) {
    const timer = setInterval(work, milliseconds);
    return () => clearInterval(timer);
  },
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};
