import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { seeded } from "../faults/faulty.ts";
import { Client } from "../support/client.ts";
import { startConsoleStack } from "./console-stack.ts";

/** Part of `npm run picture`: takes the picture of the dashboard, from the console's page. */
const file = fileURLToPath(new URL("../../docs/dashboard.png", import.meta.url));

const width = 1240;
// What the dashboard draws is by the minute: this lasts more than one.
const rounds = 5;
const answersOfRound = 60;

const random = seeded(3);
const running = await startConsoleStack({
  config: { inlineRecipients: "2" },
  faults: { post: () => (random() < 0.3 ? 429 : undefined) },
});
const { page, stack } = running;
try {
  await page.show({ scheme: "light", width, height: 1000 });
  for (let count = 0; count < 3; count++) {
    await page.press("Connect channels.v1");
    await page.until(`document.querySelectorAll(".state.open").length === ${count + 1}`);
  }
  await page.fill("Message", "Goal", "#publish");
  for (let round = 0; round < rounds; round++) {
    await page.fill("Rate", String(4 + (round % 3) * 3), "#publish");
    await page.press("Start", "#publish");
    const answers = (round + 1) * answersOfRound;
    await page.until(`Number(/(\\d+) answered/.exec(text("#publish"))?.[1]) >= ${answers}`);
    await page.press("Stop", "#publish");
    await Client.connect(`${stack.websocketUrl}?channel=!`).catch(() => undefined);
    const { socket } = await Client.connect(stack.websocketUrl);
    socket.close();
  }
  const panel = `document.querySelector("#figures").getBoundingClientRect()`;
  await page.show({
    ...{ scheme: "light", width },
    height: Math.ceil(await page.until<number>(`${panel}.height`)) + 32,
  });
  await page.until(`scrollTo(0, ${panel}.top + scrollY - 16) || true`);
  await writeFile(file, await page.picture());
  console.log(file);
} finally {
  await running.close();
}
