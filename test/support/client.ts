import { once } from "node:events";
import { WebSocket } from "ws";

/** A WebSocket client that keeps what it gets until a test asks for it. */
export class Client {
  readonly socket: WebSocket;
  /** The code and the reason with which the connection ended. */
  readonly closed: Promise<[number, string]>;
  readonly #frames: string[] = [];
  #waiting: (() => void) | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        resolve([code, reason.toString()]);
      });
    });
    socket.on("message", (data: Buffer) => {
      this.#frames.push(data.toString());
      this.#waiting?.();
    });
  }

  /** Connects, without compression; rejects with `Unexpected server response: <status>` if the handshake is refused. */
  static async connect(url: unknown, protocols: string[] = []): Promise<Client> {
    const client = new Client(new WebSocket(String(url), protocols, { perMessageDeflate: false }));
    await once(client.socket, "open");
    return client;
  }

  /** Resolves to the next frame, now or when it comes. */
  async next(): Promise<string> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => (this.#waiting = resolve));
    }
  }

  /** Resolves to the next `count` frames. */
  async take(count: number): Promise<string[]> {
    const frames: string[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** Resolves to the next frames up to and with the first that contains this text. */
  async until(text: string): Promise<string[]> {
    const frames: string[] = [];
    while (!frames.at(-1)?.includes(text)) frames.push(await this.next());
    return frames;
  }

  /** The frames that have come and that the test has not taken. */
  get unread(): readonly string[] {
    return this.#frames;
  }

  send(data: unknown): void {
    this.socket.send(typeof data === "string" ? data : JSON.stringify(data));
  }

  /** Sends a text of ASCII as one message in frames of 32 KB, the most that API Gateway takes. */
  sendInFrames(text: string): void {
    const most = 32 * 1024;
    for (let at = 0; at < text.length; at += most) {
      this.socket.send(text.slice(at, at + most), { fin: at + most >= text.length });
    }
  }

  /** Sends a frame, and returns the next one that comes. */
  async ask(data: unknown): Promise<string> {
    this.send(data);
    return this.next();
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, "close");
    this.socket.close();
    await closed;
  }

  /** Drops the TCP connection without a close frame. */
  cut(): void {
    this.socket.terminate();
  }
}
