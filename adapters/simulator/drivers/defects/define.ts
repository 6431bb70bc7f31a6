import type { Wdk } from '../../../../src/ndis/wdk';
import type { DriverProfile } from '../../../contract';
import { simulate, type ReferenceFilter } from '../reference';
import type { Defect, Explanations } from '../registered';

interface DefectDescription {
  readonly name: string;
  readonly story: string;
  readonly breaks: string;
  readonly explained?: Explanations;
  /** The reference filter with one small change. */
  readonly Filter: new (wdk: Wdk) => ReferenceFilter;
  readonly profile?: DriverProfile;
}

/** Makes a defective driver of a class that changes one thing in the reference filter. */
export function defect({ name, story, breaks, explained = {}, Filter, profile }: DefectDescription): Defect {
  return { name, story, breaks, explained, driver: simulate(name, Filter, profile) };
}
