/** The calls of a rig that a lab machine refuses whatever the state of things, and those that undo what was never done. */
import type { Operation } from '../../../contract';
import { refuse, WHY_NOT } from './refusals';

export class RefusedCalls {
  async surpriseRemove(): Promise<Operation> {
    return refuse(WHY_NOT.surprise);
  }

  async insertFilter(): Promise<Operation> {
    return refuse(WHY_NOT.filters);
  }

  async removeFilter(): Promise<Operation> {
    return refuse(WHY_NOT.filters);
  }

  async bindProtocol(): Promise<Operation> {
    return refuse(WHY_NOT.protocols);
  }

  async unbindProtocol(): Promise<Operation> {
    return refuse(WHY_NOT.protocols);
  }

  async netPnPEvent(): Promise<Operation> {
    return refuse(WHY_NOT.events);
  }

  async devicePnPEvent(): Promise<Operation> {
    return refuse(WHY_NOT.events);
  }

  async cancelSends(): Promise<void> {
    refuse(WHY_NOT.cancelSends);
  }

  async cancelOidFromAbove(): Promise<void> {
    refuse(WHY_NOT.cancelOids);
  }

  async statusFromBelow(): Promise<void> {
    refuse(WHY_NOT.status);
  }

  async stopBefore(): Promise<void> {
    refuse(WHY_NOT.schedule);
  }

  async stopped(): Promise<readonly string[]> {
    return [];
  }

  async letGo(): Promise<void> {
    // Nothing was stopped.
  }

  async failAllocations(count: number): Promise<void> {
    if (count > 0) refuse(WHY_NOT.memory);
  }
}
