import assert from "node:assert/strict";
import fc from "fast-check";
import { readCursor, writeCursor } from "../../handlers/store/cursor.ts";
import { startTestStack, type TestStack } from "../support/test-stack.ts";
import { fuzz } from "./fuzz.ts";
import { invokeHttp } from "../support/invoke.ts";
import { numRuns } from "./runs.ts";
import { changed, channelName, text } from "./texts.ts";

const anything = /^/;

describe("a cursor", () => {
  it("is read as it was written, by its own listing only", () => {
    const property = fc.property(text, text, text, (listing, other, position) => {
      const cursor = writeCursor(listing, position);
      assert.equal(readCursor(listing, anything, cursor), position);
      fc.pre(other !== listing);
      assert.throws(() => readCursor(other, anything, cursor), { code: "invalid-cursor" });
    });
    fc.assert(property, { numRuns });
  });

  it("is refused where anything of it has changed", () => {
    const cursors = text.map((position) => writeCursor("channels", position));
    const property = fc.property(
      cursors.chain((cursor) => fc.tuple(fc.constant(cursor), changed(fc.constant(cursor)))),
      ([cursor, other]) => {
        fc.pre(other !== cursor);
        assert.throws(() => readCursor("channels", anything, other), { code: "invalid-cursor" });
      },
    );
    fc.assert(property, { numRuns });
  });
});

describe("a forged cursor, its check sum right", function () {
  this.timeout(numRuns * 1_000);
  let stack: TestStack;
  before(async () => {
    stack = await startTestStack();
  });
  after(() => stack.close());

  it("lists from a position of the listing's own form, and is refused with any other", async () => {
    const shard = fc.oneof(fc.nat(99_999).map(String), text);
    const after = fc.oneof(fc.constant(""), fc.stringMatching(/^ [\w+/=-]{1,130}$/), text);
    const listings = fc.oneof(
      fc.tuple(fc.constant("channels"), fc.oneof(channelName, text)),
      fc.tuple(
        fc.constant("channel#a"),
        fc.tuple(shard, after).map((parts) => parts.join("")),
      ),
    );
    const property = fc.asyncProperty(listings, async ([listing, position]) => {
      const isChannels = listing === "channels";
      const routeKey = isChannels ? "GET /channels" : "GET /channels/{channel}/connections";
      const { status } = await invokeHttp(stack, routeKey, {
        pathParameters: { channel: "a" },
        queryStringParameters: { cursor: writeCursor(listing, position) },
      });
      const form = isChannels ? /^[a-z0-9][\w.:-]{0,127}$/i : /^\d{1,4}( [\w+/=-]{1,128})?$/;
      assert.equal(status, form.test(position) ? 200 : 400);
    });
    await fuzz(stack, property);
  });
});
