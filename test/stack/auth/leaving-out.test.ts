import assert from "node:assert/strict";
import type { Client } from "../../support/client.ts";
import { normalised, problem, whole } from "../../support/transcript.ts";
import { modes, startAs, type User } from "./ways.ts";

for (const mode of modes) {
  describe(`with auth ${mode}, a connection that a publish leaves out`, () => {
    let user: User;
    let alice: Client;
    let bob: Client;
    let quiet: Client;
    /** Of alice, bob and quiet. */
    let ids: string[];
    before(async () => {
      user = await startAs(mode);
      ids = [];
      const join = async (query: string) => {
        const client = await user.connect(query);
        const response = await user.ask("GET /channels/news/connections");
        const { connections } = (await response.json()) as { connections: Listed[] };
        const listed = connections.map(({ connectionId }) => connectionId);
        ids.push(listed.find((id) => !ids.includes(id)) ?? assert.fail());
        return client;
      };
      alice = await join("?channel=news");
      bob = await join("?channel=news");
      quiet = await join("?channel=news&echo=false");
    });
    after(() => user.stack.close());

    type Listed = { connectionId: string };
    const publish = async (query: string, data: string) => {
      const response = await user.ask(`POST /channels/news/messages${query}`, data);
      const type = response.headers.get("content-type") ?? "";
      return normalised(`${response.status} ${type} ${await response.text()}`);
    };
    const message = (sequence: number, data: string) =>
      `{"type":"message","channel":"news","id":"epoch-${sequence}","data":"${data}","time":"TIME"}`;
    const published = (sequence: number) =>
      `{"type":"published","channel":"news","id":"epoch-${sequence}"}`;
    const next = async (client: Client) => normalised(await client.next());
    const error = (code: string, text: string) =>
      `{"type":"error","code":"${code}","message":${JSON.stringify(text)}}`;

    it("is the one that a request names, or nobody", async () => {
      const answer = (sequence: number, delivered: number) =>
        `200 application/json {"id":"epoch-${sequence}","channel":"news","delivered":${delivered},"gone":0,${whole}`;
      const exclude = `?exclude=${encodeURIComponent(ids[0] ?? "")}`;
      assert.equal(await publish(exclude, "one"), answer(1, 2));
      assert.equal(await publish("?exclude=AAAAAAAAAAAAAAA=", "two"), answer(2, 3));
      assert.equal(
        await publish("?exclude=a%20b", "x"),
        problem(400, "invalid-connection", '"exclude" takes the id of a connection.'),
      );
      assert.equal(await next(alice), message(2, "two"));
      for (const client of [bob, quiet]) {
        const frames = (await client.take(2)).map(normalised);
        assert.deepEqual(frames.sort(), [message(1, "one"), message(2, "two")]);
      }
      const response = await user.ask("GET /channels/news/messages?limit=1");
      const { messages } = (await response.json()) as { messages: { data: string }[] };
      assert.equal(messages[0]?.data, "one");
    });

    it("is the one that sends a frame, by true or by its own id, and no other", async () => {
      const frame = { action: "publish", channel: "news", data: "three" };
      for (const [index, exclude] of [true, ids[0]].entries()) {
        assert.equal(normalised(await alice.ask({ ...frame, exclude })), published(3 + index));
        for (const client of [bob, quiet]) {
          assert.equal(await next(client), message(3 + index, "three"));
        }
      }
      const whose =
        'A client can exclude nobody but itself: "exclude" takes true, or the id of its own connection.';
      for (const [exclude, refused] of [
        [ids[1], error("forbidden", whose)],
        [false, error("invalid-connection", whose)],
        ["a b", error("invalid-connection", whose)],
      ]) {
        assert.equal(await alice.ask({ ...frame, exclude }), refused);
      }
      alice.send(frame);
      const own = (await alice.take(2)).map(normalised);
      assert.deepEqual(own.sort(), [message(5, "three"), published(5)]);
      for (const client of [bob, quiet]) assert.equal(await next(client), message(5, "three"));
    });

    it("is the one that publishes and was opened with echo=false, for good", async () => {
      await quiet.ask({ action: "subscribe", channel: "later" });
      for (const channel of ["news", "later"]) {
        const frame = { action: "publish", channel, data: "mine" };
        assert.match(await quiet.ask(frame), /"type":"published"/);
      }
      for (const client of [alice, bob]) assert.equal(await next(client), message(6, "mine"));
      // By a request it is somebody else's.
      await user.ask("POST /channels/later/messages", "yours");
      assert.match(await quiet.next(), /"channel":"later".*"yours"/);
    });

    it("is left out of a resume too, which is whole without; another connection is not", async () => {
      const history = await alice.ask({ action: "history", channel: "news", limit: 1 });
      const { messages } = JSON.parse(history) as { messages: { id: string }[] };
      const since = messages[0]?.id.replace(/\d+$/, "2");
      const frame = { action: "subscribe", channel: "news", since };
      const resume = async (client: Client) => {
        client.send(frame);
        const frames = (await client.until('"subscribed"')).map((one) => JSON.parse(one) as Frame);
        const numbers = frames.flatMap(({ id }) => (id ? [Number(id.split("-")[1])] : []));
        return [frames.at(-1)?.recovered, ...numbers];
      };
      type Frame = { id?: string; recovered?: boolean };
      assert.deepEqual(await resume(alice), [true, 5, 6]);
      assert.deepEqual(await resume(quiet), [true, 3, 4, 5]);
      const other = await user.connect("?channel=&echo=false");
      assert.deepEqual(await resume(other), [true, 3, 4, 5, 6]);
      assert.deepEqual([alice.unread, bob.unread, quiet.unread], [[], [], []]);
    });

    it("says by echo whether it is to be one, or its handshake is refused", async () => {
      const items = await user.stack.items();
      for (const query of ["?echo=no", "?echo=", "?channel=news&echo=False"]) {
        const refused = { message: "Unexpected server response: 400" };
        await assert.rejects(user.connect(query), refused);
      }
      assert.deepEqual(await user.stack.items(), items);
      await (await user.connect("?echo=true")).close();
    });
  });
}
