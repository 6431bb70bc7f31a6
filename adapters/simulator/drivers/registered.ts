import type { SimulatedDriver } from '../driver';

/**
 * Why a defect breaks another rule as well: on every adapter, or only on those that are named, where the same driver as machine
 * code (or in TypeScript) never comes that far.
 */
export type Explanation = string | Readonly<Partial<Record<'simulator' | 'emulator', string>>>;
export type Explanations = Readonly<Record<string, Explanation>>;

/** A driver that the kit ships. */
export interface RegisteredDriver {
  readonly kind: 'reference' | 'correct' | 'seed' | 'defect';
  readonly driver: SimulatedDriver;
  /** One paragraph: what it is, or what is wrong with it and where such a thing happened. */
  readonly story: string;
  /** For a defect: id of the rule that it is there to break. */
  readonly breaks?: string;
  /** For a defect: other rules that it necessarily breaks as well → why. */
  readonly explained?: Explanations;
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
  readonly explained: Explanations;
  readonly driver: SimulatedDriver;
}
