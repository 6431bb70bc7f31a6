import { defineParameterType } from '@cucumber/cucumber';
import { DISPATCH_LEVEL, PASSIVE_LEVEL } from '../../src/trace';
import type { ModuleName } from './words';
import { appOf, ASK, askOf, COUNT, countOf, DEFAULT_ADAPTER, selectionOf, stateOf } from './words';

const SELECTION = new RegExp(
  [
    'all of them in one chain',
    'all of them one by one, newest first',
    'all of them one by one',
    'the ones that the filter originated',
    'the ones from above',
    'the ones from below',
    `(?:all|the last|the newest|${COUNT.source}) of them`,
  ].join('|'),
);

defineParameterType({ name: 'adapter', regexp: /adapter "([^"]+)"/, transformer: (name: string) => name });
defineParameterType({
  name: 'onAdapter',
  // Matches nothing, too: scenarios with one adapter do not name it.
  regexp: /(?: (?:of|on) adapter "([^"]+)")?/,
  transformer: (name?: string) => name ?? DEFAULT_ADAPTER,
  useForSnippets: false,
});
defineParameterType({
  name: 'module',
  regexp: /the (?:(lower|upper) )?filter module(?: (?:of|on) adapter "([^"]+)")?/,
  transformer: (place?: string, adapter?: string): ModuleName => ({
    place: place === 'lower' || place === 'upper' ? place : 'only',
    adapter: adapter ?? DEFAULT_ADAPTER,
  }),
});
defineParameterType({
  name: 'app',
  regexp: /(?:an|the|another|the other) application|application "[^"]+"/,
  transformer: appOf,
});
defineParameterType({ name: 'count', regexp: COUNT, transformer: countOf, useForSnippets: false });
defineParameterType({ name: 'selection', regexp: SELECTION, transformer: selectionOf });
defineParameterType({
  name: 'state',
  regexp: /(?:[Dd]etached|[Aa]ttaching|[Pp]aused|[Rr]estarting|[Rr]unning|[Pp]ausing)/,
  transformer: stateOf,
});
defineParameterType({ name: 'ndisStatus', regexp: /NDIS_STATUS_\w+/, transformer: (name: string) => name });
defineParameterType({
  name: 'ddi',
  regexp: /(?:Filter|Driver|Ndis|Ex|Io)[A-Z]\w*|IRP_MJ_\w+/,
  transformer: (name: string) => name,
  useForSnippets: false,
});
defineParameterType({ name: 'oid', regexp: /OID_\w+/, transformer: (name: string) => name });
defineParameterType({
  name: 'event',
  regexp: /(?:NetEvent|NdisDevicePnPEvent)\w+/,
  transformer: (name: string) => name,
  useForSnippets: false,
});
defineParameterType({ name: 'rule', regexp: /[A-Z]{2,3}-\d{2}/, transformer: (id: string) => id });
defineParameterType({
  name: 'irql',
  regexp: /PASSIVE_LEVEL|DISPATCH_LEVEL/,
  transformer: (name: string) => (name === 'PASSIVE_LEVEL' ? PASSIVE_LEVEL : DISPATCH_LEVEL),
});
defineParameterType({ name: 'where', regexp: /above|below/, transformer: (side: string) => side as 'above' | 'below' });
defineParameterType({ name: 'ask', regexp: ASK, transformer: askOf });
defineParameterType({
  name: 'allocation',
  regexp: /NBL|memory|OID clone|pool/,
  transformer: (kind: string) => kind.toLowerCase().replace(' ', '-') as 'nbl' | 'memory' | 'oid-clone' | 'pool',
});
defineParameterType({
  name: 'procedure',
  regexp:
    /the (?:load|unload|attach|restart|detach|enabling|disabling|removal|insertion|binding|unbinding|sleep|wake-up|event)/,
  transformer: (words: string) => words.slice('the '.length),
});
defineParameterType({ name: 'bugcheck', regexp: /[A-Z][A-Z_]+[A-Z]/, transformer: (name: string) => name });
