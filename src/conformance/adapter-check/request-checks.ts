import { isDeepStrictEqual } from 'node:util';
import { CODE } from '../../../adapters/contract/protocol';
import type { AdapterCheck } from './check';
import { Wrong } from './conversation';

/** JSON-RPC: methods, parameters, ids, order; and how an adapter ends. */
export const requestChecks: readonly AdapterCheck[] = [
  {
    id: 'requests.unknown-method',
    says: 'A method that the adapter does not have is answered by error -32601, and the adapter goes on.',
    async try(tester) {
      const { adapter } = await tester.open();
      await adapter.refusal('flyToTheMoon', { adapter: 'A' }, [CODE.methodNotFound]);
      await adapter.stillAnswers();
    },
  },
  {
    id: 'requests.wrong-params',
    says: 'Parameters that are missing or of the wrong kind are answered by error -32602, and nothing is done.',
    async try(tester) {
      const { adapter } = await tester.greet();
      await adapter.refusal('open', { seed: 'one' }, [CODE.invalidParams]);
      await adapter.refusal('open', {}, [CODE.invalidParams]);
      await adapter.result('open', { seed: 1 });
      await adapter.refusal('attach', {}, [CODE.invalidParams]);
      await adapter.refusal('attach', [], [CODE.invalidParams]);
      await adapter.stillAnswers();
    },
  },
  {
    id: 'requests.notification',
    says: 'A line without an id is a notification: it is never answered.',
    async try(tester) {
      const { adapter } = await tester.greet();
      adapter.line({ jsonrpc: '2.0', method: 'somethingOfALaterVersion', params: {} });
      adapter.line({ jsonrpc: '2.0', method: 'profile' });
      await adapter.stillAnswers();
    },
  },
  {
    id: 'requests.ids',
    says: 'The id is echoed as it came: a text or a whole number.',
    async try(tester) {
      const { adapter } = await tester.greet();
      for (const id of ['', 'a "quoted" id', '17', 0, 9007199254740991]) {
        adapter.send('profile', undefined, id);
        await adapter.answerTo(id, 'profile');
      }
    },
  },
  {
    id: 'requests.order',
    says: 'Several requests may arrive at once: they are worked on one after the other, and answered in that order.',
    async try(tester) {
      const { adapter } = await tester.greet();
      const requests = [
        ['open', { seed: 1 }],
        ['load', {}],
        ['addAdapter', { adapter: 'A' }],
        ['attach', { adapter: 'A' }],
        ['nobodyHasThis', {}],
        ['modules', {}],
        ['trace', { after: 0, limit: 500 }],
        ['close', {}],
        ['profile', {}],
      ] as const;
      const lines = requests.map(([method, params], index) =>
        JSON.stringify({ jsonrpc: '2.0', id: `r${index}`, method, params }),
      );
      adapter.write(`${lines.join('\n')}\n`);
      for (const [index, [method]] of requests.entries()) {
        const { error } = await adapter.answerTo(`r${index}`, method);
        if (error && error.code !== CODE.methodNotFound) throw new Wrong(`\`${method}\` was refused: ${error.message}`);
      }
    },
  },
  {
    id: 'requests.without-rig',
    says: 'Calls of the rig while none is open are answered by an error.',
    async try(tester) {
      const { adapter } = await tester.greet();
      await adapter.refusal('load', undefined);
      await adapter.refusal('modules', undefined);
      await adapter.result('close');
      await adapter.stillAnswers();
    },
  },
];

export const endChecks: readonly AdapterCheck[] = [
  {
    id: 'ends.bye',
    says: 'bye is answered, and then the adapter ends with exit code 0.',
    async try(tester) {
      const { adapter } = await tester.open();
      await adapter.result('bye');
      await endsWell(adapter.itsEnd());
    },
  },
  {
    id: 'ends.end-of-input',
    says: 'At the end of its input the adapter ends with exit code 0.',
    async try(tester) {
      const { adapter } = await tester.greet();
      adapter.end();
      await endsWell(adapter.itsEnd());
    },
  },
  {
    id: 'ends.end-of-input-with-rig',
    says: 'So it does with a rig open, which it closes.',
    async try(tester) {
      const { adapter } = await tester.run();
      adapter.end();
      await endsWell(adapter.itsEnd());
    },
  },
  {
    id: 'ends.killed',
    says: 'After it was killed in the middle of a scenario, the next one finds a machine on which a rig can be opened, and is the same adapter with the same driver.',
    async try(tester) {
      const { adapter, facts } = await tester.run();
      adapter.kill();
      await adapter.itsEnd();
      const { adapter: next, facts: then } = await tester.load();
      // Extensions tell of the machine as it is now.
      const { extensions: _, ...before } = facts;
      const { extensions: __, ...now } = then;
      if (!isDeepStrictEqual(before, now))
        throw new Wrong('started again, it says of itself something else than before');
      await next.result('close');
    },
  },
];

async function endsWell(end: Promise<string>): Promise<void> {
  const how = await end;
  if (how !== 'ended with exit code 0') throw new Wrong(`it ${how}`);
}
