/** Every defective driver, by area: the reference filter with one small change each. One file, one defect. */
import type { Defect } from '../registered';
import { registersWithoutAPauseHandler } from './registration/registers-without-a-pause-handler';
import { registersAnOidHandlerWithoutItsCompletion } from './registration/registers-an-oid-handler-without-its-completion';
import { originatesReceivesWithoutAReturnHandler } from './registration/originates-receives-without-a-return-handler';
import { bypassDropsTheSendCompleteHandler } from './registration/bypass-drops-the-send-complete-handler';
import { registersBeforeItsGlobalsAreReady } from './registration/registers-before-its-globals-are-ready';
import { attachAnswersPendingWhenMemoryIsShort } from './attach/attach-answers-pending-when-memory-is-short';
import { attachForgetsItsAttributes } from './attach/attach-forgets-its-attributes';
import { failedAttachLeaksTheModule } from './attach/failed-attach-leaks-the-module';
import { attachQueriesTheAdapter } from './attach/attach-queries-the-adapter';
import { startsLifeWithTheGateOpen } from './attach/starts-life-with-the-gate-open';
import { modulesShareOneContext } from './attach/modules-share-one-context';
import { restartReturnsAnUndocumentedStatus } from './restart/restart-returns-an-undocumented-status';
import { restartPendsForEver } from './restart/restart-pends-for-ever';
import { restartIsCompletedAndSucceeds } from './restart/restart-is-completed-and-succeeds';
import { restartAnnouncesItself } from './restart/restart-announces-itself';
import { sendsWaitForTheEndOfTheRestart } from './restart/sends-wait-for-the-end-of-the-restart';
import { oidRequestsAreRefusedWhileRestarting } from './restart/oid-requests-are-refused-while-restarting';
import { failedRestartLeavesItsAttributes } from './restart/failed-restart-leaves-its-attributes';
import { restartLeavesTheGateClosed } from './restart/restart-leaves-the-gate-closed';
import { pauseReturnsAnUninitializedStatus } from './pause/pause-returns-an-uninitialized-status';
import { pendingPauseIsNeverCompleted } from './pause/pending-pause-is-never-completed';
import { pauseSucceedsAndIsCompletedToo } from './pause/pause-succeeds-and-is-completed-too';
import { pauseSucceedsAndTheLastSendCompletesIt } from './pause/pause-succeeds-and-the-last-send-completes-it';
import { pauseSleepsForTwelveSeconds } from './pause/pause-sleeps-for-twelve-seconds';
import { gateIsLeftBeforeTheSend } from './pause/gate-is-left-before-the-send';
import { gateStaysOpenWhileThePausePends } from './pause/gate-stays-open-while-the-pause-pends';
import { gateStaysOpenAfterAPauseThatSucceeds } from './pause/gate-stays-open-after-a-pause-that-succeeds';
import { receivesPassAClosedGate } from './pause/receives-pass-a-closed-gate';
import { heldSendsStayQueuedOverAPause } from './pause/held-sends-stay-queued-over-a-pause';
import { heldReceivesStayQueuedOverAPause } from './pause/held-receives-stay-queued-over-a-pause';
import { pauseReturnsSuccessWithSendsOut } from './pause/pause-returns-success-with-sends-out';
import { lastCounterDecidesOverThePause } from './pause/last-counter-decides-over-the-pause';
import { originatedReceivesAreNotWaitedFor } from './pause/originated-receives-are-not-waited-for';
import { sendsPassAClosedGate } from './pause/sends-pass-a-closed-gate';
import { receivesAreKeptWhilePaused } from './pause/receives-are-kept-while-paused';
import { pauseKeepsTheLock } from './pause/pause-keeps-the-lock';
import { oidRequestsWaitForTheRestart } from './pause/oid-requests-wait-for-the-restart';
import { statusIsDroppedWhilePaused } from './pause/status-is-dropped-while-paused';
import { pauseWaitsWithTheLockHeld } from './pause/pause-waits-with-the-lock-held';
import { returnsAreDroppedWhilePaused } from './pause/returns-are-dropped-while-paused';
import { detachIsFinishedByAWorkItem } from './detach/detach-is-finished-by-a-work-item';
import { cleanupUsesTheNdisHandleOfADetachedModule } from './detach/cleanup-uses-the-ndis-handle-of-a-detached-module';
import { writeUsesTheNdisHandleOfADetachedModule } from './detach/write-uses-the-ndis-handle-of-a-detached-module';
import { detachWaitsForARestartThatNeverWas } from './detach/detach-waits-for-a-restart-that-never-was';
import { detachForgetsThePool } from './detach/detach-forgets-the-pool';
import { ownOidOutlivesTheModule } from './detach/own-oid-outlives-the-module';
import { packetFilterIsRestoredInDetach } from './detach/packet-filter-is-restored-in-detach';
import { statusIsIndicatedAfterDetach } from './detach/status-is-indicated-after-detach';
import { poolIsFreedUnderSpareNbls } from './detach/pool-is-freed-under-spare-nbls';
import { detachedModuleStaysInTheList } from './detach/detached-module-stays-in-the-list';
import { detachDoesNotWaitForUsers } from './detach/detach-does-not-wait-for-users';
import { unloadWithoutDeregistering } from './unload/unload-without-deregistering';
import { globalsAreFreedBeforeDeregistering } from './unload/globals-are-freed-before-deregistering';
import { unloadWithASpareNbl } from './unload/unload-with-a-spare-nbl';
import { probeIsSentBeforeTheRestart } from './send-originate/probe-is-sent-before-the-restart';
import { sourceHandleIsLeftEmpty } from './send-originate/source-handle-is-left-empty';
import { sendIsTouchedAfterTheCall } from './send-originate/send-is-touched-after-the-call';
import { ownSendsAreCompletedUpward } from './send-originate/own-sends-are-completed-upward';
import { onlyTheFirstNblOfACompletionIsLookedAt } from './send-originate/only-the-first-nbl-of-a-completion-is-looked-at';
import { restOfASendChainIsLost } from './send-pass-through/rest-of-a-send-chain-is-lost';
import { heldSendsArePassedDownToo } from './send-pass-through/held-sends-are-passed-down-too';
import { sourceHandleOfOthersIsOverwritten } from './send-pass-through/source-handle-of-others-is-overwritten';
import { headerStaysOnCompletedSends } from './send-pass-through/header-stays-on-completed-sends';
import { secondNetBufferIsCutOff } from './send-pass-through/second-net-buffer-is-cut-off';
import { onlyTheFirstCompletionIsHandedUp } from './send-complete/only-the-first-completion-is-handed-up';
import { sendsAreCompletedBeforeTheyAreDone } from './send-complete/sends-are-completed-before-they-are-done';
import { dispatchFlagIsSetAtPassiveLevel } from './send-complete/dispatch-flag-is-set-at-passive-level';
import { receiveIsTouchedAfterTheCall } from './receive-originate/receive-is-touched-after-the-call';
import { lowResourcesReceivesAreWaitedFor } from './receive-originate/low-resources-receives-are-waited-for';
import { indicatesAWrongCount } from './receive-originate/indicates-a-wrong-count';
import { ownReceivesAreReturnedDownward } from './receive-originate/own-receives-are-returned-downward';
import { restOfAReceiveChainIsLost } from './receive-pass-through/rest-of-a-receive-chain-is-lost';
import { receivesAreIndicatedAndReturned } from './receive-pass-through/receives-are-indicated-and-returned';
import { lowResourcesReceivesAreReturned } from './receive-pass-through/low-resources-receives-are-returned';
import { lowResourcesReceivesAreHeld } from './receive-pass-through/low-resources-receives-are-held';
import { lowResourcesChainIsLeftInPieces } from './receive-pass-through/low-resources-chain-is-left-in-pieces';
import { resourcesFlagIsDroppedOnTheWayUp } from './receive-pass-through/resources-flag-is-dropped-on-the-way-up';
import { headerStaysOnReturnedReceives } from './receive-pass-through/header-stays-on-returned-receives';
import { onlyTheFirstReturnIsHandedDown } from './return/only-the-first-return-is-handed-down';
import { cancelIgnoresHeldSends } from './cancel/cancel-ignores-held-sends';
import { cancelIsNotPassedDown } from './cancel/cancel-is-not-passed-down';
import { oidRequestIsCompletedTwice } from './oid-pass-through/oid-request-is-completed-twice';
import { oidRequestIsForwardedWithoutAClone } from './oid-pass-through/oid-request-is-forwarded-without-a-clone';
import { resultsOfTheCloneAreNotCopied } from './oid-pass-through/results-of-the-clone-are-not-copied';
import { cloneIsFreedTooLate } from './oid-pass-through/clone-is-freed-too-late';
import { synchronousAnswerIsTakenForPending } from './oid-pass-through/synchronous-answer-is-taken-for-pending';
import { oidRequestsInLowPower } from './oid-originate/oid-requests-in-low-power';
import { newHandleInheritsTheNdisHandleOfADeadModule } from './oid-originate/new-handle-inherits-the-ndis-handle-of-a-dead-module';
import { ownOidIsFreedWhilePending } from './oid-originate/own-oid-is-freed-while-pending';
import { ownOidIsCompletedUpward } from './oid-originate/own-oid-is-completed-upward';
import { handleKeepsAPointerToItsModule } from './user-mode-handles/handle-keeps-a-pointer-to-its-module';
import { parkedWriteHoldsUpTheDetach } from './user-mode-handles/parked-write-holds-up-the-detach';
import { nblIsBuiltInPrivateMemory } from './nbl-ownership/nbl-is-built-in-private-memory';
import { dataOfTheProtocolIsOverwritten } from './nbl-ownership/data-of-the-protocol-is-overwritten';
import { pnpEventIsForwardedAtDispatchLevel } from './irql/pnp-event-is-forwarded-at-dispatch-level';
import { timerSendsWithoutAskingTheGate } from './timers-and-work-items/timer-sends-without-asking-the-gate';
import { armedTimerHoldsNoReference } from './timers-and-work-items/armed-timer-holds-no-reference';
import { workItemHoldsNoReference } from './timers-and-work-items/work-item-holds-no-reference';

