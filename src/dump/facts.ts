/** What stands in the text, told in sentences: no guess among them. */
import { isLiveDump, parameter, type Case } from './case';
import type { Fact } from './conclusion';
import { membersAt } from './layouts';
import type { Line } from './lines';
import { article } from './article';
import { NDIS_BUGCHECKS, VERIFIER_CODES, WATCHDOGS } from './ndis-codes';
import { poolHeaderIn, textIn, hexText, fillIn } from './values';

export function factsOf(about: Case): Fact[] {
  return [
    ...bugcheckFact(about),
    ...codeFact(about),
    ...instructionFact(about),
    ...pointerFacts(about),
    ...registerFacts(about),
    ...stackFacts(about),
    ...fieldFacts(about),
  ];
}

function fact(what: string, ...lines: readonly (Line | undefined)[]): Fact {
  return { what, lines: [...new Set(lines.filter((line) => line !== undefined))] };
}

function bugcheckFact({ crash }: Case): Fact[] {
  const { bugcheck } = crash;
  if (!bugcheck) return [];
  const parameters = bugcheck.parameters.map((value) => (value === undefined ? '?' : hexText(value))).join(', ');
  const name = `${bugcheck.name ?? 'bugcheck'} (${codeText(bugcheck.code)})`;
  const which = bugcheck.mayBe
    ? `${name}, or with ${bugcheck.mayBe.name} (${codeText(bugcheck.mayBe.code)}), as which Windows reports it where a driver is at fault`
    : name;
  const did = isLiveDump(bugcheck)
    ? `Windows wrote a live dump and went on: ${which}`
    : `Windows stopped with ${which}`;
  return [
    fact(
      parameters === '' ? `${did}.` : `${did}${bugcheck.mayBe ? ';' : ','} parameters ${parameters}.`,
      bugcheck.lines[0],
    ),
  ];
}

function codeText(code: number): string {
  return hexText(BigInt(code)).replace(/[a-f]/g, (digit) => digit.toUpperCase());
}

/** Codes in the parameters that have a name. */
function codeFact({ crash }: Case): Fact[] {
  const { bugcheck } = crash;
  const first = parameter(bugcheck, 1);
  if (!bugcheck || first === undefined) return [];
  if (bugcheck.code === 0x7c || bugcheck.code === 0x15e) {
    const second = parameter(bugcheck, 2);
    const watchdog = first === 0x25 && second !== undefined ? WATCHDOGS[second] : undefined;
    const known = NDIS_BUGCHECKS[first]?.name ?? /NDIS_BUGCHECK_(\w+)/.exec(bugcheck.remarks[0] ?? '')?.[1];
    if (known === undefined) return [];
    return [
      fact(
        `NDIS names its reason: ${known}${watchdog ? `, ${watchdog.name}` : ''}.`,
        bugcheck.lines[1] ?? bugcheck.lines[0],
        watchdog && bugcheck.lines[2],
      ),
    ];
  }
  const verifier = bugcheck.code === 0xc4 || bugcheck.code === 0x1c4 ? VERIFIER_CODES[first] : undefined;
  return verifier
    ? [
        fact(
          `Driver Verifier names its reason: ${verifier.name} (${hexText(BigInt(first))}).`,
          bugcheck.lines[1] ?? bugcheck.lines[0],
        ),
      ]
    : [];
}

function instructionFact({ crash, pointer }: Case): Fact[] {
  const { instruction } = crash;
  if (!instruction || pointer?.register === undefined) return [];
  return [
    fact(
      `The instruction "${instruction.text}" took ${hexText(pointer.value)} in ${pointer.register} for an address${instruction.unreadable ? ', and nothing could be read there' : ''}.`,
      instruction.line,
    ),
  ];
}

function pointerFacts({ crash, pointer, story }: Case): Fact[] {
  if (!pointer) return [];
  const where =
    pointer.register === undefined
      ? `The address ${hexText(pointer.value)}`
      : `The value in ${pointer.register}, ${hexText(pointer.value)},`;
  const [line] = pointer.lines;
  const facts: Fact[] = [];
  if (pointer.kind === 'not canonical') facts.push(fact(`${where} is no address at all: it is not canonical.`, line));
  if (pointer.fill) facts.push(fact(`${where} repeats ${pointer.fill.pattern}: ${pointer.fill.what}.`, line));
  if (pointer.text !== undefined) facts.push(fact(`${where} is printable: "${pointer.text}".`, line));
  if (pointer.special === 'freed' || pointer.special === 'beyond the end') {
    facts.push(
      fact(
        pointer.special === 'freed'
          ? 'The memory was freed before: special pool of Driver Verifier saw it.'
          : 'The access went beyond the end of a block: special pool of Driver Verifier saw it.',
        crash.bugcheck?.lines[0],
      ),
    );
  }
  if (pointer.kind === 'nearly null') {
    const function_ = story.frames[story.failed]?.name ?? '';
    const offset = Number(pointer.register === undefined ? pointer.value : BigInt(pointer.offset ?? 0));
    const members = membersAt(offset, function_);
    const at = members.length === 0 ? '' : `; at this offset lies ${members.join(' or ')}`;
    facts.push(
      fact(
        pointer.register === undefined || pointer.value !== 0n
          ? `${where} is close to NULL: a member of a structure whose address was NULL${at}.`
          : `${pointer.register} was NULL, and ${hexText(BigInt(offset))} bytes behind it something was expected${at}.`,
        line,
      ),
    );
  }
  return facts;
}

