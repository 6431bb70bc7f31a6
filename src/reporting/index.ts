/** What a run leaves behind: the living documentation, diagrams, texts for the terminal, Allure results. */
export { rulesByArea, type Catalogue, type ShownGuarantee } from './catalogue';
export { sequenceSvg, type SequenceOptions } from './diagrams/sequence-svg';
export { LEGAL_TRANSITIONS, stateMachineSvg, type StateMachineOptions } from './diagrams/state-machine-svg';
export type { FeatureFile } from './features/read-features';
export { matrixSentence, summariseMatrix, type MatrixSummary } from './matrix/cells';
export { matrixMarkdown } from './matrix/matrix-markdown';
export {
  renderLivingDocumentation,
  writeLivingDocumentation,
  type LivingDocumentation,
} from './page/living-documentation';
