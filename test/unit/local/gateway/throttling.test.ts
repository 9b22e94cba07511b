import assert from "node:assert/strict";
import fc from "fast-check";
import { accountOf, throttleOf } from "../../../../local/gateway/throttling.ts";
import { ManualClock } from "../../../../local/shared/clock.ts";

/** As many as are let through of these. */
const count = (asked: number, ask: () => boolean) =>
  Array.from({ length: asked }, ask).filter(Boolean).length;

describe("API Gateway's limits", () => {
  let clock: ManualClock;
  beforeEach(() => {
    clock = new ManualClock(Date.UTC(2026, 10, 22));
  });
  const stage = (rate: number, burst: number) => ({ name: "staging", throttling: { rate, burst } });

  it("let through what a stage takes at once, and then what it takes a second", () => {
    const { request } = throttleOf(accountOf(clock), stage(10, 5), clock);
    assert.equal(count(20, request), 5);
    clock.advance(100);
    assert.equal(count(20, request), 1);
    clock.advance(300);
    assert.equal(count(20, request), 3);
    clock.advance(60_000);
    assert.equal(count(20, request), 5);
  });

  it("are of a stage each, but of the account for all its APIs and for @connections", () => {
    const account = accountOf(clock, {
      requests: { rate: 100, burst: 8 },
      handshakes: { rate: 100, burst: 100 },
    });
    const one = throttleOf(account, stage(10, 5), clock);
    const other = throttleOf(account, { name: "staging" }, clock);
    assert.equal(count(20, one.request), 5);
    assert.equal(count(20, other.callback), 3);
    assert.equal(count(20, other.request), 0);
    clock.advance(20);
    assert.equal(count(20, one.callback), 2);
  });

  it("are those of AWS by default: 5,000 requests at once, and 10,000 a second", () => {
    const { request } = throttleOf(accountOf(clock), { name: "staging" }, clock);
    assert.equal(count(6_000, request), 5_000);
    clock.advance(100);
    assert.equal(count(6_000, request), 1_000);
  });

  it("let 500 handshakes through a second, whatever else is free", () => {
    const { handshake, request } = throttleOf(accountOf(clock), stage(10_000, 5_000), clock);
    assert.equal(count(1_000, handshake), 500);
    assert.ok(request());
    clock.advance(10);
    assert.equal(count(1_000, handshake), 5);
  });

  it("take nothing of a limit for what another refuses", () => {
    const account = accountOf(clock);
    const small = throttleOf(account, stage(1, 1), clock);
    assert.equal(count(10_000, small.request), 1);
    const { callback } = throttleOf(account, stage(1, 1), clock);
    assert.equal(count(10_000, callback), 4_999);
  });

  it("never let more through in any time than the burst and what has come since", () => {
    const waits = fc.array(fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: 30 })), { maxLength: 40 });
    fc.assert(
      fc.property(waits, (steps) => {
        const own = new ManualClock(0);
        const { request } = throttleOf(accountOf(own), stage(20, 7), own);
        let through = 0;
        for (const [milliseconds, asked] of steps) {
          own.advance(milliseconds);
          through += count(asked, request);
          assert.ok(through <= 7 + (own.now() * 20) / 1_000);
        }
      }),
    );
  });
});
