/** What a profile by `lwf init` says in its comments: what was seen, and what only the vendor knows. */
import type { ControlCode, Inspection, OpenTried, Remarks, Tried } from '../../../adapters/emulator/inspect';
import {
  filtersText,
  refusedText,
  fineStages,
  howItSends,
  howOpened,
  opensByAnyName,
  shownOpens,
  stageText,
  toldState,
} from './findings';

/** Seen in the code; what it should be is not. */
const LOOKS_AT_ATTRIBUTE =
  'Its routine for IRP_MJ_CREATE looks at an extended attribute of the open (read from the code), and the dry run gave none: where your application gives one to NtCreateFile, FILL IN its name and value as "ea"; your header has them.';

/** How many lines of a list are shown. */
const SHOWN = 24;

/**
 * @param command that runs the specification with this profile
 * @returns the comments beside the keys of the draft
 */
export function remarksOn(inspection: Inspection, command: string): Remarks {
  return {
    head: headOf(inspection, command),
    open: openOf(inspection),
    setup: setupOf(inspection),
    asks: asksOf(inspection),
  };
}

function headOf(inspection: Inspection, command: string): string[] {
  const { draft, registration, majors, repaired } = inspection;
  return [
    `Profile of ${draft.image ?? draft.driver}, written by lwf init after a look at the file and dry runs of it in the emulator. It runs as it is:`,
    `|  ${command}`,
    'FILL IN marks what only you can know. What a profile does not mention is "not applicable" in the report, and never guessed.',
    'docs/profile.md explains every key.',
    '',
    'What the dry runs showed:',
    ...(registration
      ? [
          `|  NDIS ${registration.ndis} is what it registers for, as "${registration.friendlyName}", service ${registration.serviceName || '(none)'}, ${registration.uniqueName || 'no unique name'}`,
          `|  handlers: ${registration.handlers.join(', ')}`,
          `|  left NULL: ${registration.without.join(', ') || 'none'}`,
        ]
      : ['|  it did not come to NdisFRegisterFilterDriver']),
    ...filtersText(inspection).map((text) => `|  ${text}`),
    ...inspection.stages.map((stage) => `|  ${stageText(stage)}`),
    ...(fineStages(inspection)
      ? []
      : ['  A stage that fails here fails in the run too; where it is a rule that is broken, the run says which.']),
    ...(inspection.refused === undefined ? [] : [`|  ${refusedText(inspection.refused)}`]),
    ...(repaired === undefined ? [] : [`|  ${repaired}`]),
    ...(inspection.lacks === undefined ? [] : [`|  the emulator could not go on: ${inspection.lacks}`]),
    `|  requests it has routines for: ${majors.join(', ') || 'none'}`,
    '',
  ];
}

function openOf(inspection: Inspection): string[] {
  const { draft, devices, opens } = inspection;
  if (devices.length === 0) {
    return [
      'The driver made no device, so applications cannot open it, and rules about handles are "not applicable".',
      'FILL IN if it makes one on an occasion that the dry run did not have:',
      ...example([String.raw`open:`, String.raw`  device: \Device\MyDriver`, `  file: '{guid}'`]),
    ];
  }
  const made = devices.map(({ name, isLink }) => (isLink ? `${name} (link)` : name)).join(', ');
  const attribute = inspection.readsAttribute ? [LOOKS_AT_ATTRIBUTE] : [];
  if (draft.open) return [`It made ${made}. ${howOpened(inspection)}`, ...triedLines(opens), ...attribute];
  return [
    `It made ${made}, and none of the usual ways opens it on a running module:`,
    ...triedLines(opens),
    ...attribute,
    'FILL IN what your application opens: what follows the device\'s name is "file"; an extended attribute is "ea".',
    'Why: without it every rule about handles, and about what applications make the driver do, is "not applicable".',
    ...example([
      'open:',
      `  device: ${devices[0]?.name ?? ''}`,
      ...(inspection.readsAttribute
        ? ['  ea:', '    name: MyOpenPacket', '    value: [u32: 1, u32: ifIndex]']
        : ["  file: '{guid}'"]),
    ]),
  ];
}

function triedLines(opens: readonly OpenTried[]): string[] {
  return shownOpens(opens)
    .slice(0, SHOWN)
    .map(({ device, file, answer }) => `|  tried ${file === '' ? device : `${device}\\${file}`}: ${answer}`);
}

