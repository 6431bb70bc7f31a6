/** The protocol `lwf-adapter/1`: the rig over lines of JSON. docs/adapter-protocol.md is its description. */
export {
  isMethod,
  isRigCall,
  METHODS,
  OTHER_CALLS,
  RIG_CALLS,
  type Method,
  type RigCall,
  type RigCalls,
} from './calls';
export * from './messages';
export { definitionFaults, messageFault, responseFault, type DefinitionFault } from './validate';
