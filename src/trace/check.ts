/**
 * Is a parsed line what `trace-1.schema.json` describes? The same answer as the schema gives, a hundred times faster than
 * naming every keyword, and in words that tell what to write instead.
 */
import { excerpt } from './excerpt';
import { missingMember } from './needed';
import { normaliseStatus } from './status';

/** Where it is wrong, and what should stand there. */
interface Fault {
  readonly at: string;
  readonly complaint: string;
}

/** Characters of what stands there instead. */
const SHOWN = 40;

type Check = (value: unknown) => Fault | undefined;

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function must(want: string, fits: (value: unknown) => boolean): Check {
  return (value) => (fits(value) ? undefined : { at: '', complaint: `must be ${want}, not ${excerpt(value, SHOWN)}` });
}

function within({ at, complaint }: Fault, step: string): Fault {
  return { at: at === '' || at.startsWith('[') ? step + at : `${step}.${at}`, complaint };
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  const range =
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least}` : `a whole number from ${least} to ${most}`;
  return must(range, (value) => Number.isInteger(value) && (value as number) >= least && (value as number) <= most);
}

function listOf(item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return { at: '', complaint: `must be a list, not ${excerpt(value, SHOWN)}` };
    for (let i = 0; i < value.length; i += 1) {
      const fault = item(value[i]);
      if (fault !== undefined) return within(fault, `[${i}]`);
    }
    return undefined;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with these members, all optional but `needed`, and no other: a misspelt member must not pass for an absent one. */
function objectOf(members: Readonly<Record<string, Check>>, needed: readonly string[]): Check {
  const checks = new Map(Object.entries(members));
  return (value) => {
    if (!isObject(value)) return { at: '', complaint: `must be an object, not ${excerpt(value, SHOWN)}` };
    for (const name in value) {
      const check = checks.get(name);
      if (check === undefined)
        return { at: name, complaint: `is unknown here; the members are ${[...checks.keys()].join(', ')}` };
      const fault = check(value[name]);
      if (fault !== undefined) return within(fault, name);
    }
    for (const name of needed) {
      if (value[name] === undefined) return { at: name, complaint: 'is missing' };
    }
    return undefined;
  };
}

const text = must('a text that is not empty', (value) => typeof value === 'string' && value !== '');

const status = must(
  'a status: a WDK name, "0x" with up to 8 hexadecimal digits, or a 32-bit number',
  (value) => normaliseStatus(value, '') !== undefined,
);

const argument = must(
  'a text, a number, true, false, null or a list of texts',
  (value) =>
    typeof value === 'string' ||
    value === null ||
    typeof value === 'boolean' ||
    Number.isFinite(value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string')),
);

const DIRECTIONS = new Set<unknown>(['->', '<-', '=>', '<=', '!!']);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NEIGHBOUR = /^(?:miniport|protocol|filter:.+)$/su;

const args: Check = (value) => {
  if (!isObject(value)) return { at: '', complaint: `must be an object, not ${excerpt(value, SHOWN)}` };
  for (const name in value) {
    const fault = (name === 'status' ? status : argument)(value[name]);
    if (fault !== undefined) return within(fault, name);
  }
  return undefined;
};

const netBuffer = objectOf({ nb: text, dataOffset: whole(0), dataLength: whole(0), mdls: text }, ['nb']);

const netBufferList = objectOf(
  { nbl: text, source: text, status, nbs: listOf(netBuffer), cancelId: text, context: whole(0) },
  ['nbl'],
);

const interval = objectOf({ after: whole(0), before: whole(1) }, ['after', 'before']);

const crossing = objectOf(
  {
    seq: whole(1),
    dir: must('one of -> <- => <= !!', (value) => DIRECTIONS.has(value)),
    ddi: must('the name of a DDI, such as "FilterPause"', (value) => typeof value === 'string' && NAME.test(value)),
    module: text,
    adapter: text,
    neighbour: must(
      '"miniport", "protocol" or "filter:NAME"',
      (value) => typeof value === 'string' && NEIGHBOUR.test(value),
    ),
    thread: text,
    cpu: whole(0),
    irql: whole(0, 31),
    locks: listOf(text),
    time: must('a number of milliseconds from 0', (value) => Number.isFinite(value) && (value as number) >= 0),
    status,
    args,
    nbls: listOf(netBufferList),
    certainty: (value) => (value === 'exact' ? undefined : interval(value)),
  },
  ['seq', 'dir', 'ddi'],
);

const flag = must('true or false', (value) => typeof value === 'boolean');

const header = objectOf(
  {
    schema: must('"trace/1"', (value) => value === 'trace/1'),
    adapter: text,
    driver: text,
    seed: must('a whole number', (value) => Number.isSafeInteger(value)),
    complete: flag,
    scenario: text,
  },
  ['schema'],
);

function say(fault: Fault | undefined): string | undefined {
  return fault && (fault.at === '' ? `It ${fault.complaint}` : `\`${cut(fault.at, 80)}\` ${fault.complaint}`);
}

/** @returns what is wrong with a line that should be a crossing, or undefined */
export function crossingFault(value: unknown): string | undefined {
  return say(crossing(value) ?? missingMember(value as Readonly<Record<string, unknown>>));
}

/** @returns what is wrong with a line that should be a header, or undefined */
export function headerFault(value: unknown): string | undefined {
  return say(header(value));
}
