import assert from "node:assert/strict";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ifConditionHolds } from "../../../../handlers/store/condition.ts";
import { openChannelTable, type ChannelTable } from "../../../support/channel-table.ts";
import { PassingClock } from "../../../support/passing-clock.ts";

describe("a conditional write", () => {
  let channels: ChannelTable;
  before(async () => {
    channels = await openChannelTable({ clock: new PassingClock() });
  });
  after(() => channels.close());

  const put = ({ name, client } = channels.table) =>
    ifConditionHolds(
      client.send(
        new PutItemCommand({
          TableName: name,
          Item: { pk: { S: "a" }, sk: { S: "b" } },
          ConditionExpression: "attribute_not_exists(pk)",
        }),
      ),
    );

  it("gives what DynamoDB answers, and undefined where its condition does not hold", async () => {
    assert.equal((await put())?.$metadata.httpStatusCode, 200);
    assert.equal(await put(), undefined);
  });

  it("throws where it failed for any other reason", async () => {
    const nowhere = { ...channels.table, name: "nowhere" };
    await assert.rejects(put(nowhere), { name: "ResourceNotFoundException" });
  });
});
