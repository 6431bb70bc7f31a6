import type { Call, Kernel } from '../../kernel';
import { KitError } from '../../kernel';
import { ndisBugcheck } from '../faults';
import type { NdisStatus } from '../status';
import type { ModuleState } from './filter';

/** The transition table, https://learn.microsoft.com/windows-hardware/drivers/network/filter-module-states-and-operations */
const LEGAL_BEFORE: Record<ModuleState, readonly ModuleState[]> = {
  Attaching: ['Detached'],
  Paused: ['Attaching', 'Restarting', 'Pausing'],
  Restarting: ['Paused'],
  Running: ['Restarting'],
  Pausing: ['Running'],
  Detaching: ['Paused'],
  Detached: ['Attaching', 'Detaching'],
};

/** How far a FilterPause or FilterRestart that may end through a call has come. */
interface Operation {
  handlerReturned: boolean;
  /** What the completion call said, once it was made. */
  result: NdisStatus | undefined;
}

/** The state of one module, and the pause or restart under way. */
export class ModuleLife {
  /** Restarts that succeeded so far. */
  restarts = 0;
  private current: ModuleState = 'Detached';
  private pausing: Operation | undefined;
  private restarting: Operation | undefined;

  constructor(
    private readonly kernel: Kernel,
    private readonly module: string,
  ) {}

  get state(): ModuleState {
    return this.current;
  }

  /** @throws KitError when NDIS would break its own rules */
  to(next: ModuleState): void {
    if (!LEGAL_BEFORE[next].includes(this.current)) {
      throw new KitError(`${this.module} cannot go from ${this.current} to ${next}`);
    }
    this.current = next;
  }

  /** @param enterHandler calls FilterRestart. @returns the final status of the restart */
  *restart(enterHandler: () => Call<NdisStatus>): Call<NdisStatus> {
    this.to('Restarting');
    const restarting: Operation = { handlerReturned: false, result: undefined };
    this.restarting = restarting;
    const status = yield* enterHandler();
    restarting.handlerReturned = true;
    if (status !== 'NDIS_STATUS_PENDING') {
      if (restarting.result) throw this.completedTwice('FilterRestart');
      this.restarted(status);
    } else if (restarting.result) {
      this.restarted(restarting.result);
    } else {
      yield* this.kernel.until(`${this.module} completes its restart`, () => this.restarting !== restarting);
    }
    return restarting.result ?? status;
  }

  /** NdisFRestartComplete. @throws Bugcheck 0x7C/0x1F when no restart is pending */
  restartComplete(status: NdisStatus): void {
    const { restarting } = this;
    if (!restarting || restarting.result) throw this.nothingPending('NdisFRestartComplete', 'restart');
    restarting.result = status;
    if (restarting.handlerReturned) this.restarted(status);
  }

  /** @param enterHandler calls FilterPause */
  *pause(enterHandler: () => Call<NdisStatus>): Call<void> {
    this.to('Pausing');
    const pausing: Operation = { handlerReturned: false, result: undefined };
    this.pausing = pausing;
    const status = yield* enterHandler();
    pausing.handlerReturned = true;
    if (status !== 'NDIS_STATUS_PENDING') {
      if (pausing.result) throw this.completedTwice('FilterPause');
      this.paused();
    } else if (pausing.result) {
      this.paused();
    } else {
      yield* this.kernel.until(`${this.module} completes its pause`, () => this.pausing !== pausing);
    }
  }

  /**
   * NdisFPauseComplete: may come before FilterPause has returned NDIS_STATUS_PENDING.
   * @throws Bugcheck 0x7C/0x1F when no pause is pending
   */
  pauseComplete(): void {
    const { pausing } = this;
    if (!pausing || pausing.result) throw this.nothingPending('NdisFPauseComplete', 'pause');
    pausing.result = 'NDIS_STATUS_SUCCESS';
    if (pausing.handlerReturned) this.paused();
  }

  private restarted(status: NdisStatus): void {
    this.restarting = undefined;
    if (status === 'NDIS_STATUS_SUCCESS') this.restarts += 1;
    this.to(status === 'NDIS_STATUS_SUCCESS' ? 'Running' : 'Paused');
  }

  private paused(): void {
    this.pausing = undefined;
    this.to('Paused');
  }

  private nothingPending(ddi: string, what: string): Error {
    return ndisBugcheck(this.kernel, '0x1F', `${ddi} was called for ${this.module} with no ${what} pending`);
  }

  private completedTwice(ddi: string): Error {
    return ndisBugcheck(
      this.kernel,
      '0x1F',
      `${ddi} of ${this.module} returned a final status, but the operation had already been completed by a call`,
    );
  }
}
