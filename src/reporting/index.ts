/** What a run leaves behind: the living documentation, diagrams, texts for the terminal, Allure results. */
export { makeAllureSite, type AllureSite } from './allure/make-site';
export { writeAllureResults } from './allure/write-results';
export { rulesByArea, type Catalogue } from './catalogue';
export { sequenceSvg, type SequenceOptions } from './diagrams/sequence-svg';
export { LEGAL_TRANSITIONS, stateMachineSvg, type StateMachineOptions } from './diagrams/state-machine-svg';
export {
  readFeatures,
  type FeatureFile,
  type WrittenFeature,
  type WrittenRule,
  type WrittenScenario,
} from './features/read-features';
export { cucumberHtml, cucumberMessages, messagesNdjson } from './machine/cucumber';
export { junitXml } from './machine/junit';
export { sarifLog } from './machine/sarif';
export { matrixSentence, summariseMatrix, type MatrixSummary } from './matrix/cells';
export { matrixMarkdown } from './matrix/matrix-markdown';
export { renderLivingDocumentation, type LivingDocumentation } from './page/living-documentation';
export { failuresText, failureText, type TextOptions } from './terminal/failure-text';
export { createProgress, type Progress, type ProgressOptions, type ProgressTarget } from './terminal/progress';
export { answerText, isTrouble, shownRule, shownScenario, type ShownWaivers } from './waived';
export { summaryText } from './terminal/summary-text';
export { tally } from './verdicts';
export type { StatementCatalogue } from './statement/words';
export { renderStatement } from './statement/statement-page';
export { renderStatementSummary } from './statement/summary-page';
