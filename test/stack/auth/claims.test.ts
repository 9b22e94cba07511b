import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { request } from "../../support/transcript.ts";

const channels = ["news", "sport", "user-x", "room-1"];

/** What a token's claim is, and the channels of these that it lets one into. */
const claims: [claim: unknown, granted: string[]][] = [
  [["*"], channels],
  ["*", channels],
  ["news room-*", ["news", "room-1"]],
  [" news  sport ", ["news", "sport"]],
  [
    ["news", "room-*"],
    ["news", "room-1"],
  ],
  [["user-x *"], []],
  [["user-x *", "sport"], ["sport"]],
  [["user-x", "*"].join("\t"), []],
  [["user-x\t*"], []],
  [["user-x\n*"], []],
  ["user-x\n*", []],
  [["user-x\u00a0*"], []],
  [["[*]"], []],
  ["[*]", []],
  ["[user-x *]", []],
  [[["*"]], []],
  [[["*"], "news"], ["news"]],
  [["news", 1, null, true, { "*": "*" }], ["news"]],
  [{ "*": true }, []],
  [{ 0: "*", length: 1 }, []],
  [[], []],
  ["", []],
  [" ", []],
  [[""], []],
  [true, []],
  [5, []],
  [null, []],
  [undefined, []],
];

describe("a token's claim", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack({ config: { auth: "jwt" } });
  });
  after(() => stack.close());

  const sign = (members: Record<string, unknown>): Promise<string> =>
    stack.issuer?.sign(members) ?? assert.fail();

  /** The channels among these for which this holds. */
  async function those(holds: (channel: string) => Promise<boolean>): Promise<string[]> {
    const found: string[] = [];
    for (const channel of channels) if (await holds(channel)) found.push(channel);
    return found;
  }

  /** Whether a request is done; false where it is refused by 403. */
  async function isDone(line: string, token: string): Promise<boolean> {
    const body = line.startsWith("POST") ? "text" : undefined;
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await request(stack.httpUrl, line, body, headers);
    assert.ok(status === 200 || status === 403, `${line} ${status}`);
    return status === 200;
  }

  for (const [claim, granted] of claims) {
    const shown = claim === undefined ? "that is not there" : JSON.stringify(claim);
    it(`${shown} grants ${granted.join(", ") || "nothing"}, over HTTP as over a WebSocket`, async () => {
      const reading = await sign({ subscribe: claim });
      const publishing = await sign({ publish: claim });
      const read = (name: string) => isDone(`GET /channels/${name}/messages`, reading);
      const publish = (name: string) => isDone(`POST /channels/${name}/messages`, publishing);
      assert.deepEqual(await those(read), granted);
      assert.deepEqual(await those(publish), granted);

      const handshake = async (name: string) => {
        const url = `${stack.websocketUrl}?channel=${name}&token=${reading}`;
        try {
          await (await Client.connect(url)).close();
          return true;
        } catch (error) {
          assert.deepEqual(error, new Error("Unexpected server response: 403"));
          return false;
        }
      };
      assert.deepEqual(await those(handshake), granted);

      const token = await sign({ subscribe: ["lobby"], publish: claim });
      const protocols = ["channels.v1", `bearer.${token}`];
      const client = await Client.connect(`${stack.websocketUrl}?channel=lobby`, protocols);
      const send = async (channel: string) => {
        const reply = await client.ask({ action: "publish", channel, data: "text" });
        assert.match(reply, /"type":"published"|"code":"forbidden"/);
        return reply.includes("published");
      };
      assert.deepEqual(await those(send), granted);
      await client.close();
    });
  }

  it("admin has to be true itself", async () => {
    for (const admin of [true, "true", 1, [true], ["true"], "TRUE", {}, null, undefined]) {
      const isAdmin = await isDone("GET /channels", await sign({ admin }));
      assert.equal(isAdmin, admin === true, JSON.stringify(admin));
    }
  });
});
