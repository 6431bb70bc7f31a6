/** What runs on the machine: an adapter of the kit, with a lease, a journal and a lock around it. */
export { Agent, EXIT, type AgentParts, type ExitCode, type Control, type Ground, type Inquiry } from './agent';
export { Changes, type UndoRunner } from './changes';
export { type FindFiles, type FoundFile } from './files';
export * from './ports';
export { Journal, type JournalFile, type Undo } from './journal';
export { journalsIn, type JournalFolder } from './journal-folder';
export { journalLine, readJournal } from './journal-lines';
export { lockAt, type Claim, type HeldLock, type Lock } from './lock';
export { runAgent, type AgentProgram } from './process';
export { agentAdapter } from './rig/adapter';
export { undoOn } from './rig/machine';
