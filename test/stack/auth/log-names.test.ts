import assert from "node:assert/strict";
import { Client } from "../../support/client.ts";
import { presignedUrl, signedHeaders } from "../../support/signer.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";

/** How a client of a stack connects and publishes, and the principal that the log has of it. */
type Mode = {
  connect: (stack: TestStack) => Promise<Client>;
  headers: (stack: TestStack, url: string) => Promise<Record<string, string>>;
  principal: (stack: TestStack) => string | undefined;
};

const tokenOf = (stack: TestStack) =>
  (stack.issuer ?? assert.fail()).sign({ sub: "alice", subscribe: ["*"], publish: ["*"] });
const protocol = "channels.v1";
const signing = ({ user: credentials = assert.fail(), description: { region } }: TestStack) => ({
  ...{ credentials, region },
});

const modes: Record<string, Mode> = {
  none: {
    connect: ({ websocketUrl }) => Client.connect(websocketUrl, [protocol]),
    headers: () => Promise.resolve({}),
    principal: () => undefined,
  },
  jwt: {
    connect: async (stack) =>
      Client.connect(stack.websocketUrl, [protocol, `bearer.${await tokenOf(stack)}`]),
    headers: async (stack) => ({ authorization: `Bearer ${await tokenOf(stack)}` }),
    principal: () => "alice",
  },
  iam: {
    connect: async (stack) =>
      Client.connect(await presignedUrl(stack.websocketUrl, signing(stack)), [protocol]),
    headers: (stack, url) =>
      signedHeaders(url, { ...signing(stack), method: "POST", body: "text" }),
    principal: ({ description }) => `arn:aws:iam::${description.accountId}:user/local`,
  },
};

describe("the log", () => {
  for (const [auth, { connect, headers, principal }] of Object.entries(modes)) {
    it(`says who connected, published and left, and from where, with auth ${auth}`, async () => {
      const stack = await startTestStack({ config: { auth } });
      try {
        const client = await connect(stack);
        await client.ask({ action: "publish", channel: "news", data: "text" });
        const url = `${stack.httpUrl}channels/news/messages`;
        const init = { method: "POST", body: "text", headers: await headers(stack, url) };
        assert.equal((await fetch(url, init)).status, 200);
        await client.close();
        const said: string[] = [];
        while (!said.some((line) => line.startsWith("websocket Disconnected"))) {
          await new Promise(setImmediate);
          said.splice(0, Infinity, ...stack.logs.flatMap(shown));
        }
        const whom = `${String(principal(stack))} 127.0.0.1`;
        assert.deepEqual(said, [
          `websocket Connected $connect ${whom}`,
          `websocket Published publish ${whom}`,
          `http Published POST /channels/{channel}/messages ${whom}`,
          `websocket Closed $disconnect ${whom}`,
          `websocket Ended $disconnect ${whom}`,
          `websocket Disconnected $disconnect ${whom}`,
        ]);
      } finally {
        await stack.close();
      }
    });
  }
});

/** What a line of the log has as data: `<function> <message> <route> <principal> <sourceIp>`. */
function shown(line: string): string[] {
  const [, name = "", json = ""] =
    /^websocket-channels-staging-(\w+)\S* (\{.*\})$/.exec(line) ?? [];
  if (json === "") return [];
  const { message, route, principal, sourceIp } = JSON.parse(json) as Record<string, unknown>;
  return [`${name} ${[message, route, principal, sourceIp].map(String).join(" ")}`];
}
