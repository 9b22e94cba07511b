import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describeFunction } from "../../../local/graph/describe-function.ts";
import type { FunctionDescription } from "../../../local/graph/description.ts";
import { ofType } from "../../../local/graph/resource.ts";
import { nameOf } from "../../support/declared.ts";
import { run } from "../../support/program.ts";
import { projectFolder } from "../../support/project-copy.ts";

const table =
  "arn:aws:dynamodb:us-east-1:000000000000:table/websocket-channels-staging-channels-local";
const webSocketStage = "arn:aws:execute-api:us-east-1:000000000000:websocket-local/staging";

async function functionsOf(changes: Record<string, string>): Promise<FunctionDescription[]> {
  const { resources } = await run(changes);
  const functions = ofType(resources, "aws:lambda/function:Function");
  return Promise.all(functions.map((fn) => describeFunction(fn, resources, projectFolder)));
}

describe("permissions", () => {
  let functions: FunctionDescription[];
  let withTokens: FunctionDescription[];
  before(async () => {
    functions = await functionsOf({});
    withTokens = await functionsOf({
      "websocket-channels:auth": "jwt",
      "websocket-channels:jwtIssuer": "https://issuer.example",
      "websocket-channels:jwtAudience": "channels",
    });
  });

  it("are exactly these statements, one role a function", () => {
    const logs = (name: string) => ({
      effect: "Allow",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`arn:aws:logs:us-east-1:000000000000:log-group:${nameOf(name)}-local:*`],
    });
    const items = {
      effect: "Allow",
      actions: [
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
      ],
      resources: [table],
    };
    const connections = (...methods: string[]) => ({
      effect: "Allow",
      actions: ["execute-api:ManageConnections"],
      resources: methods.map((method) => `${webSocketStage}/${method}/@connections/*`),
    });
    const index = {
      effect: "Allow",
      actions: ["dynamodb:Query"],
      resources: [`${table}/index/channels`],
    };
    const queue = "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-local";
    const send = { effect: "Allow", actions: ["sqs:SendMessage"], resources: [queue] };
    const publish = [items, send, connections("POST")];
    const receive = {
      effect: "Allow",
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [queue],
    };
    const giveUp = {
      ...send,
      resources: [
        "arn:aws:sqs:us-east-1:000000000000:websocket-channels-staging-deliveries-dead-letters-local",
      ],
    };
    const granted = {
      [`${nameOf("websocket")}-local`]: [...publish, logs("websocket")],
      [`${nameOf("http")}-local`]: [
        items,
        index,
        send,
        connections("POST", "GET", "DELETE"),
        logs("http"),
      ],
      [`${nameOf("fanout")}-local`]: [
        items,
        receive,
        send,
        giveUp,
        connections("POST"),
        logs("fanout"),
      ],
    };
    assert.deepEqual(statementsOf(functions), granted);
    assert.deepEqual(statementsOf(withTokens), {
      ...granted,
      [`${nameOf("websocket")}-local`]: [...publish, connections("DELETE"), logs("websocket")],
      [`${nameOf("authorizer")}-local`]: [logs("authorizer")],
    });
  });

  it("never have a bare * for what is done or on what", () => {
    for (const { name, role } of withTokens) {
      for (const { actions, resources } of role.statements) {
        const tooWide = [...actions, ...resources].filter((part) => /^\*$|:\*$/.test(part));
        // Log streams are named by Lambda as it starts instances.
        const allowed = tooWide.filter((part) => !part.startsWith("arn:aws:logs:"));
        assert.deepEqual(allowed, [], name);
      }
    }
  });

  it("stand in docs/permissions.md, action by action", async () => {
    const text = await readFile(join(projectFolder, "docs/permissions.md"), "utf8");
    const documented = text
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
      .filter((cells) => cells[2]?.includes(":"))
      .map(([, fn, action]) => `${fn ?? ""} ${action ?? ""}`);
    const granted = withTokens.flatMap(({ name, role }) =>
      role.statements.flatMap(({ actions }) =>
        actions.map((action) => `${name.replace(/^.*-(\w+)-local$/, "$1")} ${action}`),
      ),
    );
    assert.deepEqual(documented.sort(), granted.sort());
  });
});

function statementsOf(functions: FunctionDescription[]): Record<string, object> {
  return Object.fromEntries(functions.map(({ role }) => [role.name, role.statements]));
}
