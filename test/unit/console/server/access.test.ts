import assert from "node:assert/strict";
import { Sha256 } from "@aws-crypto/sha256-js";
import { openAccess, signedAccess, tokenAccess } from "../../../../console/server/access.ts";
import { identities } from "../../../../local/iam/identities.ts";
import { systemClock } from "../../../../local/shared/clock.ts";

const httpUrl = "http://127.0.0.1:3000/staging/channels/a%3Ab/messages?limit=2&since=a-1";
const websocketUrl = "ws://127.0.0.1:3001/staging?channel=a%3Ab&channel=c";
const request = { method: "POST", url: new URL(httpUrl), body: Buffer.from("message") };

describe("the console's way in", () => {
  it("is nothing where everyone is let in", async () => {
    assert.deepEqual(await openAccess.headers(request), {});
    assert.deepEqual(await openAccess.handshake(new URL(websocketUrl), "channels.v1"), {
      url: websocketUrl,
      protocols: ["channels.v1"],
    });
  });

  describe("where signatures are wanted", () => {
    const iam = identities({ accountId: "000000000000", clock: systemClock });
    const credentials = iam.root;
    const signing = { region: "eu-west-1", credentials, sha256: Sha256 };
    const access = signedAccess(() => Promise.resolve(signing));
    const permission = {
      service: "execute-api",
      action: "execute-api:Invoke",
      resource: "arn:aws:execute-api:eu-west-1:000000000000:api/staging/POST/",
    };
    const decide = (method: string, { host, pathname, search }: URL, headers = {}, body = "") =>
      iam.authorize(
        { method, url: pathname + search, headers: { host, ...headers }, body: Buffer.from(body) },
        permission,
      ).allowed;

    it("is a signature of each request, of its path, its query and its body", async () => {
      const headers = await access.headers(request);
      assert.equal(decide("POST", request.url, headers, "message"), true);
      assert.equal(decide("POST", request.url, headers, "another"), false);
    });

    it("is a presigned URL of a handshake, with its channels", async () => {
      const { url, protocols } = await access.handshake(new URL(websocketUrl), "plain");
      assert.deepEqual(protocols, []);
      assert.deepEqual(new URL(url).searchParams.getAll("channel"), ["a:b", "c"]);
      assert.equal(decide("GET", new URL(url)), true);
    });
  });

  it("is a token in the header of a request, and in what a browser has of a handshake", async () => {
    let made = 0;
    const access = tokenAccess(() => Promise.resolve(`token${++made}`));
    assert.deepEqual(await access.headers(request), { authorization: "Bearer token1" });
    assert.deepEqual(await access.handshake(new URL(websocketUrl), "channels.v1"), {
      url: websocketUrl,
      protocols: ["channels.v1", "bearer.token2"],
    });
    assert.deepEqual(await access.handshake(new URL(websocketUrl), "plain"), {
      url: `${websocketUrl}&token=token3`,
      protocols: [],
    });
  });
});
