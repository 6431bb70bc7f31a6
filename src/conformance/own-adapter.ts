/** Adapters that are modules: what they tell is held against `trace/1`, as with those that are programs. */
import type { Adapter, Rig } from '../../adapters/contract';
import { readPage } from '../../adapters/stdio/crossings';
import { answered } from './never-answered';

/**
 * @param adapter as its author wrote it
 * @returns the same, whose crossings have statuses by their one name: judges compare names, and read the file of the trace so
 */
export function ownAdapter(adapter: Adapter): Adapter {
  return {
    name: adapter.name,
    driver: adapter.driver,
    capabilities: () => answered('capabilities', adapter.capabilities()),
    profile: () => answered('profile', adapter.profile()),
    async open(options) {
      const { adapter: can } = await answered('capabilities', adapter.capabilities());
      return asARig(await answered('open', adapter.open(options)), can.includes('exactTrace'));
    },
    exhibit(name) {
      const other = adapter.exhibit(name);
      return other && ownAdapter(other);
    },
  };
}

/** Rigs may be objects of a class, whose methods want them as they are. */
function asARig(rig: Rig, gapless: boolean): Rig {
  const trace: Rig['trace'] = async (after = 0) => {
    const crossings = structuredClone(await answered('trace', rig.trace(after)));
    return readPage({ crossings, more: false }, after, gapless).crossings;
  };
  return new Proxy(rig, {
    get(target, name): unknown {
      if (name === 'trace') return trace;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]): Promise<unknown> => answered(String(name), Reflect.apply(member, target, given));
    },
  });
}
