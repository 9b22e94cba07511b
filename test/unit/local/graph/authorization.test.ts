import assert from "node:assert/strict";
import { describe as describeResources } from "../../../../local/graph/describe.ts";
import type { Resource } from "../../../../local/graph/resource.ts";
import { readStackConfig } from "../../../../local/graph/stack-config.ts";
import { cloud, run } from "../../../support/program.ts";
import { projectFolder } from "../../../support/project-copy.ts";

const routeType = "aws:apigatewayv2/route:Route";
const authorizerArn =
  "arn:aws:lambda:us-east-1:000000000000:function:websocket-channels-staging-fanout-local";
const invokeArn =
  "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/" + `${authorizerArn}/invocations`;

const jwt = {
  apiId: "http-local",
  authorizerType: "JWT",
  identitySources: ["$request.header.Authorization"],
  jwtConfiguration: { issuer: "https://issuer.example", audiences: ["channels"] },
};
const request = { apiId: "websocket-local", authorizerType: "REQUEST", authorizerUri: invokeArn };

describe("the description of a route's authorization", () => {
  let resources: Resource[];
  before(async () => {
    ({ resources } = await run({ "websocket-channels:auth": "none" }));
  });

  /** Describes the program with these inputs of one of its routes, and an authorizer `auth1`. */
  async function describeWith(name: string, route: object, authorizer?: object) {
    const type = "aws:apigatewayv2/authorizer:Authorizer";
    const urn = `urn:pulumi:staging::websocket-channels::${type}::own`;
    const own = { urn, type, name: "own", id: "auth1", inputs: authorizer ?? {}, state: {} };
    const { httpApis, webSocketApis } = await describeResources(
      await readStackConfig(projectFolder, "staging"),
      cloud,
      [
        ...resources.map((one) =>
          one.type === routeType && one.name === name
            ? { ...one, inputs: { ...one.inputs, ...route } }
            : one,
        ),
        ...(authorizer === undefined ? [] : [own]),
      ],
    );
    const routes = [...httpApis, ...webSocketApis].flatMap((api) =>
      api.routes.map(({ routeKey, authorization }) => ({ routeKey, authorization })),
    );
    return routes.filter(({ authorization }) => authorization.type !== "none");
  }

  const byJwt = { authorizationType: "JWT", authorizerId: "auth1" };
  const byFunction = { authorizationType: "CUSTOM", authorizerId: "auth1" };

  it("is none where the route says nothing or NONE", async () => {
    assert.deepEqual(await describeWith("http-get", {}), []);
    assert.deepEqual(await describeWith("http-get", { authorizationType: "NONE" }), []);
  });

  it("is that of one route alone", async () => {
    const iam = { authorizationType: "AWS_IAM" };
    const authorization = { type: "iam" };
    assert.deepEqual(await describeWith("http-get", iam), [{ routeKey: "GET /", authorization }]);
    assert.deepEqual(await describeWith("websocket-connect", iam), [
      { routeKey: "$connect", authorization },
    ]);
  });

  it("has the issuer, the audiences and the header of a JWT authorizer", async () => {
    const { issuer, audiences } = jwt.jwtConfiguration;
    assert.deepEqual(await describeWith("http-get", byJwt, jwt), [
      {
        routeKey: "GET /",
        authorization: { type: "jwt", header: "authorization", issuer, audiences },
      },
    ]);
  });

  it("has the function and the identity sources of a REQUEST authorizer", async () => {
    const described = {
      ...{ type: "request", authorizerId: "auth1", functionArn: authorizerArn },
      identitySources: [],
    };
    assert.deepEqual(await describeWith("websocket-connect", byFunction, request), [
      { routeKey: "$connect", authorization: described },
    ]);
    const identitySources = ["route.request.header.Auth", "route.request.querystring.Token"];
    const withSources = { ...request, identitySources };
    assert.deepEqual(await describeWith("websocket-connect", byFunction, withSources), [
      {
        routeKey: "$connect",
        authorization: {
          ...described,
          identitySources: [
            { in: "header", name: "auth" },
            { in: "querystring", name: "Token" },
          ],
        },
      },
    ]);
  });

  const refused: [string, string, object, object | undefined, RegExp][] = [
    [
      "a function for an HTTP API",
      "http-get",
      byFunction,
      { ...request, apiId: "http-local" },
      /Route::http-get: the local stack has no authorizationType CUSTOM for an HTTP API\.$/,
    ],
    [
      "scopes",
      "http-get",
      { ...byJwt, authorizationScopes: ["read"] },
      jwt,
      /Route::http-get: the local stack checks no authorizationScopes\.$/,
    ],
    [
      "no authorizer",
      "http-get",
      byJwt,
      undefined,
      /Route::http-get: its authorizerId names no JWT authorizer of its API\.$/,
    ],
    [
      "an authorizer of another type",
      "http-get",
      byJwt,
      { ...jwt, authorizerType: "REQUEST" },
      /Route::http-get: its authorizerId names no JWT authorizer of its API\.$/,
    ],
    [
      "an authorizer of another API",
      "websocket-connect",
      byFunction,
      { ...request, apiId: "http-local" },
      /Route::websocket-connect: its authorizerId names no REQUEST authorizer of its API\.$/,
    ],
    [
      "tokens for a WebSocket API",
      "websocket-connect",
      byJwt,
      { ...jwt, apiId: "websocket-local" },
      /Route::websocket-connect: a WebSocket API has no authorizationType JWT\.$/,
    ],
    [
      "authorization of a WebSocket message",
      "websocket-publish",
      { authorizationType: "AWS_IAM" },
      undefined,
      /Route::websocket-publish: only \$connect of a WebSocket API can be authorized\.$/,
    ],
    [
      "a JWT authorizer without a source",
      "http-get",
      byJwt,
      { ...jwt, identitySources: [] },
      /Authorizer::own: its identitySources are not one header, such as \$request\.header\.Authorization\.$/,
    ],
    [
      "a JWT authorizer without an issuer",
      "http-get",
      byJwt,
      { ...jwt, jwtConfiguration: { audiences: ["channels"] } },
      /Authorizer::own: its jwtConfiguration has no issuer's URL, or no audiences\.$/,
    ],
    [
      "a JWT authorizer without audiences",
      "http-get",
      byJwt,
      { ...jwt, jwtConfiguration: { issuer: "https://issuer.example" } },
      /Authorizer::own: its jwtConfiguration has no issuer's URL, or no audiences\.$/,
    ],
    [
      "a function from elsewhere",
      "websocket-connect",
      byFunction,
      { ...request, authorizerUri: "arn:other" },
      /Authorizer::own: its authorizerUri is no function of the program\.$/,
    ],
    [
      "an identity source that is no part of the request",
      "websocket-connect",
      byFunction,
      { ...request, identitySources: ["context.apiId"] },
      /Authorizer::own: the local stack has no identity source context\.apiId, only /,
    ],
  ];
  for (const [what, name, route, authorizer, message] of refused) {
    it(`refuses ${what}, with the URN`, async () => {
      const described = describeWith(name, route, authorizer);
      await assert.rejects(described, { name: "StartError", message });
    });
  }
});
