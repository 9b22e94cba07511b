import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { projectFolder } from "../../support/project-copy.ts";
import { presignedUrl, signedHeaders, type Signing } from "../../support/signer.ts";
import { Client } from "../../support/client.ts";
import { startTestStack, type TestStack } from "../../support/test-stack.ts";
import { answerTo, assertUnchanged, requests } from "./requests.ts";

describe("a stack with auth iam", () => {
  let stack: TestStack;
  let right: Signing;
  let wrong: [what: string, signing: Signing & { expires?: number }][];
  before(async () => {
    stack = await startTestStack({ config: { auth: "iam" } });
    const { user: credentials = assert.fail(), description } = stack;
    right = { credentials, region: description.region };
    const hourAgo = new Date(Date.now() - 3_600_000);
    wrong = [
      ["another secret", { ...right, credentials: { ...credentials, secretAccessKey: "no" } }],
      ["an unknown key", { ...right, credentials: { ...credentials, accessKeyId: "AKIAX" } }],
      ["another region", { ...right, region: "ap-south-1" }],
      ["another service", { ...right, service: "lambda" }],
      ["an hour ago", { ...right, signingDate: hourAgo, expires: 60 }],
    ];
  });
  after(() => stack.close());

  const refused = { message: "Unexpected server response: 403" };
  const signed = (signing: Signing) => (url: string, request: { method: string; body: string }) =>
    signedHeaders(url, { ...signing, ...request });

  it("refuses handshakes that are not signed, or wrongly, by 403", async () => {
    await assertUnchanged(stack, async () => {
      await assert.rejects(Client.connect(stack.websocketUrl), refused);
      for (const [what, signing] of wrong) {
        const url = await presignedUrl(stack.websocketUrl, signing);
        await assert.rejects(Client.connect(url), refused, what);
      }
      // The signature covers the whole query.
      const url = `${await presignedUrl(stack.websocketUrl, right)}&channel=news`;
      await assert.rejects(Client.connect(url), refused);
    });
  });

  it("refuses every request that is not signed, or wrongly, by 403", async () => {
    await assertUnchanged(stack, async () => {
      for (const [line] of requests) {
        const forbidden = '403 {"message":"Forbidden"}';
        assert.equal(await answerTo(stack, line, () => ({})), forbidden, line);
        for (const [what, signing] of wrong) {
          assert.equal(await answerTo(stack, line, signed(signing)), forbidden, `${line} ${what}`);
        }
      }
    });
  });

  it("answers every request that is signed", async () => {
    for (const [line, , status] of requests) {
      const answer = await answerTo(stack, line, signed(right));
      assert.equal(answer.slice(0, 3), String(status), line);
    }
  });

  it("lets a connection do every action", async () => {
    const client = await Client.connect(await presignedUrl(stack.websocketUrl, right));
    const types: string[] = [];
    for (const action of ["subscribe", "history", "presence", "unsubscribe", "publish", "ping"]) {
      const reply = await client.ask({ action, channel: "news", data: "text" });
      types.push((JSON.parse(reply) as { type: string }).type);
    }
    const replies = ["subscribed", "history", "presence", "unsubscribed", "published", "pong"];
    assert.deepEqual(types, replies);
    assert.equal(await client.ask("hello"), "hello");
    await client.close();
  });

  it("lets in who connects to what `npm run url` prints", async () => {
    const args = ["--import", "tsx", "tools/url.ts", "--url", stack.websocketUrl];
    const { accessKeyId, secretAccessKey } = right.credentials;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, "--channel", "news", "--channel", "a:b"],
      {
        cwd: projectFolder,
        env: {
          ...process.env,
          AWS_REGION: right.region,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
        },
      },
    );
    const client = await Client.connect(stdout.trim());
    for (const channel of ["news", "a:b"]) {
      const line = `POST channels/${channel}/messages`;
      assert.equal(await answerTo(stack, line, signed(right)), "200");
      assert.equal(await client.next(), "a message");
    }
    await client.close();
  });
});
