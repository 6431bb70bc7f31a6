import type { SimulatedDriver } from '../driver';

/** A driver that the kit ships. */
export interface RegisteredDriver {
  readonly kind: 'reference' | 'correct' | 'seed' | 'defect';
  readonly driver: SimulatedDriver;
  /** One paragraph: what it is, or what is wrong with it and where such a thing happened. */
  readonly story: string;
  /** For a defect: id of the rule that it is there to break. */
  readonly breaks?: string;
  /** For a defect: other rules that it necessarily breaks as well → why. */
  readonly explained?: Readonly<Record<string, string>>;
}

/** A driver of the question that the kit starts from. */
export interface SeedDriver {
  readonly name: string;
  readonly story: string;
  readonly driver: SimulatedDriver;
}

/** The reference filter with one small change. */
export interface Defect {
  readonly name: string;
  readonly story: string;
  readonly breaks: string;
  readonly explained: Readonly<Record<string, string>>;
  readonly driver: SimulatedDriver;
}
