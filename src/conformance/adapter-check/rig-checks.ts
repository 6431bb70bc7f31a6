import { isDeepStrictEqual } from 'node:util';
import {
  ASKED_BY,
  DRIVER_CAPABILITIES,
  type Batch,
  type DriverProfile,
  type NeighbourBooks,
  type Operation,
} from '../../../adapters/contract';
import { CODE, type Method } from '../../../adapters/contract/protocol';
import type { AdapterCheck } from './check';
import { NotTried, Wrong } from './conversation';
import { moduleOnA, needs, stateOf, succeeds, wholeTrace, type OperationCall } from './tester';

/** One life of a module, call by call, with the state that the module must have afterwards. */
const LIFE: readonly (readonly [OperationCall, string])[] = [
  ['attach', 'Paused'],
  ['restart', 'Running'],
  ['pause', 'Paused'],
  ['restart', 'Running'],
  ['pause', 'Paused'],
  ['detach', 'Detached'],
];

export const rigChecks: readonly AdapterCheck[] = [
  {
    id: 'profile.fits',
    says: 'The profile says of every capability how an application asks for it, and names the device that it opens.',
    async try(tester) {
      const { adapter } = await tester.greet();
      const { capabilities, requests, device } = (await adapter.result('profile')) as DriverProfile;
      for (const capability of capabilities) {
        const ask = capability === 'userModeHandles' ? undefined : ASKED_BY[capability];
        if (ask && !requests[ask])
          throw new Wrong(
            `it says that ${DRIVER_CAPABILITIES[capability]} (${capability}), and \`requests\` has no \`${ask}\``,
          );
      }
      if (!device && (capabilities.includes('userModeHandles') || Object.keys(requests).length > 0)) {
        throw new Wrong('applications open handles and ask for things, and there is no `device`');
      }
    },
  },
  {
    id: 'rig.one-at-a-time',
    says: 'A second open while a rig is open is answered by an error, and the rig goes on.',
    async try(tester) {
      const { adapter } = await tester.open();
      await adapter.refusal('open', { seed: 2 });
      await succeeds(adapter, 'load');
    },
  },
  {
    id: 'rig.life',
    says: 'load, addAdapter, attach, restart, pause, detach do what they say; modules tells the state, and forgets nobody.',
    async try(tester) {
      const { adapter } = await tester.load();
      const before = await moduleOnA(adapter);
      if (before) throw new Wrong(`a module (${before.module}) is there before \`attach\``);
      for (const [call, state] of LIFE) {
        await succeeds(adapter, call, { adapter: 'A' });
        const found = (await moduleOnA(adapter))?.state;
        if (found !== state)
          throw new Wrong(`after \`${call}\` the module is ${found ?? 'not among modules'}, and must be ${state}`);
      }
      const life = await moduleOnA(adapter);
      if (life?.restarts !== 2)
        throw new Wrong(`the module was restarted twice, and \`restarts\` is ${life?.restarts}`);
      await succeeds(adapter, 'attach', { adapter: 'A' });
      const next = await moduleOnA(adapter);
      if (next?.module === life.module)
        throw new Wrong(`a module that is attached again is a new one, and is called ${next.module} again`);
      await succeeds(adapter, 'unload');
    },
  },
  {
    id: 'rig.operations',
    says: 'Operations have ids of their own, stay known to the end of the rig, and one that nobody began is error -32602.',
    async try(tester) {
      const { adapter } = await tester.load();
      const first = (await adapter.result('attach', { adapter: 'A' })) as { id: number };
      const ids = [first.id];
      for (const call of ['restart', 'pause', 'restart'] as const) {
        const { id } = (await adapter.result(call, { adapter: 'A' })) as { id: number };
        if (ids.includes(id)) throw new Wrong(`two operations have the id ${id}`);
        ids.push(id);
      }
      const [one, again] = [await stateOf(adapter, first), await stateOf(adapter, first)];
      if (!isDeepStrictEqual(one, again)) throw new Wrong('asked twice how an operation stands, it gives two answers');
      await adapter.refusal('operation', { operation: { id: 987_654_321 } }, [CODE.invalidParams]);
    },
  },
  {
    id: 'rig.pending',
    says: 'A pause that waits for the driver is pending, and its module Pausing, until both are over; with holdCompletions.',
    async try(tester) {
      const { adapter, facts } = await tester.run();
      needs(facts, 'holdCompletions');
      const { requests, device } = (await adapter.result('profile')) as DriverProfile;
      if (!device || !requests.send) throw new NotTried('the profile does not say how the driver is made to send');
      await adapter.result('setNeighbours', { adapter: 'A', policy: { miniportSends: 'hold' } });
      await succeeds(adapter, 'openHandle', { app: 'application', adapter: 'A' });
      await adapter.result('ask', { app: 'application', what: 'send', count: 1 });
      const pause = (await adapter.result('pause', { adapter: 'A' })) as Operation;
      const agreed = async (): Promise<boolean> => {
        const { state } = await stateOf(adapter, pause);
        const module = (await moduleOnA(adapter))?.state;
        const isPending = state === 'pending';
        if (isPending !== (module === 'Pausing'))
          throw new Wrong(`the pause is ${state}, and the module is ${module ?? 'not among modules'}`);
        return isPending;
      };
      if (!(await agreed())) throw new NotTried('the driver under test pauses without waiting for what it sent');
      await adapter.result('completeSends', { adapter: 'A' });
      await agreed();
    },
  },
  {
    id: 'rig.unknown-adapter',
    says: 'A network adapter that is not there is answered by an error, and one that is there cannot be added again.',
    async try(tester) {
      const { adapter } = await tester.load();
      await adapter.refusal('attach', { adapter: 'Z' });
      await adapter.refusal('neighbours', { adapter: 'Z' });
      await adapter.refusal('addAdapter', { adapter: 'A' });
      await succeeds(adapter, 'attach', { adapter: 'A' });
    },
  },
  {
    id: 'rig.undo',
    says: 'close undoes everything, twice is no error, and the next rig finds an empty machine.',
    async try(tester) {
      const running = await tester.run();
      const { adapter } = running;
      await adapter.result('close');
      await adapter.result('close');
      await adapter.result('open', { seed: 1 });
      if (await moduleOnA(adapter)) throw new Wrong('modules of the rig that was closed are still there');
      const [first] = await wholeTrace(running);
      if (first) throw new Wrong('crossings of the rig that was closed are still there');
      await succeeds(adapter, 'load');
      await adapter.result('addAdapter', { adapter: 'A' });
      await succeeds(adapter, 'attach', { adapter: 'A' });
    },
  },
  {
    id: 'rig.seeds',
    says: 'A seed is any whole number from 0 to 9007199254740991.',
    async try(tester) {
      const { adapter } = await tester.greet();
      for (const seed of [0, Number.MAX_SAFE_INTEGER]) {
        await adapter.result('open', { seed });
        await adapter.result('close');
      }
    },
  },
  {
    id: 'rig.settles',
    says: 'settle and bugcheck are answered, the latter by null as long as the system runs; without them the adapter says -32601.',
    async try(tester) {
      const { adapter } = await tester.run();
      for (const method of ['settle', 'bugcheck'] as const) {
        const { result, error } = await adapter.ask(method);
        if (error && error.code !== CODE.methodNotFound) throw new Wrong(`\`${method}\` was refused: ${error.message}`);
        if (!error && result !== null)
          throw new Wrong(`\`${method}\` was answered by ${JSON.stringify(result)} while the system runs`);
      }
    },
  },
  {
    id: 'traffic.through',
    says: 'sendFromAbove and receiveFromBelow give the names of the NBLs, and neighbours tells which came back.',
    async try(tester) {
      const { adapter } = await tester.run();
      const books = async (): Promise<NeighbourBooks> =>
        (await adapter.result('neighbours', { adapter: 'A' })) as NeighbourBooks;
      const sent = (await adapter.result('sendFromAbove', { adapter: 'A', what: { count: 2 } })) as Batch;
      const received = (await adapter.result('receiveFromBelow', { adapter: 'A', what: { count: 2 } })) as Batch;
      if (sent.items.length !== 2 || received.items.length !== 2)
        throw new Wrong('two NBLs were asked for, and `items` has not two names');
      if (new Set([...sent.items, ...received.items]).size !== 4)
        throw new Wrong('NBLs that are out at one time have one name');
      const { sendsBack = [], receivesBack = [] } = await books();
      const late = [
        ...sent.items.filter((item) => !sendsBack.some((back) => back.item === item)),
        ...received.items.filter((item) => !receivesBack.includes(item)),
      ];
      if (late.length > 0) throw new NotTried(`the driver under test keeps ${late.join(', ')}`);
    },
  },
  {
    id: 'traffic.held',
    says: 'With holdCompletions a neighbour that was told to hold keeps what it gets, until it is told to give it back.',
    async try(tester) {
      const { adapter, facts } = await tester.run();
      needs(facts, 'holdCompletions');
      const held = async (): Promise<number> =>
        (((await adapter.result('neighbours', { adapter: 'A' })) as Partial<NeighbourBooks>).miniportSends ?? [])
          .length;
      await adapter.result('setNeighbours', { adapter: 'A', policy: { miniportSends: 'hold' } });
      await adapter.result('sendFromAbove', { adapter: 'A', what: { count: 3 } });
      if ((await held()) === 0) throw new NotTried('the driver under test passes no send down');
      if ((await held()) !== 3) throw new Wrong(`three sends went down, and the miniport holds ${await held()}`);
      await adapter.result('completeSends', { adapter: 'A', which: { count: 1 } });
      if ((await held()) !== 2) throw new Wrong(`one of three was completed, and the miniport holds ${await held()}`);
      await adapter.result('completeSends', { adapter: 'A' });
      if ((await held()) !== 0) throw new Wrong(`all were completed, and the miniport holds ${await held()}`);
    },
  },
  {
    id: 'asks.known',
    says: 'An application opens a handle, and every ask that the profile has is an operation.',
    async try(tester) {
      const { adapter } = await tester.run();
      const { requests, device } = (await adapter.result('profile')) as DriverProfile;
      if (!device) throw new NotTried('the profile names no device');
      await succeeds(adapter, 'openHandle', { app: 'application', adapter: 'A' });
      for (const what of Object.keys(requests))
        await stateOf(adapter, (await adapter.result('ask', { app: 'application', what, count: 1 })) as { id: number });
      // Where there is no handle any more, it is an operation all the same.
      for (let times = 0; times < 2; times += 1)
        await stateOf(adapter, (await adapter.result('closeHandle', { app: 'application' })) as Operation);
    },
  },
  {
    id: 'capabilities.kept',
    says: 'What the adapter says that it can do, it does: the calls of its capabilities are not refused as notSupported.',
    async try(tester) {
      const { adapter, facts } = await tester.run();
      const promised: readonly (readonly [HelloCapability, Method, object?])[] = [
        ['virtualTime', 'letTimePass', { milliseconds: 1 }],
        ['memoryPressure', 'failAllocations', { count: 1 }],
        ['memoryPressure', 'failAllocations', { count: 0 }],
        ['scheduleControl', 'stopBefore', { point: { point: '->FilterPause' } }],
        ['scheduleControl', 'stopped'],
        ['scheduleControl', 'letGo'],
        [
          'holdCompletions',
          'setNeighbours',
          { adapter: 'A', policy: { miniportSends: 'hold', protocolReceives: 'hold', miniportOids: 'hold' } },
        ],
        [
          'holdCompletions',
          'setNeighbours',
          {
            adapter: 'A',
            policy: { miniportSends: 'later', protocolReceives: 'later', miniportOids: 'inside-the-call' },
          },
        ],
        ['systemSleep', 'suspend', { adapter: 'A' }],
        ['systemSleep', 'resume', { adapter: 'A' }],
        ['stackedFilters', 'insertFilter', { adapter: 'A', where: 'above', layer: 'neighbour' }],
        ['stackedFilters', 'removeFilter', { adapter: 'A', where: 'above', layer: 'neighbour' }],
        ['surpriseRemoval', 'surpriseRemove', { adapter: 'A' }],
        ['exactTrace', 'trace', { after: 0, limit: 1 }],
      ];
      for (const [capability, method, params] of promised) {
        if (!facts.capabilities.includes(capability)) continue;
        const { error } = await adapter.ask(method, params);
        if (error) throw new Wrong(`it says that it has ${capability}, and refuses \`${method}\`: ${error.message}`);
      }
    },
  },
];

type HelloCapability = Parameters<typeof needs>[1];
