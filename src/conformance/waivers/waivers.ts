/** A reviewed list of known violations, once it is read. */

/** One known violation that somebody answers for until a day. */
export interface Waiver {
  readonly rule: string;
  readonly reason: string;
  readonly owner: string;
  readonly link: string;
  /** The last day on which it holds: YYYY-MM-DD. */
  readonly expires: string;
  /** Id or name of the only scenario it is for. */
  readonly scenario?: string;
  /** Range of driver versions, as `readRange` takes it. */
  readonly versions?: string;
  /** Where it begins in its file. */
  readonly line: number;
}

export interface Waivers {
  /** What messages call the file. */
  readonly file: string;
  readonly entries: readonly Waiver[];
}
