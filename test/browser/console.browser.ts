import assert from "node:assert/strict";
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { startConsoleStack, type ConsoleStack } from "./console-stack.ts";
import type { ConsolePage } from "./console-page.ts";
import { channelKey } from "../../handlers/store/keys.ts";

describe("the console in a browser", function () {
  this.timeout(30_000);
  let running: ConsoleStack;
  let page: ConsolePage;
  before(async () => {
    running = await startConsoleStack();
    ({ page } = running);
  });
  after(() => running.close());

  const column = (number: number) => `.column:nth-child(${number})`;
  /** Resolves when a line of a client's column has all of these. */
  const line = (number: number, ...parts: string[]) =>
    page.until<string>(
      `[...document.querySelectorAll("${column(number)} li")].map((line) => line.textContent)
        .find((line) => ${JSON.stringify(parts)}.every((part) => line.includes(part)))`,
    );
  const publish = async (text: string, kind = "Text", channel = "news") => {
    await page.fill("Channel", channel, "#publish");
    await page.press(kind, "#publish");
    await page.fill("Message", text, "#publish");
    await page.press("Publish", "#publish");
  };
  const isTold = (part: string, within: string) =>
    page.until(`text("${within}").includes(${JSON.stringify(part)})`);

  it("says which stack it is", () => isTold(running.stack.websocketUrl, ".facts"));

  it("connects a channels.v1 client by the keyboard alone", async () => {
    await page.until(`!!control("Connect channels.v1")`);
    for (let tabs = 0; tabs < 10; tabs++) {
      await page.key("Tab");
      const name = await page.until<string>(`document.activeElement?.textContent || "none"`);
      if (name === "Connect channels.v1") break;
    }
    await page.key("Enter");
    await page.until(`text("${column(1)} .state") === "open"`);
    await page.until(`text("${column(1)} .chips").includes("test")`);
  });

  it("connects a plain client to the channels that it names", async () => {
    await page.fill("Channels", "news, sport", "#clients");
    await page.press("Connect plain");
    await page.until(`text("${column(2)} .state") === "open"`);
    await page.until(`document.querySelectorAll("${column(2)} .chips li").length === 2`);
  });

  it("subscribes a client, and unsubscribes it", async () => {
    await subscribe("news");
    await page.press("Unsubscribe Client 1 from test");
    await line(1, '{"type":"unsubscribed","channel":"test"');
    await page.until(`text("${column(1)} .chips") === "news×"`);
  });

  it("sends a frame, and shows both ways", async () => {
    await page.fill("Frame of Client 2", "an echo");
    await page.press("Send", column(2));
    await line(2, "sent an echo");
    await line(2, "got an echo");
  });

  it("publishes text, and shows who got it, with its id and its milliseconds", async () => {
    await publish("to everyone");
    assert.match(await line(1, "to everyone"), /news \w+-1 \d+ ms {2}to everyone$/);
    assert.match(await line(2, "to everyone"), /\d+ ms {2}to everyone$/);
    await isTold("final", "#publish");
    assert.match(await page.until(`text("#publish .counts")`), /^delivered2gone0failed0pending0$/);
  });

  it("publishes JSON, and shows it as it was written", async () => {
    await publish('{"price": 3.10, "id": 12345678901234567890}', "JSON");
    await line(1, '{"price": 3.10, "id": 12345678901234567890}');
    await publish("{", "JSON");
    await isTold("400 The body is not JSON", "#publish");
  });

  it("publishes some a second, until it is stopped", async () => {
    await page.fill("Rate", "20", "#publish");
    await page.fill("Message", "again", "#publish");
    await page.press("Text", "#publish");
    await page.press("Start", "#publish");
    await page.until(`Number(/(\\d+) answered/.exec(text("#publish"))?.[1]) > 7`);
    await page.press("Stop", "#publish");
    await page.until(`!!control("Start", "#publish")`);
  });

  it("draws what was delivered", async () => {
    const said = await page.until<string>(
      `/[1-9]\\d* deliveries.*p99/.test(document.querySelector(".chart").getAttribute("aria-label")) &&
        document.querySelector(".chart").getAttribute("aria-label")`,
    );
    assert.match(said, /at the end \d+ a second, p50 \d+ ms, p99 \d+ ms$/);
    assert.ok(await page.until(`document.querySelector(".chart canvas").width > 100`));
  });

  const subscribe = async (channel: string) => {
    await page.fill("Channel for Client 1", channel);
    await page.press("Subscribe", column(1));
    await line(1, `{"type":"subscribed","channel":"${channel}","last":null`);
  };

  it("marks a gap", async () => {
    await subscribe("gaps");
    await publish("before a gap", "Text", "gaps");
    await line(1, "before a gap");
    await takeNumber(running, "gaps");
    await publish("after a gap", "Text", "gaps");
    assert.match(await line(1, "Gap on gaps: "), /: \w+-2 not there yet$/);
    await page.press("Unsubscribe Client 1 from gaps");
    await line(1, '{"type":"unsubscribed","channel":"gaps"');
  });

  it("resumes one channel after the other, and marks what it has missed", async () => {
    await subscribe("more");
    await publish("begins", "Text", "more");
    await line(1, "begins");
    await page.press("Disconnect", column(1));
    await page.until(`text("${column(1)} .state") === "closed"`);
    await isTold('"message":"Disconnected"', "#log");
    for (const channel of ["news", "more"]) {
      await publish(`missed on ${channel}`, "Text", channel);
      await page.until(`text("#publish [role=status] .channel") === "${channel}"`);
    }
    await page.press("Reconnect", column(1));
    await line(1, "resumed", "missed on news");
    await line(1, "resumed", "missed on more");
    assert.equal(await page.until(`!text("${column(1)}").includes("replay-in-progress")`), true);
  });

  it("lists the channels, their subscribers and what they keep", async () => {
    await page.until(`text("${column(1)} .state") === "open"`);
    await page.press("Refresh", "#channels");
    await page.press("news", "#channels");
    await page.until(
      `document.querySelectorAll('[aria-label="Connections on news"] li').length === 2`,
    );
    await isTold("missed on news", '[aria-label=\\"Messages kept on news\\"]');
  });

  it("shows one connection, sends to it alone, and closes it", async () => {
    const first = `[...document.querySelectorAll('[aria-label="Connections on news"] button')].find(
      (button) => button.textContent.includes("channels.v1"))`;
    await page.until(`${first} && (${first}.click(), true)`);
    await isTold("sourceIp127.0.0.1", "#channels .card");
    await page.fill("Text to it", "only for you");
    await page.press("Send to it");
    await line(1, '"type":"direct","data":"only for you"');
    await page.press("Close it");
    await line(1, "Closed: 1000");
    await page.until(`text("${column(1)} .state") === "closed"`);
    await page.until(
      `document.querySelectorAll('[aria-label="Connections on news"] li').length === 1`,
    );
  });

  it("shows the functions' log as it comes, and what of it one looks for", async () => {
    await isTold('"message":"Published"', "#log");
    await page.fill("Only with", "disconnected", "#log");
    await page.until(`!text("#log .lines").includes("Published")`);
    await isTold('"message":"Disconnected"', "#log");
    await page.fill("Only with", "", "#log");
  });

  it("lights up the way of the last message", async () => {
    await publish("on its way");
    await isTold(
      "http api → http function; http function → channels table, websocket api",
      "#graph",
    );
    const names = `[...document.querySelectorAll(".node.lit .node-name")].map((name) => name.textContent)`;
    const lit = await page.until<string[]>(`${names}.length === 4 && ${names}`);
    assert.deepEqual(lit.sort(), ["channels", "http", "http", "websocket"]);
    assert.equal(await page.until(`document.querySelectorAll(".edge.lit").length`), 3);
    await isTold("All 93 resources", "#graph");
  });

  it("switches a fault on and off, and follows the report until the message has arrived", async () => {
    await page.press("post:429", "#faults");
    await page.fill("Percent of post:429", "100", "#faults");
    await page.until(`text("#faults [role=status]") === "post:429:100%"`);
    await publish("late");
    await isTold("on its way", "#publish [role=status]");
    await page.press("post:429", "#faults");
    await page.until(`text("#faults [role=status]") === "none"`);
    await line(2, "late");
    await page.until(
      `text("#publish .counts") === "delivered1gone0failed0pending0" && text("#publish").includes("final")`,
    );
  });

  it("says why a fault cannot be so", async () => {
    await page.press("post:500", "#faults");
    await page.fill("Percent of post:500", "0", "#faults");
    await isTold('"post:500:0%" has no share above 0% and up to 100%', "#faults");
    await page.press("post:500", "#faults");
  });

  it("shows what IAM refuses a function, and why", async () => {
    const { stack } = running;
    const fn = stack.description.functions.find(({ name }) => name.includes("-http"));
    assert.ok(fn);
    const statements = fn.role.statements.map((statement) => ({
      ...statement,
      actions: statement.actions.filter((action) => action !== "dynamodb:UpdateItem"),
    }));
    stack.replaceFunction({ ...fn, role: { ...fn.role, statements } });
    await publish("refused");
    await isTold("dynamodb:UpdateItem", "#refusals");
    await isTold("no statement allows it", "#refusals");
    await isTold(fn.name, "#refusals");
    await isTold("500 ", "#publish [role=alert]");
  });

  it("has a name for every control, and fits a phone", async () => {
    const nameless = await page.until<string>(`JSON.stringify(
      [...document.querySelectorAll("button,input,textarea")]
        .filter((element) => !element.ariaLabel && !element.textContent.trim() && !element.labels?.length)
        .map((element) => element.outerHTML))`);
    assert.equal(nameless, "[]");
    await page.show({ scheme: "dark", width: 390, height: 800 });
    await page.until("document.documentElement.scrollWidth <= 390");
  });

  it("loads nothing from elsewhere, and has no error in its log", async () => {
    const origins = await page.until<string[]>(
      `[...new Set(performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin))]
        .filter((origin) => origin !== location.origin).concat("none")`,
    );
    assert.deepEqual(origins, ["none"]);
    assert.deepEqual(page.errors, []);
  });
});

/** Takes the next number of the channel, and publishes no message with it, as a publish that fails does. */
async function takeNumber({ stack }: ConsoleStack, channel: string): Promise<void> {
  const client = new DynamoDBClient(stack.dynamoDb);
  await client.send(
    new UpdateItemCommand({
      TableName: String(stack.outputs.tableName),
      Key: channelKey(channel),
      UpdateExpression: "ADD #sequence :one",
      ExpressionAttributeNames: { "#sequence": "sequence" },
      ExpressionAttributeValues: { ":one": { N: "1" } },
    }),
  );
  client.destroy();
}
