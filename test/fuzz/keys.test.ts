import assert from "node:assert/strict";
import fc from "fast-check";
import { newId } from "../../local/websocket/id.ts";
import { connectAs } from "../e2e/channels/transcript.ts";
import { startTestStack } from "../e2e/test-stack.ts";
import type { TestStack } from "../e2e/test-stack.ts";
import { invokeHttp, invokeWebSocket, readFrame } from "./invoke.ts";
import { fuzz } from "./sound.ts";
import { changed, channelName } from "./texts.ts";

describe("the keys of the table and the cursors made of them", () => {
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  async function page(channel: string | undefined, limit: number, cursor?: string) {
    const { status, body } = await invokeHttp(
      stack,
      channel === undefined ? "GET /channels" : "GET /channels/{channel}/connections",
      {
        ...(channel !== undefined && { pathParameters: { channel } }),
        queryStringParameters: { limit: String(limit), ...(cursor !== undefined && { cursor }) },
      },
    );
    const entries: unknown = body.channels ?? body.connections ?? [];
    assert.ok(Array.isArray(entries));
    return { status, code: body.code, entries, cursor: body.cursor };
  }

  it("keep channels apart, however alike their names", async () => {
    const { client, id } = await connectAs(stack, "?channel=elsewhere", ["channels.v1"]);
    const ending = fc.constantFrom("", "0", ":0", "-0", ".0", "_0", "-channel", ":channel", "-1");
    const alike = fc
      .tuple(channelName, ending, ending, fc.boolean())
      .map(([name, one, other, isUpper]) => [
        (name + one).slice(0, 128),
        ((isUpper ? name.toUpperCase() : name) + other).slice(0, 128),
      ]);
    const different = alike.filter(([one, other]) => one !== other);
    let number = 0;
    const property = fc.asyncProperty(different, async ([one = "", other = ""]) => {
      const key = `key-${number++}`;
      const act = async (action: string, channel: string) => {
        const body = JSON.stringify({ action, channel });
        const reply = readFrame((await invokeWebSocket(stack, action, id, { body })).body);
        assert.equal(reply.type, `${action}d`);
      };
      const publish = async (channel: string) => {
        const { body } = await invokeHttp(stack, "POST /channels/{channel}/messages", {
          ...{ headers: { "idempotency-key": key }, pathParameters: { channel }, body: channel },
        });
        return body.delivered;
      };
      await act("subscribe", one);
      await act("unsubscribe", other);
      assert.deepEqual([await publish(other), await publish(one)], [0, 1]);
      const message = readFrame(await client.next());
      assert.deepEqual([message.channel, message.data], [one, one]);
      await act("unsubscribe", one);
    });
    await fuzz(stack, property);
  });
});
