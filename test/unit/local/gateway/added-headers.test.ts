import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { addedHeaders } from "../../../../local/gateway/added-headers.ts";
import { close, hostOf } from "../../../../local/shared/listen.ts";

describe("the headers that a gateway adds", () => {
  it("say where a request comes from, and give it a trace id of its second", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    server.on("request", (request, response) => {
      response.end(JSON.stringify(addedHeaders(request, Date.UTC(2024, 1, 19, 7, 11, 42))));
    });
    const host = hostOf(server);
    const response = await fetch(`http://${host}/`);
    const headers = new Headers((await response.json()) as [string, string][]);
    await close(server);
    assert.match(headers.get("x-amzn-trace-id") ?? "", /^Root=1-65d2ff2e-[0-9a-f]{24}$/);
    assert.equal(headers.get("x-forwarded-for"), "127.0.0.1");
    assert.equal(headers.get("x-forwarded-port"), host.split(":")[1]);
    assert.equal(headers.get("x-forwarded-proto"), "http");
  });
});