function setupOf(inspection: Inspection): string[] {
  const { draft, codes, majors } = inspection;
  if (!draft.open && codes.length === 0) return [];
  if (!majors.some((major) => major === 'IRP_MJ_DEVICE_CONTROL' || major === 'IRP_MJ_WRITE')) return [];
  return [
    ...codesOf(inspection),
    ...whatBinds(inspection),
    ...example([
      'setup:',
      `  - ioctl: ${codes[0]?.spelt ?? 'CTL_CODE(FILE_DEVICE_NETWORK, 0x801, METHOD_BUFFERED, FILE_ANY_ACCESS)'}`,
      `    input: [text: '{miniport}']`,
    ]),
  ];
}

/** The dry run knows that the name of the open says nothing, and not what does. */
function whatBinds(inspection: Inspection): string[] {
  if (!opensByAnyName(inspection)) {
    return [
      'FILL IN if each handle needs requests before it can be used: one that binds it to an adapter, or sets a mode.',
    ];
  }
  const instead = inspection.readsAttribute ? 'the extended attribute, or a request' : 'a request';
  return [
    `FILL IN what tells the handle its adapter, if anything does: any name opens it, so that it is ${instead}. Which of the codes, and what is in its buffer, only your header says.`,
  ];
}

function codesOf({ majors, codes, codesTried }: Inspection): string[] {
  if (!majors.includes('IRP_MJ_DEVICE_CONTROL')) return [];
  if (codes.length === 0) {
    return [
      'It takes control codes, and which ones could not be read from its code: it compares them in a way that a look at the code does not follow.',
    ];
  }
  return [
    `Control codes that its routine for IRP_MJ_DEVICE_CONTROL compares requests with (read from the code; ${codesTried.length === 0 ? 'none was sent' : 'sent with a frame as their input, see "asks"'}):`,
    ...codes.slice(0, SHOWN).map(codeLine),
    ...(codes.length > SHOWN ? [`|  and ${codes.length - SHOWN} more`] : []),
    ...(codes.some(({ throughTable }) => throughTable)
      ? [
          'Those with an asterisk stand in functions that it may call through a table: which of them a handle takes depends on how it was opened.',
        ]
      : []),
  ];
}

function codeLine({ value, spelt, throughTable }: ControlCode): string {
  return `|  0x${value.toString(16).toUpperCase().padStart(8, '0')} = ${spelt}${throughTable ? ' *' : ''}`;
}

function asksOf(inspection: Inspection): string[] {
  const { draft, writes, codes, codesTried } = inspection;
  const rest = [
    'FILL IN what else an application can make it do: receive, oid, status, holdSends, … ("What it can be asked" in docs/profile.md).',
  ];
  if (draft.send ?? draft.receive) return [howItSends(inspection), ...rest];
  if (!draft.open) return [];
  return [
    'FILL IN how an application makes the driver send a frame. Why: only then can the rules about sends that it originates be tried, where most bugchecks come from; until then they are "not applicable".',
    ...writes.map(
      ({ open, tried }) =>
        `|  a write of a frame to ${open.device}${open.file === '' ? '' : `\\${open.file}`}: ${writeAnswer(tried)}`,
    ),
    ...codeAnswers(codesTried),
    ...example([
      'asks:',
      '  send:',
      ...(codes.length > 0
        ? [`    - ioctl: ${codes[0]?.spelt ?? ''}`, '      input: [frame]']
        : ['    - write: [frame]']),
      '      blocks: true # if it comes back only when the frame is completed',
    ]),
    ...rest,
  ];
}

/** A code that fails in one way with any input is one line. */
function codeAnswers(codesTried: Inspection['codesTried']): string[] {
  const lines = new Map<string, string>();
  for (const { code, input, tried } of codesTried) {
    const answer = writeAnswer(tried);
    const key = `${code} ${answer}`;
    if (!lines.has(key))
      lines.set(key, `|  0x${code.toString(16).toUpperCase().padStart(8, '0')} with ${input}: ${answer}`);
  }
  return [...lines.values()].slice(0, SHOWN);
}

function writeAnswer({ inTheEnd, bugcheck }: Tried): string {
  if (bugcheck !== undefined) return `the system stops: ${bugcheck}`;
  const succeeded = inTheEnd.state === 'done' && inTheEnd.status.endsWith('STATUS_SUCCESS');
  return succeeded
    ? 'it succeeds, and nothing is sent: does a mode have to be set, or a queue flushed?'
    : toldState(inTheEnd);
}

/** A piece of YAML to be uncommented. */
function example(lines: readonly string[]): string[] {
  return lines.map((line) => `|${line}`);
}
