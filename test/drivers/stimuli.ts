import type { Script } from './play';
import { plugged, running } from './play';

/** For each defective driver a short life in which its defect shows. */
export const stimuli: Readonly<Record<string, Script>> = {
  // registration
  'registers-without-a-pause-handler': (rig) => rig.load(),
  'registers-an-oid-handler-without-its-completion': (rig) => rig.load(),
  'originates-receives-without-a-return-handler': async (rig) => {
    await running(rig);
    await rig.ask('app', 'receive');
  },
  'bypass-drops-the-send-complete-handler': async (rig) => {
    await running(rig);
    await rig.ask('app', 'bypass');
    await rig.ask('app', 'send');
  },
  'registers-before-its-globals-are-ready': async (rig) => {
    await rig.addAdapter('A');
    await rig.load();
  },

  // attach
  'attach-answers-pending-when-memory-is-short': async (rig) => {
    await plugged(rig);
    await rig.failAllocations(1, 'pool');
    await rig.attach('A');
  },
  'attach-forgets-its-attributes': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
  },
  'failed-attach-leaks-the-module': async (rig) => {
    await plugged(rig);
    await rig.failAllocations(1, 'pool');
    await rig.attach('A');
  },
  'attach-queries-the-adapter': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
  },
  'starts-life-with-the-gate-open': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.openHandle('app', 'A');
    await rig.ask('app', 'send');
  },
  'modules-share-one-context': async (rig) => {
    await running(rig);
    await rig.addAdapter('B');
    await rig.enableAdapter('B');
  },

  // restart
  'restart-returns-an-undocumented-status': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.failAllocations(1, 'memory');
    await rig.restart('A');
  },
  'restart-pends-for-ever': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.failAllocations(1, 'memory');
    await rig.restart('A');
  },
  'restart-is-completed-and-succeeds': (rig) => running(rig),
  'restart-announces-itself': (rig) => running(rig),
  'sends-wait-for-the-end-of-the-restart': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.stopBefore({ point: '*', inside: 'FilterRestart' });
    await rig.restart('A');
    await rig.sendFromAbove('A', { count: 2 });
    await rig.letGo();
  },
  'oid-requests-are-refused-while-restarting': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.stopBefore({ point: '*', inside: 'FilterRestart' });
    await rig.restart('A');
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
    await rig.letGo();
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },
  'failed-restart-leaves-its-attributes': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.failAllocations(1, 'memory');
    await rig.restart('A');
  },
  'restart-leaves-the-gate-closed': async (rig) => {
    await running(rig);
    await rig.pause('A');
    await rig.restart('A');
    await rig.sendFromAbove('A', { count: 1 });
  },

  // pause
  'pause-returns-an-uninitialized-status': async (rig) => {
    await running(rig);
    await rig.pause('A');
  },
  'pending-pause-is-never-completed': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send', 2);
    await rig.pause('A');
    await rig.completeSends('A');
  },
  'pause-succeeds-and-is-completed-too': async (rig) => {
    await running(rig);
    await rig.pause('A');
  },
  'pause-succeeds-and-the-last-send-completes-it': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send');
    await rig.pause('A');
    await rig.completeSends('A');
  },
  'pause-sleeps-for-twelve-seconds': async (rig) => {
    await running(rig);
    await rig.pause('A');
  },
  'gate-is-left-before-the-send': async (rig) => {
    await running(rig);
    await rig.stopBefore({ point: 'NdisFSendNetBufferLists', inside: 'IRP_MJ_WRITE' });
    await rig.ask('app', 'send');
    await rig.pause('A');
    await rig.letGo();
  },
  'gate-stays-open-while-the-pause-pends': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send');
    await rig.pause('A');
    await rig.ask('app', 'send');
    await rig.completeSends('A');
  },
  'gate-stays-open-after-a-pause-that-succeeds': async (rig) => {
    await running(rig);
    await rig.pause('A');
    await rig.ask('app', 'send');
  },
  'receives-pass-a-closed-gate': async (rig) => {
    await running(rig);
    await rig.pause('A');
    await rig.ask('app', 'receive');
  },
  'held-sends-stay-queued-over-a-pause': async (rig) => {
    await running(rig);
    await rig.ask('app', 'holdSends');
    await rig.stopBefore({ point: '->FilterPause' });
    await rig.pause('A');
    await rig.sendFromAbove('A', { count: 2 });
    await rig.letGo();
  },
  'held-receives-stay-queued-over-a-pause': async (rig) => {
    await running(rig);
    await rig.ask('app', 'holdReceives');
    await rig.receiveFromBelow('A', { count: 2 });
    await rig.pause('A');
  },
  'pause-returns-success-with-sends-out': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send', 2);
    await rig.pause('A');
  },
  'last-counter-decides-over-the-pause': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send', 2);
    await rig.pause('A');
  },
  'originated-receives-are-not-waited-for': async (rig) => {
    await running(rig, { protocolReceives: 'hold' });
    await rig.ask('app', 'receive', 2);
    await rig.pause('A');
    await rig.returnReceives('A');
  },
  'sends-pass-a-closed-gate': async (rig) => {
    await running(rig);
    await rig.pause('A');
    await rig.sendFromAbove('A', { count: 2 });
  },
  'receives-are-kept-while-paused': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send');
    await rig.pause('A');
    await rig.receiveFromBelow('A', { count: 2 });
  },
  'pause-keeps-the-lock': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send');
    await rig.pause('A');
    await rig.completeSends('A');
  },
  'oid-requests-wait-for-the-restart': async (rig) => {
    await running(rig);
    await rig.pause('A');
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },
  'status-is-dropped-while-paused': async (rig) => {
    await running(rig);
    // The first one, and one that may be the same again: the one that is dropped is compared with that.
    await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
    await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
    await rig.pause('A');
    await rig.statusFromBelow('A', 'NDIS_STATUS_LINK_STATE');
  },
  'pause-waits-with-the-lock-held': async (rig) => {
    await running(rig);
    await rig.pause('A');
  },
  'returns-are-dropped-while-paused': async (rig) => {
    await running(rig, { protocolReceives: 'hold' });
    await rig.receiveFromBelow('A', { count: 2 });
    await rig.pause('A');
    await rig.returnReceives('A');
  },

  // detach
  'detach-is-finished-by-a-work-item': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
  },
  'cleanup-uses-the-ndis-handle-of-a-detached-module': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
    await rig.closeHandle('app');
  },
  'write-uses-the-ndis-handle-of-a-detached-module': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
    await rig.ask('app', 'send');
  },
  'detach-waits-for-a-restart-that-never-was': async (rig) => {
    await plugged(rig);
    await rig.attach('A');
    await rig.detach('A');
  },
  'detach-forgets-the-pool': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
  },
  'own-oid-outlives-the-module': async (rig) => {
    await running(rig, { miniportOids: 'hold' });
    await rig.ask('app', 'synchronousOid');
    await rig.disableAdapter('A');
  },
  'packet-filter-is-restored-in-detach': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
  },
  'status-is-indicated-after-detach': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
  },
  'pool-is-freed-under-spare-nbls': async (rig) => {
    await running(rig);
    await rig.ask('app', 'send');
    await rig.disableAdapter('A');
  },
  'detached-module-stays-in-the-list': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
    await rig.ask('app', 'send');
  },
  'detach-does-not-wait-for-users': async (rig) => {
    await running(rig);
    await rig.stopBefore({ point: '*', inside: 'NdisIoWorkItemFunction' });
    await rig.ask('app', 'sendByWorkItem');
    await rig.disableAdapter('A');
    await rig.letGo();
  },

  // unload
  'unload-without-deregistering': async (rig) => {
    await rig.load();
    await rig.unload();
  },
  'globals-are-freed-before-deregistering': async (rig) => {
    await plugged(rig);
    await rig.enableAdapter('A');
    await rig.unload();
  },
  'unload-with-a-spare-nbl': async (rig) => {
    await rig.load();
    await rig.unload();
  },

  // send originate
  'probe-is-sent-before-the-restart': (rig) => running(rig),
  'source-handle-is-left-empty': async (rig) => {
    await running(rig);
    await rig.ask('app', 'send');
  },
  'send-is-touched-after-the-call': async (rig) => {
    await running(rig);
    await rig.ask('app', 'send');
  },
  'own-sends-are-completed-upward': async (rig) => {
    await running(rig);
    await rig.ask('app', 'send');
  },
  'only-the-first-nbl-of-a-completion-is-looked-at': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.ask('app', 'send');
    await rig.sendFromAbove('A', { count: 1 });
    await rig.completeSends('A', { oneChain: true });
  },

  // send pass-through
  'rest-of-a-send-chain-is-lost': async (rig) => {
    await running(rig);
    await rig.stopBefore({ point: '->FilterPause' });
    await rig.pause('A');
    await rig.sendFromAbove('A', { count: 2 });
    await rig.letGo();
  },
  'held-sends-are-passed-down-too': async (rig) => {
    await running(rig);
    await rig.ask('app', 'holdSends');
    await rig.sendFromAbove('A', { count: 1 });
    await rig.ask('app', 'releaseSends');
  },
  'source-handle-of-others-is-overwritten': async (rig) => {
    await running(rig);
    await rig.sendFromAbove('A', { count: 1 });
  },
  'header-stays-on-completed-sends': async (rig) => {
    await running(rig);
    await rig.ask('app', 'modifyData');
    await rig.sendFromAbove('A', { count: 1 });
  },
  'second-net-buffer-is-cut-off': async (rig) => {
    await running(rig);
    await rig.sendFromAbove('A', { count: 1, netBuffersEach: 2 });
  },

  // send complete
  'only-the-first-completion-is-handed-up': async (rig) => {
    await running(rig, { miniportSends: 'hold' });
    await rig.sendFromAbove('A', { count: 2 });
    await rig.completeSends('A', { oneChain: true });
    await rig.disableAdapter('A');
  },
  'sends-are-completed-before-they-are-done': async (rig) => {
    await running(rig);
    await rig.sendFromAbove('A', { count: 1 });
  },
  'dispatch-flag-is-set-at-passive-level': async (rig) => {
    await running(rig);
    await rig.ask('app', 'send');
  },

  // receive originate
  'receive-is-touched-after-the-call': async (rig) => {
    await running(rig);
    await rig.ask('app', 'receive');
  },
  'low-resources-receives-are-waited-for': async (rig) => {
    await running(rig);
    await rig.ask('app', 'receiveLowResources');
    await rig.pause('A');
  },
  'indicates-a-wrong-count': async (rig) => {
    await running(rig);
    await rig.ask('app', 'receive', 2);
  },
  'own-receives-are-returned-downward': async (rig) => {
    await running(rig);
    await rig.ask('app', 'receive');
  },

  // receive pass-through
  'rest-of-a-receive-chain-is-lost': async (rig) => {
    await running(rig);
    await rig.receiveFromBelow('A', { count: 2 });
    await rig.disableAdapter('A');
  },
  'receives-are-indicated-and-returned': async (rig) => {
    await running(rig);
    await rig.receiveFromBelow('A', { count: 1 });
  },
  'low-resources-receives-are-returned': async (rig) => {
    await running(rig);
    await rig.receiveFromBelow('A', { count: 2, lowResources: true });
  },
  'low-resources-receives-are-held': async (rig) => {
    await running(rig);
    await rig.ask('app', 'holdReceives');
    await rig.receiveFromBelow('A', { count: 2, lowResources: true });
    await rig.ask('app', 'releaseReceives');
  },
  'low-resources-chain-is-left-in-pieces': async (rig) => {
    await running(rig);
    await rig.receiveFromBelow('A', { count: 2, lowResources: true });
  },
  'resources-flag-is-dropped-on-the-way-up': async (rig) => {
    await running(rig);
    await rig.receiveFromBelow('A', { count: 2, lowResources: true });
  },
  'header-stays-on-returned-receives': async (rig) => {
    await running(rig);
    await rig.ask('app', 'modifyData');
    await rig.receiveFromBelow('A', { count: 1 });
  },

  // return
  'only-the-first-return-is-handed-down': async (rig) => {
    await running(rig, { protocolReceives: 'hold' });
    await rig.receiveFromBelow('A', { count: 2 });
    await rig.returnReceives('A', { oneChain: true });
    await rig.disableAdapter('A');
  },

  // cancel
  'cancel-ignores-held-sends': async (rig) => {
    await running(rig);
    await rig.ask('app', 'holdSends');
    await rig.sendFromAbove('A', { count: 2, cancelId: 'c1' });
    await rig.cancelSends('A', 'c1');
  },
  'cancel-is-not-passed-down': async (rig) => {
    await running(rig);
    await rig.cancelSends('A', 'c1');
  },

  // OID pass-through
  'oid-request-is-completed-twice': async (rig) => {
    await running(rig);
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },
  'oid-request-is-forwarded-without-a-clone': async (rig) => {
    await running(rig);
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },
  'results-of-the-clone-are-not-copied': async (rig) => {
    await running(rig);
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },
  'clone-is-freed-too-late': async (rig) => {
    await running(rig, { miniportOids: 'later' });
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },
  'synchronous-answer-is-taken-for-pending': async (rig) => {
    await running(rig);
    await rig.oidFromAbove('A', 'OID_GEN_STATISTICS');
  },

  // OID originate
  'oid-requests-in-low-power': async (rig) => {
    await running(rig);
    await rig.suspend('A');
    await rig.ask('app', 'oid');
  },
  'new-handle-inherits-the-ndis-handle-of-a-dead-module': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
    await rig.openHandle('other', 'A');
  },
  'own-oid-is-freed-while-pending': async (rig) => {
    await running(rig, { miniportOids: 'hold' });
    await rig.ask('app', 'oid');
    await rig.letTimePass(5_000);
    await rig.completeOids('A');
  },
  'own-oid-is-completed-upward': async (rig) => {
    await running(rig, { miniportOids: 'later' });
    await rig.ask('app', 'oid');
  },

  // user-mode handles
  'handle-keeps-a-pointer-to-its-module': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
    await rig.ask('app', 'send');
  },
  'parked-write-holds-up-the-detach': async (rig) => {
    await running(rig);
    await rig.pause('A');
    await rig.ask('app', 'send');
    await rig.disableAdapter('A');
  },

  // NBL ownership
  'nbl-is-built-in-private-memory': async (rig) => {
    await running(rig);
    await rig.ask('app', 'send');
  },
  'data-of-the-protocol-is-overwritten': async (rig) => {
    await running(rig);
    await rig.sendFromAbove('A', { count: 1 });
  },

  // IRQL
  'pnp-event-is-forwarded-at-dispatch-level': async (rig) => {
    await running(rig);
    await rig.disableAdapter('A');
  },

  // timers and work items
  'timer-sends-without-asking-the-gate': async (rig) => {
    await running(rig);
    await rig.ask('app', 'sendByTimer');
    await rig.pause('A');
    await rig.letTimePass(5_000);
  },
  'armed-timer-holds-no-reference': async (rig) => {
    await running(rig);
    await rig.ask('app', 'statusByTimer');
    await rig.stopBefore({ point: 'NdisFIndicateStatus', inside: 'NdisTimerFunction' });
    await rig.letTimePass(5_000);
    await rig.disableAdapter('A');
    await rig.letGo();
  },
  'work-item-holds-no-reference': async (rig) => {
    await running(rig);
    await rig.stopBefore({ point: '*', inside: 'NdisIoWorkItemFunction' });
    await rig.ask('app', 'sendByWorkItem');
    await rig.disableAdapter('A');
    await rig.letGo();
  },
};
