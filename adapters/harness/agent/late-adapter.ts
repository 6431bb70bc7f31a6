import type { Adapter } from '../../contract';
import { RigRefusal } from '../../contract';

/** @returns an adapter that is another one, as soon as that is there @throws RigRefusal (environment) by each call before */
export function lateAdapter(find: () => Adapter | undefined): Adapter {
  const found = (): Adapter => {
    const adapter = find();
    if (!adapter) throw new RigRefusal('environment', 'The controller has not said hello');
    return adapter;
  };
  return {
    get name() {
      return found().name;
    },
    get driver() {
      return found().driver;
    },
    capabilities: async () => found().capabilities(),
    profile: async () => found().profile(),
    open: async (options) => found().open(options),
    exhibit: (driver) => found().exhibit(driver),
  };
}
