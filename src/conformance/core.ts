import { coreRules } from '../rules';

const core = new Set(coreRules.map(({ id }) => id));

/** @param id of a rule; is it one of the core profile? */
export function isCoreRule(id: string): boolean {
  return core.has(id);
}
