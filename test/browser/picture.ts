import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startConsoleStack } from "./console-stack.ts";

/** `npm run picture`: takes the README's picture of the console, from the page itself. */
const file = fileURLToPath(new URL("../../docs/console.png", import.meta.url));

const width = 1240;

const running = await startConsoleStack();
const { page } = running;
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
  await writeFile(file, await page.picture());
  console.log(file);
} finally {
  await running.close();
}
