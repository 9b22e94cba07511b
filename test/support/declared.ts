import * as pulumi from "@pulumi/pulumi";
import type { Resource } from "../../local/graph/resource.ts";
import { run } from "./program.ts";

export const account = "000000000000";

/** The name of a function of the stack, and of its role and its log group. */
export const nameOf = (fn: string) => `websocket-channels-staging-${fn}`;

/** The resources that a program declares. */
export type Declared = {
  resources: Resource[];
  outputs: Record<string, unknown>;
  /** Returns the inputs of every resource of one type, but for its tags, by its name. */
  inputsOf: (type: string) => Record<string, object>;
};

/** Runs the staging program with some of its config replaced. */
export async function declared(changes: Record<string, string> = {}): Promise<Declared> {
  const { resources, outputs } = await run(changes);
  for (const resource of resources) resource.inputs = await shown(resource.inputs);
  return {
    ...{ resources, outputs },
    inputsOf(type) {
      const found = resources.filter((resource) => resource.type === type);
      return Object.fromEntries(found.map(({ name, inputs }) => [name, withoutTags(inputs)]));
    },
  };
}

function withoutTags(inputs: object): object {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "tags"));
}

/** Shows an archive by its path. */
async function shown(inputs: object): Promise<object> {
  const entries = Object.entries(inputs).map(async ([key, value]: [string, unknown]) => [
    key,
    value instanceof pulumi.asset.FileArchive ? await value.path : value,
  ]);
  return Object.fromEntries(await Promise.all(entries)) as object;
}
