import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { seeded } from "../faults/faulty.ts";
import { Client } from "../support/client.ts";
import { startConsoleStack } from "./console-stack.ts";

/** `npm run picture`: takes the pictures of the console and of its dashboard, from the page itself. */
const fileOf = (name: string) => fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));

const width = 1240;

/** Whose posts are throttled for ever, so that the queue has something to do. */
let isThrottled = false;
const random = seeded(3);
const running = await startConsoleStack({
  config: { inlineRecipients: "2" },
  faults: { post: () => (isThrottled && random() < 0.2 ? 429 : undefined) },
});
const { page, stack } = running;

async function save(name: string): Promise<void> {
  await writeFile(fileOf(name), await page.picture());
  console.log(fileOf(name));
}

/** A handshake that the stack refuses. */
async function refused(): Promise<void> {
  await Client.connect(`${stack.websocketUrl}?channel=!`).catch(() => undefined);
}

try {
  await page.show({ scheme: "light", width, height: 1000 });
  for (const [kind, channels] of [
    ["channels.v1", "news, sport"],
    ["plain", "news"],
    ["channels.v1", "news"],
  ]) {
    await page.fill("Channels", channels ?? "", "#clients");
    await page.press(`Connect ${kind ?? ""}`);
  }
  await page.until(`document.querySelectorAll(".state.open").length === 3`);
  await page.fill("Channel", "news", "#publish");
  await page.fill("Message", "Goal", "#publish");
  // What the chart shows has to last a while.
  for (const [rate, answered] of [
    ["4", 60],
    ["12", 240],
    ["7", 340],
  ] as const) {
    await page.fill("Rate", rate, "#publish");
    await page.press("Start", "#publish");
    await page.until(`Number(/(\\d+) answered/.exec(text("#publish"))?.[1]) > ${answered}`);
    await page.press("Stop", "#publish");
  }
  await page.press("Refresh", "#channels");
  await page.until(`document.querySelectorAll("#channels .pick").length === 2`);
  await page.until(`document.querySelectorAll(".node.lit").length === 4`);
  const end = await page.until<number>(
    `document.querySelector("#graph").getBoundingClientRect().bottom`,
  );
  await page.show({ scheme: "light", width, height: Math.ceil(end) + 16 });
  await save("console");

  // The dashboard is of minutes: what it shows has to last a few.
  isThrottled = true;
  const start = Date.now();
  for (let round = 0; Date.now() - start < 200_000; round++) {
    await page.fill("Rate", String(2 + (round % 3) * 3), "#publish");
    await page.press("Start", "#publish");
    await page.until(`Number(/(\\d+) answered/.exec(text("#publish"))?.[1]) > 100`);
    await page.press("Stop", "#publish");
    await refused();
  }
  await page.until(`scrollTo(0, document.querySelector("#figures").offsetTop - 16) || true`);
  const figures = await page.until<number>(
    `document.querySelector("#figures").getBoundingClientRect().height`,
  );
  await page.show({ scheme: "light", width, height: Math.ceil(figures) + 32 });
  await page.until(`scrollTo(0, document.querySelector("#figures").offsetTop - 16) || true`);
  await save("dashboard");
} finally {
  await running.close();
}
