/** What drives a machine from elsewhere. */
export { collectFiles, type Collected, type CollectLimits } from './collect';
export { machineCommand, revive, type MachineAction, type MachineOptions } from './machine';
export { withoutNoise } from './noise';
export { openSession, type Session, type SessionOptions } from './session';
export { hopeless, remoteCommand, sshArguments, sshChannel } from './ssh';
