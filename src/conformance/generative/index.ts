/** Generative testing: random legal life histories of a driver, shrunk to a scenario when one breaks a rule. */
export { explore, findAsScenario, type Exploration, type ExploreOptions, type Find, type Replay } from './explore';
