/** A profile in the making: what is known of a driver so far, and its text. */
import type { MediumName } from '../profile';
import type { RegistryRead } from './observer';

/** A value of the registry as the profile writes it: the key relative to the service's where it is below it. */
export interface DraftValue {
  readonly key: string;
  readonly name: string;
  /** YAML. */
  readonly value: string;
  /** False: only a comment, to be filled in. */
  readonly active: boolean;
  readonly why: string;
}

export interface DraftOpen {
  readonly device: string;
  readonly file: string;
  readonly oneAtATime: boolean;
}

/** What an I/O control code is given, as a profile has it; the usual first. */
export const INPUTS = ['[frame]', '[u32: frameLength, frame]', '[u32: 1, frame]'] as const;
export type Input = (typeof INPUTS)[number];

/** A request that carries one frame: a write, or an I/O control code. */
export interface DraftRequest {
  readonly code?: number;
  /** Of a control code; `[frame]` when absent. */
  readonly input?: Input;
  readonly blocks: boolean;
}

export interface Draft {
  readonly driver: string;
  readonly service: string;
  /** File name of the .sys; undefined for one that no installed driver may have. */
  readonly image: string | undefined;
  readonly registry: readonly DraftValue[];
  /** UniqueName of the filter that is on the adapters, of a driver that registers several. */
  readonly filter?: string;
  /** What the adapters are; Ethernet when absent. */
  readonly medium?: MediumName;
  /** What to open, once something opens. */
  readonly open?: DraftOpen;
  readonly send?: DraftRequest;
  readonly receive?: DraftRequest;
}

/** What stands beside the keys as comments. A text is wrapped, unless it begins with `|`, which marks a line of its own. */
export interface Remarks {
  readonly head: readonly string[];
  readonly open: readonly string[];
  readonly setup: readonly string[];
  readonly asks: readonly string[];
}

const NO_REMARKS: Remarks = { head: [], open: [], setup: [], asks: [] };

const WIDTH = 116;

/** @returns the profile as YAML that `readProfile` takes */
export function profileText(draft: Draft, remarks: Remarks = NO_REMARKS): string {
  const { driver, service, image, registry, filter, medium, open } = draft;
  const parts = [
    [
      ...comment(remarks.head),
      'profile: 1',
      `driver: ${scalar(driver)}`,
      `service: ${scalar(service)}`,
      ...(image === undefined ? [] : [`image: ${scalar(image)}`]),
    ],
    filter === undefined
      ? []
      : ['filter:', `  guid: ${scalar(filter)} # the driver registers several filters; this one is on the adapters`],
    medium === undefined ? [] : ['adapters:', `  medium: ${medium} # FilterAttach fails on another`],
    registryLines(registry),
    [
      ...comment(remarks.open),
      ...(open
        ? [
            'open:',
            `  device: ${scalar(open.device)}`,
            ...(open.file === '' ? [] : [`  file: ${scalar(open.file)}`]),
            ...(open.oneAtATime
              ? ['  oneAtATime: true # it refuses a request while another one of the handle is out']
              : []),
          ]
        : []),
    ],
    comment(remarks.setup),
    [...comment(remarks.asks), ...asksLines(draft)],
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function asksLines({ send, receive }: Draft): string[] {
  if (!send && !receive) return [];
  return ['asks:', ...(send ? askLines('send', send) : []), ...(receive ? askLines('receive', receive) : [])];
}

function askLines(ask: string, { code, input = '[frame]', blocks }: DraftRequest): string[] {
  return [
    `  ${ask}:`,
    ...(code === undefined ? ['    - write: [frame]'] : [`    - ioctl: ${hex(code)}`, `      input: ${input}`]),
    ...(blocks ? ['      blocks: true # it comes back once the frame is completed'] : []),
  ];
}

function registryLines(values: readonly DraftValue[]): string[] {
  if (values.length === 0) return [];
  const isActive = values.some(({ active }) => active);
  const keys = [...new Set(values.map(({ key }) => key))];
  return [
    ...comment([
      'What the driver looked for in the registry and did not find. What your installer or INF writes belongs here.',
    ]),
    isActive ? 'registry:' : '# registry:',
    ...keys.flatMap((key) => {
      const own = values.filter((value) => value.key === key);
      const shown = own.some(({ active }) => active);
      return [
        `${shown ? '' : '# '}  ${scalar(key)}:`,
        ...own.map(
          ({ name, value, active, why }) => `${active ? '' : '# '}    ${scalar(name)}: ${value} # ${plain(why)}`,
        ),
      ];
    }),
  ];
}

function comment(texts: readonly string[]): string[] {
  return texts
    .flatMap((text) => (text.startsWith('|') ? [plain(text.slice(1))] : wrapped(plain(text))))
    .map((line) => (line === '' ? '#' : `# ${line}`));
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Texts of a driver may hold anything; a comment and a scalar are one line. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/gu, ' ').trimEnd();
}

/** Words that YAML takes for something else than a text. */
const NO_TEXT = /^([-+.\d].*|true|false|null|yes|no|on|off|~)$/i;

/** @returns a text as YAML: quoted unless it is clear that it need not be */
export function scalar(text: string): string {
  const clean = plain(text);
  const isPlain = /^[\w\\][\w\\ .-]*$/.test(clean) && !NO_TEXT.test(clean) && clean === clean.trim();
  return isPlain ? clean : `'${clean.replaceAll("'", "''")}'`;
}

export function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;
}

const SERVICES = /^\\registry\\machine\\system\\(currentcontrolset|controlset001)\\services\\/i;

/** @returns the key as a profile writes it: relative to the service's, or from HKLM on */
export function writtenKey({ key }: Pick<RegistryRead, 'key'>, service: string): string {
  const own = key.replace(SERVICES, '');
  if (own !== key) {
    const [first = '', ...rest] = own.split('\\');
    if (first.toLowerCase() === service.toLowerCase()) return rest.join('\\') || '.';
  }
  return key.replace(/^\\registry\\machine(?=\\)/i, 'HKLM');
}