export const defects: readonly Defect[] = [
  // registration
  registersWithoutAPauseHandler,
  registersAnOidHandlerWithoutItsCompletion,
  originatesReceivesWithoutAReturnHandler,
  bypassDropsTheSendCompleteHandler,
  registersBeforeItsGlobalsAreReady,
  // attach
  attachAnswersPendingWhenMemoryIsShort,
  attachForgetsItsAttributes,
  failedAttachLeaksTheModule,
  attachQueriesTheAdapter,
  startsLifeWithTheGateOpen,
  modulesShareOneContext,
  // restart
  restartReturnsAnUndocumentedStatus,
  restartPendsForEver,
  restartIsCompletedAndSucceeds,
  restartAnnouncesItself,
  sendsWaitForTheEndOfTheRestart,
  oidRequestsAreRefusedWhileRestarting,
  failedRestartLeavesItsAttributes,
  restartLeavesTheGateClosed,
  // pause
  pauseReturnsAnUninitializedStatus,
  pendingPauseIsNeverCompleted,
  pauseSucceedsAndIsCompletedToo,
  pauseSucceedsAndTheLastSendCompletesIt,
  pauseSleepsForTwelveSeconds,
  gateIsLeftBeforeTheSend,
  gateStaysOpenWhileThePausePends,
  gateStaysOpenAfterAPauseThatSucceeds,
  receivesPassAClosedGate,
  heldSendsStayQueuedOverAPause,
  heldReceivesStayQueuedOverAPause,
  pauseReturnsSuccessWithSendsOut,
  lastCounterDecidesOverThePause,
  originatedReceivesAreNotWaitedFor,
  sendsPassAClosedGate,
  receivesAreKeptWhilePaused,
  pauseKeepsTheLock,
  oidRequestsWaitForTheRestart,
  statusIsDroppedWhilePaused,
  pauseWaitsWithTheLockHeld,
  returnsAreDroppedWhilePaused,
  // detach
  detachIsFinishedByAWorkItem,
  cleanupUsesTheNdisHandleOfADetachedModule,
  writeUsesTheNdisHandleOfADetachedModule,
  detachWaitsForARestartThatNeverWas,
  detachForgetsThePool,
  ownOidOutlivesTheModule,
  packetFilterIsRestoredInDetach,
  statusIsIndicatedAfterDetach,
  poolIsFreedUnderSpareNbls,
  detachedModuleStaysInTheList,
  detachDoesNotWaitForUsers,
  // unload
  unloadWithoutDeregistering,
  globalsAreFreedBeforeDeregistering,
  unloadWithASpareNbl,
  // send originate
  probeIsSentBeforeTheRestart,
  sourceHandleIsLeftEmpty,
  sendIsTouchedAfterTheCall,
  ownSendsAreCompletedUpward,
  onlyTheFirstNblOfACompletionIsLookedAt,
  // send pass through
  restOfASendChainIsLost,
  heldSendsArePassedDownToo,
  sourceHandleOfOthersIsOverwritten,
  headerStaysOnCompletedSends,
  secondNetBufferIsCutOff,
  // send complete
  onlyTheFirstCompletionIsHandedUp,
  sendsAreCompletedBeforeTheyAreDone,
  dispatchFlagIsSetAtPassiveLevel,
  // receive originate
  receiveIsTouchedAfterTheCall,
  lowResourcesReceivesAreWaitedFor,
  indicatesAWrongCount,
  ownReceivesAreReturnedDownward,
  // receive pass through
  restOfAReceiveChainIsLost,
  receivesAreIndicatedAndReturned,
  lowResourcesReceivesAreReturned,
  lowResourcesReceivesAreHeld,
  lowResourcesChainIsLeftInPieces,
  resourcesFlagIsDroppedOnTheWayUp,
  headerStaysOnReturnedReceives,
  // return
  onlyTheFirstReturnIsHandedDown,
  // cancel
  cancelIgnoresHeldSends,
  cancelIsNotPassedDown,
  // oid pass through
  oidRequestIsCompletedTwice,
  oidRequestIsForwardedWithoutAClone,
  resultsOfTheCloneAreNotCopied,
  cloneIsFreedTooLate,
  synchronousAnswerIsTakenForPending,
  // oid originate
  oidRequestsInLowPower,
  newHandleInheritsTheNdisHandleOfADeadModule,
  ownOidIsFreedWhilePending,
  ownOidIsCompletedUpward,
  // user mode handles
  handleKeepsAPointerToItsModule,
  parkedWriteHoldsUpTheDetach,
  // nbl ownership
  nblIsBuiltInPrivateMemory,
  dataOfTheProtocolIsOverwritten,
  // irql
  pnpEventIsForwardedAtDispatchLevel,
  // timers and work items
  timerSendsWithoutAskingTheGate,
  armedTimerHoldsNoReference,
  workItemHoldsNoReference,
];
