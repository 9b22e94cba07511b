import { startConsoleStack, type ConsoleStack } from "./console-stack.ts";
import type { ConsolePage } from "./console-page.ts";

describe("a prefix in the console", function () {
  this.timeout(60_000);
  let running: ConsoleStack;
  let page: ConsolePage;
  let published = 0;
  before(async () => {
    running = await startConsoleStack({ config: { prefixSubscriptions: "true" } });
    ({ page } = running);
  });
  after(() => running.close());

  const publish = async (channel: string, text: string) => {
    await page.fill("Channel", channel, "#publish");
    await page.press("Text", "#publish");
    await page.fill("Message", text, "#publish");
    await page.press("Publish", "#publish");
    await page.until(`text("#publish").includes("${++published} answered")`);
  };
  /** Resolves when a line of the client has all of these. */
  const line = (...parts: string[]) =>
    page.until(
      `[...document.querySelectorAll(".column li")].map((line) => line.textContent)
        .some((line) => ${JSON.stringify(parts)}.every((part) => line.includes(part)))`,
    );
  const isOn = (channels: string) => page.until(`text(".column .chips") === "${channels}"`);

  it("gives a client what comes on each channel below", async () => {
    await page.fill("Channels", "orders:*", "#clients");
    await page.press("Connect channels.v1");
    await page.until(`text(".column .state") === "open"`);
    await publish("orders:eu", "first");
    await line("orders:eu", "first");
    await isOn("orders:*×");
  });

  it("is resumed where a client connects again, with channels that have begun meanwhile", async () => {
    await page.press("Disconnect", ".column");
    await page.until(`text(".column .state") === "closed"`);
    await publish("orders:us", "missed");
    await publish("orders:eu", "missed too");
    await page.until(`!!control("Reconnect")`);
    await page.press("Reconnect", ".column");
    await line("orders:us", "resumed", "missed");
    await line("orders:eu", "resumed", "missed too");
    await line('"type":"subscribed"', '"recovered":true');
    await isOn("orders:*×");
  });

  it("is unsubscribed from as a channel is", async () => {
    await page.press("Unsubscribe Client 1 from orders:*");
    await line('"type":"unsubscribed","channel":"orders:*"');
    await isOn("");
  });
});
