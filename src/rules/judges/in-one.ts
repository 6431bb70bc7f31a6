import { compileFunction } from 'node:vm';
import type { Crossing } from '../../trace';

type Step = (crossing: Crossing) => void;

/**
 * Many small functions in one that calls them in turn. A loop over them is one place that calls them all, and whatever it calls is
 * called from afar; here each has a place of its own, so V8 puts it there. It is made of the same few words for whatever steps.
 * @param steps called in their order, with one crossing
 */
export function inOne(steps: readonly Step[]): Step {
  const names = steps.map((_, index) => `step${index}`);
  const calls = names.map((name) => `${name}(crossing);`).join(' ');
  const make = compileFunction(`return (crossing) => { ${calls} };`, names) as (...steps: readonly Step[]) => Step;
  return make(...steps);
}
