import assert from "node:assert/strict";
import fc from "fast-check";
import { openWindow, type Window } from "../../../client/window.ts";
import type { Gap } from "../../../client/types.ts";

/** What became of a message: it is kept, or it has expired, or its publish has failed. */
type Fate = "kept" | "lost" | "void";

/** A channel as the stack has it: what is published, and what a `subscribe` gives back. */
class ModelChannel {
  readonly delivered: number[] = [];
  readonly gaps: Gap[] = [];
  readonly window: Window;
  published = 0;
  readonly #fates: Fate[];

  constructor(fates: Fate[], first: string | null | undefined) {
    this.#fates = fates;
    this.window = openWindow(
      first,
      ({ id }) => this.delivered.push(Number(id.split("-")[1])),
      (gap) => this.gaps.push(gap),
    );
  }

  publish(): void {
    this.published = Math.min(this.published + 1, this.#fates.length);
  }

  /** Delivers a message that was published, if there is one. */
  deliver(sequence: number): void {
    if (sequence > this.published || this.fate(sequence) !== "kept") return;
    this.window.take({ id: `epoch1-${sequence}`, channel: "news", data: sequence, time: "" });
  }

  /** Subscribes as often as the window asks for it. */
  subscribe(): void {
    for (;;) {
      const since = this.window.since();
      const from = typeof since === "string" ? Number(since.split("-")[1]) : 0;
      const missed = this.#fates
        .map((fate, index) => ({ fate, sequence: index + 1 }))
        .slice(from, this.published);
      if (since !== undefined) for (const { sequence } of missed) this.deliver(sequence);
      const recovered = since === undefined ? since : missed.every(({ fate }) => fate !== "lost");
      const last = this.published === 0 ? null : `epoch1-${this.published}`;
      if (this.window.settle(last, recovered) === 0) return;
    }
  }

  fate(sequence: number): Fate | undefined {
    return this.#fates[sequence - 1];
  }
}

const fates = fc.array(fc.constantFrom<Fate>("kept", "kept", "kept", "lost", "void"), {
  maxLength: 40,
});
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant("publish" as const) },
    { weight: 6, arbitrary: fc.nat(39) },
    { weight: 1, arbitrary: fc.constant("subscribe" as const) },
  ),
  { maxLength: 150 },
);

describe("the window of a subscription", () => {
  it("delivers what is kept once and in order, and tells of each gap once", () => {
    fc.assert(
      fc.property(fates, steps, fc.boolean(), (fates, steps, isFromStart) => {
        const channel = new ModelChannel(fates, isFromStart ? null : undefined);
        let first = isFromStart ? 0 : undefined;
        const subscribe = () => {
          first ??= channel.published;
          channel.subscribe();
        };
        for (const step of steps) {
          if (step === "publish") channel.publish();
          else if (step === "subscribe") subscribe();
          else channel.deliver(step + 1);
        }
        subscribe();
        const known = fates.map((_, index) => index + 1).slice(first, channel.published);
        const kept = known.filter((sequence) => channel.fate(sequence) === "kept");
        assert.deepEqual(channel.delivered, kept);

        const inGaps = channel.gaps.flatMap(({ after, before }) => {
          const [from = 0, to = 0] = [after, before].map((id) => Number(id?.split("-")[1] ?? 0));
          return Array.from({ length: to - from - 1 }, (_, index) => from + 1 + index);
        });
        assert.equal(new Set(inGaps).size, inGaps.length);
        assert.ok(inGaps.every((sequence) => channel.fate(sequence) !== "kept"));
        const lost = known.filter((sequence) => channel.fate(sequence) === "lost");
        assert.deepEqual(
          inGaps.filter((sequence) => channel.fate(sequence) === "lost"),
          lost,
        );
        assert.ok(channel.window.isWhole());
      }),
      { numRuns: 2_000 },
    );
  });

  it("delivers as they come those that it does not hold, each once", () => {
    fc.assert(
      fc.property(fates, steps, (fates, steps) => {
        const channel = new ModelChannel(fates, null);
        for (const step of steps) {
          if (step === "publish") channel.publish();
          else if (step === "subscribe") channel.subscribe();
          else channel.deliver(step + 1);
          channel.window.flush();
        }
        channel.subscribe();
        const { delivered } = channel;
        const kept = fates
          .map((_, index) => index + 1)
          .filter((sequence) => sequence <= channel.published && channel.fate(sequence) === "kept");
        assert.deepEqual(
          [...delivered].sort((one, other) => one - other),
          kept,
        );
      }),
    );
  });

  const message = (sequence: number) => ({
    ...{ id: `epoch1-${sequence}`, channel: "news", data: sequence, time: "" },
  });

  it("delivers what has overtaken the first reply, and nothing of before that", () => {
    const { window, delivered } = new ModelChannel([], undefined);
    for (const sequence of [5, 3, 4]) window.take(message(sequence));
    assert.equal(window.settle("epoch1-3", undefined), 0);
    assert.deepEqual(delivered, [4, 5]);
  });

  it("asks again before it takes a message for void or lost: it may be about to be kept", () => {
    for (const [recovered, replies] of [
      [true, 2],
      [false, 4],
    ] as const) {
      const { window, delivered, gaps } = new ModelChannel([], "epoch1-1");
      window.take(message(3));
      for (let reply = 1; reply < replies; reply++) {
        assert.equal(window.settle("epoch1-3", recovered), reply);
      }
      assert.deepEqual([delivered, gaps], [[], []]);
      window.take(message(2));
      assert.equal(window.settle("epoch1-3", recovered), 0);
      assert.deepEqual([delivered, gaps], [[2, 3], []]);
    }
  });

  it("delivers what it has held too long in order, and what was missing when it comes", () => {
    const { window, delivered } = new ModelChannel([], "epoch1-1");
    for (const sequence of [5, 3, 4]) window.take(message(sequence));
    window.flush();
    window.take(message(2));
    assert.deepEqual(delivered, [3, 4, 5, 2]);
    assert.equal(window.since(), "epoch1-5");
  });

  it("tells of a gap where the channel has begun again, and goes on there", () => {
    const channel = new ModelChannel([], "epoch1-7");
    assert.equal(channel.window.settle("epoch2-3", false), 0);
    assert.deepEqual(channel.gaps, [{ after: "epoch1-7", before: "epoch2-4" }]);
    channel.window.take({ id: "epoch2-4", channel: "news", data: 4, time: "" });
    assert.deepEqual([channel.delivered, channel.window.since()], [[4], "epoch2-4"]);
    // Its messages may come before the reply that says so.
    channel.window.take({ id: "epoch3-1", channel: "news", data: 1, time: "" });
    assert.equal(channel.window.isWhole(), false);
  });

  it("holds no more than 2,000 messages, and asks for the others", () => {
    const length = 5_000;
    const channel = new ModelChannel(
      Array.from({ length }, () => "kept"),
      null,
    );
    while (channel.published < length) channel.publish();
    for (let sequence = 2; sequence <= length; sequence++) channel.deliver(sequence);
    channel.deliver(1);
    assert.equal(channel.delivered.length, 2_001);
    assert.equal(channel.window.isWhole(), false);
    channel.subscribe();
    assert.equal(channel.delivered.length, length);
  });
});
