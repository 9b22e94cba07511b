import assert from "node:assert/strict";
import { routeSelection } from "../../../../local/websocket/route-selection.ts";

describe("Selecting a route", () => {
  const selected = (expression: string, routeKeys: string[], body: string) => {
    const integration = { functionArn: "arn:function", timeoutMilliseconds: 29_000 };
    const select = routeSelection({
      id: "abc123",
      executionArn: "arn:api",
      routeSelectionExpression: expression,
      stage: { name: "staging" },
      routes: routeKeys.map((routeKey) => ({
        routeKey,
        authorization: { type: "none" },
        integration,
        twoWay: true,
      })),
    });
    return select(body)?.routeKey;
  };

  const cases: [string, string, string, string][] = [
    ["a property", "$request.body.action", '{"action":"join"}', "join"],
    ["a property in braces", "${request.body.action}", '{"action":"join"}', "join"],
    ["a property of a property", "$request.body.a.b", '{"a":{"b":"join"}}', "join"],
    ["an item of an array", "${request.body.list[1]}", '{"list":["a","join"]}', "join"],
    ["a property in brackets", "${request.body['a.b']}", '{"a.b":"join"}', "join"],
    ["a property in double quotes", '$request.body["a b"]', '{"a b":"join"}', "join"],
    ["a composite", "${request.body.a}/${request.body.b}", '{"a":"x","b":"y"}', "x/y"],
    ["a variable with text", "${request.body.version}-beta", '{"version":2}', "2-beta"],
    ["an unbraced variable with text", "$request.body.version-beta", '{"version":2}', "2-beta"],
    ["text alone", "fixed", "{}", "fixed"],
    ["an array", "$request.body.list", '{"list":["a",1,true]}', "[a, 1, true]"],
    ["a missing variable as empty", "${request.body.a}/${request.body.b}", '{"b":"y"}', "/y"],
    [
      "a value with a dollar once only",
      "$request.body.a",
      '{"a":"$request.body.b"}',
      "$request.body.b",
    ],
    ["an escaped dollar", "\\$5", "{}", "$5"],
  ];
  for (const [title, expression, body, routeKey] of cases) {
    it(`evaluates ${title}`, () => {
      assert.equal(selected(expression, [routeKey, "$default"], body), routeKey);
    });
  }

  for (const [title, body] of [
    ["is not JSON", "hello"],
    ["is a JSON scalar", "5"],
    ["lacks the property", '{"other":1}'],
    ["names no route", '{"action":"leave"}'],
    ["names a route in another case", '{"action":"Join"}'],
    ["names $connect", '{"action":"$connect"}'],
    ["names $disconnect", '{"action":"$disconnect"}'],
  ] as const) {
    it(`falls back to $default for a body that ${title}`, () => {
      const routeKeys = ["$connect", "$disconnect", "$default", "join"];
      assert.equal(selected("$request.body.action", routeKeys, body), "$default");
    });
  }

  it("takes no inherited property for one of the body", () => {
    assert.equal(selected("$request.body.__proto__", ["{}", "$default"], "{}"), "$default");
  });

  it("selects none without a match and without $default", () => {
    assert.equal(selected("$request.body.action", ["join"], "hello"), undefined);
  });

  for (const expression of [
    "$request.header.action",
    "$context.stage",
    "${request.body..action}",
  ]) {
    it(`refuses ${expression} by name`, () => {
      assert.throws(() => selected(expression, [], "{}"), {
        message:
          `Route selection expression "${expression}" of WebSocket API "abc123" cannot be evaluated: ` +
          "it takes text and variables such as $request.body.action or ${request.body['list'][0]}.",
      });
    });
  }
});
