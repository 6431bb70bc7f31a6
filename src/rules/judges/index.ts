/** The judges: one automaton a rule family, over books that they share. */
import type { Judges } from '../judges-contract';
import { judgeRegistration } from './registration';
import { judgeAttach } from './attach';
import { judgeBlackBox } from './black-box';
import { judgeRestart } from './restart';
import { judgeDetach } from './detach';
import { judgeUnload } from './unload';
import { judgeCallIrql } from './call-irql';
import { judgeCallbacks } from './callbacks';
import { judgeRequests } from './requests';
import { judgeNblOrigin } from './nbl-origin';
import { judgeNblPools } from './nbl-pools';
import { judgeCancel } from './cancel';
import { judgeLevelsAndLocks } from './levels-and-locks';
import { judgeTimerObjects } from './timer-objects';
import { judgeNblCare } from './nbl-care';
import { Court, type MakeJudge } from './court';
import { judgeDispatchFlags } from './dispatch-flags';
import { judgeNewEpoch } from './new-epoch';
import { judgeOidClones } from './oid-clones';
import { judgeOidHandlers } from './oid-handlers';
import { judgeOidOrigination } from './oid-origination';
import { judgeOids } from './oids';
import { judgeOidsWhileNotRunning } from './oids-while-not-running';
import { judgeOrigination } from './origination';
import { judgeOwnOidsAtDetach } from './own-oids-at-detach';
import { judgePauseDrain } from './pause-drain';
import { judgePauseProcedure } from './pause-procedure';
import { judgePnp } from './pnp';
import { judgeReceives } from './receives';
import { judgeReturns } from './returns';
import { judgeSends } from './sends';
import { judgeStatus } from './status';
import { judgeSynchronousOids } from './synchronous-oids';
import { judgeTrafficWhileNotRunning } from './traffic-while-not-running';

const makers: readonly MakeJudge[] = [
  judgeRegistration,
  judgeAttach,
  judgeRestart,
  // Before detach: a fault in a detach that unloading brings about is explained by it.
  judgeUnload,
  judgeDetach,
  judgeCallIrql,
  judgeCallbacks,
  judgeRequests,
  judgeNblOrigin,
  judgeNblPools,
  judgeOrigination,
  judgePauseProcedure,
  judgePauseDrain,
  judgeTrafficWhileNotRunning,
  judgeNewEpoch,
  judgeSends,
  judgeDispatchFlags,
  judgeNblCare,
  judgeTimerObjects,
  judgeLevelsAndLocks,
  judgeReceives,
  judgeReturns,
  judgeCancel,
  judgeOids,
  judgeOidClones,
  judgeOidsWhileNotRunning,
  judgeOidHandlers,
  judgeOidOrigination,
  judgeOwnOidsAtDetach,
  judgeSynchronousOids,
  judgeStatus,
  judgePnp,
  judgeBlackBox,
];

export interface JudgeOptions {
  /** Ids of the rules that count. Default: all. */
  readonly rules?: ReadonlySet<string>;
  /** The trace says of itself that it starts before DriverEntry (its header). */
  readonly complete?: boolean;
}

/**
 * Seats all judges for one trace.
 * @returns judges that have seen nothing yet
 */
export function createJudges(options: JudgeOptions = {}): Judges {
  return new Court(makers, options.rules, options.complete ?? false);
}

/**
 * @param ddi name of a function, or of an observation
 * @returns whether a crossing of it can make a difference to a verdict
 */
export function isJudged(ddi: string): boolean {
  return new Court(makers, undefined, false).hears(ddi);
}
