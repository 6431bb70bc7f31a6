import { CODE, LONGEST_MESSAGE, PROTOCOL } from '../../../adapters/contract/protocol';
import { excerpt } from '../../trace/excerpt';
import type { AdapterCheck } from './check';
import type { Conversation } from './conversation';
import { Wrong } from './conversation';
import { HELLO } from './tester';

/** A line that cannot be read or understood is answered by an error without an id, and nothing else happens. */
async function isComplainedOf(adapter: Conversation, codes: readonly number[]): Promise<void> {
  const { id, error } = await adapter.answer();
  if (!error) throw new Wrong('it was answered by a result');
  if (id !== null)
    throw new Wrong(
      `the id of the error is ${JSON.stringify(id)}, and must be null: the line had none that could be read`,
    );
  if (!codes.includes(error.code))
    throw new Wrong(`the error has the code ${error.code}, and not ${codes.join(' or ')}`);
  await adapter.stillAnswers();
}

/** Framing: lines of UTF-8, and what is wrong with them. */
export const lineChecks: readonly AdapterCheck[] = [
  {
    id: 'lines.garbage',
    says: 'A line that is no JSON is answered by error -32700 with the id null, and the adapter goes on.',
    async try(tester) {
      const { adapter } = await tester.greet();
      adapter.write('this is no JSON\n');
      await isComplainedOf(adapter, [CODE.parseError]);
    },
  },
  {
    id: 'lines.not-utf8',
    says: 'A line that is not UTF-8 is answered by error -32700 with the id null, and the adapter goes on.',
    async try(tester) {
      const { adapter } = await tester.greet();
      adapter.write(Buffer.from([0x7b, 0xff, 0xfe, 0x22, 0x7d, 0x0a]), '{ and bytes ff fe that are not UTF-8');
      await isComplainedOf(adapter, [CODE.parseError]);
    },
  },
  {
    id: 'lines.no-request',
    says: 'JSON that is no request of JSON-RPC 2.0 (batches are none here) is answered by error -32600 with the id null.',
    async try(tester) {
      const { adapter } = await tester.greet();
      for (const line of ['[]\n', '7\n', '{"jsonrpc":"1.0"}\n']) {
        adapter.write(line);
        await isComplainedOf(adapter, [CODE.invalidRequest]);
      }
    },
  },
  {
    id: 'lines.longest',
    says: `A line of ${LONGEST_MESSAGE} bytes is read like any other.`,
    async try(tester) {
      const { adapter } = await tester.greet();
      const request = '{"jsonrpc":"2.0","id":77,"method":"profile","params":{}';
      adapter.write(`${request.padEnd(LONGEST_MESSAGE - 1)}}\n`, `${request} …spaces… }`);
      await adapter.answerTo(77, 'profile');
    },
  },
  {
    id: 'lines.too-long',
    says: `A line of more than ${LONGEST_MESSAGE} bytes is answered by error -32700 or -32600 with the id null, and the adapter goes on.`,
    async try(tester) {
      const { adapter } = await tester.greet();
      adapter.write(
        `{"jsonrpc":"2.0","id":1,"method":"profile"}`.padEnd(LONGEST_MESSAGE + 10) + '\n',
        '{…profile…} and spaces, 10 bytes too long',
      );
      await isComplainedOf(adapter, [CODE.parseError, CODE.invalidRequest]);
    },
  },
  {
    id: 'lines.split',
    says: 'A line may arrive in any number of pieces, cut inside a character too, and is answered once.',
    async try(tester) {
      const adapter = tester.start();
      const controller = { name: 'prüfer 😀', version: '1' };
      const bytes = Buffer.from(
        `${JSON.stringify({ jsonrpc: '2.0', id: 'ü', method: 'hello', params: { ...HELLO, controller } })}\n`,
      );
      adapter.write('', `${bytes.toString().trimEnd()} (one byte at a time)`);
      for (const byte of bytes) adapter.write(Uint8Array.of(byte), '');
      await adapter.answerTo('ü', 'hello');
      await adapter.stillAnswers();
    },
  },
  {
    id: 'lines.ends',
    says: 'A line may end in CR LF, a byte order mark in front of the first one and empty lines are passed over.',
    async try(tester) {
      const adapter = tester.start();
      const hello = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'hello', params: HELLO });
      adapter.write(`\ufeff${hello}\r\n`, `(byte order mark)${hello}(CR LF)`);
      await adapter.answerTo(1, 'hello');
      adapter.write('\r\n\n', '(two empty lines)');
      await adapter.stillAnswers();
    },
  },
];

/** The first call. */
export const helloChecks: readonly AdapterCheck[] = [
  {
    id: 'hello.answers',
    says: `hello is answered with ${PROTOCOL}, the names of adapter and driver, the observation and the capabilities.`,
    async try(tester) {
      await tester.greet();
    },
  },
  {
    id: 'hello.among-others',
    says: 'Of the versions that the controller offers the adapter takes one that it knows.',
    async try(tester) {
      const adapter = tester.start();
      await adapter.result('hello', { ...HELLO, protocols: ['lwf-adapter/99', PROTOCOL], later: { unknown: true } });
    },
  },
  {
    id: 'hello.other-version',
    says: 'When it knows none of them, it answers an error of kind `environment`.',
    async try(tester) {
      const error = await tester.start().refusal('hello', { ...HELLO, protocols: ['lwf-adapter/99'] });
      const kind = (error.data as { kind?: unknown } | undefined)?.kind;
      if (kind !== 'environment') throw new Wrong(`the kind of the error is ${excerpt(kind, 40)}`);
    },
  },
  {
    id: 'hello.promises',
    says: 'exactTrace goes with the observation white-box or memory, memoryAccess with memory.',
    async try(tester) {
      const { observation, capabilities } = (await tester.greet()).facts;
      const fits = { exactTrace: observation !== 'black-box', memoryAccess: observation === 'memory' };
      for (const capability of ['exactTrace', 'memoryAccess'] as const)
        if (capabilities.includes(capability) && !fits[capability])
          throw new Wrong(`it says that it has ${capability}, and that it observes ${observation}`);
    },
  },
];
