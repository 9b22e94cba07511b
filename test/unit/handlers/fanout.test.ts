import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { writeJob } from "../../../handlers/delivery/job.ts";
import type { handler as fanoutHandler } from "../../../handlers/fanout.ts";
import { itemsEnd } from "../../../handlers/store/connection.ts";
import { systemClock } from "../../../handlers/aws/clock.ts";
import { openChannelTable, type ChannelTable } from "../../support/channel-table.ts";
import { close, hostOf } from "../../../local/shared/listen.ts";

const connectedAt = Date.now() - 60_000;

const attributes = { ApproximateReceiveCount: "1" };

describe("the fanout function", () => {
  let server: Server;
  let channels: ChannelTable;
  /** Posts that wait for their answer, by the connection's id. */
  const held = new Map<string, ServerResponse>();
  let fanout: typeof fanoutHandler;
  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      held.set(request.url?.split("/").at(-1) ?? "", response);
      server.emit("held");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    channels = await openChannelTable({ clock: systemClock });
    Object.assign(process.env, {
      ...{ POWERTOOLS_SERVICE_NAME: "test", STACK_NAME: "staging", POWERTOOLS_LOG_LEVEL: "SILENT" },
      CONNECTIONS_ENDPOINT: `http://${hostOf(server)}/staging`,
      ...{ WEBSOCKET_URL: "wss://test", DELIVERY_QUEUE_URL: "none", DEAD_LETTER_QUEUE_URL: "none" },
      ...{ DELIVERY_CONCURRENCY: "12", INLINE_RECIPIENTS: "1", AUTH: "none" },
      ...{ DEFAULT_CHANNEL: "test", HISTORY_SECONDS: "0", MAX_MESSAGE_BYTES: "1000" },
      ...{ PRESENCE_LIMIT: "200", PRESENCE_GRACE_SECONDS: "10", PREFIX_SUBSCRIPTIONS: "false" },
      ...channels.environment,
    });
    ({ handler: fanout } = await import("../../../handlers/fanout.ts"));
  });
  after(async () => {
    await close(server);
    await channels.close();
  });
  afterEach(() => {
    held.clear();
  });

  const record = (messageId: string, subscribers: number) => ({
    messageId,
    attributes,
    body: writeJob({
      id: messageId,
      message: {
        ...{ channel: "news", epoch: "k3f9x2", sequence: 42, text: "hello", isJson: false },
        time: "2026-11-22T10:00:00.000Z",
      },
      to: {
        subscribers: Array.from({ length: subscribers }, (_, index) => ({
          ...{ connectionId: `${messageId}${index}`, protocol: "plain", connectedAt },
          ...{ expiresAt: itemsEnd(connectedAt), shardKey: "news#0" },
        })),
      },
      attempt: 0,
    }),
  });
  const context = { awsRequestId: "r", getRemainingTimeInMillis: () => 60_000 };
  async function heldPosts(count: number): Promise<string[]> {
    while (held.size < count) await once(server, "held");
    return [...held.keys()].sort();
  }
  function answer(id: string, status = 200): void {
    held.get(id)?.writeHead(status).end();
    held.delete(id);
  }

  it("works on the records of one event side by side, which share its posts", async () => {
    const working = fanout({ Records: ["a", "b", "c"].map((id) => record(id, 5)) }, context);
    // Twelve posts for three records are four each.
    const all = ["a", "b", "c"].flatMap((id) => [0, 1, 2, 3].map((index) => `${id}${index}`));
    assert.deepEqual(await heldPosts(12), all);
    // The last record ends while the others still wait.
    for (const index of [0, 1, 2, 3]) answer(`c${index}`);
    assert.ok((await heldPosts(9)).includes("c4"));
    for (const id of [...all.slice(0, 8), "c4"]) answer(id);
    assert.deepEqual(await heldPosts(2), ["a4", "b4"]);
    for (const id of ["a4", "b4"]) answer(id);
    assert.deepEqual(await working, { batchItemFailures: [] });
  });

  it("gives back the records that it could not do, and no other", async () => {
    const body = "no job";
    const working = fanout(
      { Records: [{ messageId: "a", body, attributes }, record("d", 1)] },
      context,
    );
    await heldPosts(1);
    answer("d0");
    assert.deepEqual(await working, { batchItemFailures: [{ itemIdentifier: "a" }] });
  });
});
