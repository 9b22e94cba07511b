import assert from "node:assert/strict";
import fc from "fast-check";
import {
  channelOfShard,
  maxShards,
  possibleShardKeys,
  shardKeyAt,
  shardKeyOf,
} from "../../../../handlers/store/shard.ts";
import { channelName, connectionIdForm } from "../../../../handlers/protocol/limits.ts";

const names = fc.stringMatching(channelName);
const ids = fc.stringMatching(connectionIdForm);
const keysOf = (name: string, shards: number) =>
  Array.from({ length: shards }, (_, shard) => shardKeyAt(name, shard));
const sizes = fc.constantFrom(1, 2, 4, 8, 16, 32, 64);

describe("the shards of a channel", () => {
  it("have each connection in one of them, the same each time", () => {
    fc.assert(
      fc.property(names, sizes, ids, (name, shards, id) => {
        const key = shardKeyOf({ name, shards }, id);
        assert.equal(keysOf(name, shards).filter((one) => one === key).length, 1);
        assert.equal(shardKeyOf({ name, shards }, id), key);
        assert.equal(channelOfShard(key), name);
      }),
    );
  });

  it("are as many as it says, and different ones", () => {
    const keys = keysOf("news", maxShards);
    assert.equal(new Set(keys).size, 64);
    assert.deepEqual(keysOf("news", 2), ["news#0", "news#1"]);
  });

  it("have all that there were before, when there are twice as many", () => {
    fc.assert(
      fc.property(names, sizes, (name, shards) => {
        const later = keysOf(name, 2 * shards);
        assert.ok(keysOf(name, shards).every((key) => later.includes(key)));
      }),
    );
  });

  it("can have had a connection only where it says, however many there were", () => {
    fc.assert(
      fc.property(names, sizes, ids, (name, shards, id) => {
        const possible = possibleShardKeys(name, id);
        assert.ok(possible.includes(shardKeyOf({ name, shards }, id)));
        assert.ok(possible.length <= 7);
        assert.equal(new Set(possible).size, possible.length);
      }),
    );
  });

  it("share the connections evenly", () => {
    const counts = new Map<string, number>();
    for (let number = 0; number < 6_400; number++) {
      const key = shardKeyOf({ name: "news", shards: 64 }, `${number}OL9cOFvHcCIh=`);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.equal(counts.size, 64);
    const [least, most] = [Math.min(...counts.values()), Math.max(...counts.values())];
    assert.ok(least > 60 && most < 140, `${least} to ${most}`);
  });
});
