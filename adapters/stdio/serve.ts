/** The adapter's end of a conversation: any adapter of the kit, served to whoever speaks the protocol. */
import type { Crossing } from '../../src/trace';
import type { Adapter, Operation, Rig, RigOptions } from '../contract';
import { RigRefusal } from '../contract';
import {
  CODE,
  isMethod,
  isRigCall,
  LONGEST_MESSAGE,
  messageFault,
  PROTOCOL,
  RIG_CALLS,
  type ErrorObject,
  type HelloParams,
  type HelloResult,
  type MessageId,
  type Method,
  type OpenParams,
  type RigCall,
  type TraceResult,
} from '../contract/protocol';
import { LineReader, shown } from './lines';

/** An optional part of the protocol, with methods of its own. */
export interface ServedExtension {
  /** As `hello` announces it. */
  readonly name: string;
  /**
   * @param offered what the controller says under the name; undefined when it does not know the extension
   * @returns what `hello` answers under the name
   * @throws RigRefusal when there can be no conversation
   */
  hello(offered: unknown): Promise<unknown>;
  has(method: string): boolean;
  /** @returns what is wrong with parameters, or undefined */
  fault(method: string, params: unknown): string | undefined;
  call(method: string, params: unknown): Promise<unknown>;
}

export interface ServeOptions {
  readonly adapter: Adapter;
  readonly version: string;
  /** Names that `adapter.exhibit` knows. */
  readonly exhibits?: readonly string[];
  /** @param line one message with its line feed */
  readonly write: (line: string) => void;
  readonly extension?: ServedExtension;
  /** A line has come in, whatever it says; it is worked on when those before it are done. */
  readonly heard?: () => void;
}

type Params = Readonly<Record<string, unknown>>;

class Refused extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Half of a message for a page of a trace: the rest is the envelope, and characters of more than one byte. */
const PAGE_BYTES = LONGEST_MESSAGE / 2;

/** Requests are answered in the order in which they came. */
export class Server {
  private readonly lines = new LineReader({
    line: (text) => {
      this.options.heard?.();
      this.enqueue(() => this.line(text));
    },
    unreadable: (why, start) => this.enqueue(async () => this.fail(null, CODE.parseError, `A line ${why}: ${start}`)),
  });
  private queue: Promise<void> = Promise.resolve();
  private rig: Rig | undefined;
  private operations = new Set<number>();
  private over = false;

  constructor(private readonly options: ServeOptions) {}

  /** @param chunk bytes of requests, cut anywhere */
  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  /** No more requests will come. @returns when all are answered and the machine is as it was found */
  async end(): Promise<void> {
    this.enqueue(() => this.closeRig());
    await this.queue;
  }

  /** @returns when all requests so far are answered */
  idle(): Promise<void> {
    return this.queue;
  }

  /** `bye` was answered. */
  get isOver(): boolean {
    return this.over;
  }

  private enqueue(work: () => Promise<void>): void {
    this.queue = this.queue.then(work);
  }

