/** The fake machine for programs: it is asked over a local socket, and its time is real. */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import type { Program } from '../../../adapters/harness/agent/ports';
import { HelperProcess } from './helper';
import { runProgram } from './programs';
import { shellCommands } from './shell';
import { runVendor } from './vendor';
import { VENDOR } from './client';
import type { FakeWindows } from './windows';

const TICK_MS = 20;

interface Line {
  readonly id?: number;
  readonly command?: string;
  readonly parameters?: unknown;
  readonly op?: string;
  readonly params?: unknown;
}

type Answering = (line: Line) => Promise<unknown>;

export class Daemon {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly ticking: NodeJS.Timeout;
  private readonly stopListening: () => void;
  private last = performance.now();

  /** @param path of the socket */
  constructor(
    private readonly windows: FakeWindows,
    private readonly path: string,
  ) {
    this.server = createServer((socket) => this.connected(socket));
    this.server.listen(path);
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.stopListening = windows.listen({
      ...{ etw: ignored, watchdog: ignored, lost: ignored },
      // With the machine go all programs on it.
      down: () => this.endAll(),
    });
  }

  stop(): void {
    clearInterval(this.ticking);
    this.stopListening();
    this.endAll();
    this.server.close();
    rmSync(this.path, { force: true });
  }

  private tick(): void {
    const now = performance.now();
    this.windows.pass(now - this.last);
    this.last = now;
  }

  private endAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private connected(socket: Socket): void {
    this.sockets.add(socket);
    const gone: (() => void)[] = [];
    socket.on('error', ignored);
    socket.on('close', () => {
      this.sockets.delete(socket);
      for (const act of gone) act();
    });
    if (this.windows.isDown) {
      socket.destroy();
      return;
    }
    let answering: Answering | undefined;
    const lines = createInterface({ input: socket });
    // The errors of the socket come once more from here.
    lines.on('error', ignored);
    lines.on('line', (text) => {
      const line = JSON.parse(text) as Line & { readonly program: string; readonly args: readonly string[] };
      if (answering) void this.answer(socket, line, answering);
      else answering = this.start(socket, line.program, line.args, gone);
    });
  }

  private async answer(socket: Socket, line: Line, answering: Answering): Promise<void> {
    const { id } = line;
    const said = await answering(line).then(
      (found) => ({ id, answer: found }),
      (failure: unknown) => ({ id, error: failure instanceof Error ? failure.message : String(failure) }),
    );
    // A machine that has stopped says nothing any more.
    this.windows.looksDown();
    if (!this.windows.isDown) say(socket, said);
  }

  /** @returns what answers the lines of a program that stays */
  private start(socket: Socket, program: string, args: readonly string[], gone: (() => void)[]): Answering | undefined {
    if (program === 'powershell') {
      say(socket, { ready: 'host/1' });
      return this.shell();
    }
    if (program === 'lwfio') {
      say(socket, { ready: 'lwfio/1' });
      return this.helper(socket, gone);
    }
    if (program === VENDOR) this.vendor(socket, args, gone);
    else
      void runProgram(this.windows, program as Program, args).then(
        (ended) => say(socket, ended),
        () => socket.destroy(),
      );
    return undefined;
  }

  /** One call at a time. */
  private shell(): Answering {
    const commands = shellCommands(this.windows) as unknown as Record<
      string,
      (parameters: unknown) => Promise<unknown>
    >;
    let last: Promise<unknown> = Promise.resolve();
    return ({ command = '', parameters }) => {
      const run = commands[command];
      const done = last.then(() => (run ? run(parameters) : Promise.reject(new Error(`there is no ${command}`))));
      last = done.catch(ignored);
      return done;
    };
  }

  private helper(socket: Socket, gone: (() => void)[]): Answering {
    const helper = new HelperProcess(
      this.windows,
      (event, params) => say(socket, { event, params }),
      () => socket.destroy(),
    );
    gone.push(() => helper.end());
    return ({ op, params }) => helper.answer(op as 'info', params as Record<string, never>);
  }

  /** `send FRAME ADAPTER COUNT` */
  private vendor(
    socket: Socket,
    [frame = '', adapter = '', count = '1']: readonly string[],
    gone: (() => void)[],
  ): void {
    const { ended, stop } = runVendor(this.windows, adapter, Number(count), frame);
    let isOver = false;
    gone.push(() => {
      if (!isOver && !this.windows.isDown) stop();
    });
    void ended.then((code) => {
      isOver = true;
      say(socket, { code: code < 0 ? 137 : code, stdout: '', stderr: '' });
    });
  }
}

function say(socket: Socket, message: unknown): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}

function ignored(): void {
  // Nothing is to be done.
}
