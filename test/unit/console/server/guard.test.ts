import assert from "node:assert/strict";
import { startConsole, type RunningConsole } from "./running-console.ts";

describe("the console", () => {
  let running: RunningConsole;
  before(async () => {
    running = await startConsole();
  });
  after(() => running.close());

  const statusOf = async (headers: Record<string, string>) =>
    (await running.send("GET", "/api/stack", headers)).status;

  it("answers its own page, an address that was typed, and programs that are no browsers", async () => {
    for (const name of ["127.0.0.1", "localhost"]) {
      const host = `${name}:${running.port}`;
      const own = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
      assert.equal(await statusOf(own), 200);
      assert.equal(await statusOf({ host, "sec-fetch-site": "none" }), 200);
      assert.equal(await statusOf({ host }), 200);
    }
  });

  it("refuses any other host", async () => {
    for (const host of ["rebound.example", `rebound.example:${running.port}`, "127.0.0.1:1"]) {
      const { status, body } = await running.send("GET", "/", { host });
      assert.equal(status, 403);
      assert.match(body, /^\{"message":"The console takes only requests for 127\.0\.0\.1:/);
    }
  });

  it("refuses any other origin, also on this machine", async () => {
    const host = `127.0.0.1:${running.port}`;
    for (const origin of [
      ...["https://other.example", "http://127.0.0.1:3000", "http://127.0.0.1", "null"],
      `http://localhost:${running.port}`,
      `https://${host}`,
    ]) {
      assert.equal(await statusOf({ host, origin }), 403, origin);
    }
  });

  it("refuses what a page of another site asks for, also without an origin", async () => {
    const host = `127.0.0.1:${running.port}`;
    for (const site of ["cross-site", "same-site"]) {
      for (const path of ["/", "/api/stack", "/api/http/channels"]) {
        const { status, body } = await running.send("GET", path, { host, "sec-fetch-site": site });
        assert.equal(status, 403);
        assert.match(body, /answers only its own page: open its address in a tab of its own\./);
      }
    }
  });

  it("lets its page load nothing from elsewhere, and be in no frame", async () => {
    const { headers } = await running.send("GET", "/");
    assert.equal(
      headers["content-security-policy"],
      "default-src 'self'; connect-src 'self' ws://127.0.0.1:3001; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    );
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["access-control-allow-origin"], undefined);
  });
});
