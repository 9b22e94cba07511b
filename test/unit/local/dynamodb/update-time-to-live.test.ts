import assert from "node:assert/strict";
import {
  DescribeTimeToLiveCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { account, type Account } from "./account.ts";

describe("setting of a local table's time to live", () => {
  let here: Account;
  beforeEach(async () => (here = await account()));
  afterEach(() => here.close());

  it("is what the program declares", async () => {
    const describe = async (TableName: string) =>
      (await here.root.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
    assert.deepEqual(await describe("channels"), {
      TimeToLiveStatus: "ENABLED",
      AttributeName: "expiresAt",
    });
    assert.deepEqual(await describe("jobs"), { TimeToLiveStatus: "DISABLED" });
  });

  it("can be switched on and off", async () => {
    const update = (TableName: string, Enabled: boolean) =>
      here.root.send(
        new UpdateTimeToLiveCommand({
          TableName,
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled },
        }),
      );
    await update("channels", false);
    const { TimeToLiveSpecification } = await update("jobs", true);
    assert.deepEqual(TimeToLiveSpecification, { AttributeName: "expiresAt", Enabled: true });

    const expiresAt = { N: String(Math.floor(here.clock.now() / 1000) - 60) };
    const keys = {
      channels: { pk: { S: "kept" }, sk: { S: "channel" } },
      jobs: { id: { S: "1" } },
    };
    for (const [TableName, key] of Object.entries(keys)) {
      await here.root.send(new PutItemCommand({ TableName, Item: { ...key, expiresAt } }));
    }
    here.clock.advance(60_000);
    await here.service.swept();
    const get = async (TableName: keyof typeof keys) =>
      (await here.root.send(new GetItemCommand({ TableName, Key: keys[TableName] }))).Item;
    assert.deepEqual(await get("channels"), { ...keys.channels, expiresAt });
    assert.equal(await get("jobs"), undefined);
  });

  it("is refused for a table that does not exist", async () => {
    await assert.rejects(
      here.root.send(
        new UpdateTimeToLiveCommand({
          TableName: "nothing",
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        }),
      ),
      {
        name: "ResourceNotFoundException",
        message: "Requested resource not found: Table: nothing not found",
      },
    );
  });
});
