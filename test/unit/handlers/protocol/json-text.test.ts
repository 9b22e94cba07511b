import assert from "node:assert/strict";
import fc from "fast-check";
import { elementTexts, memberText } from "../../../../handlers/protocol/json-text.ts";

describe("a part of JSON as it is written", () => {
  it("is the last member of a name, as its reader finds it, or nothing", () => {
    for (const [json, text] of [
      ['{"a": 1.0 }', "1.0"],
      ['{"a":1,"\\u0061":{"a":2}}', '{"a":2}'],
      ['{"b":{"a":1}}', ""],
      ["[1]", ""],
      ["1", ""],
    ] as const) {
      assert.equal(memberText(json, "a"), text);
    }
  });

  it("is each element of a list, in their order", () => {
    const list = '{"other":[0],"list":[1.0, {"a": [1e400]} ,"x"]}';
    assert.deepEqual(elementTexts(list, "list"), ["1.0", '{"a": [1e400]}', '"x"']);
    for (const none of ['{"list":[]}', '{"list":1}', "{}", "[1]"]) {
      assert.deepEqual(elementTexts(none, "list"), []);
    }
  });

  it("has the values that JSON.parse finds, whatever these are", () => {
    const space = fc.constantFrom("", " ", "\n\t");
    fc.assert(
      fc.property(fc.array(fc.json()), space, (elements, gap) => {
        const json = `{"list":[${elements.join(`${gap},${gap}`)}]}`;
        assert.deepEqual(elementTexts(json, "list").map(parse), elements.map(parse));
        assert.deepEqual(parse(memberText(json, "list")), elements.map(parse));
      }),
    );
  });
});

function parse(json: string): unknown {
  return JSON.parse(json);
}
