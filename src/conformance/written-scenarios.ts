/** The scenarios of the specification as they are written, whatever a run selects of them. */
import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator } from '@cucumber/messages';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { featuresFolder, kitRoot } from './kit-root';
import { Places } from './places';

/** A scenario, or one row of an outline: its id as in results, and its name. */
export interface ScenarioName {
  readonly id: string;
  readonly name: string;
}

let written: readonly ScenarioName[] | undefined;

/** All scenarios of the specification. The first call parses all features: a quarter of a second. */
export function writtenScenarios(): readonly ScenarioName[] {
  written ??= readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.feature'))
    .sort()
    .flatMap((name) => scenariosOf(join(featuresFolder, name)));
  return written;
}

function scenariosOf(path: string): ScenarioName[] {
  const newId = IdGenerator.incrementing();
  const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
  const document = parser.parse(readFileSync(path, 'utf8'));
  const places = new Places();
  places.take(document);
  const uri = relative(kitRoot, path);
  return compile(document, uri, newId).map((pickle) => ({ id: places.idOf(pickle), name: pickle.name }));
}
