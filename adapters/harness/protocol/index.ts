/** The extension `harness/1` of `lwf-adapter/1`. */
import { definitionFaults } from '../../contract/protocol';
import schema from './harness-1.schema.json';
import { HARNESS_METHODS, type HarnessMethod } from './messages';

export { realClock, type Clock } from './clock';
export { fileNameFault } from './file-names';
export * from './messages';

const faults = definitionFaults(schema);

/** @returns what is wrong with a part of a message of the extension (`hello`: with what is said under its name), or undefined */
export function harnessFault(
  method: HarnessMethod | 'hello',
  part: 'params' | 'result',
  value: unknown,
): string | undefined {
  return faults(`${part}.${method}`, value);
}

export function isHarnessMethod(method: string): method is HarnessMethod {
  return (HARNESS_METHODS as readonly string[]).includes(method);
}