  private async line(text: string): Promise<void> {
    if (this.over) return;
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.fail(null, CODE.parseError, `A line is no JSON: ${shown(text)}`);
      return;
    }
    const request = readRequest(message);
    if (!request) this.fail(null, CODE.invalidRequest, `A line is no request of JSON-RPC 2.0: ${shown(text)}`);
    else if (request.id !== undefined) await this.answer(request.id, request.method, request.params);
    // Notifications are passed over: the protocol has none for an adapter.
  }

  private async answer(id: MessageId, method: string, params: unknown): Promise<void> {
    try {
      const result = await this.call(method, params);
      this.send({ jsonrpc: '2.0', id, result: result ?? null });
    } catch (failure) {
      if (failure instanceof Refused) this.fail(id, failure.code, failure.message);
      else if (failure instanceof RigRefusal) this.fail(id, CODE.refused, failure.message, { kind: failure.kind });
      else
        this.fail(id, CODE.refused, failure instanceof Error ? failure.message : String(failure), {
          kind: 'environment',
        });
    }
  }

  private async call(method: string, given: unknown): Promise<unknown> {
    const { extension } = this.options;
    if (extension?.has(method)) {
      const fault = extension.fault(method, given ?? {});
      if (fault !== undefined) throw new Refused(CODE.invalidParams, `Wrong parameters: ${fault}.`);
      return extension.call(method, given ?? {});
    }
    if (!isMethod(method)) throw new Refused(CODE.methodNotFound, `There is no method \`${method}\`.`);
    const fault = messageFault(method, 'params', given ?? {});
    if (fault !== undefined) throw new Refused(CODE.invalidParams, `Wrong parameters: ${fault}.`);
    const params = (given ?? {}) as Params;
    return isRigCall(method) ? this.callRig(method, params) : this.callOther(method, params);
  }

  private async callOther(method: Exclude<Method, RigCall>, params: Params): Promise<unknown> {
    switch (method) {
      case 'hello':
        return this.hello(params as unknown as HelloParams);
      case 'profile':
        return this.stage(params['driver'] as string | undefined).profile();
      case 'open':
        return this.open(params as unknown as OpenParams);
      case 'bye':
        await this.closeRig();
        this.over = true;
        return null;
    }
  }

  private async hello({ protocols, extensions }: HelloParams): Promise<HelloResult> {
    if (!protocols.includes(PROTOCOL)) {
      throw new RigRefusal('environment', `This adapter speaks ${PROTOCOL}, and not ${protocols.join(', ')}.`);
    }
    const { adapter, version, exhibits, extension } = this.options;
    const answered = extension && { [extension.name]: await extension.hello(extensions?.[extension.name]) };
    const { adapter: capabilities, observation } = await adapter.capabilities();
    return {
      protocol: PROTOCOL,
      adapter: { name: adapter.name, version },
      driver: adapter.driver,
      observation,
      capabilities,
      ...(exhibits && { exhibits }),
      ...(answered && { extensions: answered }),
    };
  }

  private stage(driver: string | undefined): Adapter {
    if (driver === undefined) return this.options.adapter;
    const exhibit = this.options.adapter.exhibit(driver);
    if (!exhibit) throw new Refused(CODE.invalidParams, `There is no driver "${driver}".`);
    return exhibit;
  }

  private async open({ driver, ...options }: OpenParams): Promise<null> {
    if (this.rig) throw new RigRefusal('environment', 'A rig is open already: close it first.');
    this.rig = await this.stage(driver).open(options satisfies RigOptions);
    this.operations = new Set();
    return null;
  }

  private async callRig(method: RigCall, params: Params): Promise<unknown> {
    if (method === 'close') return this.closeRig();
    if (!this.rig) throw new RigRefusal('environment', 'No rig is open: ask for `open` first.');
    if (method === 'trace') return this.page(this.rig, params);
    if (method === 'operation') this.requireOperation(params['operation'] as Operation);
    const calls = this.rig as unknown as Readonly<Record<RigCall, (...values: readonly unknown[]) => Promise<unknown>>>;
    const result = await calls[method](...RIG_CALLS[method].map((name) => params[name]));
    if (isOperation(result)) this.operations.add(result.id);
    return result;
  }

  private requireOperation({ id }: Operation): void {
    if (!this.operations.has(id)) throw new Refused(CODE.invalidParams, `This rig knows no operation ${id}.`);
  }

  /** As many crossings as a message holds. */
  private async page(
    rig: Rig,
    { after = 0, limit = Infinity }: { after?: number; limit?: number },
  ): Promise<TraceResult> {
    const all = await rig.trace(after);
    const crossings: Crossing[] = [];
    let bytes = 0;
    for (const crossing of all) {
      bytes += Buffer.byteLength(JSON.stringify(crossing));
      if (crossings.length > 0 && (crossings.length >= limit || bytes > PAGE_BYTES)) break;
      crossings.push(crossing);
    }
    return { crossings, more: crossings.length < all.length };
  }

  private async closeRig(): Promise<void> {
    await this.rig?.close();
    this.rig = undefined;
  }

  private fail(id: MessageId | null, code: number, message: string, data?: object): void {
    const error: ErrorObject = { code, message, ...(data && { data }) };
    this.send({ jsonrpc: '2.0', id, error });
  }

  private send(message: object): void {
    this.options.write(`${JSON.stringify(message)}\n`);
  }
}

interface Request {
  readonly id?: MessageId;
  readonly method: string;
  readonly params: unknown;
}

function readRequest(message: unknown): Request | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { jsonrpc, id, method, params } = message as Record<string, unknown>;
  if (jsonrpc !== '2.0' || typeof method !== 'string') return undefined;
  if (id === undefined) return { method, params };
  return typeof id === 'string' || typeof id === 'number' ? { id, method, params } : undefined;
}

function isOperation(result: unknown): result is Operation {
  return typeof result === 'object' && result !== null && 'id' in result && Object.keys(result).length === 1;
}
