import { copyFile, cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Use } from "../local/dynamodb/probe.ts";
import type { Description } from "../local/graph/description.ts";
import { startStack } from "../local/cli/stack.ts";
import { systemClock } from "../handlers/aws/clock.ts";
import { startConnections, type Posted } from "./connections.ts";
import { addSubscribers } from "./subscribers.ts";

export type FanOut = {
  /** Seconds until the publish was answered, and until the last of its jobs was done. */
  answered: number;
  done: number;
  /** Subscribers that the publish itself served. */
  inline: number;
  /** Of the report, once all was done; of the answer where the publish did it all. */
  delivered: number;
  pending: number;
  posted: Posted;
  /** The requests that DynamoDB has got. */
  uses: Use[];
  /** The most bytes that were live in an instance, by function; none where no memory was sampled. */
  liveBytes: Map<string, number>;
};

/** The local stack, with subscribers that are rows in the table and a server in place of @connections. */
export type FanOutStack = {
  /** Publishes once on the channel with `subscribers`, and waits until all is delivered. */
  publishTo(subscribers: number, options?: PublishOptions): Promise<FanOut>;
  /** Samples the memory of all instances from here on, which takes about half of their time. */
  sampleMemory(): Promise<void>;
  close(): Promise<void>;
};

export type PublishOptions = {
  /** Over how many shards the subscribers are spread, as their channel has grown to. Defaults to 1. */
  shards?: number;
  /** Called with the subscribers that have a row so far, and then with those that have the message. */
  onWritten?: (subscribers: number) => void;
  onDelivered?: (subscribers: number) => void;
};

// The table shares this machine's cores with all functions, which take longer than on AWS.
const timeoutSeconds = 600;

export async function startFanOutStack(): Promise<FanOutStack> {
  const connections = await startConnections(0);
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  const archives = new Map<string, string>();
  let uses: Use[] = [];
  let liveBytes = new Map<string, number>();
  let onJobDone: (delivered: number) => void = () => undefined;
  const stack = await startStack({
    ...{ stack: "staging", httpPort: 0, webSocketPort: 0, isThrottled: false },
    config: { "websocket-channels:fanoutConcurrency": "2" },
    dynamoDb: { probe: { onUse: (use) => uses.push(use) } },
    onLog(name, line) {
      const bytes = Number(/^\{"liveBytes":(\d+)\}$/.exec(line)?.[1] ?? 0);
      liveBytes.set(name, Math.max(bytes, liveBytes.get(name) ?? 0));
      // Read off the log: to read the report would be work for the table that is measured.
      const [, delivered = 0] = /"Job done".*"delivered":(\d+)/.exec(line) ?? [];
      onJobDone(Number(delivered));
    },
    adjust(description) {
      for (const { name, codeFolder } of description.functions) archives.set(name, codeFolder);
      return probed(description, folder, connections.endpoint);
    },
  });
  const codeFolders = stack.description.functions.map(({ codeFolder }) => codeFolder);
  for (const { name, codeFolder } of stack.description.functions) {
    await cp(archives.get(name) ?? "", codeFolder, { recursive: true });
    await copyFile(new URL("heap-probe.js", import.meta.url), join(codeFolder, "heap-probe.mjs"));
  }
  const client = new DynamoDBClient(stack.dynamoDb);
  const table = { name: String(stack.outputs.tableName), client, clock: systemClock };
  const written = new Set<string>();

  return {
    async publishTo(subscribers, { shards = 1, onWritten, onDelivered } = {}) {
      const channel = `bench-${subscribers}`;
      if (!written.has(channel)) {
        await addSubscribers(table, { name: channel, shards }, subscribers, onWritten);
        written.add(channel);
      }
      await connections.take();
      uses = [];
      liveBytes = new Map();
      let byJobs = 0;
      onJobDone = (served) => {
        byJobs += served;
        onDelivered?.(byJobs);
      };
      const start = performance.now();
      const seconds = () => (performance.now() - start) / 1000;
      const url = `${String(stack.outputs.httpUrl)}channels/${channel}/messages`;
      const headers = { "content-type": "text/plain" };
      const response = await fetch(url, { method: "POST", body: "hello", headers });
      const answer = await response.text();
      if (!response.ok) throw new Error(`Publishing answered ${response.status}: ${answer}`);
      const answered = seconds();
      const { delivered: inline } = JSON.parse(answer) as { delivered: number };
      const location = response.headers.get("location");
      await stack.queues.idle();
      const done = seconds();
      const used = [...uses];
      const report =
        location === null ? answer : await (await fetch(new URL(location, url))).text();
      const { delivered, pending } = JSON.parse(report) as { delivered: number; pending: number };
      const posted = await connections.take();
      return { answered, done, inline, delivered, pending, posted, uses: used, liveBytes };
    },
    async sampleMemory() {
      await Promise.all(codeFolders.map((path) => writeFile(join(path, "sample-memory"), "")));
    },
    async close() {
      client.destroy();
      await stack.close();
      await connections.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Returns the functions with another endpoint for posts, more time, and the probe around each. */
function probed(description: Description, folder: string, endpoint: string): Description {
  const functions = description.functions.map((fn) => ({
    ...fn,
    codeFolder: join(folder, fn.name),
    timeoutSeconds,
    handler: "heap-probe.handler",
    environment: { ...fn.environment, CONNECTIONS_ENDPOINT: endpoint },
  }));
  const patient = <Route extends { integration: { timeoutMilliseconds: number } }>(
    route: Route,
  ) => ({
    ...route,
    integration: { ...route.integration, timeoutMilliseconds: timeoutSeconds * 1000 },
  });
  const httpApis = description.httpApis.map((api) => ({ ...api, routes: api.routes.map(patient) }));
  return { ...description, functions, httpApis };
}
