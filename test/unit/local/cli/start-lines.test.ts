import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { startIssuer } from "../../../../local/iam/issuer.ts";
import { startLines } from "../../../../local/cli/start-lines.ts";

const websocketUrl = "ws://127.0.0.1:3001/staging";
const stack = {
  description: { region: "eu-west-1" },
  outputs: {
    websocketUrl,
    httpUrl: "http://127.0.0.1:3000/staging/",
    wscat: `npx wscat --connect ${websocketUrl}`,
    curl: "curl http://127.0.0.1:3000/staging/ -d message",
  },
  issuer: undefined,
  user: undefined,
};
const addresses = [
  "websocket  ws://127.0.0.1:3001/staging",
  "http       http://127.0.0.1:3000/staging/",
  "console    http://127.0.0.1:3002/",
];
const consoleUrl = "http://127.0.0.1:3002/";

describe("npm start prints", () => {
  it("the addresses and two lines to try where everyone is let in", async () => {
    assert.deepEqual(await startLines(stack, consoleUrl), [
      ...addresses,
      "try        npx wscat --connect ws://127.0.0.1:3001/staging",
      "           curl http://127.0.0.1:3000/staging/ -d message",
    ]);
  });

  it("the user's keys where signatures are wanted", async () => {
    const user = { accessKeyId: "AKIA1", secretAccessKey: "a/b+c=" };
    assert.deepEqual(await startLines({ ...stack, user }, consoleUrl), [
      ...addresses,
      "keys       export AWS_ACCESS_KEY_ID=AKIA1 AWS_SECRET_ACCESS_KEY=a/b+c=",
      "           export AWS_REGION=eu-west-1 AWS_SESSION_TOKEN=",
      "try        npx wscat --connect ws://127.0.0.1:3001/staging",
      "           curl http://127.0.0.1:3000/staging/ -d message",
    ]);
  });

  it("a token for each role, and where to put it, where tokens are wanted", async () => {
    const clock = new ManualClock();
    const issuer = await startIssuer("channels", clock);
    const outputs = { ...stack.outputs, wscat: "wscat $TOKEN", curl: "curl $TOKEN" };
    const lines = await startLines({ ...stack, outputs, issuer }, consoleUrl);
    const tokens = lines.slice(3, 6).map((line) => {
      const [, name = "", token = ""] =
        /^(?:tokens| {6}) {5}export ([A-Z]+)=(\S+)$/.exec(line) ?? [];
      return { name, claims: decodeJwt(token) };
    });
    const iat = clock.now() / 1000;
    const own = { iss: issuer.url, aud: "channels", iat, exp: iat + 86_400 };
    const all = ["*"];
    assert.deepEqual(tokens, [
      { name: "SUBSCRIBER", claims: { ...own, sub: "subscriber", subscribe: all, presence: all } },
      { name: "PUBLISHER", claims: { ...own, sub: "publisher", publish: all } },
      {
        name: "ADMIN",
        claims: {
          ...{ ...own, sub: "admin", subscribe: all, publish: all, presence: all, admin: true },
        },
      },
    ]);
    assert.deepEqual(lines.slice(0, 3), addresses);
    assert.deepEqual(lines.slice(6), [
      "try        wscat $SUBSCRIBER",
      "           curl $PUBLISHER",
    ]);
    await issuer.close();
  });
});
