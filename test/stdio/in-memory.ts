import type { Adapter } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { registeredDriver } from '../../adapters/simulator/drivers';
import { LineReader, Server, type ChannelListener, type OpenChannel } from '../../adapters/stdio';

export interface Message {
  id?: string | number | null;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string; data?: { kind?: string } };
}

/** What an adapter does otherwise than it should. */
export interface Defect {
  /** Stands before the adapter: bytes that come in. @returns what it reads; undefined: nothing */
  readonly reads?: (bytes: Buffer) => Buffer | undefined;
  /** Stands behind it: an answer that goes out. @returns lines, objects or texts as they are to be */
  readonly answers?: (answer: Message, asked: Message | undefined) => readonly (Message | string)[];
  /** How it ends at the end of input; `never`: it does not. */
  readonly ends?: string;
}

export function reference(): Adapter {
  const driver = registeredDriver('reference')?.driver;
  if (!driver) throw new Error('no reference driver');
  return createSimulator(driver);
}

/** The simulator behind the protocol, without a program: right, or with one defect. A channel is a program; each has a memory of its own. */
export function inMemory(defect: () => Defect = () => ({}), adapter = reference()): OpenChannel {
  return (listener) => new Program(listener, defect(), adapter);
}

class Program {
  private readonly server: Server;
  private readonly asked = new Map<unknown, Message>();
  private isGone = false;

  constructor(
    private readonly listener: ChannelListener,
    private readonly defect: Defect,
    adapter: Adapter,
  ) {
    this.server = new Server({ adapter, version: '1', write: (line) => this.says(JSON.parse(line) as Message) });
  }

  write(bytes: Uint8Array | string): void {
    const arriving = Buffer.from(bytes as string);
    const read = this.defect.reads ? this.defect.reads(arriving) : arriving;
    if (!read || this.isGone) return;
    this.remember.push(read);
    this.server.push(read);
    void this.server.idle().then(() => {
      if (this.server.isOver) this.end();
    });
  }

  end(): void {
    const { ends = 'ended with exit code 0' } = this.defect;
    if (ends !== 'never') void this.server.end().then(() => this.gone(ends));
  }

  kill(): void {
    void Promise.resolve().then(() => this.gone('was ended by SIGKILL'));
  }

  private readonly remember = new LineReader({
    line: (text) => {
      try {
        const message = JSON.parse(text) as Message;
        this.asked.set(message.id, message);
      } catch {
        // Garbage is for the server to judge.
      }
    },
    unreadable: () => undefined,
  });

  private says(answer: Message): void {
    const said = this.defect.answers?.(answer, this.asked.get(answer.id)) ?? [answer];
    for (const message of said) {
      if (this.isGone) return;
      this.listener.bytes(Buffer.from(typeof message === 'string' ? message : `${JSON.stringify(message)}\n`));
    }
  }

  private gone(how: string): void {
    if (this.isGone) return;
    this.isGone = true;
    this.listener.closed(how);
  }
}
