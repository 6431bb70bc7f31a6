/** What the words of a sentence mean: used by the parameter types, and pure. */
import type { AdapterName, AppName, Ask, ModuleState, Selection } from '../../adapters/contract';

export const DEFAULT_ADAPTER: AdapterName = 'A';

/** A filter module as a scenario names it: its latest life at that place. */
export interface ModuleName {
  readonly adapter: AdapterName;
  readonly place: 'only' | 'lower' | 'upper';
}

/** What an application asks, how often. */
export interface Asked {
  readonly what: Ask;
  readonly count: number;
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export const COUNT = /\d+|an?|no|one|two|three|four|five|six|seven|eight|nine|ten/;

/** @param word `3`, `three`, `a`, `no` */
export function countOf(word: string): number {
  if (/^\d+$/.test(word)) return Number(word);
  return word === 'a' || word === 'an' ? 1 : NUMBERS.indexOf(word);
}

const STATES: readonly ModuleState[] = ['Detached', 'Attaching', 'Paused', 'Restarting', 'Running', 'Pausing'];

/** @param word `Running` or `running` */
export function stateOf(word: string): ModuleState {
  const state = STATES.find((known) => known.toLowerCase() === word.toLowerCase());
  if (!state) throw new Error(`"${word}" is no state of a filter module`);
  return state;
}

const APPLICATIONS: Readonly<Record<string, AppName>> = {
  'an application': 'application',
  'the application': 'application',
  'another application': 'other application',
  'the other application': 'other application',
};

/** @param words `the application`, `application "X"` */
export function appOf(words: string): AppName {
  return APPLICATIONS[words] ?? words.slice('application '.length).replaceAll('"', '');
}

/** @param words what a neighbour is to hand back, of what it holds */
export function selectionOf(words: string): Selection {
  switch (words) {
    case 'all of them':
    case 'all of them in one chain':
      return {};
    case 'all of them one by one':
      return { oneChain: false };
    case 'all of them one by one, newest first':
      return { oneChain: false, order: 'newest-first' };
    case 'the last of them':
      return { count: 1 };
    case 'the newest of them':
      return { count: 1, order: 'newest-first' };
    case 'the ones that the filter originated':
      return { origin: 'filter' };
    case 'the ones from above':
    case 'the ones from below':
      return { origin: 'neighbour' };
    default:
      return { count: countOf(words.split(' ')[0] as string) };
  }
}

const COUNT_SOURCE = COUNT.source;
const ASKS: readonly (readonly [RegExp, Ask])[] = [
  [new RegExp(`^indicate (${COUNT_SOURCE}) receives? with NDIS_RECEIVE_FLAGS_RESOURCES$`), 'receiveLowResources'],
  [new RegExp(`^indicate (${COUNT_SOURCE}) receives?$`), 'receive'],
  [/^issue an OID request$/, 'oid'],
  [/^issue a synchronous OID request$/, 'synchronousOid'],
  [/^indicate a status$/, 'status'],
  [/^send a frame from a timer$/, 'sendByTimer'],
  [/^send a frame from a work item$/, 'sendByWorkItem'],
  [/^indicate a status from a timer$/, 'statusByTimer'],
  [/^issue an OID request from a work item$/, 'oidByWorkItem'],
  [/^hold sends$/, 'holdSends'],
  [/^release the sends it holds$/, 'releaseSends'],
  [/^hold receives$/, 'holdReceives'],
  [/^release the receives it holds$/, 'releaseReceives'],
  [/^modify the frames that pass$/, 'modifyData'],
  [/^bypass the data path$/, 'bypass'],
];

/** All phrases of `askOf` as one pattern without groups. */
export const ASK = new RegExp(
  ASKS.map(([pattern]) => pattern.source.replace(/[\^$]/g, '').replace(/\((?!\?)/g, '(?:')).join('|'),
);

/** @param words `indicate 2 receives` */
export function askOf(words: string): Asked {
  for (const [pattern, what] of ASKS) {
    const match = pattern.exec(words);
    if (match) return { what, count: match[1] === undefined ? 1 : countOf(match[1]) };
  }
  throw new Error(`"${words}" is nothing that an application can ask`);
}
