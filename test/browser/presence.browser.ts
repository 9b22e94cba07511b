import assert from "node:assert/strict";
import type { ConsolePage } from "./console-page.ts";
import { startConsoleStack, type ConsoleStack } from "./console-stack.ts";

for (const kind of ["channels.v1", "plain"]) {
  describe(`presence in the console, of a ${kind} client`, function () {
    this.timeout(60_000);
    let running: ConsoleStack;
    let page: ConsolePage;
    before(async () => {
      running = await startConsoleStack({
        config: { presenceGraceSeconds: "0", presenceLimit: "2" },
      });
      ({ page } = running);
    });
    after(() => running.close());

    const column = (number: number) => `.column:nth-child(${number})`;
    const connect = async (number: number, member: string, channel: string) => {
      await page.fill("Channels", channel, "#clients");
      await page.fill("Member", member, "#clients");
      await page.press(`Connect ${kind}`);
      await isIn(number, "open");
    };
    const isIn = (number: number, state: string) =>
      page.until(`text("${column(number)} .state") === "${state}"`);
    /** Resolves when a client is told that these are on news, or that they are too many. */
    const areToldTo = (number: number, count: string, ...members: string[]) =>
      page.until(
        `text("${column(number)} h4") === "Members on news ${count}" &&
        [...document.querySelectorAll('[aria-label="Members on news, as told to Client ${number}"] li')]
          .map((one) => one.textContent.trim()).join() === "${members.join()}"`,
      );
    /** The beginnings of what a client's log has about members, once it has so many. */
    const told = (number: number, count: number) => {
      const marked = `[...document.querySelectorAll("${column(number)} .in")]
      .filter((line) => line.querySelector(".mark"))
      .map((line) => /news \\w+ .*/.exec(line.textContent)[0])`;
      return page.until<string[]>(`${marked}.length >= ${count} && ${marked}`);
    };
    const subscribe = async (number: number) => {
      await page.fill(`Channel for Client ${number}`, "news");
      await page.press("Subscribe", column(number));
    };

    it("shows a client that watches who is on the channel", async () => {
      await connect(1, "anna", "news");
      await connect(2, "", "other");
      await page.press("Subscribe Client 2 with presence");
      await subscribe(2);
      await areToldTo(2, "1", "anna");
      await page.until(`text("${column(1)} h3") === "Client 1 ${kind} anna"`);
    });

    it("shows it who joins and leaves, once a member", async () => {
      await connect(3, "anna", "news");
      await connect(4, "ben", "news");
      await areToldTo(2, "2", "anna", "ben");
      await page.press("Disconnect", column(1));
      await isIn(1, "closed");
      await page.press("Disconnect", column(4));
      await areToldTo(2, "1", "anna");
      await page.press("Disconnect", column(3));
      await areToldTo(2, "0");
      assert.deepEqual(await told(2, 3), [
        'news joined {"type":"joined","channel":"news","member":"ben","revision":1}',
        'news left {"type":"left","channel":"news","member":"ben","revision":3}',
        'news left {"type":"left","channel":"news","member":"anna","revision":5}',
      ]);
    });

    it("watches again after a cut", async () => {
      await page.press("Disconnect", column(2));
      await isIn(2, "closed");
      for (const number of [1, 3]) {
        await page.press("Reconnect", column(number));
        await isIn(number, "open");
      }
      await page.press("Reconnect", column(2));
      await areToldTo(2, "1", "anna");
      await page.press("Reconnect", column(4));
      await areToldTo(2, "2", "anna", "ben");
    });

    it("lists the members of the chosen channel, with their connections", async () => {
      await page.press("Refresh", "#channels");
      await page.press("news", "#channels");
      const listed = await page.until<string>(`text('#channels [aria-label="Members on news"]')`);
      assert.equal(listed.replaceAll(/\s+/g, " "), "anna 2 connections ben 1 connection ");
      await page.until(`text("#channels").includes("connections4total2")`);
    });

    it("says where there are too many, and shows them once it asks again and they are fewer", async () => {
      await connect(5, "cleo", "news");
      await areToldTo(2, "too many");
      assert.equal((await told(2, 5)).at(-1), 'news limited {"type":"limited","channel":"news"}');
      await page.press("Refresh", "#channels");
      await page.until(`text("#channels").includes("Too many members: there are counts only.")`);
      await page.until(`text("#channels dl") === "connections5"`);
      await page.press("Disconnect", column(5));
      // Four have gone before.
      await page.until(`text("#log").split('"message":"Disconnected"').length > 5`);
      await subscribe(2);
      await areToldTo(2, "2", "anna", "ben");
    });

    it("ends with an unsubscribe", async () => {
      await page.press("Unsubscribe Client 2 from news");
      await page.until(`!text("${column(2)}").includes("Members on news")`);
      assert.deepEqual(page.errors, []);
    });
  });
}
