import assert from "node:assert/strict";
import { memberContext, memberOf } from "../../../../handlers/auth/member.ts";

const identity = { sourceIp: "192.0.2.7" };

describe("the member that a connection belongs to", () => {
  it("is with iam the last part of the caller's ARN", () => {
    for (const [userArn, name] of [
      ["arn:aws:iam::123456789012:user/ann", "ann"],
      ["arn:aws:iam::123456789012:user/team/ann", "ann"],
      ["arn:aws:sts::123456789012:assumed-role/reader/session-1", "session-1"],
      ["arn:aws:iam::123456789012:root", "root"],
    ] as const) {
      const member = memberOf("iam", { identity: { ...identity, userArn } }, "said");
      assert.equal(member?.name, name);
    }
    assert.equal(memberOf("iam", { identity }, "said"), undefined);
  });

  it("is with tokens what the authorizer has handed on, whatever the client says", () => {
    const authorizer = { member: "ann", info: '{"name":"Ann"}' };
    const member = { name: "ann", info: '{"name":"Ann"}' };
    assert.deepEqual(memberOf("jwt", { identity, authorizer }, "said"), member);
    assert.equal(memberOf("jwt", { identity, authorizer: {} }, "said"), undefined);
    assert.equal(memberOf("jwt", { identity }, "said"), undefined);
  });

  it("is with none what the client says, and it says nothing else than a name", () => {
    assert.equal(memberOf("none", { identity }, "a.b:c-1")?.name, "a.b:c-1");
    assert.equal(memberOf("none", { identity }, undefined), undefined);
    for (const said of ["", "no spaces", "!news", "x".repeat(129)]) {
      const naming = () => memberOf("none", { identity }, said);
      assert.throws(naming, { name: "Problem", status: 400 }, said);
    }
  });

  it("is handed on of a token with what everybody may know, as far as there is room", () => {
    const full = "x".repeat(1_022);
    assert.deepEqual(memberContext({ sub: "ann", info: full }), {
      member: "ann",
      info: `"${full}"`,
    });
    assert.deepEqual(memberContext({ sub: "ann", info: `${full}x` }), { member: "ann" });
    assert.deepEqual(memberContext({ sub: "ann", info: null }), { member: "ann", info: "null" });
    assert.deepEqual(memberContext({ sub: "ä".repeat(256) }), { member: "ä".repeat(256) });
    for (const sub of [undefined, 5, "x".repeat(257), "\ud800"]) {
      assert.deepEqual(memberContext({ sub, info: "no more" }), {}, String(sub));
    }
  });
});
