import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { ManualClock } from "../../local/clock.ts";
import { startIssuer } from "../../local/issuer.ts";
import { startLines } from "../../local/start-lines.ts";

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
];

describe("npm start prints", () => {
  it("the addresses and two lines to try where everyone is let in", async () => {
    assert.deepEqual(await startLines(stack), [
      ...addresses,
      "try        npx wscat --connect ws://127.0.0.1:3001/staging",
      "           curl http://127.0.0.1:3000/staging/ -d message",
    ]);
  });

  it("the user's keys, and how to sign with them, where signatures are wanted", async () => {
    const user = { accessKeyId: "AKIA1", secretAccessKey: "a/b+c=" };
    assert.deepEqual(await startLines({ ...stack, user }), [
      ...addresses,
      "keys       export AWS_ACCESS_KEY_ID=AKIA1",
      "           export AWS_SECRET_ACCESS_KEY=a/b+c=",
      'try        npx wscat --connect "$(npm run --silent url -- --url ws://127.0.0.1:3001/staging)"',
      "           curl http://127.0.0.1:3000/staging/ -d message " +
        '--aws-sigv4 "aws:amz:eu-west-1:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    ]);
  });

  it("a token for each role, and where to put it, where tokens are wanted", async () => {
    const clock = new ManualClock();
    const issuer = await startIssuer("channels", clock);
    const lines = await startLines({ ...stack, issuer });
    const tokens = lines.slice(2, 5).map((line) => {
      const [, name = "", token = ""] =
        /^(?:tokens| {6}) {5}export ([A-Z]+)=(\S+)$/.exec(line) ?? [];
      return { name, claims: decodeJwt(token) };
    });
    const iat = clock.now() / 1000;
    const own = { iss: issuer.url, aud: "channels", iat, exp: iat + 86_400 };
    const all = ["*"];
    assert.deepEqual(tokens, [
      { name: "SUBSCRIBER", claims: { ...own, sub: "subscriber", subscribe: all } },
      { name: "PUBLISHER", claims: { ...own, sub: "publisher", publish: all } },
      {
        name: "ADMIN",
        claims: { ...own, sub: "admin", subscribe: all, publish: all, admin: true },
      },
    ]);
    assert.deepEqual(lines.slice(0, 2), addresses);
    assert.deepEqual(lines.slice(5), [
      "try        npx wscat --connect ws://127.0.0.1:3001/staging " +
        '--subprotocol channels.v1 --subprotocol "bearer.$SUBSCRIBER"',
      '           npx wscat --connect "ws://127.0.0.1:3001/staging?token=$SUBSCRIBER"',
      "           curl http://127.0.0.1:3000/staging/ -d message " +
        '-H "authorization: Bearer $PUBLISHER"',
    ]);
    await issuer.close();
  });
});
