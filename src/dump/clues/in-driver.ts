/** It failed in the code of the driver: what it was called for tells what it may have touched. */
import { article } from '../article';
import type { Case } from '../case';
import { conclude, type Conclusion } from '../conclusion';
import { membersAt } from '../layouts';
import { reuseOf } from '../pointer';
import { namedLikeAFilter, type DriverInStack, type Entry, type Occasion } from '../stack';
import { capital, evidence, pointerSteps } from './evidence';
import { FILTERS, NBL_LOG, VERIFIER } from './next';
import * as scenario from './scenarios';

const BY_OCCASION: Readonly<Record<Occasion, readonly string[]>> = {
  attach: ['ATT-04', 'ATT-07', 'ATT-08', 'REG-13'],
  restart: ['RST-08', 'RST-13', 'RST-11', 'ATT-07'],
  pause: ['DET-09', 'PAU-15', 'LCK-01'],
  detach: ['DET-02', 'DET-09', 'DET-08', 'DET-03'],
  deregistration: ['UNL-02', 'UNL-01', 'DET-09'],
  'OID request': ['OP-02', 'OP-06', 'OP-03', 'OP-01'],
  status: ['ST-01', 'ATT-10'],
  'PnP event': ['PNP-01', 'PNP-07'],
  send: ['SP-04', 'SP-05', 'SP-01', 'NBL-08'],
  'send completion': ['SO-03', 'SC-01', 'PAU-11', 'SO-05', 'DET-08'],
  receive: ['RP-03', 'RP-04', 'RO-02', 'NBL-08'],
  return: ['RO-02', 'PAU-12', 'RET-01', 'RP-06', 'DET-08'],
};

const OF_A_HANDLE = ['DEV-03', 'DET-09', 'DEV-04'];
const BY_ENTRY: Readonly<Partial<Record<Entry, readonly string[]>>> = {
  write: OF_A_HANDLE,
  read: OF_A_HANDLE,
  'device control': OF_A_HANDLE,
  cleanup: ['DEV-03', 'DET-09'],
  close: ['DEV-03', 'DET-09'],
  open: ['DEV-03', 'DET-09', 'REG-13'],
  'system call': OF_A_HANDLE,
  'work item': ['TMR-03', 'DET-09', 'TMR-02'],
  timer: ['TMR-03', 'TMR-01', 'DET-09'],
  DPC: ['TMR-03', 'DET-09', 'UNL-05'],
  thread: ['DET-09', 'UNL-05'],
};

/** @param driver whose frame is the one that failed */
export function inDriver(about: Case, driver: DriverInStack): Conclusion[] {
  const { pointer, story } = about;
  const below = story.occasions.find(({ frame }) => story.frames.indexOf(frame) > driver.at);
  const entry = story.entry;
  const rules = below ? BY_OCCASION[below.what] : BY_ENTRY[entry?.how ?? 'thread'];
  // Without NDIS anywhere near, nothing but names can say that this is about a filter at all.
  const named = !below && driver.role !== 'filter';
  if (!rules || (named && !namedLikeAFilter(story.frames, driver.module))) return [];
  const reuse = reuseOf(pointer);
  const members =
    pointer?.kind === 'nearly null' && pointer.offset !== undefined
      ? membersAt(pointer.offset, `${driver.frame.name ?? ''} ${below?.what ?? ''}`)
      : [];
  const during = below
    ? `NDIS had called it for ${article(below.what)}`
    : `it was called for ${article(entry?.how ?? 'thread')}`;
  return [
    conclude({
      id: 'in-the-driver',
      certainty: reuse === undefined ? 'possible' : 'likely',
      suggests: below
        ? `${driver.module} touched memory that is not there while handling ${article(below.what)}: its own context, or an object that was not its own any more.`
        : `${driver.module} touched memory that is not there for ${article(entry?.how ?? 'thread')}: the context of a module that was gone, as handles, timers and work items outlive modules.`,
      known: evidence(about, driver),
      why: [
        `It failed in the driver's own code; ${during}.`,
        ...(reuse === undefined ? [] : [`${capital(reuse)}.`]),
        ...(members.length === 0 ? [] : [`At this offset from NULL lies ${members.join(' or ')}.`]),
      ].join(' '),
      against: [
        'A plain mistake in the driver, which breaks no rule of the interface, looks the same.',
        ...(named ? [`NDIS is not in the stack: only names speak for ${driver.module} being a filter driver.`] : []),
      ],
      rules,
      scenarios: below
        ? ['send completion', 'return'].includes(below.what)
          ? scenario.NBL_OUTLIVES
          : []
        : scenario.USER_OF_A_FREED_MODULE,
      next: [
        ...pointerSteps(about),
        ...(below && /send|receive|return/.test(below.what) ? [NBL_LOG] : [FILTERS]),
        VERIFIER,
      ],
    }),
  ];
}
