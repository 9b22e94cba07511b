import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { httpAuthorization, type Authorization } from "./authorization.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { allowInvoke } from "./permission.ts";
import type { Auth } from "./settings/auth.ts";
import { stageOf, type StageArgs } from "./stage.ts";

export type HttpApiArgs = StageArgs & {
  /** Who may send requests. */
  auth: Auth;
  /** Origins whose browsers may call the API, as `https://example.com`. Defaults to none. */
  corsOrigins?: string[];
};

/** An API Gateway HTTP API with one stage. */
export class HttpApi extends pulumi.ComponentResource {
  readonly api: aws.apigatewayv2.Api;
  readonly stage: aws.apigatewayv2.Stage;
  /** `https://<host>/<stage>/`. */
  readonly url: pulumi.Output<string>;
  readonly #name: string;
  readonly #authorization: Authorization;

  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:HttpApi", name, {}, opts);
    const { auth, corsOrigins = [] } = args;
    this.#name = name;
    this.api = new aws.apigatewayv2.Api(
      name,
      {
        protocolType: "HTTP",
        ...(corsOrigins.length > 0 && {
          corsConfiguration: {
            allowOrigins: corsOrigins,
            allowMethods: ["GET", "POST", "DELETE"],
            allowHeaders: ["authorization", "content-type", "idempotency-key"],
            maxAge: 3600,
          },
        }),
      },
      { parent: this },
    );
    this.#authorization = httpAuthorization(name, this.api, auth, { parent: this });
    this.stage = stageOf(name, this.api, args, { parent: this });
    this.url = pulumi.interpolate`${this.stage.invokeUrl}/`;
    this.registerOutputs({ url: this.url });
  }

  /** Routes authorized requests to a function; `routeKey` is a method and a path, as in `POST /`. */
  route(routeKey: string, { function: fn }: LambdaFunction): void {
    const words = routeKey.toLowerCase().match(/[a-z]+/g) ?? [];
    const name = [this.#name, ...words].join("-");
    const parent = { parent: this };

    const integration = new aws.apigatewayv2.Integration(
      name,
      {
        apiId: this.api.id,
        integrationType: "AWS_PROXY",
        integrationUri: fn.invokeArn,
        payloadFormatVersion: "2.0",
      },
      parent,
    );
    new aws.apigatewayv2.Route(
      name,
      {
        apiId: this.api.id,
        routeKey,
        ...this.#authorization,
        target: pulumi.interpolate`integrations/${integration.id}`,
      },
      parent,
    );
    // The ARN of a request has its method and path; `*` stands for the value of a path parameter.
    const source = routeKey.replace(" ", "").replace(/\{[^}]+\}/g, "*");
    allowInvoke(name, fn, pulumi.interpolate`${this.stage.executionArn}/${source}`, parent);
  }
}
