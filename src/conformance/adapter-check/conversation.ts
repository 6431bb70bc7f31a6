/** A conversation with an adapter in which anything may be said, and nothing that comes back is taken on trust. */
import {
  isMethod,
  messageFault,
  PROTOCOL,
  responseFault,
  type ErrorObject,
  type Method,
} from '../../../adapters/contract/protocol';
import { LastWords, LineReader, shown, type Channel, type OpenChannel } from '../../../adapters/stdio';

/** The adapter does what the protocol forbids, or does not what it wants. */
export class Wrong extends Error {}

/** What the check is about does not concern this adapter, or could not be brought about. */
export class NotTried extends Error {}

/** The driver under test, and not the adapter, keeps the rig from what most checks begin with. */
export class InTheWay extends NotTried {}

/** One line of what was said, cut to what a reader wants to see. */
export interface Said {
  readonly from: 'kit' | 'adapter';
  readonly line: string;
}

export type Answer =
  | { readonly id: string | number | null; readonly result: unknown; readonly error?: undefined }
  | { readonly id: string | number | null; readonly result?: undefined; readonly error: ErrorObject };

const SHOWN = 400;

/** Lines that are kept: an adapter may say any number of them. */
const KEPT = 200;

export class Conversation {
  readonly said: Said[] = [];
  /** How many were said before those. */
  private unkept = 0;
  private readonly channel: Channel;
  private readonly lines = new LineReader({
    line: (text) => this.arrive(text),
    unreadable: (why, start) => this.arrive(new Wrong(`it wrote a line that ${why}: ${start}`)),
  });
  private readonly arrived: (string | Wrong)[] = [];
  private wake: () => void = () => undefined;
  private ended: string | undefined;
  private lastId = 0;
  private readonly lastWords = new LastWords();
  private finished = false;
  private isKilled = false;

  /** @param answerWithin milliseconds */
  constructor(
    open: OpenChannel,
    private readonly answerWithin: number,
    log: (text: string) => void,
  ) {
    this.channel = open({
      bytes: (chunk) => this.lines.push(chunk),
      log: (text) => {
        this.lastWords.add(text);
        log(text);
      },
      closed: (how) => {
        this.ended = how;
        this.wake();
      },
    });
  }

  /** Writes bytes as they are. @param as what a reader is shown instead */
  write(bytes: string | Uint8Array, as = Buffer.from(bytes).toString()): void {
    const line = as.trimEnd();
    if (line !== '') this.note('kit', line);
    this.channel.write(bytes);
  }

  /** Writes a line. */
  line(message: unknown): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  /** Asks, and does not wait. @returns the id */
  send(method: string, params?: unknown, id: string | number = (this.lastId += 1)): string | number {
    this.line({ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) });
    return id;
  }

  /** @throws Wrong when the next line of the adapter is no answer, or none comes */
  async answer(): Promise<Answer> {
    const latest = performance.now() + this.answerWithin;
    for (;;) {
      const text = await this.next(latest - performance.now());
      const message = parsed(text);
      // A notification that nobody asked for is passed over.
      if (typeof message === 'object' && message !== null && 'method' in message && !('id' in message)) continue;
      const fault = responseFault(message);
      if (fault !== undefined) throw new Wrong(`it wrote ${shown(text)}, which is no response: ${fault}`);
      return message as Answer;
    }
  }

  /** Asks and waits. @throws Wrong when what comes back is not the answer, or its result not what the schema wants */
  async ask(method: string, params?: unknown): Promise<Answer> {
    return this.answerTo(this.send(method, params), method);
  }

  /** Waits for the answer to a request. */
  async answerTo(id: string | number | null, method: string): Promise<Answer> {
    const answer = await this.answer();
    if (answer.id !== id)
      throw new Wrong(`the answer has the id ${JSON.stringify(answer.id)}, and that to ${JSON.stringify(id)} was due`);
    if (answer.error === undefined && isMethod(method)) {
      const fault = messageFault(method, 'result', answer.result);
      if (fault !== undefined) throw new Wrong(`the result of \`${method}\` is no ${PROTOCOL}: ${fault}`);
    }
    return answer;
  }

  /** @throws Wrong when it is refused */
  async result(method: Method, params?: unknown): Promise<unknown> {
    const { result, error } = await this.ask(method, params);
    if (error) throw new Wrong(`\`${method}\` was refused: ${error.message} (${error.code})`);
    return result;
  }

  /** @throws Wrong when it is not refused, or with another code than one of these */
  async refusal(method: string, params: unknown, codes?: readonly number[]): Promise<ErrorObject> {
    const { error } = await this.ask(method, params);
    if (!error)
      throw new Wrong(
        `\`${method}\` with ${JSON.stringify(params ?? {})} was answered by a result and not by an error`,
      );
    if (codes && !codes.includes(error.code))
      throw new Wrong(`the error has the code ${error.code}, and not ${codes.join(' or ')}`);
    return error;
  }

  /** The adapter must still be there and know its work. */
  async stillAnswers(): Promise<void> {
    await this.result('profile');
  }

  end(): void {
    this.finished = true;
    this.said.push({ from: 'kit', line: '(end of input)' });
    this.channel.end();
  }

  kill(): void {
    this.finished = true;
    this.isKilled = true;
    this.channel.kill();
  }

  /** @returns how it ended @throws Wrong when it does not end, or says more before that */
  async itsEnd(): Promise<string> {
    await this.until(() => this.ended !== undefined, this.answerWithin);
    const line = this.isKilled ? undefined : this.arrived.shift();
    if (line !== undefined)
      throw new Wrong(`it wrote ${shown(line instanceof Wrong ? line.message : line)}, and nothing had been asked`);
    if (this.ended === undefined) throw new Wrong(`it did not end within ${this.answerWithin / 1000} s`);
    return this.ended;
  }

  /** @returns whether it is still there, has said all that it had to say, and closes its rig */
  async isReusable(): Promise<boolean> {
    if (this.ended !== undefined || this.finished) return false;
    try {
      await this.result('close');
      this.said.length = 0;
      this.unkept = 0;
      return this.arrived.length === 0;
    } catch {
      return false;
    }
  }

  private arrive(line: string | Wrong): void {
    this.note('adapter', typeof line === 'string' ? line : line.message);
    this.arrived.push(line);
    this.wake();
  }

  private note(from: Said['from'], line: string): void {
    this.said.push({ from, line: line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line });
    if (this.said.length <= KEPT) return;
    const before = this.said.splice(0, KEPT / 2);
    this.unkept += before.length - (this.unkept > 0 ? 1 : 0);
    this.said.unshift({ from: 'kit', line: `(${this.unkept} lines before)` });
  }

  /** @param patience milliseconds that are left */
  private async next(patience: number): Promise<string> {
    if (patience > 0) await this.until(() => this.arrived.length > 0 || this.ended !== undefined, patience);
    else this.arrived.length = 0;
    const line = this.arrived.shift();
    if (line instanceof Wrong) throw line;
    if (line !== undefined) return line;
    if (this.ended !== undefined) throw new Wrong(`it ${this.ended}, and an answer was due${this.lastWords.told()}`);
    throw new Wrong(`no answer came within ${this.answerWithin / 1000} s`);
  }

  private async until(condition: () => boolean, patience: number): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.wake = () => {
        if (!condition()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Wrong(`it wrote a line that is no JSON: ${shown(text)}; what is for people belongs on standard error`);
  }
}
