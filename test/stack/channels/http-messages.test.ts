import assert from "node:assert/strict";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, normalised, problem, request } from "../../support/transcript.ts";

describe("reading over HTTP", () => {
  let stack: TestStack;
  let epoch: string;
  before(async () => {
    stack = await startTestStack();
    for (const data of ["1", '"two"', '{"three":3}']) {
      const headers = { "content-type": "application/json" };
      const response = await request(stack.httpUrl, "POST /channels/news/messages", data, headers);
      epoch = /"id":"(\w+)-\d+"/.exec(await response.text())?.[1] ?? "";
    }
  });
  after(() => stack.close());

  const messages = [
    '{"id":"epoch-1","data":1,"time":"TIME"}',
    '{"id":"epoch-2","data":"two","time":"TIME"}',
    '{"id":"epoch-3","data":{"three":3},"time":"TIME"}',
  ];
  const excerpt = (from: number, to: number, more: boolean) =>
    `200 application/json {"channel":"news","messages":[${messages.slice(from, to).join()}],` +
    `"more":${more},"last":"epoch-3"}`;

  it("says what this is", async () => {
    const { httpUrl, websocketUrl } = stack;
    assert.equal(
      await ask(httpUrl, "GET /"),
      `200 application/json {"name":"websocket-channels","defaultChannel":"test","websocketUrl":"${websocketUrl}"}`,
    );
  });

  it("gives the messages that are kept, after an id and up to a limit", async () => {
    const get = (query: string) => ask(stack.httpUrl, `GET /channels/news/messages${query}`);
    assert.equal(await get(""), excerpt(0, 3, false));
    assert.equal(await get("?limit=3"), excerpt(0, 3, false));
    assert.equal(await get("?limit=2"), excerpt(0, 2, true));
    assert.equal(await get(`?since=${epoch}-0`), excerpt(0, 3, false));
    assert.equal(await get(`?since=${epoch}-1`), excerpt(1, 3, false));
    assert.equal(await get(`?since=${epoch}-1&limit=1`), excerpt(1, 2, true));
    assert.equal(await get(`?since=${epoch}-3`), excerpt(3, 3, false));
  });

  it("finds a channel that nobody has used empty, and does not create it", async () => {
    const items = await stack.items();
    const nobody: [path: string, rest: string][] = [
      ["messages", '"messages":[],"more":false,"last":null'],
      ["connections", '"connections":[],"cursor":null'],
    ];
    for (const [path, rest] of nobody) {
      assert.equal(
        await ask(stack.httpUrl, `GET /channels/unused/${path}`),
        `200 application/json {"channel":"unused",${rest}}`,
      );
    }
    assert.deepEqual(await stack.items(), items);
  });

  it("refuses what is no id of the channel", async () => {
    const refusal = problem(
      400,
      "invalid-since",
      '"since" is no id of this channel: leave it out to read on from the oldest.',
    );
    const ids = [
      "other-1",
      `${epoch}-4`,
      `${epoch}-01`,
      `${epoch}-`,
      epoch,
      `${epoch}--1`,
      "",
      "1",
    ];
    for (const id of [...ids, `${epoch}-1e0`, `${epoch}-1%20`, `${epoch}-9007199254740993`]) {
      const answer = await ask(stack.httpUrl, `GET /channels/news/messages?since=${id}`);
      assert.deepEqual([id, answer], [id, normalised(refusal)]);
    }
  });

  it("refuses bad channels and bad limits in every list", async () => {
    const name =
      "A channel's name is 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.";
    for (const path of ["messages", "connections"]) {
      for (const channel of ["no%20spaces", "%23", "n".repeat(129)]) {
        assert.equal(
          await ask(stack.httpUrl, `GET /channels/${channel}/${path}`),
          problem(400, "invalid-channel", name),
        );
      }
    }
    for (const path of ["/channels", "/channels/news/messages", "/channels/news/connections"]) {
      for (const limit of ["0", "-1", "1001", "1.5", "ten", "", "1e1", "1&limit=2"]) {
        assert.deepEqual(
          [path, limit, await ask(stack.httpUrl, `GET ${path}?limit=${limit}`)],
          [
            ...[path, limit],
            problem(400, "invalid-limit", '"limit" takes a whole number from 1 to 1000.'),
          ],
        );
      }
    }
  });

  it("knows no other request", async () => {
    const { httpUrl } = stack;
    const lines = [
      "PUT /",
      "DELETE /channels",
      "GET /nothing",
      "GET /channels/news",
      "POST /channels",
    ];
    for (const line of [...lines, "POST /channels//messages", "GET /connections"]) {
      assert.equal(await ask(httpUrl, line), '404 application/json {"message":"Not Found"}');
    }
  });
});
