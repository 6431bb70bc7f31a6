/** The living documentation: one self-contained page made of a run, the catalogue and the features. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KillMatrix, RunResult } from '../../conformance/results';
import { rulesByArea, type Catalogue } from '../catalogue';
import { DIAGRAM_CSS } from '../diagrams/style';
import { readFeatures, type FeatureFile } from '../features/read-features';
import { page } from '../markup/document';
import { html, type Html } from '../markup/html';
import type { ShownWaivers } from '../waived';
import { Book } from './book';
import { DiagramStore } from './diagram-store';
import { besideSection } from './sections/beside';
import { disputesSection, guaranteesSection } from './sections/disputes';
import { failuresSection } from './sections/failures';
import { otherScenariosSection, sequencesSection } from './sections/features';
import { gapsSection } from './sections/gaps';
import { legendSection } from './sections/legend';
import { matrixSection } from './sections/matrix';
import { questionsSection } from './sections/questions';
import { rulesSection } from './sections/rules';
import { stateMachineSection } from './sections/state-machine';
import { verdictSection } from './sections/verdict';
import { waiversSection } from './sections/waivers';

export interface LivingDocumentation {
  /** The run that the page is about. */
  readonly run: RunResult;
  /** Runs of other drivers or adapters, shown beside it. */
  readonly otherRuns?: readonly RunResult[];
  readonly matrix?: KillMatrix;
  readonly features: readonly FeatureFile[];
  readonly catalogue: Catalogue;
  /** What the run was held against. */
  readonly waivers?: ShownWaivers;
}

/** @returns the page as text; the same input gives the same bytes */
export function renderLivingDocumentation({
  run,
  otherRuns = [],
  matrix,
  features,
  catalogue,
  waivers,
}: LivingDocumentation): string {
  const book = new Book({ run, otherRuns, matrix, features: readFeatures(features), catalogue, waivers });
  // First, so that failures have their diagrams even when the page's budget for diagrams runs out.
  const failures = failuresSection(book);
  const main = html`${verdictSection(book)}${questionsSection(book)}${failures}${waiversSection(book)}${besideSection(book)}${rulesSection(book)}${sequencesSection(book)}${otherScenariosSection(
    book,
  )}${stateMachineSection(book)}${matrixSection(book)}${disputesSection(book)}${gapsSection(book)}${guaranteesSection(book)}${legendSection(book)}`;
  return page(
    {
      title: `${run.driver} on ${run.adapter}: NDIS lightweight filter specification`,
      css: asset('page.css') + DIAGRAM_CSS,
      script: DiagramStore.script() + asset('page.js'),
    },
    frame(book, main),
  );
}

const asset = (name: string): string => readFileSync(join(__dirname, name), 'utf8');

function frame(book: Book, main: Html): Html {
  return html` <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <a class="home" href="#verdict">NDIS LWF specification</a>
      <div class="searching" role="search">
        <label class="sr" for="search">Search rules, scenarios, questions and drivers</label>
        <input
          id="search"
          type="search"
          placeholder="Search rules, scenarios, questions, drivers ( / )"
          autocomplete="off"
          spellcheck="false"
          role="combobox"
          aria-expanded="false"
          aria-controls="found"
          aria-autocomplete="list"
        />
        <ul id="found" role="listbox" aria-label="Found" hidden></ul>
        <p id="found-count" class="sr" role="status"></p>
      </div>
      <button type="button" id="theme">Dark</button>
    </header>
    <div class="frame">
      ${contents(book)}
      <main id="main" tabindex="-1">${main}</main>
    </div>
    ${book.diagrams.blocks()}`;
}

function contents(book: Book): Html {
  const failed = book.run.scenarios.filter((result) => book.verdictOf(book.run, result) === 'fail').length;
  const has = (folder: string): boolean => book.features.some((feature) => feature.folder === folder);
  return html`<nav class="contents" aria-label="Contents">
    <ul>
      <li><a href="#verdict">Verdict</a></li>
      ${has('questions') && html`<li><a href="#questions">Questions</a></li>`}
      <li>
        <a href="#failures">Failures</a
        >${failed > 0 && html` <span class="badge fail"><span aria-hidden="true">✗</span> ${failed}<span class="sr"> failed</span></span>`}
      </li>
      ${book.waivers && html`<li><a href="#waivers">Waivers</a></li>`}
      ${book.runs.length > 1 && html`<li><a href="#beside">Side by side</a></li>`}
      <li>
        <a href="#rules">Rules</a>
        <ul>
          ${rulesByArea(book.catalogue).map(({ area, title }) => html`<li><a href="#area-${area}">${title}</a></li>`)}
        </ul>
      </li>
      ${has('sequences') && html`<li><a href="#sequences">Sequences</a></li>`}
      <li><a href="#states">Life of a filter module</a></li>
      <li><a href="#matrix">Kill matrix</a></li>
      ${book.catalogue.disputes.length > 0 && html`<li><a href="#disputes">Contradictions</a></li>`}
      <li><a href="#gaps">Not specified or observed</a></li>
      ${book.catalogue.guarantees.length > 0 && html`<li><a href="#guarantees">Guarantees</a></li>`}
      <li><a href="#legend">How to read this page</a></li>
    </ul>
  </nav>`;
}
