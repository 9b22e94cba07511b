import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { presignedUrl, signedHeaders } from "../../support/signer.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask, normalised, problem, request, whole } from "../../support/transcript.ts";

const subscribe = (channel: string, more = {}) => ({ action: "subscribe", channel, ...more });
const error = (code: string, message: string) => JSON.stringify({ type: "error", code, message });

describe("a prefix", function () {
  this.timeout(60_000);
  let stack: TestStack;
  afterEach(() => stack.close());

  const start = async (config: Record<string, string>) => {
    stack = await startTestStack({ config: { prefixSubscriptions: "true", ...config } });
  };
  const publish = (channel: string, text: string) =>
    ask(stack.httpUrl, `POST /channels/${channel}/messages`, text);
  const sent = (channel: string, delivered: number, sequence = 1) =>
    `200 application/json {"id":"epoch-${sequence}","channel":"${channel}","delivered":${delivered},"gone":0,${whole}`;
  const message = (channel: string, data: string, sequence = 1) =>
    `{"type":"message","channel":"${channel}","id":"epoch-${sequence}","data":"${data}","time":"TIME"}`;

  it("with auth none is subscribed to and left as a channel is", async () => {
    await start({ auth: "none" });
    const connect = (query: string, protocols = ["channels.v1"]) =>
      Client.connect(stack.websocketUrl + query, protocols);
    const next = async (client: Client) => normalised(await client.next());

    const plain = await connect("?channel=orders:*", []);
    const client = await connect("?channel=orders:eu");
    await publish("orders:us", "before");
    assert.equal(await plain.next(), "before");
    assert.equal(
      normalised(await client.ask(subscribe("orders:*", { ref: "1" }))),
      '{"type":"subscribed","channel":"orders:*","last":{"orders:us":"epoch-1"},"revision":2,"ref":"1"}',
    );
    // Twice subscribed, and once told.
    assert.equal(await publish("orders:eu", "one"), sent("orders:eu", 2));
    assert.equal(await next(client), message("orders:eu", "one"));
    assert.equal(await plain.next(), "one");
    for (const channel of ["orders", "orders:eu:42"]) {
      assert.equal(await publish(channel, "more"), sent(channel, 2));
      assert.equal(await next(client), message(channel, "more"));
      assert.equal(await plain.next(), "more");
    }
    for (const channel of ["ordersx", "order", "news"]) {
      assert.equal(await publish(channel, "other"), sent(channel, 0));
    }
    const get = async (path: string) => {
      const answer = await request(stack.httpUrl, `GET ${path}`);
      return (await answer.json()) as { channels: string[]; connections: { protocol: string }[] };
    };
    const { channels } = await get("/channels");
    assert.deepEqual(
      channels.filter((name) => name.startsWith("orders")),
      ["orders", "orders:eu", "orders:eu:42", "orders:us", "ordersx"],
    );
    const { connections } = await get("/channels/orders:*/connections");
    assert.deepEqual(connections.map(({ protocol }) => protocol).sort(), ["channels.v1", "plain"]);

    assert.equal(
      await plain.ask({ action: "unsubscribe", channel: "orders:*" }),
      '{"type":"unsubscribed","channel":"orders:*","revision":2}',
    );
    assert.equal(await publish("orders:us", "two"), sent("orders:us", 1, 2));
    await client.next();
    assert.deepEqual([...plain.unread, ...client.unread], []);
    for (const one of [plain, client]) await one.close();
  });

  it("is resumed by the last ids of its channels, and says where it cannot be sure", async () => {
    await start({ auth: "none" });
    const connect = () => Client.connect(`${stack.websocketUrl}?channel=`, ["channels.v1"]);
    const before = await connect();
    await publish("orders:eu", "first");
    await publish("orders:us", "first");
    const lastOf = (reply: string) => (JSON.parse(reply) as { last: Record<string, string> }).last;
    const last = lastOf(await before.ask(subscribe("orders:*")));
    assert.deepEqual(Object.keys(last).sort(), ["orders:eu", "orders:us"]);
    await before.close();

    await publish("orders:eu", "second");
    await publish("orders:new", "first");
    const again = await connect();
    again.send(subscribe("orders:*", { since: last }));
    const frames = (await again.until('"subscribed"')).map(normalised);
    assert.deepEqual(frames.slice(0, -1).sort(), [
      message("orders:eu", "second", 2),
      message("orders:new", "first"),
    ]);
    assert.match(
      frames.at(-1) ?? "",
      /^\{"type":"subscribed","channel":"orders:\*","last":\{.*\},"recovered":true,"revision":2\}$/,
    );
    // Null is as of a client that knows of no channel; an id of another life says nothing.
    for (const [since, count, isSure] of [
      [null, 4, true],
      [{ "orders:eu": null, "orders:us": "aaaaaa-1" }, 3, false],
      [{ "orders:gone": "aaaaaa-1" }, 4, false],
      [{ "orders:gone": null }, 4, true],
    ] as const) {
      again.send(subscribe("orders:*", { since }));
      const replayed = await again.until('"subscribed"');
      assert.equal(replayed.length - 1, count);
      assert.ok(replayed.at(-1)?.includes(`"recovered":${isSure}`), JSON.stringify(since));
    }

    // Of more channels than a frame has the ids of.
    for (let number = 0; number < 99; number++) await publish(`orders:${number}`, "many");
    await again.take(99);
    again.send(subscribe("orders:*", { since: last }));
    const crowded = (await again.until('"subscribed"')).map(normalised);
    assert.deepEqual(crowded, [
      message("orders:eu", "second", 2),
      '{"type":"subscribed","channel":"orders:*","last":null,"recovered":false,"revision":7}',
    ]);
    await again.close();
  });

  it("is refused where its form, its stack or its frame is wrong", async () => {
    await start({ auth: "none" });
    const client = await Client.connect(`${stack.websocketUrl}?channel=`);
    const form =
      'A prefix is a channel\'s name with up to 8 parts between its colons, and then ":*".';
    for (const channel of [":*", "-a:*", "a*:*", "a:b:c:d:e:f:g:h:i:*", `${"a".repeat(129)}:*`]) {
      assert.equal(await client.ask(subscribe(channel)), error("invalid-channel", form));
    }
    assert.match(await client.ask(subscribe("a:b:c:d:e:f:g:h:*")), /"subscribed"/);
    const since = error(
      "invalid-since",
      '"since" of a prefix takes an object with the last ids of up to 100 channels that it stands for, as {"orders:eu":"k3f9x2-42"}, or null.',
    );
    const ids = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`orders:${at}`, null]));
    for (const wrong of ["k3f9x2-42", 1, [], { news: "k3f9x2-42" }, { "orders:eu": 1 }, ids(101)]) {
      assert.equal(await client.ask(subscribe("orders:*", { since: wrong })), since);
    }
    assert.match(await client.ask(subscribe("orders:*", { since: ids(100) })), /"recovered":true/);
    assert.equal(
      await client.ask(subscribe("orders:*", { presence: true })),
      error("invalid-data", '"presence" is for a channel: a prefix takes none.'),
    );
    const name =
      "A channel's name is 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.";
    for (const action of ["publish", "history", "presence"]) {
      assert.equal(
        await client.ask({ action, channel: "orders:*", data: 1 }),
        error("invalid-channel", name),
      );
    }
    assert.equal(await publish("orders:*", "text"), problem(400, "invalid-channel", name));
    await client.close();
  });

  it("is refused by a stack that has not asked for it, but for its end", async () => {
    await start({ auth: "none", prefixSubscriptions: "false" });
    const { websocketUrl } = stack;
    const client = await Client.connect(`${websocketUrl}?channel=`);
    assert.equal(
      await client.ask(subscribe("orders:*")),
      error(
        "invalid-channel",
        "This stack takes no prefix: it would with prefixSubscriptions: true in its config.",
      ),
    );
    await assert.rejects(Client.connect(`${websocketUrl}?channel=orders:*`), {
      message: "Unexpected server response: 400",
    });
    assert.equal(
      await client.ask({ action: "unsubscribe", channel: "orders:*" }),
      '{"type":"unsubscribed","channel":"orders:*","revision":2}',
    );
    await client.close();
  });

  it("with auth jwt wants a claim that names all that it stands for", async () => {
    await start({ auth: "jwt" });
    const { issuer = assert.fail(), websocketUrl } = stack;
    const connect = async (claim: string[], query = "?channel=") => {
      const token = await issuer.sign({ subscribe: claim, publish: ["*"] });
      return Client.connect(websocketUrl + query, ["channels.v1", `bearer.${token}`]);
    };
    const refused = (name: string) =>
      error(
        "forbidden",
        `The token does not let you subscribe to the channel ${name}: its claim "subscribe" has to name it.`,
      );
    for (const [claim, name] of [
      [["orders"], "orders:*"],
      [["orders:*"], "orders"],
      [["orders:eu*", "orders"], "orders:*"],
      [["orders*:eu"], "orders"],
      [["news"], "orders"],
    ] as const) {
      const client = await connect([...claim]);
      assert.equal(await client.ask(subscribe("orders:*")), refused(name));
      await client.close();
    }
    await assert.rejects(connect(["orders:*"], "?channel=orders:*"), {
      message: "Unexpected server response: 403",
    });
    for (const claim of [["*"], ["orders*"], ["orders", "orders:*"], ["o*", "*:*"]]) {
      const client = await connect(claim, "?channel=orders:*");
      assert.match(
        await client.ask(subscribe("orders:*", { since: null })),
        /^\{"type":"subscribed","channel":"orders:\*","last":\{\},"recovered":true,"revision":2\}$/,
      );
      await client.close();
    }
  });

  it("with auth iam is for whoever signs", async () => {
    await start({ auth: "iam" });
    const { user: credentials = assert.fail(), description, httpUrl, websocketUrl } = stack;
    const signing = { credentials, region: description.region };
    const handshake = await presignedUrl(`${websocketUrl}?channel=orders:*`, signing);
    const client = await Client.connect(handshake, ["channels.v1"]);
    const url = `${httpUrl}channels/orders:eu/messages`;
    const body = "signed";
    const headers = await signedHeaders(url, { ...signing, method: "POST", body });
    await fetch(url, { method: "POST", headers, body });
    assert.equal(normalised(await client.next()), message("orders:eu", "signed"));
    await client.close();
  });
});
