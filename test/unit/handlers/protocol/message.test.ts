import assert from "node:assert/strict";
import fc from "fast-check";
import {
  leavesOut,
  messageId,
  messageMembers,
  sequenceOf,
} from "../../../../handlers/protocol/message.ts";

const channel = { epoch: "k3f9x2", sequence: 42 };

describe("the id of a message", () => {
  it("names its sequence to its own channel, and to no other", () => {
    const epochs = fc.stringMatching(/^[a-z0-9]{6}$/);
    const sequences = fc.nat(Number.MAX_SAFE_INTEGER);
    fc.assert(
      fc.property(epochs, epochs, sequences, sequences, (epoch, other, one, later) => {
        const [sequence = 0, current = 0] = [one, later].sort((a, b) => a - b);
        const id = messageId({ epoch, sequence });
        assert.equal(sequenceOf(id, { epoch, sequence: current }), sequence);
        fc.pre(other !== epoch);
        assert.equal(sequenceOf(id, { epoch: other, sequence: current }), undefined);
      }),
    );
  });

  for (const [id, sequence] of [
    ["k3f9x2-42", 42],
    ["k3f9x2-0", 0],
    ["k3f9x2-43", undefined],
    ["k3f9x2-9999999999999999", undefined],
    ["k3f9x2-042", undefined],
    ["k3f9x2-00", undefined],
    ["k3f9x2--1", undefined],
    ["k3f9x2-1.0", undefined],
    ["k3f9x2-1e1", undefined],
    ["k3f9x2-", undefined],
    ["k3f9x2", undefined],
    ["K3F9X2-42", undefined],
    [" k3f9x2-42", undefined],
    ["k3f9x2-42\n", undefined],
    ["-42", undefined],
    ["42", undefined],
    ["", undefined],
  ] as const) {
    it(`is ${sequence === undefined ? "not" : "also"} ${JSON.stringify(id)}`, () => {
      assert.equal(sequenceOf(id, channel), sequence);
    });
  }

  it("is none of a channel that has no epoch yet", () => {
    for (const id of ["-0", "-1", "undefined-0", "k3f9x2-0"]) {
      assert.equal(sequenceOf(id, { epoch: "", sequence: 0 }), undefined);
    }
  });
});

describe("a message", () => {
  const own = { connectionId: "one" };

  it("leaves out whom it excludes, whoever has published it", () => {
    for (const from of [undefined, "one", "other"]) {
      assert.equal(leavesOut({ from, exclude: "one" }, own), true);
      assert.equal(leavesOut({ from, exclude: "another" }, own), false);
    }
  });

  it("leaves out who has published it and wants no echo, and no other", () => {
    for (const [from, echo, isLeftOut] of [
      ["one", false, true],
      ["one", true, false],
      ["other", false, false],
      [undefined, false, false],
    ] as const) {
      assert.equal(leavesOut({ from }, { ...own, echo }), isLeftOut);
    }
    assert.equal(leavesOut({ from: "one" }, own), false);
  });
});

describe("a message as JSON", () => {
  const message = { ...channel, channel: "news", time: "2026-11-22T10:00:00.000Z" };

  it("has its id, its time, and JSON as it was written", () => {
    const text = ' {"price": 3.0, "of": 12345678901234567890} ';
    assert.equal(
      messageMembers({ ...message, text, isJson: true }),
      `"id":"k3f9x2-42","data":${text},"time":"2026-11-22T10:00:00.000Z"`,
    );
  });

  it("has text as text, whatever it looks like", () => {
    assert.equal(
      messageMembers({ ...message, text: '"1"\n', isJson: false }),
      `"id":"k3f9x2-42","data":"\\"1\\"\\n","time":"2026-11-22T10:00:00.000Z"`,
    );
  });
});
