/** The controller's end of a conversation: one request at a time, each with a limit, and every way in which it can fail has words. */
import { REFUSALS, RigRefusal, type RefusalKind } from '../contract';
import { CODE, messageFault, PROTOCOL, responseFault, type ErrorObject, type Method } from '../contract/protocol';
import type { Channel, OpenChannel } from './channel';
import { LastWords } from './last-words';
import { LineReader, shown } from './lines';

export interface PeerOptions {
  /** Milliseconds that an answer may take. */
  readonly answerWithin: number;
  /** What the adapter writes for people. */
  readonly log: (text: string) => void;
}

/** What is wrong with a result, or undefined. */
type Fault = (result: unknown) => string | undefined;

interface Waiting {
  readonly id: number;
  readonly method: string;
  readonly fault: Fault;
  readonly timer: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(failure: Error): void;
}

export class Peer {
  private readonly channel: Channel;
  private readonly lines = new LineReader({
    line: (text) => this.receive(text),
    unreadable: (why, start) => this.breakOff(`it wrote a line that ${why}: ${start}`),
  });
  private readonly waiting: Waiting[] = [];
  private readonly lastWords = new LastWords();
  private last = 0;
  private broken: RigRefusal | undefined;
  private readonly gone: Promise<void>;

  constructor(
    open: OpenChannel,
    private readonly options: PeerOptions,
  ) {
    let isGone: () => void = () => undefined;
    this.gone = new Promise((resolve) => (isGone = resolve));
    this.channel = open({
      bytes: (chunk) => {
        if (!this.broken) this.lines.push(chunk);
      },
      log: (text) => {
        this.lastWords.add(text);
        options.log(text);
      },
      closed: (how) => {
        const torn = this.lines.unfinished;
        this.fail(
          new RigRefusal(
            'lost',
            `it ${how}${torn === undefined ? '' : `, in the middle of a line: ${torn}`}${this.lastWords.told()}`,
          ),
        );
        isGone();
      },
    });
  }

  /** Resolves when the other end is gone. */
  get ended(): Promise<void> {
    return this.gone;
  }

  /** Nothing more can be asked: the adapter is gone, or spoke what is no protocol. */
  get isBroken(): boolean {
    return this.broken !== undefined;
  }

  /**
   * @returns the result, which is as the schema wants it
   * @throws RigRefusal with words for the report: the adapter refused, did not answer in time, ended, or answered what it must not
   */
  request(method: Method, params?: object): Promise<unknown> {
    // Pages of a trace are looked at crossing by crossing, in better words.
    const fault: Fault = method === 'trace' ? () => undefined : (result) => messageFault(method, 'result', result);
    return this.ask(method, params, fault);
  }

  /** A line that is not answered. Nothing happens when nobody is there to read it. */
  notify(method: string): void {
    if (!this.broken) this.channel.write(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`);
  }

  /**
   * A request of an extension.
   * @param fault what is wrong with a result, or undefined
   * @throws RigRefusal as `request` does
   */
  ask(method: string, params: object | undefined, fault: Fault): Promise<unknown> {
    if (this.broken) return Promise.reject(this.broken);
    const id = (this.last += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.late(method), this.options.answerWithin);
      this.waiting.push({ id, method, fault, timer, resolve, reject });
      this.channel.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, ...(params && { params }) })}\n`);
    });
  }

  /** Says goodbye and waits for the end, for as long as an answer may take; then ends it. Never throws. */
  async end(): Promise<void> {
    if (!this.broken) await this.request('bye').catch(() => undefined);
    this.channel.end();
    const timer = setTimeout(() => this.channel.kill(), this.options.answerWithin);
    await this.gone;
    clearTimeout(timer);
  }

  private receive(text: string): void {
    if (this.broken) return;
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      this.breakOff(`it wrote a line that is no JSON: ${shown(text)}; what is for people belongs on standard error`);
      return;
    }
    if (isNotification(message)) return;
    const fault = responseFault(message);
    if (fault !== undefined) this.breakOff(`it wrote ${shown(text)}, which is no response of ${PROTOCOL}: ${fault}`);
    else this.answer(message as Response, text);
  }

  private answer({ id, result, error }: Response, text: string): void {
    const next = this.waiting[0];
    if (next?.id !== id) {
      const wanted = next ? `an answer to request ${next.id} was due` : 'nothing had been asked';
      this.breakOff(`it wrote ${shown(text)}, and ${wanted}`);
      return;
    }
    if (error) {
      this.settle()?.reject(refusal(next.method, error));
      return;
    }
    const fault = next.fault(result);
    if (fault === undefined) this.settle()?.resolve(result);
    else this.breakOff(`its answer to \`${next.method}\` is no ${PROTOCOL}: ${fault}`);
  }

  private settle(): Waiting | undefined {
    const next = this.waiting.shift();
    clearTimeout(next?.timer);
    return next;
  }

  private late(method: string): void {
    const seconds = this.options.answerWithin / 1000;
    this.fail(new RigRefusal('timeout', `it did not answer \`${method}\` within ${seconds} s${this.lastWords.told()}`));
    this.channel.kill();
  }

  /** @param what that the adapter did, which nobody who keeps to the protocol does: nothing more is asked of it */
  breakOff(what: string): void {
    this.fail(new RigRefusal('environment', what + this.lastWords.told()));
    this.channel.kill();
  }

  private fail(why: RigRefusal): void {
    if (this.broken) return;
    const during = this.waiting[0] ? ` (asked for \`${this.waiting[0].method}\`)` : '';
    this.broken = new RigRefusal(why.kind, `The adapter failed${during}: ${why.message}.`);
    while (this.waiting.length > 0) this.settle()?.reject(this.broken);
  }
}

interface Response {
  readonly id: number | string | null;
  readonly result?: unknown;
  readonly error?: ErrorObject;
}

function isNotification(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false;
  return 'method' in message && !('id' in message);
}

/** What an error of the adapter means for a scenario. A call that an adapter does not have is one that it cannot do. */
function refusal(method: string, { code, message, data }: ErrorObject): RigRefusal {
  const kind = kindOf(data) ?? (code === CODE.methodNotFound ? 'notSupported' : 'environment');
  return new RigRefusal(kind, `the adapter refused \`${method}\`: ${message}`);
}

function kindOf(data: unknown): RefusalKind | undefined {
  const kind = typeof data === 'object' && data !== null ? (data as { kind?: unknown }).kind : undefined;
  return typeof kind === 'string' && Object.hasOwn(REFUSALS, kind) ? (kind as RefusalKind) : undefined;
}
