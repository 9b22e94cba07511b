import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { WebSocket } from "ws";
import { projectFolder } from "../../support/project-copy.ts";
import { readCode } from "./examples.ts";
import { behindClock } from "../../support/old-connections.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

/** The function that docs/protocol.md shows; it returns a function that ends it. */
type Follow = (
  url: string,
  channel: string,
  onMessage: (data: unknown) => void,
  onGap: () => void,
) => () => void;

/** The globals of a browser that the function uses. */
type Browser = {
  WebSocket: new (url: string, protocol: string) => WebSocket;
  setTimeout: (callback: () => void) => void;
  setInterval: (callback: () => void, milliseconds: number) => NodeJS.Timeout;
};

describe("the client in docs/protocol.md", () => {
  let stack: TestStack;
  let load: (browser: Browser) => Follow;
  const sockets: WebSocket[] = [];
  before(async () => {
    const text = await readFile(join(projectFolder, "docs/protocol.md"), "utf8");
    const { code } = await transform(readCode(text), { loader: "ts" });
    const source = `export const load = ({ WebSocket, setTimeout, setInterval }) => { ${code} return follow; };`;
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      load: typeof load;
    };
    ({ load } = module);
    stack = await startTestStack({ clock: behindClock });
  });
  after(async () => {
    for (const socket of sockets) socket.terminate();
    await stack.close();
  });

  it("gets each message once, those too that are published while it is cut", async () => {
    await publish("news", "before");
    const client = follow("news");
    await client.frame("subscribed");
    // The connection ends for the first time before a message has come.
    for (const round of ["1", "2", "3"]) {
      const reconnect = await client.cut();
      await publish("news", `missed ${round}`);
      await publish("news", `missed too ${round}`);
      reconnect();
      await client.frame("subscribed");
      await publish("news", `live ${round}`);
      await client.frame("message", `live ${round}`);
    }
    client.stop();
    const each = ["1", "2", "3"].map((round) => [
      ...[`missed ${round}`, `missed too ${round}`, `live ${round}`],
    ]);
    assert.deepEqual(client.told, each.flat());
  });

  it("goes on where the channel began while it was there", async () => {
    const client = follow("young");
    await client.frame("subscribed");
    await publish("young", "first");
    await client.frame("message", "first");
    const reconnect = await client.cut();
    await publish("young", "missed");
    reconnect();
    await client.frame("subscribed");
    client.stop();
    assert.deepEqual(client.told, ["first", "missed"]);
  });

  it("resumes from before the first message", async () => {
    const client = follow("empty");
    await client.frame("subscribed");
    const reconnect = await client.cut();
    await publish("empty", "missed");
    reconnect();
    await client.frame("subscribed");
    client.stop();
    assert.deepEqual(client.told, ["missed"]);
  });

  async function publish(channel: string, body: string): Promise<void> {
    const url = `${stack.httpUrl}channels/${channel}/messages`;
    assert.equal((await fetch(url, { method: "POST", body })).status, 200);
  }

  function follow(channel: string) {
    const told: unknown[] = [];
    const events = new EventEmitter();
    const frames: string[] = [];
    class Recorded extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        sockets.push(this);
        // This listener is called after the client's own, which has taken the frame by then.
        this.once("open", () =>
          this.on("message", (data: Buffer) => {
            frames.push(data.toString());
            events.emit("frame");
          }),
        );
      }
    }
    const setTimeout = (callback: () => void) => events.emit("reconnect", callback);
    const stop = load({ WebSocket: Recorded, setTimeout, setInterval: unreferenced })(
      ...([stack.websocketUrl, channel] as const),
      (data) => told.push(data),
      () => told.push("(gap)"),
    );
    return {
      told,
      stop,
      /** Waits for a frame of this type, with this text in it. */
      async frame(type: string, text = ""): Promise<void> {
        for (;;) {
          const frame = frames.shift();
          if (frame === undefined) await once(events, "frame");
          else if (frame.includes(`"type":"${type}"`) && frame.includes(text)) return;
        }
      },
      /** Cuts the connection, and returns a function that lets the client connect again. */
      async cut(): Promise<() => void> {
        const reconnect = once(events, "reconnect");
        sockets.at(-1)?.terminate();
        const [callback] = (await reconnect) as [() => void];
        return callback;
      },
    };
  }
});

/** An interval that keeps no process alive, even if the client fails and never clears it. */
function unreferenced(callback: () => void, milliseconds: number): NodeJS.Timeout {
  return setInterval(callback, milliseconds).unref();
}
