/**
 * Memory and registers of the guest. `layout` says where everything lies, `shadow` what the guest may touch, `pages` how
 * snapshots work; `window` puts them together; `registers` is the register file of a thread.
 */
import { WindowMemory } from './window';

export { RegisterFile } from './registers';
export { WindowMemory } from './window';

/**
 * @param size of the window in bytes, a multiple of the page size, 1 GiB at most
 * @returns memory that allows nothing yet
 * @throws RangeError for another size
 */
export function createMemory(size: number): WindowMemory {
  return new WindowMemory(size);
}
