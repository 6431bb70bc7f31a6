import { compileFunction } from 'node:vm';
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';

type Step = (crossing: Crossing, module: ModuleBook | undefined) => void;

/**
 * Many small functions in one that calls them in turn. A loop over them is one place that calls them all, and whatever it calls is
 * called from afar; here each has a place of its own, so V8 puts it there. It is made of the same few words for whatever steps.
 * @param count how many steps
 * @returns makes one function of so many, which calls them in their order
 */
export function makerOf(count: number): (...steps: readonly Step[]) => Step {
  const names = Array.from({ length: count }, (_, index) => `step${index}`);
  const calls = names.map((name) => `${name}(crossing, module);`).join(' ');
  return compileFunction(`return (crossing, module) => { ${calls} };`, names) as (...steps: readonly Step[]) => Step;
}
