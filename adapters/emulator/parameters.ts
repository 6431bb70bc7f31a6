import names from './wdk-parameters.json';

/** Function -> its parameters, as the headers of the Windows Driver Kit call them. */
const PARAMETERS: Readonly<Record<string, string>> = names;

/** @returns the parameters of an export of the system, undefined when the kit does not know them */
export function parametersOf(name: string): readonly string[] | undefined {
  const known = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
  return known?.split(' ').filter((word) => word !== '');
}
