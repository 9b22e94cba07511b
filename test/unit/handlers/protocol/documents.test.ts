import assert from "node:assert/strict";
import { Parser } from "@asyncapi/parser";
import { validate } from "@hyperjump/json-schema/openapi-3-1";
import { asyncApiDocument } from "../../../../handlers/protocol/documents.ts";
import { Problem, type ProblemCode } from "../../../../handlers/protocol/problem.ts";
import { ofType } from "../../../../local/graph/resource.ts";
import { run } from "../../../support/program.ts";
import { asyncApi, checkFrame, openApi, requests } from "../../../support/document-schemas.ts";

/** Where each code can be an answer: tsc demands every code of a Problem. */
const audience: Record<ProblemCode, "request" | "frame" | "both"> = {
  "unknown-action": "frame",
  "invalid-json": "both",
  "invalid-data": "both",
  "invalid-messages": "request",
  "invalid-channel": "both",
  "invalid-since": "both",
  "invalid-limit": "both",
  "invalid-cursor": "both",
  "invalid-connection": "both",
  "invalid-idempotency-key": "both",
  "invalid-ref": "frame",
  "token-expired": "frame",
  forbidden: "both",
  "unknown-connection": "both",
  "unknown-delivery": "request",
  "too-many-channels": "frame",
  "replay-in-progress": "frame",
  "request-in-progress": "both",
  "too-large": "both",
  "not-utf-8": "request",
  "idempotency-key-reused": "both",
  internal: "both",
  unreached: "request",
};

describe("documents", () => {
  let routeKeys: string[];
  before(async () => {
    const { resources } = await run();
    const routes = ofType(resources, "aws:apigatewayv2/route:Route");
    routeKeys = routes.map(({ inputs }) => inputs.routeKey);
  });

  describe("OpenAPI", () => {
    it("is 3.1 by the OpenAPI Initiative's own schema", async () => {
      const schema = "https://spec.openapis.org/oas/3.1/schema-base";
      assert.deepEqual(await validate(schema, openApi, "BASIC"), { valid: true });
    });

    it("has every route of the HTTP API, and no other", () => {
      const routes = routeKeys.filter((routeKey) => routeKey.includes(" "));
      assert.deepEqual(requests.map(({ routeKey }) => routeKey).sort(), routes.sort());
    });

    it("has every code that a request can be told, at its status", () => {
      const documented = requests
        .flatMap(({ answers }) => answers)
        .flatMap(({ status, codes }) => codes.map((code) => `${status} ${code}`));
      const told = codesFor("request").map((code) => `${new Problem(code, "").status} ${code}`);
      assert.deepEqual([...new Set(documented)].sort(), told.sort());
    });
  });

  describe("AsyncAPI", () => {
    it("is 3.0 by AsyncAPI's own parser", async () => {
      assert.match(asyncApi.asyncapi, /^3\.0\./);
      const diagnostics = await new Parser().validate(JSON.stringify(asyncApi));
      assert.deepEqual(
        diagnostics.filter(({ code }) => code !== "asyncapi-latest-version"),
        [],
      );
    });

    it("has examples that are what it says", async () => {
      for (const [name, { examples }] of Object.entries(asyncApi.components.messages)) {
        assert.ok(examples.length > 0);
        for (const { payload } of examples) await checkFrame(name, payload);
      }
    });

    it("has every action of the WebSocket API, and no other", () => {
      const actions = routeKeys.filter((routeKey) => /^\w+$/.test(routeKey)).sort();
      const { echo, deliver, sendDirect, tellPresence, ...operations } = asyncApi.operations;
      assert.deepEqual(Object.keys(operations).sort(), actions);
      const directions = [echo, deliver, sendDirect, tellPresence].map(({ action }) => action);
      assert.deepEqual(directions, ["receive", "send", "send", "send"]);
      for (const [name, { action, messages }] of Object.entries(operations)) {
        assert.equal(action, "receive");
        assert.deepEqual(messages, [{ $ref: `#/channels/socket/messages/${name}` }]);
      }
    });

    it("has both replies of a subscribe: an unsubscribe may have the last word", () => {
      const replies = asyncApi.operations.subscribe.reply.messages.map(({ $ref }) => $ref);
      for (const type of ["subscribed", "unsubscribed"]) {
        assert.ok(replies.includes(`#/channels/socket/messages/${type}`), type);
      }
    });

    it("has every code that a frame can be told", () => {
      const { code } = asyncApi.components.messages.error.payload.properties;
      assert.deepEqual([...code.enum].sort(), codesFor("frame").sort());
    });

    it("names the host, the path and the protocol of the stage", async () => {
      const { servers } = await asyncApiDocument("ws://127.0.0.1:3001/staging");
      assert.deepEqual(servers, {
        stage: { host: "127.0.0.1:3001", pathname: "/staging", protocol: "ws" },
      });
    });
  });
});

function codesFor(whom: "request" | "frame"): ProblemCode[] {
  const codes = Object.keys(audience) as ProblemCode[];
  return codes.filter((code) => audience[code] === whom || audience[code] === "both");
}
