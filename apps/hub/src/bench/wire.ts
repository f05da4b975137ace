import { connect, type Socket } from "node:net";

/**
 * A bare HTTP/1.1 client for load: prepared requests are written to kept-alive sockets and only the
 * status line is read back. A full client would take a large part of the machine it measures.
 */
export class Wire {
  readonly #sockets: Lane[];

  private constructor(sockets: Lane[]) {
    this.#sockets = sockets;
  }

  static async open(args: { host: string; port: number; connections: number }): Promise<Wire> {
    return new Wire(await Promise.all(Array.from({ length: args.connections }, () => Lane.open(args))));
  }

  /** Sends on the connection with the shortest queue; resolves with the status and the milliseconds it took since `dueAt`. */
  send(request: Buffer, dueAt = performance.now()): Promise<{ status: number; latencyMs: number }> {
    let best = this.#sockets[0] as Lane;
    for (const lane of this.#sockets) if (lane.waiting < best.waiting) best = lane;
    return best.send(request, dueAt);
  }

  close(): void {
    for (const lane of this.#sockets) lane.close();
  }
}

interface Waiting {
  readonly request: Buffer;
  readonly dueAt: number;
  readonly resolve: (result: { status: number; latencyMs: number }) => void;
}

class Lane {
  readonly #socket: Socket;
  readonly #queue: Waiting[] = [];
  #busy = false;
  #received = "";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", () => {});
    socket.on("close", () => this.#fail());
  }

  static open(args: { host: string; port: number }): Promise<Lane> {
    return new Promise((resolve, reject) => {
      const socket = connect(args.port, args.host, () => resolve(new Lane(socket)));
      socket.once("error", reject);
    });
  }

  /** How many wait here; a connection that the server has closed for idleness takes nothing more. */
  get waiting(): number {
    return this.#socket.destroyed || this.#socket.readableEnded ? Number.POSITIVE_INFINITY : this.#queue.length;
  }

  send(request: Buffer, dueAt: number): Promise<{ status: number; latencyMs: number }> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) return resolve({ status: 0, latencyMs: 0 });
      this.#queue.push({ request, dueAt, resolve });
      if (!this.#busy) this.#next();
    });
  }

  #next(): void {
    const first = this.#queue[0];
    this.#busy = first !== undefined;
    if (first) this.#socket.write(first.request);
  }

  #read(chunk: string): void {
    this.#received += chunk;
    const end = this.#received.indexOf("\r\n\r\n");
    if (end === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received.slice(0, end))?.[1] ?? "0");
    if (this.#received.length < end + 4 + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = this.#received.slice(end + 4 + length);
    const done = this.#queue.shift();
    done?.resolve({ status, latencyMs: performance.now() - done.dueAt });
    this.#next();
  }

  /** The server went away: everything unanswered is unanswered. */
  #fail(): void {
    for (const waiting of this.#queue.splice(0)) waiting.resolve({ status: 0, latencyMs: performance.now() - waiting.dueAt });
  }

  close(): void {
    this.#socket.destroy();
  }
}