/** Pool headers, text and fills in the other registers tell what the memory around was. */
function registerFacts({ crash }: Case): Fact[] {
  const tags = new Set<string>();
  const headers = crash.registers.all.flatMap((register) => {
    const header = poolHeaderIn(register.value);
    if (!header || tags.has(header.tag)) return [];
    tags.add(header.tag);
    const state = header.inUse ? 'in use' : 'free';
    return [
      fact(
        `${register.name} = ${hexText(register.value)} reads like the header of an x64 pool block: tag '${header.tag}', ${header.size} bytes, ${state}, behind a block of ${header.previousSize} bytes.`,
        register.line,
      ),
    ];
  });
  const fills = crash.registers.all.flatMap((register) => {
    const fill = poolHeaderIn(register.value) ? undefined : fillIn(register.value);
    const text = fill ? undefined : textIn(register.value);
    if (fill && register.value > 0xffffn)
      return [
        fact(`${register.name} = ${hexText(register.value)} repeats ${fill.pattern}: ${fill.what}.`, register.line),
      ];
    return text === undefined || headers.some(({ lines }) => lines.includes(register.line))
      ? []
      : [fact(`${register.name} = ${hexText(register.value)} is printable: "${text}".`, register.line)];
  });
  return [...headers, ...fills].slice(0, 4);
}

function stackFacts({ crash, story }: Case): Fact[] {
  const facts: Fact[] = [];
  const top = story.frames[story.failed];
  const driver = story.drivers[0];
  const called = driver?.called;
  if (top && (top.module !== undefined || top.address !== undefined)) {
    const place =
      top.module === undefined
        ? `an address without a module`
        : `${top.module}${top.name === undefined ? ' (no symbols)' : `!${top.name}`}`;
    // Nothing but a stack, which may be of a breakpoint.
    const hasFailed = crash.bugcheck !== undefined || story.failed > 0 || crash.fields.size > 0;
    facts.push(fact(hasFailed ? `It failed in ${place}.` : `The stack ends in ${place}.`, top.line));
  }
  if (story.interrupting) {
    const { name = '' } = story.interrupting;
    facts.push(
      fact(
        `What stands below ${name} in the stack was interrupted by it, and called nothing of what is above.`,
        story.interrupting.line,
      ),
    );
  }
  for (const each of story.drivers) {
    const role = each.role === 'unknown' ? '' : ` as ${article(each.role)}`;
    const call = each === driver && called ? `, and had called ${called.name}` : '';
    facts.push(
      fact(
        `${each.module} is in the stack${role}${call}.`,
        each.frame.line,
        each === driver ? called?.line : undefined,
      ),
    );
  }
  const occasion = story.occasions.find(({ frame }) => !driver || story.frames.indexOf(frame) > driver.at);
  if (occasion) facts.push(fact(`NDIS was busy with: ${occasion.what}.`, occasion.frame.line));
  const process = crash.fields.get('PROCESS_NAME');
  if (story.entry) {
    const { how, frame, userMode } = story.entry;
    const who = userMode && process && !/^System$/i.test(process.value) ? ` of ${process.value}` : '';
    facts.push(
      fact(
        userMode ? `It began as ${article(how)} request${who} from user mode.` : `It began in ${article(how)}.`,
        frame.line,
        userMode ? process?.line : undefined,
      ),
    );
  }
  return facts;
}

function fieldFacts({ crash }: Case): Fact[] {
  const image = crash.fields.get('IMAGE_NAME');
  const irql = crash.fields.get('CURRENT_IRQL');
  const violated = crash.fields.get('DV_VIOLATED_CONDITION');
  return [
    ...(image
      ? [
          fact(
            `The debugger or tool holds ${image.value} responsible, which is where it noticed, not always who did it.`,
            image.line,
          ),
        ]
      : []),
    ...(irql ? [fact(`The IRQL was ${irql.value}.`, irql.line)] : []),
    ...(violated ? [fact(`The verifier's condition: ${violated.value}`, violated.line)] : []),
  ];
}
