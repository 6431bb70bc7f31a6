/** From the text of a bluescreen to the rules that come into question. It knows texts and tables; of the kit it knows names only. */
export { decodeText, otherThanText } from './bytes';
export type { Certainty, Conclusion, Fact, NextStep, ScenarioName } from './conclusion';
export { MOST_CRASHES } from './parse';
export { explainDump, type CrashExplanation } from './explain';
export type { Line } from './lines';
export { signsOf, type Signs } from './signs';
