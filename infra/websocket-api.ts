import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accessLog } from "./access-log.ts";
import { apiGatewayAccount } from "./api-gateway-account.ts";
import { connectAuthorization, type Authorization } from "./authorization.ts";
import { fullName } from "./full-name.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { LogGroupArgs } from "./log-group.ts";
import { allow, allowInvoke } from "./permission.ts";
import type { Auth } from "./settings/auth.ts";
import type { WebSocketAccess } from "./settings/logs.ts";
import { stageOf, type StageArgs } from "./stage.ts";
import { tagsOf } from "./tags.ts";

export type WebSocketApiArgs = StageArgs & {
  /** Who may connect. */
  auth: Auth;
  /** The host under which clients reach the API. Defaults to its execute-api host, with the stage as path. */
  host?: string | undefined;
  /** The function that checks the token of a handshake, where `auth` asks for tokens. */
  authorizer?: LambdaFunction | undefined;
  /** How each event is logged, and whose role writes that. Defaults to not at all. */
  accessLogs?: (LogGroupArgs & { by: WebSocketAccess }) | undefined;
};

/** An API Gateway WebSocket API with one stage. */
export class WebSocketApi extends pulumi.ComponentResource {
  readonly api: aws.apigatewayv2.Api;
  readonly stageName: string;
  /** `wss://<execute-api host>/<stage>`, or `wss://<host>`. */
  readonly url: pulumi.Output<string>;
  /**
   * Where @connections is reached: always the execute-api host and stage, since a custom domain
   * would put its own path there. The same line serves `wss://` on AWS and `ws://` locally.
   */
  readonly connectionsEndpoint: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: WebSocketApiArgs;
  readonly #authorization: Authorization;
  readonly #stageArn: pulumi.Output<string>;

  constructor(name: string, args: WebSocketApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:WebSocketApi", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.stageName = args.stageName;
    const parent = { parent: this };
    this.api = new aws.apigatewayv2.Api(
      name,
      {
        name: fullName(name),
        protocolType: "WEBSOCKET",
        routeSelectionExpression: "$request.body.action",
        tags: tagsOf(),
      },
      parent,
    );
    this.#authorization = connectAuthorization(name, this.api, args, parent);
    // The functions know both before there is a stage, which comes after the functions.
    const own = pulumi.interpolate`${this.api.apiEndpoint}/${args.stageName}`;
    this.url = args.host === undefined ? own : pulumi.output(`wss://${args.host}`);
    this.connectionsEndpoint = own.apply((url) => url.replace(/^ws/, "http"));
    this.#stageArn = pulumi.interpolate`${this.api.executionArn}/${args.stageName}`;
    this.registerOutputs({ url: this.url });
  }

  /**
   * Deploys the API with these routes to a function. A route key is the `action` of a message; `$connect`,
   * `$disconnect` and `$default` are API Gateway's own. The body that the function returns for a message
   * goes back to the client; $connect and $disconnect have no route response. API Gateway authorizes a
   * client at $connect, and never again. Returns the stage.
   */
  deploy({ function: fn }: LambdaFunction, routeKeys: string[]): aws.apigatewayv2.Stage {
    const parent = { parent: this };
    const integration = new aws.apigatewayv2.Integration(
      this.#name,
      { apiId: this.api.id, integrationType: "AWS_PROXY", integrationUri: fn.invokeArn },
      parent,
    );
    const served = routeKeys.flatMap((key) => this.#route(key, fn, integration));
    const { by = "off", ...logs } = this.#args.accessLogs ?? {};
    if (by === "create") served.push(apiGatewayAccount("api-gateway", parent));
    const accessLogSettings =
      by === "off" ? undefined : accessLog(this.#name, "WEBSOCKET", logs, parent);
    return stageOf(this.#name, this.api, this.#args, { served, accessLogSettings }, parent);
  }

  #route(
    routeKey: string,
    fn: aws.lambda.Function,
    integration: aws.apigatewayv2.Integration,
  ): pulumi.Resource[] {
    const name = `${this.#name}-${routeKey.replace("$", "")}`;
    const parent = { parent: this };
    const twoWay = routeKey !== "$connect" && routeKey !== "$disconnect";

    const route = new aws.apigatewayv2.Route(
      name,
      {
        apiId: this.api.id,
        routeKey,
        ...(routeKey === "$connect" && this.#authorization),
        target: pulumi.interpolate`integrations/${integration.id}`,
        ...(twoWay && { routeResponseSelectionExpression: "$default" }),
      },
      parent,
    );
    const source = pulumi.interpolate`${this.#stageArn}/${routeKey}`;
    const permission = allowInvoke(name, fn, source, parent);
    if (!twoWay) return [route, permission];
    const response = new aws.apigatewayv2.RouteResponse(
      name,
      { apiId: this.api.id, routeId: route.id, routeResponseKey: "$default" },
      parent,
    );
    return [route, permission, response];
  }

  /** Allows calling @connections with these methods, for every connection of the stage. */
  allowConnections(...methods: ("POST" | "GET" | "DELETE")[]): aws.iam.PolicyStatement {
    return allow(
      ["execute-api:ManageConnections"],
      methods.map((method) => pulumi.interpolate`${this.#stageArn}/${method}/@connections/*`),
    );
  }
}
