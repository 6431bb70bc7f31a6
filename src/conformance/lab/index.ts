/** A run on a Windows test machine: from the target file to an adapter, and what becomes of the machine meanwhile. */
export { Lab, openLab, type LabOptions } from './lab';
export type { Found } from './search-party';
export { readLab, type LabDriver, type LabFiles } from './read-lab';
export type { MachineIdentity, MachineNotes, MachineStop } from './notes';
