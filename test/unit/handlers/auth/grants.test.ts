import assert from "node:assert/strict";
import {
  checkAdmin,
  checkChannelGrant,
  grantsOf,
  patternsOf,
  tokenEnd,
} from "../../../../handlers/auth/grants.ts";
import { Problem } from "../../../../handlers/protocol/problem.ts";

const nothing = { subscribe: [], publish: [], admin: false };

describe("grants", () => {
  for (const auth of ["iam", "none"]) {
    it(`are everything where auth is ${auth}, for ever`, () => {
      assert.deepEqual(grantsOf(auth), { subscribe: ["*"], publish: ["*"], admin: true });
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

  it("are what the claims say, as an HTTP API hands them over", () => {
    const claims = {
      subscribe: "[news room-*]",
      publish: "news",
      admin: "true",
      exp: "1795000000",
    };
    assert.deepEqual(grantsOf("jwt", claims), {
      subscribe: ["news", "room-*"],
      publish: ["news"],
      admin: true,
    });
    for (const admin of ["false", "1", "TRUE", "[true]", ""]) {
      assert.equal(grantsOf("jwt", { admin }).admin, false, admin);
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
    ["[news room-*]", ["news", "room-*"]],
    ["[]", []],
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
