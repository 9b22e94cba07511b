import assert from "node:assert/strict";
import type { Client } from "../../support/client.ts";
import { normalised, problem, whole } from "../../support/transcript.ts";
import { modes, startAs, type User } from "./ways.ts";

const sent = (...messages: unknown[]) => JSON.stringify({ messages });
const published = (sequence: number, channel: string, delivered: number) =>
  `{"id":"epoch-${sequence}","channel":"${channel}","delivered":${delivered},"gone":0,${whole}`;
const refused = (title: string, status: number, code: string, detail: string) =>
  JSON.stringify({ title, status, code, detail });
const answer = (status: number, ...results: string[]) =>
  `${status} application/json {"results":[${results.join()}]}`;
const name =
  "A channel's name is 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.";
const list = '"messages" takes a list of 1 to 10 objects, each with a "channel" and "data".';

for (const mode of modes) {
  describe(`with auth ${mode}, POST /messages`, () => {
    let user: User;
    let client: Client;
    before(async () => {
      const claims = { subscribe: ["*"], publish: ["news", "sport"], admin: true };
      user = await startAs(mode, claims);
      client = await user.connect("?channel=news");
      await client.ask({ action: "subscribe", channel: "sport" });
    });
    after(() => user.stack.close());

    const ask = async (body: string, headers: Record<string, string> = {}) => {
      const response = await user.ask("POST /messages", body, headers);
      const type = response.headers.get("content-type") ?? "";
      return normalised(`${response.status} ${type} ${await response.text()}`);
    };
    const frame = (sequence: number, channel: string, data: string) =>
      `{"type":"message","channel":"${channel}","id":"epoch-${sequence}","data":${data},"time":"TIME"}`;

    it("publishes each message as its own request would, in the order of its channel", async () => {
      const body = '{"messages":[{"channel":"news","data":"one"},{"channel":"news","data":1.0}]}';
      for (const [contentType, sequence] of [
        ["application/json", 1],
        ["application/x-www-form-urlencoded", 3],
      ] as const) {
        assert.equal(
          await ask(body, { "content-type": contentType }),
          answer(200, published(sequence, "news", 1), published(sequence + 1, "news", 1)),
        );
        const frames = [frame(sequence, "news", '"one"'), frame(sequence + 1, "news", "1.0")];
        assert.deepEqual((await client.take(2)).map(normalised), frames);
      }
    });

    it("gives each its own result, and lets none stop another", async () => {
      const listing = await user.ask("GET /channels/news/connections");
      const { connections } = (await listing.json()) as {
        connections: { connectionId: string }[];
      };
      const exclude = connections[0]?.connectionId;
      const results = await ask(
        sent(
          { channel: "sport", data: "one" },
          { channel: "no spaces", data: "x" },
          { channel: "news", data: "for the others", exclude },
          { channel: "news", data: "x", exclude: "no id" },
          { channel: "news" },
          { channel: "news", data: "x".repeat(131_000) },
          { channel: "sport", data: "two" },
        ),
      );
      assert.match(results, /"status":413,"code":"too-large"/);
      assert.equal(
        results.replace(
          /"detail":"The message takes \d+ bytes/,
          '"detail":"The message takes N bytes',
        ),
        answer(
          207,
          published(1, "sport", 1),
          refused("Bad Request", 400, "invalid-channel", name),
          published(5, "news", 0),
          ...[
            refused(
              "Bad Request",
              400,
              "invalid-connection",
              '"exclude" takes the id of a connection.',
            ),
            refused(
              "Bad Request",
              400,
              "invalid-data",
              'There is no "data": it takes text, or any other JSON.',
            ),
            refused(
              ...(["Payload Too Large", 413, "too-large"] as const),
              "The message takes N bytes with its envelope: it may take up to 131072.",
            ),
          ],
          published(2, "sport", 1),
        ),
      );
      const frames = [frame(1, "sport", '"one"'), frame(2, "sport", '"two"')];
      assert.deepEqual((await client.take(2)).map(normalised), frames);
      assert.deepEqual(client.unread, []);
    });

    it("asks the token for a grant for each message", async () => {
      const detail = (channel: string) =>
        `The token does not let you publish to the channel ${channel}: its claim "publish" has to name it.`;
      const granted = published(3, "sport", 1);
      const others = ["secret", "news-2"].map((channel) =>
        mode === "jwt"
          ? refused("Forbidden", 403, "forbidden", detail(channel))
          : published(1, channel, 0),
      );
      const messages = ["secret", "sport", "news-2"].map((channel) => ({ channel, data: "three" }));
      const [secret = "", other = ""] = others;
      assert.equal(
        await ask(sent(...messages)),
        answer(mode === "jwt" ? 207 : 200, secret, granted, other),
      );
      assert.equal(normalised(await client.next()), frame(3, "sport", '"three"'));
      const items = await user.stack.items();
      assert.equal(
        items.some((item) => item.includes("secret")),
        mode !== "jwt",
      );
    });

    it("publishes once for an Idempotency-Key, and nothing of another body with it", async () => {
      const headers = { "idempotency-key": "order-17" };
      const body = sent({ channel: "news", data: "once" }, { channel: "no spaces", data: "x" });
      const first = answer(
        207,
        published(6, "news", 1),
        refused("Bad Request", 400, "invalid-channel", name),
      );
      for (let times = 0; times < 2; times++) assert.equal(await ask(body, headers), first);
      assert.equal(
        await ask(sent({ channel: "sport", data: "another" }), headers),
        problem(
          ...([422, "idempotency-key-reused"] as const),
          "This Idempotency-Key came with another request before: take a new key for a new message.",
        ),
      );
      assert.equal(
        await ask(body, { "idempotency-key": "two words" }),
        problem(
          400,
          "invalid-idempotency-key",
          "An Idempotency-Key is 1 to 255 visible ASCII characters.",
        ),
      );
      assert.equal(normalised(await client.next()), frame(6, "news", '"once"'));
      assert.deepEqual(client.unread, []);
    });

    it("leaves an Idempotency-Key to others where it may publish nothing", async () => {
      const headers = { "idempotency-key": "order-18" };
      const items = await user.stack.items();
      const [channel, status] = mode === "jwt" ? ["secret", 403] : ["no spaces", 400];
      const none = await ask(sent({ channel, data: "x" }, { channel: 1, data: "x" }), headers);
      assert.match(none, new RegExp(`^207 .*"status":${status},.*"status":400,`));
      assert.deepEqual(await user.stack.items(), items);
      assert.match(await ask(sent({ channel: "news", data: "x" }), headers), /^200 /);
      await client.next();
    });

    it("is refused as a whole where its body is no batch, and leaves nothing", async () => {
      const message = { channel: "news", data: "x" };
      const broken = problem(400, "invalid-json", 'The body is not JSON: send {"messages":[…]}.');
      const items = await user.stack.items();
      for (const body of ["", "message", "{"]) assert.equal(await ask(body), broken);
      for (const body of [
        ...[sent(), sent(...Array.from({ length: 11 }, () => message)), sent(message, "text")],
        ...["{}", JSON.stringify([message])],
      ]) {
        assert.equal(await ask(body), problem(400, "invalid-messages", list));
      }
      const deep = `{"messages":[{"channel":"news","data":${"[".repeat(1001)}${"]".repeat(1001)}}]}`;
      assert.match(await ask(deep), /^400 application\/problem\+json .*"code":"invalid-data"/);
      const large = sent({ ...message, data: "x".repeat(10 * 131_072) });
      assert.match(await ask(large), /^413 .*"The batch takes \d+ bytes .* up to 1310720\."/);
      assert.deepEqual(await user.stack.items(), items);
      assert.deepEqual(client.unread, []);
    });
  });
}
