import assert from "node:assert/strict";
import { claimsIn, patternsOf } from "../../../../handlers/auth/claims.ts";
import {
  checkAdmin,
  checkChannelGrant,
  checkSubscribeGrant,
  grantsOf,
  tokenEnd,
} from "../../../../handlers/auth/grants.ts";
import { Problem } from "../../../../handlers/protocol/problem.ts";

const nothing = { subscribe: [], publish: [], presence: [], admin: false };

describe("grants", () => {
  for (const auth of ["iam", "none"]) {
    it(`are everything where auth is ${auth}, for ever`, () => {
      assert.deepEqual(grantsOf(auth), {
        subscribe: ["*"],
        publish: ["*"],
        presence: ["*"],
        admin: true,
      });
      assert.equal(tokenEnd(auth), Infinity);
    });
  }

  for (const auth of ["jwt", "", "None", "other"]) {
    it(`are nothing without claims where auth is "${auth}", and have ended`, () => {
      assert.deepEqual(grantsOf(auth), nothing);
      assert.deepEqual(grantsOf(auth, { principalId: "alice" }), nothing);
      for (const claims of [undefined, {}, { expiresAt: "" }, { expiresAt: "soon" }]) {
        assert.equal(tokenEnd(auth, claims), 0);
      }
    });
  }

  it("are what the claims of the token say", () => {
    const patterns = { subscribe: ["news", "room-*"], publish: "news", presence: "a b" };
    assert.deepEqual(grantsOf("jwt", { ...patterns, admin: true, exp: 1795000000 }), {
      subscribe: ["news", "room-*"],
      publish: ["news"],
      presence: ["a", "b"],
      admin: true,
    });
    for (const admin of ["true", "false", 1, "TRUE", [true], "", null]) {
      assert.equal(grantsOf("jwt", { admin }).admin, false, JSON.stringify(admin));
    }
  });

  it("end when the authorizer has said", () => {
    assert.equal(tokenEnd("jwt", { expiresAt: "1795000000" }), 1_795_000_000);
  });

  for (const [claim, patterns] of [
    [
      ["news", "room-*"],
      ["news", "room-*"],
    ],
    ["news  room-*", ["news", "room-*"]],
    ["[news room-*]", ["[news", "room-*]"]],
    [["user-x *"], []],
    [["news\troom-*", "sport"], ["sport"]],
    [["[*]"], ["[*]"]],
    [5, []],
    ["", []],
    [[], []],
    [undefined, []],
    [null, []],
    [true, []],
    [{ news: true }, []],
    [["news", 1, null, ["room-*"]], ["news"]],
  ] as const) {
    it(`have of the claim ${JSON.stringify(claim)} the patterns ${JSON.stringify(patterns)}`, () => {
      assert.deepEqual(patternsOf(claim), patterns);
    });
  }

  it("are checked by channel and by claim, and name both where they are missing", () => {
    const grants = { ...nothing, subscribe: ["news"], publish: ["room-*"] };
    checkChannelGrant(grants, "subscribe", "news");
    checkChannelGrant(grants, "publish", "room-1");
    const forbidden = (claim: string, channel: string) =>
      new Problem(
        "forbidden",
        `The token does not let you ${claim} to the channel ${channel}: its claim "${claim}" has to name it.`,
      );
    const check = (claim: "subscribe" | "publish", channel: string) => () => {
      checkChannelGrant(grants, claim, channel);
    };
    assert.throws(check("publish", "news"), forbidden("publish", "news"));
    assert.throws(check("subscribe", "room-1"), forbidden("subscribe", "room-1"));
  });

  it("let subscribe to a prefix only where they name all that it stands for", () => {
    const check = (subscribe: string[]) => () => {
      checkSubscribeGrant({ ...nothing, subscribe }, "a:b:*");
    };
    for (const claim of [
      ["*"],
      ["a*"],
      ["a:b*"],
      ["*b*"],
      ["a:b", "a:b:*"],
      ["a:*"],
      ["*:b", "a:*:*"],
    ]) {
      assert.doesNotThrow(check(claim), String(claim));
    }
    for (const claim of [[], ["a:b"], ["a:b:*"], ["a:b", "a:b:c*"], ["a:b", "a:b:*:d"], ["a"]]) {
      assert.throws(check(claim), { code: "forbidden" }, String(claim));
    }
    assert.throws(() => {
      checkSubscribeGrant({ ...nothing, subscribe: ["b"] }, "a");
    });
  });

  it("of an admin have their own claim", () => {
    checkAdmin({ ...nothing, admin: true });
    const forbidden = new Problem(
      "forbidden",
      'The token has to have the claim "admin": true for this.',
    );
    assert.throws(() => {
      checkAdmin({ ...nothing, subscribe: ["*"], publish: ["*"] });
    }, forbidden);
  });
});

describe("the claims of a verified token", () => {
  const tokenOf = (payload: unknown) =>
    `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.c2ln`;

  it("are as its issuer wrote them, whatever API Gateway makes of them as text", () => {
    const claims = { subscribe: ["user-x *", "news"], publish: null, admin: true, n: 5 };
    for (const scheme of ["", "Bearer ", "bearer ", "BEARER  "]) {
      assert.deepEqual(claimsIn(scheme + tokenOf(claims)), claims, scheme);
    }
    assert.deepEqual(grantsOf("jwt", claimsIn(tokenOf(claims))), {
      ...{ subscribe: ["news"], publish: [], presence: [], admin: true },
    });
  });

  it("are none where the header is not exactly one token", () => {
    const token = tokenOf({ admin: true });
    for (const header of [
      ...[undefined, "", "Bearer", "Basic YTpi", `${token},${token}`, `${token} ${token}`],
      ...[`x ${token}`, "a.b", "a.!.c", `e30.${Buffer.from("5").toString("base64url")}.c`],
    ]) {
      assert.deepEqual(claimsIn(header), {}, header);
    }
  });
});
