/** One case again: what a token says, where its scenario and driver are here, and whether the same comes of it. */
export { readCase } from './read-case';
export { replayCase, type Replayed } from './replay';
export { looksLikeToken, readToken, tokenOf, type CaseToken } from './token';
