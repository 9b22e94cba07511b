import assert from "node:assert/strict";
import type { Description } from "../../local/graph/description.ts";
import { Client } from "../support/client.ts";
import { startTestStack } from "../support/test-stack.ts";

describe("the local stack", () => {
  it("denies a call that the function's policy does not allow", async () => {
    const stack = await startTestStack({ adjust: (all) => withoutAction(all, "dynamodb:Query") });
    try {
      const response = await fetch(stack.httpUrl, { method: "POST", body: "message" });
      assert.equal(response.status, 500);
      const denied =
        "AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/websocket-channels-staging-http-local/websocket-channels-staging-http-local " +
        "is not authorized to perform: dynamodb:Query on resource: " +
        "arn:aws:dynamodb:us-east-1:000000000000:table/websocket-channels-staging-channels-local " +
        "because no identity-based policy allows the dynamodb:Query action";
      assert.ok(stack.logs.join("\n").includes(denied), stack.logs.join("\n"));
    } finally {
      await stack.close();
    }
  });

  it("denies a post that the function's policy does not allow", async () => {
    const action = "execute-api:ManageConnections";
    const stack = await startTestStack({ adjust: (all) => withoutAction(all, action) });
    try {
      const client = await Client.connect(stack.websocketUrl);
      const response = await fetch(stack.httpUrl, { method: "POST", body: "message" });
      assert.equal(response.status, 500);
      assert.ok(stack.logs.join("\n").includes("PostForbidden"), stack.logs.join("\n"));
      await client.close();
    } finally {
      await stack.close();
    }
  });

  it("answers 404 for an HTTP route that the program does not have", async () => {
    const stack = await startTestStack({ adjust: (all) => withoutRoutes(all, "POST /") });
    try {
      const response = await fetch(stack.httpUrl, { method: "POST", body: "message" });
      assert.deepEqual([response.status, await response.text()], [404, '{"message":"Not Found"}']);
    } finally {
      await stack.close();
    }
  });

  it("answers Forbidden for a message that no route takes", async () => {
    const stack = await startTestStack({ adjust: (all) => withoutRoutes(all, "$default") });
    try {
      const client = await Client.connect(stack.websocketUrl);
      assert.match(
        await client.ask("hello"),
        /^\{"message": "Forbidden", "connectionId":"[^"]+", "requestId":"[^"]+"\}$/,
      );
      await client.close();
    } finally {
      await stack.close();
    }
  });
});

function withoutAction(description: Description, action: string): Description {
  const functions = description.functions.map((fn) => ({
    ...fn,
    role: {
      ...fn.role,
      statements: fn.role.statements.map((statement) => ({
        ...statement,
        actions: statement.actions.filter((allowed) => allowed !== action),
      })),
    },
  }));
  return { ...description, functions };
}

function withoutRoutes(description: Description, routeKey: string): Description {
  const without = <T extends { routes: { routeKey: string }[] }>(api: T): T => ({
    ...api,
    routes: api.routes.filter((route) => route.routeKey !== routeKey),
  });
  return {
    ...description,
    webSocketApis: description.webSocketApis.map(without),
    httpApis: description.httpApis.map(without),
  };
}
