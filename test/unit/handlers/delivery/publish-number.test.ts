import assert from "node:assert/strict";
import type { System } from "../../../../handlers/aws/system.ts";
import { publish } from "../../../../handlers/delivery/publish.ts";
import { findChannel } from "../../../../handlers/store/channel.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";
import { recordedSystem } from "../../../support/recorded-system.ts";

const content = { text: "hello", isJson: false };

describe("the number of a publish", () => {
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock(Date.now()) });
  });
  after(() => channels.close());

  const here = (changes?: Partial<System>) => recordedSystem(channels.table, undefined, changes);

  it("is the one that its message had before, where it goes on", async () => {
    const { connectionId } = await connected(channels.table, ["again"]);
    const { system, asked } = here();
    const first = await publish(system, "again", content);
    const { epoch } = await findChannel(channels.table, "again");
    const numbered = { epoch, sequence: 1, time: first.startedAt };
    assert.deepEqual(await publish(system, "again", content, { numbered }), first);
    assert.equal((await findChannel(channels.table, "again")).sequence, 1);
    assert.deepEqual(asked, [`POST ${connectionId} hello`, `POST ${connectionId} hello`]);
  });

  it("is told before anybody gets the message, and nobody does where that fails", async () => {
    await connected(channels.table, ["numbered"]);
    const { system, asked } = here();
    const options = {
      onNumbered: ({ sequence }: { sequence: number }) =>
        Promise.reject(new Error(`stop at ${sequence}`)),
    };
    const stopped = publish(system, "numbered", content, options);
    await assert.rejects(stopped, new Error("stop at 1"));
    assert.deepEqual(asked, []);
    assert.deepEqual(await channels.items("messages#numbered"), []);
  });

  it("is not taken for what has no room with its envelope", async () => {
    const { connectionId } = await connected(channels.table, ["sizes"], {
      protocol: "channels.v1",
    });
    const { system, asked } = here({ maxMessageBytes: 300 });
    const tooLarge = { code: "too-large", message: /^The message takes \d+ bytes .* up to 300\.$/ };
    for (const text of ["x".repeat(300), "ü".repeat(149), "\n".repeat(149)]) {
      await assert.rejects(publish(system, "sizes", { text, isJson: false }), tooLarge);
    }
    assert.equal((await findChannel(channels.table, "sizes")).sequence, 0);
    assert.deepEqual(asked, []);

    await publish(system, "sizes", { text: "x".repeat(150), isJson: false });
    assert.equal((await findChannel(channels.table, "sizes")).sequence, 1);
    assert.equal(asked.length, 1);
    assert.ok(asked.join().length - `POST ${connectionId} `.length <= 300);
  });
});
