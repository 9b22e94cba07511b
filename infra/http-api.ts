import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessLog } from "./access-log.ts";
import { httpAuthorization, type Authorization } from "./authorization.ts";
import { fullName } from "./full-name.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { LogGroupArgs } from "./log-group.ts";
import { allowInvoke } from "./permission.ts";
import type { Auth } from "./settings/auth.ts";
import { stageOf, type StageArgs } from "./stage.ts";
import { tagsOf } from "./tags.ts";

export type HttpApiArgs = StageArgs & {
  /** Who may send requests. */
  auth: Auth;
  /** The host under which clients reach the API. Defaults to its execute-api host, with the stage as path. */
  host?: string | undefined;
  /** Whether the API answers at its execute-api host. Defaults to true. */
  executeApiEndpoint?: boolean | undefined;
  /** Origins whose browsers may call the API, as `https://example.com`. Defaults to none. */
  corsOrigins?: string[];
  /** How each request is logged. Defaults to not at all. */
  accessLogs?: LogGroupArgs | undefined;
};

/** An API Gateway HTTP API with one stage. */
export class HttpApi extends pulumi.ComponentResource {
  readonly api: aws.apigatewayv2.Api;
  readonly stageName: string;
  /** `https://<execute-api host>/<stage>/`, or `https://<host>/`. */
  readonly url: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: HttpApiArgs;
  readonly #authorization: Authorization;

  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:HttpApi", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.stageName = args.stageName;
    const parent = { parent: this };
    this.api = new aws.apigatewayv2.Api(
      name,
      {
        name: fullName(name),
        protocolType: "HTTP",
        ...(args.executeApiEndpoint === false && { disableExecuteApiEndpoint: true }),
        ...corsOf(args),
        tags: tagsOf(),
      },
      parent,
    );
    this.#authorization = httpAuthorization(name, this.api, args.auth, parent);
    const own = pulumi.interpolate`${this.api.apiEndpoint}/${args.stageName}/`;
    this.url = args.host === undefined ? own : pulumi.output(`https://${args.host}/`);
    this.registerOutputs({ url: this.url });
  }

  /**
   * Deploys the API with these routes to a function; a route key is a method and a path, as in `POST /`.
   * Those that are `open` are for everyone, whatever `auth` is: a page loads its scripts without credentials.
   * Returns the stage.
   */
  deploy(
    { function: fn }: LambdaFunction,
    { routes, open }: Record<"routes" | "open", string[]>,
  ): aws.apigatewayv2.Stage {
    const parent = { parent: this };
    const integration = new aws.apigatewayv2.Integration(
      this.#name,
      {
        apiId: this.api.id,
        integrationType: "AWS_PROXY",
        integrationUri: fn.invokeArn,
        payloadFormatVersion: "2.0",
      },
      parent,
    );
    const served = [
      ...routes.flatMap((key) => this.#route(key, fn, integration, this.#authorization)),
      ...open.flatMap((key) => this.#route(key, fn, integration, {})),
    ];
    const { accessLogs } = this.#args;
    const accessLogSettings = accessLogs && accessLog(this.#name, "HTTP", accessLogs, parent);
    return stageOf(this.#name, this.api, this.#args, { served, accessLogSettings }, parent);
  }

  #route(
    routeKey: string,
    fn: aws.lambda.Function,
    integration: aws.apigatewayv2.Integration,
    authorization: Authorization,
  ): pulumi.Resource[] {
    const words = routeKey.toLowerCase().match(/[a-z]+/g) ?? [];
    const name = [this.#name, ...words].join("-");
    const parent = { parent: this };

    const route = new aws.apigatewayv2.Route(
      name,
      {
        apiId: this.api.id,
        routeKey,
        ...authorization,
        target: pulumi.interpolate`integrations/${integration.id}`,
      },
      parent,
    );
    // The ARN of a request has its method and path; `*` stands for the value of a path parameter.
    const request = routeKey.replace(" ", "").replace(/\{[^}]+\}/g, "*");
    const source = pulumi.interpolate`${this.api.executionArn}/${this.stageName}/${request}`;
    return [route, allowInvoke(name, fn, source, parent)];
  }
}

// What a browser sends with a signed request, and asks for in its preflight.
const signedHeaders = ["x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];

function corsOf({ auth, corsOrigins = [] }: HttpApiArgs): Partial<aws.apigatewayv2.ApiArgs> {
  if (corsOrigins.length === 0) return {};
  const headers = ["authorization", "content-type", "idempotency-key"];
  return {
    corsConfiguration: {
      allowOrigins: corsOrigins,
      allowMethods: ["GET", "POST", "DELETE"],
      allowHeaders: auth.mode === "iam" ? [...headers, ...signedHeaders] : headers,
      maxAge: 3600,
    },
  };
}
