/** From the schema's requests to steps. */
import { normaliseStatus, statusValue } from '../../../src/trace';
import { readCode } from './codes';
import type { Problems } from './problems';
import type { AskPlan, IoControlCode, Step } from './profile';
import { holdsFrame, mentionsCount, readTemplate, type RawTemplate } from './read-template';
import type { Path } from './source';

/** As the schema lets them through. */
export interface RawStep {
  readonly write?: RawTemplate;
  readonly read?: number;
  readonly ioctl?: string | number;
  readonly input?: RawTemplate;
  readonly output?: number;
  readonly times?: number | 'count';
  readonly blocks?: boolean;
  readonly status?: string | readonly string[];
}
interface RawAskMap {
  readonly steps: readonly RawStep[];
  readonly times?: number | 'count';
  readonly scope?: 'handle' | 'module';
}
export type RawAsk = readonly RawStep[] | RawAskMap;

type Codes = ReadonlyMap<string, IoControlCode>;

export function readCodes(raw: Readonly<Record<string, string | number>>, problems: Problems): Codes {
  const codes = new Map<string, IoControlCode>();
  for (const [name, written] of Object.entries(raw)) {
    const code = readCode(written, codes);
    if (typeof code === 'string') problems.add(['codes', name], code);
    else codes.set(name, { ...code, name });
  }
  return codes;
}

export function readAsk(raw: RawAsk, path: Path, codes: Codes, problems: Problems): AskPlan {
  const { steps, times = 1, scope = 'handle' }: RawAskMap = isSteps(raw) ? { steps: raw } : raw;
  const at = isSteps(raw) ? path : [...path, 'steps'];
  return {
    steps: readSteps(steps, at, codes, problems, times === 'count'),
    times,
    scope,
    source: steps,
  };
}

function isSteps(raw: RawAsk): raw is readonly RawStep[] {
  return Array.isArray(raw);
}

/** @param repeated the whole sequence is put once for each frame asked for: no step by itself is */
export function readSteps(
  raw: readonly RawStep[],
  path: Path,
  codes: Codes,
  problems: Problems,
  repeated: boolean,
): readonly Step[] {
  return raw.map((step, index) => readStep(step, [...path, index], codes, problems, repeated));
}

function readStep(raw: RawStep, path: Path, codes: Codes, problems: Problems, repeated: boolean): Step {
  const isWrite = raw.write !== undefined;
  const input = readTemplate(raw.write ?? raw.input ?? [], [...path, isWrite ? 'write' : 'input'], problems);
  const forEach = holdsFrame(input) && !mentionsCount(input) && !repeated;
  if (repeated && raw.times === 'count') {
    problems.add(
      [...path, 'times'],
      'the whole sequence is put once for each frame already: "times: count" belongs to one of the two',
    );
  }
  return {
    kind: isWrite ? 'write' : raw.read === undefined ? 'ioctl' : 'read',
    ...(raw.ioctl !== undefined && { code: codeOf(raw.ioctl, [...path, 'ioctl'], codes, problems) }),
    input,
    outputLength: raw.read ?? raw.output ?? 0,
    times: raw.times ?? (forEach ? 'count' : 1),
    blocks: raw.blocks ?? false,
    status: readStatuses(raw.status, [...path, 'status'], problems),
  };
}

/** @returns the statuses by the names that traces use */
function readStatuses(written: RawStep['status'], path: Path, problems: Problems): readonly string[] {
  return [written ?? 'STATUS_SUCCESS'].flat().map((status) => {
    const name = normaliseStatus(status, 'IRP') ?? status;
    if (!name.startsWith('0x') && statusValue(name) === undefined)
      problems.add(path, `the kit does not know the value of ${status}: write the value itself, such as '0xC0000225'`);
    return name;
  });
}

function codeOf(written: string | number, path: Path, codes: Codes, problems: Problems): IoControlCode {
  const code = readCode(written, codes);
  if (typeof code !== 'string') return code;
  const known = [...codes.keys()];
  problems.add(path, known.length === 0 ? code : `${code}. Names in "codes": ${known.join(', ')}`);
  return { value: 0, method: 'METHOD_BUFFERED', name: String(written) };
}
