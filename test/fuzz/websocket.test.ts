import assert from "node:assert/strict";
import fc from "fast-check";
import { newId } from "../../local/websocket/id.ts";
import { routeSelection } from "../../local/websocket/route-selection.ts";
import { connectAs } from "../support/transcript.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { fuzz } from "./fuzz.ts";
import { invokeWebSocket, readFrame } from "../support/invoke.ts";
import { keepMessages } from "./kept-messages.ts";
import { numRuns } from "./runs.ts";
import { frames } from "./sent-frames.ts";
import { anyText, channelName, text } from "./texts.ts";

describe("the websocket function, whatever it is invoked with", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("answers a frame with a type, or as it came to a plain client", async () => {
    const epochs = await keepMessages(stack);
    const json = await connectAs(stack, "", ["channels.v1"]);
    const plain = await connectAs(stack);
    const [api = assert.fail()] = stack.description.webSocketApis;
    const selectRoute = routeSelection(api);
    const ids = fc.constantFrom(json.id, plain.id, newId());
    const property = fc.asyncProperty(ids, frames(epochs), async (id, frame) => {
      const { routeKey } = selectRoute(frame) ?? assert.fail();
      const { body } = await invokeWebSocket(stack, routeKey, id, { body: frame });
      if (routeKey === "$default" && id !== json.id) assert.equal(body, frame);
      else readFrame(body);
    });
    await fuzz(stack, property);
    json.client.unread.forEach(readFrame);
  });

  it("lets in those handshakes that name up to 100 channels, and no others", async () => {
    const name = fc.oneof({ weight: 9, arbitrary: channelName }, { weight: 1, arbitrary: text });
    const many = Array.from({ length: 101 }, (_, number) => `many-${number}`);
    const channels = fc.oneof(
      { weight: 29, arbitrary: fc.array(name, { minLength: 1, maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constantFrom(many, many.slice(1), [...many.slice(1), "many-1"]) },
      { weight: 2, arbitrary: fc.constantFrom<string[][]>([""], ["", ""]) },
    );
    const others = fc.dictionary(anyText, fc.array(text, { minLength: 1 }));
    const query: fc.Arbitrary<Record<string, string[]>> = fc.oneof(
      others,
      fc.tuple(others, channels).map(([pairs, channel]) => ({ ...pairs, channel })),
    );
    const header = fc.constantFrom("Sec-WebSocket-Protocol", "sec-websocket-protocol", "__proto__");
    const offer = fc.array(fc.oneof(fc.constant("channels.v1"), anyText), { maxLength: 3 });
    const stays = fc.nat(9).map((number) => number === 0);

    const property = fc.asyncProperty(
      ...([query, header, offer, stays] as const),
      async (multiValueQueryStringParameters, headerName, offered, isLeft) => {
        const id = newId();
        const protocols = offered.join(",");
        const { status, headers } = await invokeWebSocket(stack, "$connect", id, {
          headers: Object.fromEntries([[headerName, protocols]]),
          multiValueQueryStringParameters,
        });
        const { channel = ["test"] } = multiValueQueryStringParameters;
        const isNone = channel.length === 1 && channel[0] === "";
        const named = new Set(isNone ? [] : channel);
        const areNames = [...named].every((one) => /^[a-z0-9][\w.:-]{0,127}$/i.test(one));
        assert.equal(status, !areNames ? 400 : named.size > 100 ? 409 : 200);
        const isJson =
          status === 200 &&
          headerName !== "__proto__" &&
          protocols.split(",").some((one) => one.trim() === "channels.v1");
        assert.deepEqual(headers, isJson ? { "Sec-WebSocket-Protocol": "channels.v1" } : {});
        if (!isLeft) await invokeWebSocket(stack, "$disconnect", id);
      },
    );
    await fuzz(stack, property);
  });
});
