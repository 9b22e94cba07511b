import assert from "node:assert/strict";
import { hostRefusal, originRefusal } from "../../../../local/shared/loopback.ts";

describe("a request to this machine", () => {
  for (const host of ["127.0.0.1:3000", "localhost:3000", "LOCALHOST:3000", "[::1]:3000"]) {
    it(`is taken for ${host}`, () => {
      assert.equal(hostRefusal(host, 3000), undefined);
    });
  }

  it("is taken for a name without a port if the port is HTTP's own", () => {
    assert.equal(hostRefusal("localhost", 80), undefined);
    assert.notEqual(hostRefusal("localhost", 3000), undefined);
  });

  for (const host of [
    undefined,
    "",
    "rebound.example",
    "rebound.example:3000",
    "127.0.0.1.rebound.example:3000",
    "localhost.rebound.example:3000",
    "rebound.example:3000@localhost:3000",
    "localhost:3000.rebound.example",
    "127.0.0.1:3001",
    "localhost:03000",
    "0.0.0.0:3000",
    "192.168.0.2:3000",
    ":3000",
  ]) {
    it(`is refused for ${host === undefined ? "no Host" : `"${host}"`}`, () => {
      assert.equal(
        hostRefusal(host, 3000),
        "The local stack takes only requests for 127.0.0.1:3000, localhost:3000 or [::1]:3000: " +
          "behind a proxy, rewrite the Host header to one of these.",
      );
    });
  }
});

describe("a handshake of a page", () => {
  for (const origin of [
    undefined,
    "http://127.0.0.1",
    "http://127.0.0.1:8080",
    "http://localhost:5173",
    "https://localhost",
    "http://[::1]:3000",
  ]) {
    it(`is taken from ${origin ?? "a client that is no browser"}`, () => {
      assert.equal(originRefusal(origin), undefined);
    });
  }

  for (const origin of [
    "https://other.example",
    "http://127.0.0.1.other.example",
    "http://localhost.other.example:3000",
    "http://other.example:127.0.0.1",
    "http://192.168.0.2:3000",
    "chrome-extension://localhostlocalhostlocalhostlocal",
    // That of a file, and of a sandboxed frame in any page.
    "null",
    "file://",
    "",
  ]) {
    it(`is refused from "${origin}"`, () => {
      assert.equal(
        originRefusal(origin),
        "The local stack takes WebSockets only from pages on 127.0.0.1, localhost or [::1]: serve " +
          "the page from there or, behind a proxy, rewrite the Origin header as well as Host.",
      );
    });
  }
});
