import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { featuresFolder } from './kit-root';

const TAGGED_RULE = /^((?:[ \t]*@.*\r?\n)+)[ \t]*Rule:/gm;
const RULE_TAG = /@([A-Z]{2,3}-\d+)/g;

let specified: ReadonlySet<string> | undefined;

/** Ids of the rules that the specification has a `Rule:` for, whatever a run selects of it. */
export function specifiedRules(): ReadonlySet<string> {
  specified ??= new Set(featureTexts().flatMap(ruleIds));
  return specified;
}

function featureTexts(): string[] {
  return readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.feature'))
    .map((name) => readFileSync(join(featuresFolder, name), 'utf8'));
}

function ruleIds(text: string): string[] {
  return [...text.matchAll(TAGGED_RULE)].flatMap(([, tags = '']) =>
    [...tags.matchAll(RULE_TAG)].flatMap(([, id]) => id ?? []),
  );
}
