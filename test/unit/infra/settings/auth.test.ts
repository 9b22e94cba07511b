import assert from "node:assert/strict";
import { account, declared, nameOf, type Declared } from "../../../support/declared.ts";

const config = (values: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`websocket-channels:${name}`, value]),
  );
const jwt = { auth: "jwt", jwtIssuer: "https://issuer.example/", jwtAudience: "channels" };

/** The inputs of each route that say how it is authorized. */
function authorizations(program: Declared): Record<string, object> {
  const routes = program.inputsOf("aws:apigatewayv2/route:Route");
  const entries = Object.entries(routes).map(([name, inputs]) => {
    const kept = Object.entries(inputs).filter(([key]) => key.startsWith("authoriz"));
    return [name, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(entries);
}

function expected(program: Declared, http: object, connect: object): Record<string, object> {
  const names = Object.keys(program.inputsOf("aws:apigatewayv2/route:Route"));
  assert.equal(names.length, 24);
  const of = (name: string) => {
    // A page loads its scripts without credentials.
    if (name === "http-get-client-js") return {};
    return name.startsWith("http-") ? http : name === "websocket-connect" ? connect : {};
  };
  return Object.fromEntries(names.map((name) => [name, of(name)]));
}

describe("the program with auth", () => {
  it("none asks nobody", async () => {
    const program = await declared(config({ auth: "none" }));
    assert.deepEqual(authorizations(program), expected(program, {}, {}));
    assert.deepEqual(program.inputsOf("aws:apigatewayv2/authorizer:Authorizer"), {});
  });

  it("iam has AWS_IAM on every request and on $connect", async () => {
    const program = await declared(config({ auth: "iam" }));
    const signed = { authorizationType: "AWS_IAM" };
    assert.deepEqual(authorizations(program), expected(program, signed, signed));
    assert.deepEqual(program.inputsOf("aws:apigatewayv2/authorizer:Authorizer"), {});
  });

  describe("jwt", () => {
    let program: Declared;
    before(async () => {
      program = await declared(config(jwt));
    });

    it("has API Gateway's own authorizer on every request, and the function on $connect", () => {
      const http = { authorizationType: "JWT", authorizerId: "http-local" };
      const connect = { authorizationType: "CUSTOM", authorizerId: "websocket-local" };
      assert.deepEqual(authorizations(program), expected(program, http, connect));
      const fn = `arn:aws:lambda:us-east-1:${account}:function:${nameOf("authorizer")}-local`;
      assert.deepEqual(program.inputsOf("aws:apigatewayv2/authorizer:Authorizer"), {
        http: {
          apiId: "http-local",
          authorizerType: "JWT",
          identitySources: ["$request.header.Authorization"],
          jwtConfiguration: { issuer: "https://issuer.example/", audiences: ["channels"] },
        },
        websocket: {
          apiId: "websocket-local",
          authorizerType: "REQUEST",
          authorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${fn}/invocations`,
        },
      });
    });

    it("lets only that authorizer of the WebSocket API invoke the function", () => {
      const permissions = Object.entries(program.inputsOf("aws:lambda/permission:Permission"));
      const ofFunction = permissions.filter(
        ([, inputs]) => "function" in inputs && inputs.function === `${nameOf("authorizer")}-local`,
      );
      assert.deepEqual(ofFunction, [
        [
          "websocket-authorizer",
          {
            action: "lambda:InvokeFunction",
            function: `${nameOf("authorizer")}-local`,
            principal: "apigateway.amazonaws.com",
            sourceArn: `arn:aws:execute-api:us-east-1:${account}:websocket-local/authorizers/websocket-local`,
          },
        ],
      ]);
    });

    it("tells the function the issuer and the audience, and nothing of the table", () => {
      const functions = program.inputsOf("aws:lambda/function:Function");
      const websocket = functions[nameOf("websocket")];
      assert.deepEqual(functions[nameOf("authorizer")], {
        architectures: ["arm64"],
        code: "build/authorizer",
        environment: {
          variables: {
            JWT_AUDIENCE: "channels",
            JWT_ISSUER: "https://issuer.example/",
            NODE_OPTIONS: "--enable-source-maps",
            POWERTOOLS_SERVICE_NAME: "websocket-channels",
            STACK_NAME: "staging",
          },
        },
        handler: "index.handler",
        loggingConfig: { logFormat: "JSON", logGroup: `${nameOf("authorizer")}-local` },
        memorySize: 512,
        role: `arn:aws:iam::${account}:role/${nameOf("authorizer")}-local`,
        runtime: "nodejs24.x",
        timeout: 10,
      });
      const { environment } = { ...websocket } as { environment?: { variables: object } };
      assert.equal({ AUTH: undefined, ...environment?.variables }.AUTH, "jwt");
    });

    it("shows the function on the dashboard", () => {
      const [dashboard] = Object.values(program.inputsOf("aws:cloudwatch/dashboard:Dashboard"));
      const { dashboardBody } = dashboard as { dashboardBody: string };
      assert.ok(dashboardBody.includes(`${nameOf("authorizer")}-local`));
    });
  });
});
