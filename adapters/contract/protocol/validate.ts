/** Holds messages against the published schema. */
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import schema from './adapter-1.schema.json';
import { excerpt } from '../../../src/trace/excerpt';
import type { Method } from './calls';

/** @returns what is wrong with a value, in a few words, or undefined */
export type DefinitionFault = (definition: string, value: unknown) => string | undefined;

/** @param schema a JSON Schema whose `definitions` messages are held against; compiled when first asked for */
export function definitionFaults(schema: { readonly $id: string }): DefinitionFault {
  let ajv: Ajv | undefined;
  const compiled = new Map<string, ValidateFunction>();
  return (definition, value) => {
    // The descriptions beside a reference are for readers; unions of types are what JSON-RPC has for ids.
    ajv ??= new Ajv({ strictTypes: false, allowUnionTypes: true, verbose: true }).addSchema(schema);
    let validate = compiled.get(definition);
    if (!validate) {
      validate = ajv.compile({ $ref: `${schema.$id}#/definitions/${definition}` });
      compiled.set(definition, validate);
    }
    if (validate(value)) return undefined;
    const errors = validate.errors ?? [];
    return errors.length === 0 ? 'it does not fit' : told(deepest(errors));
  };
}

/** Characters of what stands there. */
const SHOWN = 60;

const definitionFault = definitionFaults(schema);

/**
 * @param part parameters of a request, or the result of its response
 * @returns what is wrong with it in a few words, or undefined
 */
export function messageFault(method: Method, part: 'params' | 'result', value: unknown): string | undefined {
  return definitionFault(`${part}.${method}`, value);
}

/** @returns what is wrong with a response (its result is another matter), or undefined */
export function responseFault(value: unknown): string | undefined {
  return definitionFault('response', value);
}

/** Of a choice, the part that fits best tells most. */
function deepest(errors: readonly ErrorObject[]): ErrorObject {
  const depth = ({ instancePath }: ErrorObject): number => instancePath.split('/').length;
  return errors.reduce((best, error) => (depth(error) > depth(best) ? error : best));
}

function told({ instancePath, keyword, message = 'does not fit', params, data }: ErrorObject): string {
  const at = instancePath === '' ? 'it' : `\`${instancePath.slice(1).replaceAll('/', '.')}\``;
  const known = params as Readonly<Record<string, unknown>>;
  if (keyword === 'additionalProperties')
    return `${at} has the unknown member \`${String(known['additionalProperty'])}\``;
  if (keyword === 'required') return `${at} lacks the member \`${String(known['missingProperty'])}\``;
  if (keyword === 'enum')
    return `${at} is ${excerpt(data, SHOWN)}, and must be one of ${(known['allowedValues'] as unknown[]).join(', ')}`;
  if (keyword === 'const')
    return `${at} is ${excerpt(data, SHOWN)}, and must be ${excerpt(known['allowedValue'], SHOWN)}`;
  return `${at} is ${excerpt(data, SHOWN)}, and ${message}`;
}
