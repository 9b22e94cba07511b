import assert from "node:assert/strict";
import { policy } from "../../../../local/iam/policy.ts";

const table = "arn:aws:dynamodb:eu-west-1:000000000000:table/channels";

describe("policy", () => {
  it("denies what no statement allows", () => {
    assert.equal(policy([])("dynamodb:Query", table), "implicitly-denied");
  });

  it("allows an action on a resource that one statement names together", () => {
    const decide = policy([
      { effect: "Allow", actions: ["dynamodb:GetItem", "dynamodb:Query"], resources: [table] },
      { effect: "Allow", actions: ["dynamodb:Scan"], resources: [`${table}-2`] },
    ]);
    assert.equal(decide("dynamodb:Query", table), "allowed");
    assert.equal(decide("dynamodb:PutItem", table), "implicitly-denied");
    assert.equal(decide("dynamodb:Query", `${table}-2`), "implicitly-denied");
    assert.equal(decide("dynamodb:Scan", table), "implicitly-denied");
  });

  it("lets an explicit Deny win, wherever it stands", () => {
    const allow = { effect: "Allow" as const, actions: ["*"], resources: ["*"] };
    const deny = { effect: "Deny" as const, actions: ["dynamodb:Delete*"], resources: [table] };
    for (const statements of [
      [allow, deny],
      [deny, allow],
    ]) {
      const decide = policy(statements);
      assert.equal(decide("dynamodb:DeleteItem", table), "explicitly-denied");
      assert.equal(decide("dynamodb:PutItem", table), "allowed");
    }
  });

  it("takes * for any run of characters and ? for exactly one", () => {
    const decide = policy([
      {
        effect: "Allow",
        actions: ["execute-api:Manage*"],
        resources: ["arn:aws:execute-api:*:*:api?/staging/*/@connections/*"],
      },
    ]);
    const connection = (api: string) =>
      `arn:aws:execute-api:eu-west-1:000000000000:${api}/staging/POST/@connections/a/b=`;
    assert.equal(decide("execute-api:ManageConnections", connection("api1")), "allowed");
    assert.equal(decide("execute-api:ManageConnections", connection("api")), "implicitly-denied");
    assert.equal(decide("execute-api:ManageConnections", connection("api12")), "implicitly-denied");
  });

  it("takes every other character for itself", () => {
    const decide = policy([{ effect: "Allow", actions: ["a:B"], resources: ["x.y(z)$+[0]"] }]);
    assert.equal(decide("a:B", "x.y(z)$+[0]"), "allowed");
    assert.equal(decide("a:B", "xzy(z)$+[0]"), "implicitly-denied");
  });

  it("matches actions without regard to case and resources with it", () => {
    const decide = policy([{ effect: "Allow", actions: ["DynamoDB:query"], resources: [table] }]);
    assert.equal(decide("dynamodb:Query", table), "allowed");
    assert.equal(decide("dynamodb:Query", table.toUpperCase()), "implicitly-denied");
  });

  it("matches whole names, not parts of them", () => {
    const decide = policy([
      { effect: "Allow", actions: ["dynamodb:Batch"], resources: [table] },
      { effect: "Allow", actions: ["dynamodb:Query"], resources: ["table/channels"] },
    ]);
    assert.equal(decide("dynamodb:BatchGetItem", table), "implicitly-denied");
    assert.equal(decide("dynamodb:Query", table), "implicitly-denied");
  });
});
