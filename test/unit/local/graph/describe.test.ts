import assert from "node:assert/strict";
import { describe as describeResources } from "../../../../local/graph/describe.ts";
import type { Resource } from "../../../../local/graph/resource.ts";
import { readStackConfig, type StackConfig } from "../../../../local/graph/stack-config.ts";
import { StartError } from "../../../../local/shared/start-error.ts";
import { cloud, run } from "../../../support/program.ts";
import { projectFolder } from "../../../support/project-copy.ts";

describe("the description of the program", () => {
  let config: StackConfig;
  let resources: Resource[];
  before(async () => {
    config = await readStackConfig(projectFolder, "staging");
    ({ resources } = await run());
  });

  const describeWith = (change: (all: Resource[]) => Resource[]) =>
    describeResources(config, cloud, change(resources));

  const replacing = (type: string, inputs: Record<string, unknown>) => (all: Resource[]) =>
    all.map((one) => (one.type === type ? { ...one, inputs: { ...one.inputs, ...inputs } } : one));

  it("stops at a resource that has no local service, with its URN", async () => {
    const type = "aws:s3/bucket:Bucket";
    const urn = `urn:pulumi:staging::websocket-channels::${type}::files`;
    const bucket = { urn, type, name: "files", id: "files", inputs: {}, state: {} };
    await assert.rejects(
      describeWith((all) => [...all, bucket]),
      new StartError(`${urn}: the local stack has no aws:s3/bucket:Bucket.`),
    );
  });

  it("knows every resource by the URN that Pulumi gives it", () => {
    const fn = resources.find(
      ({ type, name }) => type.endsWith(":Function") && name.endsWith("-http"),
    );
    assert.equal(
      fn?.urn,
      "urn:pulumi:staging::websocket-channels::" +
        "websocket-channels:infra:LambdaFunction$aws:lambda/function:Function::websocket-channels-staging-http",
    );
  });

  it("has of a function how many instances are reserved for it, and that none is where it is -1", async () => {
    const instances = async (reservedConcurrentExecutions?: number) => {
      const change =
        reservedConcurrentExecutions === undefined ? {} : { reservedConcurrentExecutions };
      const { functions } = await describeWith(replacing("aws:lambda/function:Function", change));
      return [...new Set(functions.map(({ maxInstances }) => maxInstances))];
    };
    assert.deepEqual(await instances(), [undefined]);
    assert.deepEqual(await instances(-1), [undefined]);
    assert.deepEqual(await instances(3), [3]);
  });

  it("is two-way only where the route has its response", async () => {
    const { webSocketApis } = await describeWith((all) =>
      all.filter(({ type }) => !type.endsWith(":RouteResponse")),
    );
    const twoWay = webSocketApis.flatMap(({ routes }) => routes.filter((route) => route.twoWay));
    assert.deepEqual(twoWay, []);
  });

  const refused: [string, string, Record<string, unknown>, RegExp][] = [
    [
      "a policy that it cannot evaluate",
      "aws:iam/rolePolicy:RolePolicy",
      { policy: { Statement: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }] } },
      /RolePolicy::[\w-]+: the local stack evaluates only Effect, Action and Resource\.$/,
    ],
    [
      "a policy in a string",
      "aws:iam/rolePolicy:RolePolicy",
      { policy: "{}" },
      /RolePolicy::[\w-]+: its policy is a string: use a typed document\.$/,
    ],
    [
      "a route that leads nowhere",
      "aws:apigatewayv2/route:Route",
      { target: "integrations/none" },
      /Route::[\w-]+: its target is no AWS_PROXY integration with a function\.$/,
    ],
    [
      "a key that is no attribute",
      "aws:dynamodb/table:Table",
      { hashKey: "id" },
      /Table::websocket-channels-staging-channels: key "id" is not among its attributes\.$/,
    ],
    [
      "a role from elsewhere",
      "aws:lambda/function:Function",
      { role: "arn:aws:iam::1:role/other" },
      /Function::[\w-]+: its role is not one of the program's\.$/,
    ],
  ];
  for (const [what, type, inputs, message] of refused) {
    it(`refuses ${what}, with the URN`, async () => {
      await assert.rejects(describeWith(replacing(type, inputs)), { name: "StartError", message });
    });
  }
});
