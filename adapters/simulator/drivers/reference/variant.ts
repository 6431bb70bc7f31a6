import { isDeepStrictEqual } from 'node:util';
import type { Wdk } from '../../../../src/ndis/wdk';
import type { SimulatedDriver } from '../../driver';
import { referenceProfile } from './profile';
import { ReferenceFilter } from './registration';
import { classOf, simulate } from './simulate';

type FilterClass = typeof ReferenceFilter;

/** A WDK that can be kept and not be called. */
const OUT_OF_REACH = new Proxy({} as Wdk, {
  get(_wdk, name): never {
    throw new Error(`the driver asks for ${String(name)} before DriverEntry`);
  },
});

/**
 * What of the reference filter a driver has another version of. Until somebody asks for one of these, the driver is the reference
 * filter: the same methods, on fields with the same contents.
 * @returns names of methods and of new fields; undefined for a driver that was not made of the class of the reference filter, or that
 *   differs from it in more than that
 */
export function replacedMethods(driver: SimulatedDriver): ReadonlySet<PropertyKey> | undefined {
  const Filter = classOf(driver);
  if (!Filter || driver.profile !== referenceProfile) return undefined;
  const plain = fieldsOf(ReferenceFilter);
  const fields = fieldsOf(Filter);
  if (!plain || !fields) return undefined;
  for (const [name, value] of plain) {
    if (!fields.has(name) || !isDeepStrictEqual(fields.get(name), value)) return undefined;
  }
  const replaced = new Set<PropertyKey>([...fields.keys()].filter((name) => !plain.has(name)));
  for (const prototype of prototypesOf(Filter, ReferenceFilter.prototype)) {
    for (const name of methodsOf(prototype)) replaced.add(name);
  }
  // For these the language itself asks, without a word in any source.
  return [...replaced].some((name) => typeof name === 'symbol' || name in Object.prototype) ? undefined : replaced;
}

/**
 * The reference filter, telling of every method that somebody asks it for, whether or not it is called then.
 * @param asked is told the name of the method
 */
export function watchedReference(name: string, asked: (method: PropertyKey) => void): SimulatedDriver {
  class WatchedFilter extends ReferenceFilter {}
  for (const method of prototypesOf(ReferenceFilter, Object.prototype).flatMap(methodsOf)) {
    Object.defineProperty(WatchedFilter.prototype, method, {
      configurable: true,
      get(this: ReferenceFilter): unknown {
        asked(method);
        return Reflect.get(ReferenceFilter.prototype, method, this);
      },
    });
  }
  return simulate(name, WatchedFilter);
}

/** @returns undefined for a class that does something as soon as there is one of it */
function fieldsOf(Filter: FilterClass): ReadonlyMap<PropertyKey, unknown> | undefined {
  try {
    const filter = new Filter(OUT_OF_REACH);
    return new Map(Reflect.ownKeys(filter).map((name) => [name, Reflect.get(filter, name)]));
  } catch {
    return undefined;
  }
}

/** @param end the first that is not wanted any more */
function prototypesOf(Filter: FilterClass, end: object): object[] {
  const found: object[] = [];
  for (let at: unknown = Filter.prototype; isObject(at) && at !== end; at = Object.getPrototypeOf(at)) found.push(at);
  return found;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function methodsOf(prototype: object): PropertyKey[] {
  return Reflect.ownKeys(prototype).filter((name) => name !== 'constructor');
}
