/** NDIS and the neighbours of a filter driver, as a model that runs on the simulated kernel. */
export { Chance } from './chance';
export { WHOLE_DRIVER } from './handle';
export { NDIS, THE_DRIVER, type Holder } from './holder';
export type { OpenFile } from './io-manager';
export { Machine, type LoadImage } from './machine';
export type { Nbl } from './nbl';
export type { NdisVersion } from './ndis';
export type { OidRequest } from './oid-request';
export type { Adapter, AdapterOptions, LayerKind } from './stack/adapter';
export { isReachable, type ModuleState } from './stack/filter';
export { FilterModule } from './stack/module';
export type { GiveBack, Policy } from './stack/policy';
export * as sequences from './stack/sequences';
export { STATUS_VALUES, type NdisStatus, type NtStatus } from './status';
export * from './wdk';
