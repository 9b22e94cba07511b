import { AsyncLocalStorage } from "node:async_hooks";
import { paginateScan, type ServiceInputTypes } from "@aws-sdk/client-dynamodb";
import type { Clock } from "../../handlers/aws/clock.ts";
import type { Table } from "../../handlers/aws/table.ts";
import { engine } from "../../local/dynamodb/engine.ts";
import { createTable } from "../../local/dynamodb/tables.ts";
import { stagingDescription } from "./description.ts";

/**
 * Called for each request of a task to the table. `request` is its operation, its key and its
 * expression, as in `UpdateItem connection#abc connection ADD channels :shardKeys, revision :one`.
 */
export type Intercept = <Output>(request: string, send: () => Promise<Output>) => Promise<Output>;

const intercepts = new AsyncLocalStorage<Intercept>();

/** Runs a task; `intercept` decides about each of its requests to a hooked table. */
export function intercepted<Result>(
  intercept: Intercept,
  task: () => Promise<Result>,
): Promise<Result> {
  return intercepts.run(intercept, task);
}

export type HookedTable = {
  /** The table as the handlers have it. */
  table: Table;
  /** Returns `<pk> <sk>` of every item that has this text in them, sorted. */
  items(text: string): Promise<string[]>;
};

/**
 * The channel table as the program declares it, empty, in the engine of the local DynamoDB. The
 * requests of a task can be intercepted before the SDK has sent them for the first time.
 */
export async function hookedTable(clock: Clock): Promise<HookedTable> {
  const { client } = engine();
  const [description] = (await stagingDescription()).tables;
  if (description === undefined) throw new Error("The program declares no table.");
  await createTable(client, description);
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        const intercept = intercepts.getStore();
        if (intercept === undefined) return next(args);
        const request = `${commandName.replace(/Command$/, "")} ${subjectOf(args.input)}`;
        return intercept(request, () => next(args));
      },
    { step: "initialize", priority: "high", name: "intercept" },
  );
  return {
    table: { name: description.name, client, clock },
    async items(text) {
      const found: string[] = [];
      for await (const { Items = [] } of paginateScan(
        { client },
        { TableName: description.name },
      )) {
        found.push(...Items.map(({ pk, sk }) => `${pk?.S ?? ""} ${sk?.S ?? ""}`));
      }
      return found.filter((item) => item.includes(text)).sort();
    },
  };
}

/** Returns the key and the expression of a request; of a batch, all of its requests. */
function subjectOf(input: ServiceInputTypes): string {
  if ("RequestItems" in input) return JSON.stringify(input.RequestItems);
  if ("KeyConditionExpression" in input) {
    return input.ExpressionAttributeValues?.[":pk"]?.S ?? "";
  }
  if ("Item" in input) return keyText(input.Item);
  if (!("Key" in input)) return "";
  const expression = "UpdateExpression" in input ? (input.UpdateExpression ?? "") : "";
  return `${keyText(input.Key)} ${expression}`;
}

function keyText(item: Record<string, { S?: string | undefined }> = {}): string {
  return `${item.pk?.S ?? ""} ${item.sk?.S ?? ""}`;
}
