/** Crossings as an adapter sent them: held against `trace/1`, with statuses by their one name. */
import { crossingFault } from '../../src/trace/check';
import type { Crossing } from '../../src/trace';
import { probablyMeant } from '../../src/trace/names';
import { normaliseStatuses } from '../../src/trace/normalise';
import { RigRefusal } from '../contract';
import { TRACE_PAGE, type TraceResult } from '../contract/protocol';

/**
 * @param page an answer to `trace`
 * @param after seq of the last crossing that is known already
 * @param gapless the adapter says that it sees every crossing
 * @returns its crossings, and whether to ask for more
 * @throws RigRefusal with the first thing that is wrong
 */
export function readPage(page: unknown, after: number, gapless: boolean): { crossings: Crossing[]; more: boolean } {
  if (!isPage(page))
    throw bad('must be an object with a list `crossings`, and `more`, true or false, if there is more');
  let last = after;
  const crossings = page.crossings.map((crossing, index) => {
    const fault = crossingFault(crossing);
    if (fault !== undefined)
      throw bad(`holds a crossing (number ${index + 1} after ${after}) that is not trace/1: ${fault}`);
    const meant = crossing.neighbour === undefined ? probablyMeant(crossing.ddi) : undefined;
    if (meant !== undefined)
      throw bad(
        `holds a crossing (${crossing.seq}) with the name \`${crossing.ddi}\`, which no rule knows; probably it should be \`${meant}\``,
      );
    if (crossing.seq <= last) throw bad(`holds crossing ${crossing.seq} after crossing ${last}`);
    if (gapless && crossing.seq !== last + 1) {
      throw bad(
        `has a gap between crossings ${last} and ${crossing.seq}, and the adapter says that it sees every crossing`,
      );
    }
    last = crossing.seq;
    return normaliseStatuses(crossing);
  });
  const more = page.more ?? crossings.length === TRACE_PAGE;
  if (more && crossings.length === 0) throw bad('is empty and says that there is more');
  return { crossings, more };
}

function bad(what: string): RigRefusal {
  return new RigRefusal('environment', `The adapter's answer to \`trace\` ${what}.`);
}

function isPage(page: unknown): page is TraceResult {
  if (typeof page !== 'object' || page === null) return false;
  const { crossings, more } = page as Partial<Record<keyof TraceResult, unknown>>;
  return Array.isArray(crossings) && (more === undefined || typeof more === 'boolean');
}
