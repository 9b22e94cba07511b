import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { presignedUrl, signedHeaders } from "../../support/signer.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { ask } from "../../support/transcript.ts";

const watching = { action: "subscribe", channel: "news", presence: true };
const forbidden = (deed: string, claim: string) =>
  `{"type":"error","code":"forbidden","message":"The token does not let you ${deed} the channel news: its claim \\"${claim}\\" has to name it."}`;

describe("who is on a channel", function () {
  this.timeout(120_000);
  let stack: TestStack;
  afterEach(() => stack.close());

  const start = async (config: Record<string, string>) => {
    stack = await startTestStack({ config: { presenceGraceSeconds: "0", ...config } });
  };

  it("is told with auth none by what clients say, once a member, however many connections it has", async () => {
    await start({ auth: "none", presenceLimit: "3" });
    const connect = (query: string, protocols = ["channels.v1"]) =>
      Client.connect(stack.websocketUrl + query, protocols);
    const get = (path: string) => ask(stack.httpUrl, `GET /channels/news/members${path}`);
    await assert.rejects(connect("?member=no%20spaces"), {
      message: "Unexpected server response: 400",
    });
    const ann = await connect("?channel=news&member=ann");
    assert.equal(
      await get(""),
      '200 application/json {"channel":"news","connections":1,"total":1,"members":[{"member":"ann","connections":1}],"cursor":null}',
    );
    // A plain client is told as any other.
    const bob = await connect("?channel=&member=bob", []);
    assert.equal(
      await bob.ask({ ...watching, ref: "1" }),
      '{"type":"subscribed","channel":"news","last":null,"revision":2,"connections":2,"total":2,"members":[{"member":"ann","connections":1,"revision":1},{"member":"bob","connections":1,"revision":1}],"cursor":null,"ref":"1"}',
    );
    const cid = await connect("?channel=news&member=cid");
    assert.equal(
      await bob.next(),
      '{"type":"joined","channel":"news","member":"cid","revision":1}',
    );
    const second = await connect("?channel=&member=cid");
    await second.ask({ action: "subscribe", channel: "news" });
    const nobody = await connect("?channel=news");
    assert.equal(
      await bob.ask({ action: "presence", channel: "news" }),
      '{"type":"presence","channel":"news","connections":5,"total":3,"members":[{"member":"ann","connections":1,"revision":1},{"member":"bob","connections":1,"revision":1},{"member":"cid","connections":2,"revision":2}],"cursor":null}',
    );
    assert.equal(await get("?count"), '200 application/json {"channel":"news","connections":5}');

    await second.close();
    await nobody.close();
    await ann.close();
    assert.equal(await bob.next(), '{"type":"left","channel":"news","member":"ann","revision":3}');
    await cid.ask({ action: "unsubscribe", channel: "news" });
    assert.equal(await bob.next(), '{"type":"left","channel":"news","member":"cid","revision":5}');

    const others = await Promise.all(
      ["dan", "eve"].map((name) => connect(`?channel=news&member=${name}`)),
    );
    await bob.take(2);
    const fourth = await connect("?channel=news&member=fay");
    assert.equal(await bob.next(), '{"type":"limited","channel":"news"}');
    assert.equal(
      await get(""),
      '200 application/json {"channel":"news","connections":4,"limited":true}',
    );
    assert.equal(
      await bob.ask(watching),
      '{"type":"subscribed","channel":"news","last":null,"revision":4,"connections":4,"limited":true}',
    );
    assert.deepEqual(
      (await stack.items()).filter((item) => item.startsWith("channel#!news#")),
      [],
    );
    for (const client of [bob, cid, fourth, ...others]) {
      assert.deepEqual(client.unread, []);
      await client.close();
    }
  });

  it("is told with auth jwt by the token's sub and info, to whom its claim presence lets", async () => {
    await start({ auth: "jwt" });
    const { issuer = assert.fail() } = stack;
    const token = (claims: object) => issuer.sign({ subscribe: ["*"], ...claims });
    const connect = async (claims: object, query = "?channel=news") =>
      Client.connect(`${stack.websocketUrl}${query}`, [
        ...["channels.v1", `bearer.${await token(claims)}`],
      ]);
    const ann = await connect({ sub: "ann|1", info: { name: "Änn", is: [1] }, presence: "ne*" });
    const bob = await connect({ sub: "bob", presence: ["sport"] }, "?channel=&member=ann");
    assert.equal(
      await bob.ask({ action: "presence", channel: "news" }),
      forbidden("see who is on", "presence"),
    );
    assert.equal(await bob.ask(watching), forbidden("see who is on", "presence"));
    assert.equal(
      await ann.ask(watching),
      '{"type":"subscribed","channel":"news","last":null,"revision":2,"connections":1,"total":1,"members":[{"member":"ann|1","connections":1,"revision":1,"info":{"name":"Änn","is":[1]}}],"cursor":null}',
    );
    const joins = async (claims: object) => {
      const client = await connect(claims);
      const frame = await ann.next();
      await client.close();
      return [frame, await ann.next()];
    };
    assert.deepEqual(await joins({ sub: "cid", info: "hi" }), [
      '{"type":"joined","channel":"news","member":"cid","info":"hi","revision":1}',
      '{"type":"left","channel":"news","member":"cid","info":"hi","revision":3}',
    ]);
    // What is larger than 1 KB is left out.
    assert.deepEqual(await joins({ sub: "dan", info: "x".repeat(1_023) }), [
      '{"type":"joined","channel":"news","member":"dan","revision":1}',
      '{"type":"left","channel":"news","member":"dan","revision":3}',
    ]);
    // A token without `sub` has no member.
    const nobody = await connect({});
    const count = async (claims: object) => {
      const headers = { authorization: `Bearer ${await token(claims)}` };
      return ask(stack.httpUrl, "GET /channels/news/members?count", undefined, headers);
    };
    assert.equal(
      await count({ presence: ["news"] }),
      '200 application/json {"channel":"news","connections":2}',
    );
    assert.match(await count({ admin: true }), /^403 .*"forbidden"/);
    for (const client of [ann, bob, nobody]) {
      assert.deepEqual(client.unread, []);
      await client.close();
    }
  });

  it("is told with auth iam by the last part of the caller's ARN", async () => {
    await start({ auth: "iam" });
    const { user: credentials = assert.fail(), description } = stack;
    const signing = { credentials, region: description.region };
    const url = await presignedUrl(stack.websocketUrl, signing);
    const one = await Client.connect(url, ["channels.v1"]);
    assert.equal(
      await one.ask(watching),
      '{"type":"subscribed","channel":"news","last":null,"revision":2,"connections":1,"total":1,"members":[{"member":"local","connections":1,"revision":1}],"cursor":null}',
    );
    const other = await Client.connect(url, ["channels.v1"]);
    await other.ask({ action: "subscribe", channel: "news" });
    const members = `${stack.httpUrl}channels/news/members`;
    const headers = await signedHeaders(members, { ...signing, method: "GET", body: "" });
    assert.equal(
      await (await fetch(members, { headers })).text(),
      '{"channel":"news","connections":2,"total":1,"members":[{"member":"local","connections":2,"revision":2}],"cursor":null}',
    );
    for (const client of [one, other]) {
      assert.deepEqual(client.unread, []);
      await client.close();
    }
  });
});
