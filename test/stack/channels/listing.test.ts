import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectionIds, problem, request } from "../../support/transcript.ts";

type Page = {
  channels?: string[];
  connections?: { connectionId: string }[];
  cursor: string | null;
};

const refusal = problem(
  400,
  "invalid-cursor",
  '"cursor" is none of this listing: take it as an answer gave it, or leave it out.',
);

describe("a listing", () => {
  let stack: TestStack;
  let subscribers: string[];
  const channels = Array.from({ length: 9 }, (_, index) => `channel-${index}`);
  before(async () => {
    // Small pages make the channel grow: its 18 subscribers are in several shards then.
    stack = await startTestStack({
      config: { "websocket-channels:inlineRecipients": "1" },
      dynamoDb: { probe: { pageItems: 1 } },
    });
    for (const channel of channels) await publish(channel);
    for (let count = 0; count < 18; count++) {
      await connectTo("crowd");
      await publish("crowd");
      await stack.queues.idle();
    }
    subscribers = (await connectionIds(stack)).sort();
  });
  after(() => stack.close());

  const publish = (channel: string) =>
    ask(stack.httpUrl, `POST /channels/${channel}/messages`, "x");

  const connectTo = (channel: string) => Client.connect(`${stack.websocketUrl}?channel=${channel}`);

  async function page(path: string, limit: number, cursor?: string): Promise<Page> {
    const query = cursor === undefined ? "" : `&cursor=${cursor}`;
    const response = await request(stack.httpUrl, `GET ${path}?limit=${limit}${query}`);
    assert.equal(response.status, 200);
    return (await response.json()) as Page;
  }

  /** Returns every entry of every page; `between` runs before each page. */
  async function all(path: string, limit: number, between?: () => Promise<unknown>) {
    const entries: string[] = [];
    let cursor: string | undefined;
    do {
      await between?.();
      const next = await page(path, limit, cursor);
      const ids = next.channels ?? next.connections?.map(({ connectionId }) => connectionId) ?? [];
      assert.ok(ids.length <= limit, `${ids.length} entries on a page of ${limit}`);
      entries.push(...ids);
      cursor = next.cursor ?? undefined;
    } while (cursor !== undefined);
    return entries;
  }

  it("is spread over several shards here", async () => {
    const items = await stack.items();
    const shards = new Set(items.flatMap((item) => /^channel#crowd#(\d+) /.exec(item)?.[1] ?? []));
    assert.ok(shards.size > 1, items.join("\n"));
  });

  for (const limit of [1, 2, 3, 4, 1000]) {
    it(`is complete and repeats nothing in pages of ${limit}`, async () => {
      assert.deepEqual((await all("/channels/crowd/connections", limit)).sort(), subscribers);
      const listed = await all("/channels", limit);
      assert.deepEqual(listed, [...channels, "crowd"].sort());
    });
  }

  it("has everyone exactly once who was there throughout, whoever comes and goes", async () => {
    const passers: Client[] = [];
    for (const limit of [1, 2]) {
      let rounds = 0;
      const listed = await all("/channels/crowd/connections", limit, async () => {
        if (++rounds > 6) return;
        passers.push(await connectTo("crowd"));
        if (rounds > 2) await passers.shift()?.close();
      });
      assert.equal(new Set(listed).size, listed.length);
      assert.deepEqual(listed.filter((id) => subscribers.includes(id)).sort(), subscribers);
    }
    for (const client of passers) await client.close();
  });

  it("has each channel exactly once while others begin", async () => {
    let begun = 0;
    const listed = await all("/channels", 1, async () => {
      if (begun < 6) await publish(`channel-${begun++}-more`);
    });
    assert.equal(new Set(listed).size, listed.length);
    assert.deepEqual(
      listed.filter((name) => channels.includes(name)),
      channels,
    );
  });

  it("refuses a cursor that it did not give", async () => {
    const paths = ["/channels", "/channels/crowd/connections", "/channels/channel-0/connections"];
    const [ofChannels, ofCrowd] = [await page("/channels", 1), await page(paths[1] ?? "", 1)];
    const given = [ofChannels.cursor ?? "", ofCrowd.cursor ?? "", undefined];
    for (const [index, path] of paths.entries()) {
      const own = given[index];
      const foreign = given.flatMap((cursor) => (cursor === own ? [] : (cursor ?? [])));
      const changed = own === undefined ? [] : changes(own);
      for (const cursor of [...foreign, ...changed, "", "x", "AAAA", "%F0%9F%98%80", "0"]) {
        const answer = await ask(stack.httpUrl, `GET ${path}?cursor=${cursor}`);
        assert.deepEqual([path, cursor, answer], [path, cursor, refusal]);
      }
    }
  });
});

/** Returns the cursor with one character changed, removed or added, at each place. */
function changes(cursor: string): string[] {
  const places = Array.from(cursor, (character, at) => {
    const [before, after] = [cursor.slice(0, at), cursor.slice(at + 1)];
    return [before + (character === "A" ? "B" : "A") + after, before + after];
  });
  return [...places.flat(), `${cursor}A`, `${cursor}=`];
}
