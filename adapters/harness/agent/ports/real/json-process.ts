/** A program that stays, and answers a line of JSON with a line of JSON. It is started when it is needed, and again when it has died. */
import { RigRefusal, type RefusalKind } from '../../../../contract';
import { LastWords, LineReader, shown, type Channel, type OpenChannel } from '../../../../stdio';
import type { Clock } from '../../../protocol';

export interface JsonProgram {
  /** For messages: `PowerShell`. */
  readonly name: string;
  readonly open: OpenChannel;
  /** What its first message says under `ready`. */
  readonly ready: string;
  readonly clock: Clock;
  /** Milliseconds that an answer may take, and that the program may take to be ready. */
  readonly patience: number;
  /** A message that answers nothing. */
  readonly heard?: (message: Readonly<Record<string, unknown>>) => void;
  /** A line could not be read, whatever it was. */
  readonly garbled?: () => void;
  /** It has ended, and nobody asked it to. */
  readonly died?: (why: string) => void;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (failure: Error) => void;
  readonly stop: () => void;
}

/** Lines that are no messages, after which the program is taken for another one. */
const MOST_NOISE = 100;
/** Milliseconds that it may take to end by itself. */
const GRACE = 2000;

export class JsonProcess {
  private running: Run | undefined;
  private ids = 0;
  private isClosed = false;

  constructor(private readonly program: JsonProgram) {}

  /**
   * @param message without its number
   * @param longer milliseconds that the answer may take on top of what any may
   * @returns what stands under `answer`
   * @throws RigRefusal: environment with what stands under `error`; timeout; lost when it has ended
   */
  async request(message: Readonly<Record<string, unknown>>, longer = 0): Promise<unknown> {
    if (this.isClosed) throw new RigRefusal('lost', `${this.program.name} has been ended.`);
    this.running ??= new Run(this.program, (run) => {
      if (this.running === run) this.running = undefined;
    });
    this.ids += 1;
    return this.running.request(this.ids, message, longer);
  }

  close(): void {
    this.isClosed = true;
    this.running?.close();
  }
}

/** One life of the program. */
class Run {
  private readonly channel: Channel;
  private readonly waiting = new Map<number, Waiting>();
  private readonly words = new LastWords();
  /** Lines that wait for the program to be ready. */
  private queue: string[] | undefined = [];
  private stopStarting: () => void;
  private noise = 0;
  private isOver = false;
  private isClosing = false;

  constructor(
    private readonly program: JsonProgram,
    private readonly over: (run: Run) => void,
  ) {
    const lines = new LineReader({
      line: (text) => this.line(text),
      unreadable: (why, start) => this.ignore(`a line ${why}: ${start}`),
    });
    this.channel = program.open({
      bytes: (chunk) => {
        if (!this.isOver) lines.push(chunk);
      },
      log: (chunk) => this.words.add(chunk),
      closed: (how) => this.end('lost', how),
    });
    this.stopStarting = program.clock.after(program.patience, () => this.giveUp('did not become ready'));
  }

  request(id: number, message: Readonly<Record<string, unknown>>, longer: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const { clock, patience } = this.program;
      const stop = clock.after(patience + longer, () => this.giveUp('did not answer'));
      this.waiting.set(id, { resolve, reject, stop });
      const line = `${JSON.stringify({ id, ...message })}\n`;
      if (this.queue) this.queue.push(line);
      else this.channel.write(line);
    });
  }

  close(): void {
    this.isClosing = true;
    this.channel.end();
    this.stopStarting();
    this.stopStarting = this.program.clock.after(GRACE, () => this.channel.kill());
  }

  private line(text: string): void {
    const message = read(text);
    if (!message) return this.ignore(`a line that is no message: ${shown(text)}`);
    if (this.queue) return this.begin(message, text);
    const { id, answer, error } = message;
    if (id === undefined) {
      this.program.heard?.(message);
      return;
    }
    const waiting = typeof id === 'number' ? this.waiting.get(id) : undefined;
    if (!waiting) return this.ignore(`an answer to nothing: ${shown(text)}`);
    this.waiting.delete(id as number);
    waiting.stop();
    if (error !== undefined) waiting.reject(new RigRefusal('environment', `${this.program.name}: ${told(error)}`));
    else waiting.resolve(answer);
  }

  private begin({ ready }: Readonly<Record<string, unknown>>, text: string): void {
    if (ready === undefined) return this.ignore(`a message before it is ready: ${shown(text)}`);
    if (ready !== this.program.ready) {
      return this.giveUp(`is of another version (${told(ready)} instead of ${this.program.ready})`, 'environment');
    }
    this.stopStarting();
    for (const line of this.queue ?? []) this.channel.write(line);
    this.queue = undefined;
  }

  private ignore(what: string): void {
    this.noise += 1;
    this.program.garbled?.();
    if (this.noise > MOST_NOISE) this.giveUp(`says ${what}`, 'environment');
  }

  private giveUp(why: string, kind: RefusalKind = 'timeout'): void {
    this.end(kind, why);
    this.channel.kill();
  }

  private end(kind: RefusalKind, why: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopStarting();
    this.over(this);
    const message = `${this.program.name} ${why}${this.words.told()}.`;
    for (const { reject, stop } of this.waiting.values()) {
      stop();
      reject(new RigRefusal(kind, message));
    }
    this.waiting.clear();
    if (!this.isClosing) this.program.died?.(message);
  }
}

function read(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? (message as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

const LONGEST_WORDS = 500;

function told(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST_WORDS);
}
