/**
 * An adapter in TypeScript: the simulator, with every call that a scenario makes of its rig on standard error. Whoever writes an
 * adapter sees here what will be asked of it, and in which order.
 *
 *     npx lwf run --adapter docs/examples/adapter.ts features/pause/pends.feature:12
 */
import type { Adapter, Capabilities, DriverProfile, Rig, RigOptions } from 'ndis-lwf-spec/contract';
import { createSimulator, ReferenceFilter, simulate } from 'ndis-lwf-spec/simulator';

class TellingAdapter implements Adapter {
  readonly name = 'telling simulator';

  constructor(
    private readonly stage: Adapter,
    private readonly tell: (line: string) => void,
  ) {}

  get driver(): string {
    return this.stage.driver;
  }

  capabilities(): Promise<Capabilities> {
    return this.stage.capabilities();
  }

  profile(): Promise<DriverProfile> {
    return this.stage.profile();
  }

  async open(options: RigOptions): Promise<Rig> {
    const rig = await this.stage.open(options);
    this.tell(`open ${JSON.stringify(options)}`);
    return new Proxy(rig, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...values: unknown[]) => {
          const result: unknown = await Reflect.apply(member, target, values);
          this.tell(`${String(name)}(${values.map((value) => JSON.stringify(value)).join(', ')})`);
          return result;
        };
      },
    });
  }

  exhibit(): undefined {
    return undefined;
  }
}

export const adapter: Adapter = new TellingAdapter(
  createSimulator(simulate('example', ReferenceFilter)),
  (line) => void process.stderr.write(`${line}\n`),
);
