import assert from "node:assert/strict";
import fc from "fast-check";
import { channelName, maxPrefixLevels } from "../../../../handlers/protocol/limits.ts";
import {
  covers,
  isPrefix,
  isValidPrefix,
  prefixesOf,
  topOf,
} from "../../../../handlers/protocol/prefix.ts";

describe("a prefix", () => {
  const level = fc.stringMatching(/^[a-c]?$/);
  const names = fc
    .array(level, { minLength: 1, maxLength: 10 })
    .map((levels) => levels.join(":"))
    .filter((name) => channelName.test(name));

  it("stands for the channel before it, and for all below", () => {
    for (const channel of ["orders", "orders:", "orders:eu", "orders:eu:42"]) {
      assert.equal(covers("orders:*", channel), true, channel);
    }
    for (const channel of ["order", "orders2", "orders-eu", "eu:orders", "Orders:eu"]) {
      assert.equal(covers("orders:*", channel), false, channel);
    }
  });

  it("is among the prefixes of a channel exactly where it stands for that", () => {
    assert.deepEqual(prefixesOf("orders:eu:42"), ["orders:*", "orders:eu:*", "orders:eu:42:*"]);
    fc.assert(
      fc.property(names, names, (top, channel) => {
        const prefix = `${top}:*`;
        const isAmong = prefixesOf(channel).includes(prefix);
        assert.equal(isAmong, isValidPrefix(prefix) && covers(prefix, channel));
      }),
      { numRuns: 500 },
    );
  });

  it("has up to 8 parts, and so a channel up to 8 prefixes", () => {
    const deep = "1:2:3:4:5:6:7:8";
    assert.equal(isValidPrefix(`${deep}:*`), true);
    assert.equal(isValidPrefix(`${deep}:9:*`), false);
    assert.equal(prefixesOf(`${deep}:9:10`).length, maxPrefixLevels);
    assert.equal(prefixesOf(`${deep}:9:10`).at(-1), `${deep}:*`);
  });

  it("is no name of a channel", () => {
    fc.assert(
      fc.property(names, (name) => {
        assert.equal(isPrefix(name), false);
        assert.equal(channelName.test(`${name}:*`), false);
        assert.equal(topOf(`${name}:*`), name);
      }),
    );
    for (const name of ["*", ":*", "-a:*", "a*:*", "a:*:*", "a b:*"]) {
      assert.equal(isValidPrefix(name), false, name);
    }
  });
});
