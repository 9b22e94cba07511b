import assert from "node:assert/strict";
import fc from "fast-check";
import { connectAs } from "../support/transcript.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { fuzz } from "./fuzz.ts";
import { invokeHttp, invokeWebSocket, readFrame } from "../support/invoke.ts";
import { numRuns } from "./runs.ts";
import { channelName } from "./texts.ts";

describe("the keys of the table", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

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
    const property = fc.asyncProperty(different, async ([one = "", other = ""]) => {
      const act = async (action: string, channel: string) => {
        const body = JSON.stringify({ action, channel });
        const reply = readFrame((await invokeWebSocket(stack, action, id, { body })).body);
        assert.equal(reply.type, `${action}d`);
      };
      const publish = async (channel: string) => {
        const { body } = await invokeHttp(stack, "POST /channels/{channel}/messages", {
          pathParameters: { channel },
          body: channel,
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
