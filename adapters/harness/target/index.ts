/** The target file of a Windows test machine (`target/1`). */
export { BadTarget } from './bad-target';
export { hyperV } from './machine';
export { readTarget } from './read';
export * from './target';
