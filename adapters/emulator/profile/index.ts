/**
 * The vendor's profile of a binary driver: read (`readProfile`), turned into the requests of applications (`planOpen`,
 * `planSetup`, `planAsk`), the registry (`registryValues`), and what scenarios need to know (`toDriverProfile`).
 */
export { BadProfile, type Problem } from './bad-profile';
export { controlCode } from './codes';
export { ethernetFrame } from './frames';
export { adapterFacts, fillIn, guidBytes, uses, type AdapterFacts, type Placeholder } from './names';
export { planAsk, planOpen, planSetup, type FrameAt, type PlannedOpen, type PlannedRequest } from './plan';
export * from './profile';
export { Problems } from './problems';
export { readProfile } from './read';
export { REGISTRY_TYPES, registryValues, serviceKey, type RegistryValue } from './registry';
export { render, type Rendered, type RenderedBuffer, type RenderValues } from './render';
export { schemaProblemsOf, type SchemaProblems } from './schema';
export { Source, type Path } from './source';
export { toDriverProfile } from './to-driver-profile';
