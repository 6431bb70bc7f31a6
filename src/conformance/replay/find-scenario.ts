/** Finds the scenario of a token in the specification as it is here. */
import { generateMessages } from '@cucumber/gherkin';
import type { Pickle } from '@cucumber/messages';
import { IdGenerator, SourceMediaType } from '@cucumber/messages';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { CannotJudge } from '../cannot-judge';
import { featuresFolder, kitRoot } from '../kit-root';
import { Places } from '../places';
import { specificationFacts } from '../specification';
import { textHash, type CaseToken } from './token';

export interface FoundScenario {
  /** `features/pause/pending.feature:12`, as it is here. */
  readonly id: string;
  readonly name: string;
  /** It stood elsewhere when the token was made. */
  readonly moved: boolean;
}

interface Written {
  readonly id: string;
  readonly name: string;
  readonly textHash: string;
}

/**
 * By its place when the text there is that of the token, otherwise by its text.
 * @throws CannotJudge when no scenario has the text
 */
export function findScenario(token: Pick<CaseToken, 'scenario' | 'textHash' | 'kit' | 'specification'>): FoundScenario {
  const [, file = '', line = ''] = /^(.*):(\d+)$/.exec(token.scenario) ?? [];
  const there = existing(file);
  const own = there === undefined ? [] : scenariosOf(there);
  const isIt = (written: Written): boolean => written.textHash === token.textHash;
  const inPlace = own.find((written) => written.id === token.scenario && isIt(written));
  if (inPlace) return { id: inPlace.id, name: inPlace.name, moved: false };
  const distance = ({ id }: Written): number => Math.abs(Number(id.slice(id.lastIndexOf(':') + 1)) - Number(line));
  const near = own.filter(isIt).sort((a, b) => distance(a) - distance(b))[0];
  const found = near ?? allFeatures().flatMap(scenariosOf).find(isIt);
  if (found) return { id: found.id, name: found.name, moved: true };
  throw new CannotJudge(
    `No scenario of the specification ${specificationFacts().version} has the text of the token's, which stood at ${token.scenario} in specification ${token.specification}: replay it with that kit (npx ndis-lwf-spec@${token.kit} replay …).`,
  );
}

/** @returns the path of a feature file of the kit, or of one's own relative to the working folder */
function existing(file: string): string | undefined {
  if (!file.endsWith('.feature')) return undefined;
  return [resolve(kitRoot, file), resolve(file)].find((path) => existsSync(path));
}

function allFeatures(): string[] {
  return readdirSync(featuresFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.feature'))
    .map((name) => join(featuresFolder, name))
    .sort();
}

function scenariosOf(path: string): Written[] {
  const uri = relative(kitRoot, path).replaceAll('\\', '/');
  const places = new Places();
  const pickles: Pickle[] = [];
  const messages = generateMessages(readFileSync(path, 'utf8'), uri, SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN, {
    newId: IdGenerator.incrementing(),
    includeSource: false,
    includeGherkinDocument: true,
    includePickles: true,
  });
  for (const { gherkinDocument, pickle } of messages) {
    if (gherkinDocument) places.take(gherkinDocument);
    if (pickle) pickles.push(pickle);
  }
  return pickles.map((pickle) => ({
    id: places.idOf(pickle),
    name: pickle.name,
    textHash: textHash(
      pickle.name,
      pickle.steps.map(({ text }) => text),
    ),
  }));
}
