/** The contract between step definitions and adapters: the rig, capabilities and the driver profile. */
export * from './profile';
export * from './rig';
