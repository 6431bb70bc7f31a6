/** A stretch of network that can be slow, deaf, or cut. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Line {
  /** Bits in a second; unlimited where nothing is said. */
  readonly rate?: number;
  /** Milliseconds that everything is under way. */
  readonly delay?: number;
}

export class Proxy {
  private readonly sockets = new Set<Socket>();
  private readonly stretches = new Set<{ isDeaf: boolean }>();

  private constructor(private readonly server: Server) {}

  static start(port: number, line: Line = {}): Promise<Proxy> {
    return new Promise((resolve) => {
      const server = createServer();
      const proxy = new Proxy(server);
      server.on('connection', (near) => proxy.join(near, connect(port, '127.0.0.1'), line));
      server.listen(0, '127.0.0.1', () => resolve(proxy));
    });
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** Everything on the connections that there are is swallowed from now on, and nobody is told. */
  swallow(): void {
    for (const stretch of this.stretches) stretch.isDeaf = true;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, far: Socket, line: Line): void {
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
    }
    const stretch = { isDeaf: false };
    this.stretches.add(stretch);
    forward(near, far, line, stretch);
    forward(far, near, line, stretch);
  }
}

function forward(from: Socket, to: Socket, { rate = Infinity, delay = 0 }: Line, stretch: { isDeaf: boolean }): void {
  let free = 0;
  from.on('data', (chunk: Buffer) => {
    if (stretch.isDeaf) return;
    const now = performance.now();
    free = Math.max(free, now) + (chunk.length * 8000) / rate;
    setTimeout(() => to.write(chunk), free - now + delay);
  });
  from.on('close', () => {
    if (!stretch.isDeaf) to.destroy();
  });
}
