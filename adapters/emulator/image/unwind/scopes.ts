/** What `__C_specific_handler` goes by: the `__try` blocks of a function, inner ones first. */
import { holds, viewOf } from '../bytes';
import type { Image } from '../contract';

export type Scope =
  | {
      readonly kind: 'except';
      readonly begin: number;
      readonly end: number;
      /** RVA of the filter function; undefined when the block catches whatever comes. */
      readonly filter: number | undefined;
      /** RVA of the `__except` block. */
      readonly target: number;
    }
  | {
      readonly kind: 'finally';
      readonly begin: number;
      readonly end: number;
      /** RVA of the function that the `__finally` block is. */
      readonly routine: number;
    };

const ENTRY_SIZE = 16;
/** In place of a filter: EXCEPTION_EXECUTE_HANDLER. */
const ALWAYS = 1;

function isCode(image: Image, rva: number): boolean {
  return image.sections.some((one) => one.execute && rva >= one.rva && rva < one.rva + one.size);
}

/**
 * Data of another handler, such as `__GSHandlerCheck`, are hardly ever a sound table: all that it leads to must be code.
 * @param data `ExceptionHandler.data`
 * @returns undefined when there is no sound table at the RVA
 */
export function scopeTable(image: Image, data: number): readonly Scope[] | undefined {
  const { contents } = image;
  const view = viewOf(contents);
  if (!holds(contents.length, data, 4)) return undefined;
  const count = view.getUint32(data, true);
  if (!holds(contents.length, data + 4, count * ENTRY_SIZE)) return undefined;
  const scopes: Scope[] = [];
  for (let index = 0; index < count; index++) {
    const at = data + 4 + index * ENTRY_SIZE;
    const begin = view.getUint32(at, true);
    const end = view.getUint32(at + 4, true);
    const routine = view.getUint32(at + 8, true);
    const target = view.getUint32(at + 12, true);
    const sound =
      begin <= end &&
      end <= contents.length &&
      (target === 0 ? isCode(image, routine) : isCode(image, target) && (routine === ALWAYS || isCode(image, routine)));
    if (!sound) return undefined;
    scopes.push(
      target === 0
        ? { kind: 'finally', begin, end, routine }
        : { kind: 'except', begin, end, filter: routine === ALWAYS ? undefined : routine, target },
    );
  }
  return scopes;
}
