/** Where a scenario is played: the adapter under test, and what is seen and moved on it. */
import type { AdapterName } from '../../../contract';
import type { Actions } from './actions';
import type { Ends } from './ends';
import type { Turn } from './lives';
import type { OidRequests } from './oid-requests';
import type { Scene } from './scene';
import type { UnderWay } from './under-way';

export interface SiteParts {
  readonly scene: Scene;
  readonly actions: Actions;
  readonly ends: Ends;
  readonly oids: OidRequests;
  readonly underWay: UnderWay;
}

export class Site implements SiteParts {
  readonly scene: Scene;
  readonly actions: Actions;
  readonly ends: Ends;
  readonly oids: OidRequests;
  readonly underWay: UnderWay;
  /** As the scenario calls it; undefined before it is plugged in. */
  adapter: AdapterName | undefined;

  constructor({ scene, actions, ends, oids, underWay }: SiteParts) {
    this.scene = scene;
    this.actions = actions;
    this.ends = ends;
    this.oids = oids;
    this.underWay = underWay;
  }

  require(adapter: AdapterName): void {
    if (this.adapter !== adapter) throw new Error(`There is no adapter ${adapter}.`);
  }

  /** @throws RigRefusal when something is missing, or the machine is further than the scenario */
  async lookHere(): Promise<void> {
    await this.scene.look();
    this.scene.requireHere();
  }

  /** @param from number of crossings that there were before */
  turns(from: number): readonly Turn[] {
    return this.scene.turns.filter(({ index }) => index >= from);
  }
}
