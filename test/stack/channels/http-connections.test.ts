import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, connectAs, disconnected, problem } from "../../support/transcript.ts";

const unknown = problem(
  404,
  "unknown-connection",
  "There is no such connection, or no more: connect again.",
);
const malformed = problem(400, "invalid-connection", "This is not the form of a connection's id.");

describe("one connection over HTTP", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("is shown with its channels and how it speaks", async () => {
    const { client, id } = await connectAs(stack);
    const shown = (protocol: string, channels: string[]) =>
      '200 application/json {"connectionId":"CONNECTION",' +
      `"protocol":"${protocol}","channels":${JSON.stringify(channels)},` +
      '"connectedAt":"TIME","lastActiveAt":"TIME","sourceIp":"127.0.0.1"}';
    assert.equal(await ask(stack.httpUrl, `GET /connections/${id}`), shown("plain", ["test"]));

    await client.ask({ action: "subscribe", channel: "a:b" });
    assert.equal(
      await ask(stack.httpUrl, `GET /connections/${encodeURIComponent(id)}`),
      shown("plain", ["a:b", "test"]),
    );
    const json = await connectAs(stack, "?channel=news", ["channels.v1"]);
    assert.equal(
      await ask(stack.httpUrl, `GET /connections/${json.id}`),
      shown("channels.v1", ["news"]),
    );
  });

  it("alone gets what is sent to it", async () => {
    const { client, id } = await connectAs(stack, "?channel=both");
    const other = await Client.connect(`${stack.websocketUrl}?channel=both`);
    assert.equal(
      await ask(stack.httpUrl, `POST /connections/${id}`, "psst"),
      '200 application/json {"connectionId":"CONNECTION","delivered":1}',
    );
    assert.equal(await client.next(), "psst");
    await ask(stack.httpUrl, "POST /channels/both/messages", "all");
    assert.deepEqual([await client.next(), await other.next()], ["all", "all"]);
  });

  it("is closed with 1000, and its items go", async () => {
    const { client, id } = await connectAs(stack, "?channel=a&channel=b");
    assert.equal(
      await ask(stack.httpUrl, `DELETE /connections/${id}`),
      "204 text/plain; charset=utf-8",
    );
    assert.deepEqual(await client.closed, [1000, "Connection Closed Normally"]);
    await disconnected(stack, id);
    assert.ok(!(await stack.items()).some((item) => item.includes(id)));
    for (const method of ["GET", "DELETE"]) {
      assert.equal(await ask(stack.httpUrl, `${method} /connections/${id}`), unknown);
    }
    assert.equal(await ask(stack.httpUrl, `POST /connections/${id}`, "psst"), unknown);
  });

  it("that never was is 404, and 400 where no connection can have its id", async () => {
    const items = await stack.items();
    for (const method of ["GET", "POST", "DELETE"]) {
      const body = method === "POST" ? "psst" : undefined;
      const at = (id: string) => ask(stack.httpUrl, `${method} /connections/${id}`, body);
      assert.equal(await at("AAAAAAAAAAAAAAA="), unknown);
      for (const id of ["nobody", "AAAAAAAAAAAAAAA=test", "%F0%9F%98%80", "%20"]) {
        assert.deepEqual([method, id, await at(id)], [method, id, malformed]);
      }
    }
    assert.deepEqual(await stack.items(), items);
  });

  it("is not sent what has no content", async () => {
    const { id } = await connectAs(stack);
    assert.equal(
      await ask(stack.httpUrl, `POST /connections/${id}`),
      problem(400, "invalid-data", "The body is empty: send the message as the request's body."),
    );
  });
});
