/** The drivers of the question that the kit starts from, and of what became of them. */
export { answersSketch } from './answers-sketch';
export { npcap2016FirstFix } from './npcap-2016-first-fix';
export { npcap2016NoPause } from './npcap-2016-no-pause';
export { ownOidWithoutARequestHandle } from './own-oid-without-a-request-handle';
