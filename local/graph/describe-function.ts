import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { StartError } from "../shared/start-error.ts";
import type { FunctionDescription, PolicyStatement, RoleDescription } from "./description.ts";
import { ofType, type KnownResource, type Resource } from "./resource.ts";

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const lambdaDefaults = { timeout: 3, memorySize: 128 };

/** `folder` is where the program runs; the paths of its archives are relative to it. */
export async function describeFunction(
  { urn, inputs, state }: KnownResource<"aws:lambda/function:Function">,
  resources: Resource[],
  folder: string,
): Promise<FunctionDescription> {
  // -1 is none reserved.
  const maxInstances = inputs.reservedConcurrentExecutions;
  return {
    name: String(state.name),
    arn: String(state.arn),
    handler: inputs.handler ?? "",
    codeFolder: resolve(folder, await pathOf(urn, inputs.code)),
    environment: { ...inputs.environment?.variables },
    timeoutSeconds: inputs.timeout ?? lambdaDefaults.timeout,
    memoryMegabytes: inputs.memorySize ?? lambdaDefaults.memorySize,
    isTraced: inputs.tracingConfig?.mode === "Active",
    ...(maxInstances !== undefined && maxInstances > 0 && { maxInstances }),
    role: describeRole(urn, inputs.role, resources),
  };
}

async function pathOf(urn: string, code: unknown): Promise<string> {
  if (code instanceof pulumi.asset.FileArchive) return code.path;
  throw new StartError(`${urn}: its code is not a FileArchive, of a folder.`);
}

function describeRole(urn: string, roleArn: string, resources: Resource[]): RoleDescription {
  const role = ofType(resources, "aws:iam/role:Role").find(({ state }) => state.arn === roleArn);
  if (role === undefined) throw new StartError(`${urn}: its role is not one of the program's.`);
  const name = String(role.state.name);
  const policies = ofType(resources, "aws:iam/rolePolicy:RolePolicy").filter(
    ({ inputs }) => inputs.role === name,
  );
  return {
    name,
    arn: roleArn,
    statements: policies.flatMap((policy) => describeStatements(policy.urn, policy.inputs.policy)),
  };
}

function describeStatements(
  urn: string,
  policy: KnownResource<"aws:iam/rolePolicy:RolePolicy">["inputs"]["policy"],
): PolicyStatement[] {
  if (typeof policy === "string") {
    throw new StartError(`${urn}: its policy is a string: use a typed document.`);
  }
  return policy.Statement.map((statement) => {
    if (statement.Condition || statement.NotAction || statement.NotResource) {
      throw new StartError(`${urn}: the local stack evaluates only Effect, Action and Resource.`);
    }
    return {
      effect: statement.Effect,
      actions: [statement.Action ?? []].flat(),
      resources: [statement.Resource ?? []].flat(),
    };
  });
}
