/** The contract between step definitions and adapters: the rig, capabilities, the driver profile, the adapter in use. */
export * from './books';
export * from './current';
export * from './profile';
export * from './refusal';
export * from './rig';
