import assert from "node:assert/strict";
import { channelsOf } from "../../../../handlers/store/below.ts";
import { nextInChannel, openChannel } from "../../../../handlers/store/channel.ts";
import { recordOf } from "../../../../local/shared/record.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { connected } from "../../../support/connected.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("the channels of a prefix", () => {
  let channels: ChannelTable;
  let table: ChannelTable["table"];
  let isConsistent = true;
  let queries = 0;
  before(async () => {
    channels = await openChannelTable({
      clock: new PassingClock(Date.now()),
      probe: { pageItems: 3 },
      fault({ operation, body }) {
        if (operation === "Query") {
          queries += 1;
          isConsistent &&= recordOf(body).ConsistentRead === true;
        }
        return undefined;
      },
    });
    ({ table } = channels);
  });
  after(() => channels.close());

  const namesOf = async (prefix: string, max = 100) =>
    (await channelsOf(table, prefix, max))?.map(({ name }) => name).sort();

  it("are the one before it and all below that have had a message, as they are now", async () => {
    for (const name of ["a", "a:x", "a:x:1", "a:y", "ab", "b:a:x"]) {
      await nextInChannel(table, name);
    }
    await openChannel(table, "a:silent");
    await connected(table, ["a:*", "a:x:*"]);
    assert.deepEqual(await namesOf("a:*"), ["a", "a:x", "a:x:1", "a:y"]);
    assert.deepEqual(await namesOf("a:x:*"), ["a:x", "a:x:1"]);
    assert.deepEqual(await namesOf("a:y:*"), ["a:y"]);
    assert.deepEqual(await namesOf("none:*"), []);
    const { sequence } = await nextInChannel(table, "a:y");
    const [again] = (await channelsOf(table, "a:y:*", 1)) ?? [];
    assert.deepEqual([again?.name, again?.sequence], ["a:y", sequence]);
    assert.ok(isConsistent);
  });

  it("are all of them, over all pages, or unknown where they are too many", async () => {
    const made: string[] = [];
    for (let number = 0; number < 60; number++) {
      made.push(`many:${number}`);
      await nextInChannel(table, `many:${number}`);
    }
    assert.deepEqual(await namesOf("many:*", 60), made.sort());
    assert.equal(await namesOf("many:*", 59), undefined);
    assert.equal(await namesOf("many:*", 3), undefined);
  });

  it("are read past no prefix below, however many there are", async () => {
    for (let number = 0; number < 60; number++) await openChannel(table, `users:${number}:*`);
    await nextInChannel(table, "users:7");
    queries = 0;
    assert.deepEqual(await namesOf("users:*"), ["users:7"]);
    assert.equal(queries, 8);
  });
});
