import assert from "node:assert/strict";
import { ManualClock } from "../../../../local/shared/clock.ts";
import { identities } from "../../../../local/iam/identities.ts";
import { presignedUrl, signedHeaders } from "../../../support/signer.ts";
import { executionArn, returned, startGateway, type RunningGateway } from "./running-gateway.ts";

describe("A handshake with AWS_IAM", () => {
  const region = "eu-west-1";
  const clock = new ManualClock();
  const iam = identities({ accountId: "000000000000", clock });
  const allow = (path: string) => ({
    ...{ effect: "Allow" as const, actions: ["execute-api:Invoke"] },
    resources: [executionArn + path],
  });
  const credentials = iam.createUser("alice", [allow("/staging/$connect")]);
  const denied = iam.createUser("bob", [allow("/staging/$disconnect"), allow("/production/*")]);
  const at = (seconds: number) => new Date(clock.now() + seconds * 1000);
  const signing = { credentials, region, signingDate: at(0) };

  let gateway: RunningGateway;
  beforeEach(async () => {
    gateway = await startGateway({
      functions: {
        $connect: () => returned({ statusCode: 200 }),
        $disconnect: () => returned({ statusCode: 200 }),
      },
      authorization: { type: "iam" },
      authorize: iam.authorize,
    });
  });
  afterEach(() => gateway.close());

  const urlOf = (path: string) => `http://127.0.0.1:${gateway.port}${path}`;
  /** Returns the path and query of a presigned URL. */
  const presigned = async (parts: Partial<Parameters<typeof presignedUrl>[1]>, path = "/staging") =>
    (await presignedUrl(urlOf(path), { ...signing, ...parts })).replace(urlOf(""), "");

  for (const path of ["/staging", "/staging/", "/staging?channel=news"]) {
    it(`is accepted with a presigned URL of ${path}, as a browser sends it`, async () => {
      const socket = await gateway.connect({ path: await presigned({}, path) });
      assert.equal(socket.readyState, socket.OPEN);
    });
  }

  it("is accepted with a signature in its headers", async () => {
    const headers = await signedHeaders(urlOf("/staging?channel=news"), signing);
    const socket = await gateway.connect({ path: "/staging?channel=news", client: { headers } });
    assert.equal(socket.readyState, socket.OPEN);
  });

  it("says in each event who has signed it", async () => {
    const connected = gateway.nextEvent("$connect");
    const disconnected = gateway.nextEvent("$disconnect");
    const socket = await gateway.connect({ path: await presigned({}) });
    socket.close();
    for (const { requestContext } of [await connected, await disconnected]) {
      const { userArn } = { userArn: undefined, ...requestContext.identity };
      assert.equal(userArn, "arn:aws:iam::000000000000:user/alice");
    }
  });

  const wrongSecret = { ...credentials, secretAccessKey: "another" };
  const unknownKey = { ...credentials, accessKeyId: "AKIA0000000000000000" };
  const refused: [string, () => Promise<string>][] = [
    ["is not signed", () => Promise.resolve("/staging")],
    ["is signed with another secret", () => presigned({ credentials: wrongSecret })],
    ["is of an unknown key", () => presigned({ credentials: unknownKey })],
    ["is of a user whose policy does not allow it", () => presigned({ credentials: denied })],
    ["has expired", () => presigned({ signingDate: at(-61), expires: 60 })],
    ["is signed for another region", () => presigned({ region: "us-east-1" })],
    ["is signed for another service", () => presigned({ service: "dynamodb" })],
    ["is signed for another method", () => presigned({ method: "POST" })],
    [
      "is signed for another path",
      async () => (await presigned({}, "/staging/")).replace("/staging/", "/staging"),
    ],
    [
      "has another query than is signed",
      async () => `${await presigned({}, "/staging?channel=news")}&channel=sport`,
    ],
  ];
  for (const [what, path] of refused) {
    it(`is refused with 403, and $connect is not invoked, where it ${what}`, async () => {
      const message = "Unexpected server response: 403";
      await assert.rejects(gateway.connect({ path: await path() }), { message });
      assert.deepEqual(gateway.invocations, []);
    });
  }

  it("is refused with 403 where it is signed in its query and in its headers", async () => {
    const client = { headers: await signedHeaders(urlOf("/staging"), signing) };
    await assert.rejects(gateway.connect({ path: await presigned({}), client }), {
      message: "Unexpected server response: 403",
    });
  });
});
