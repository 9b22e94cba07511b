import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { connectAuthorization, type Authorization } from "./authorization.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import { allow, allowInvoke } from "./permission.ts";
import type { Auth } from "./settings/auth.ts";
import { stageOf, type StageArgs } from "./stage.ts";

export type WebSocketApiArgs = StageArgs & {
  /** Who may connect. */
  auth: Auth;
  /** The function that checks the token of a handshake, where `auth` asks for tokens. */
  authorizer?: LambdaFunction | undefined;
};

/** An API Gateway WebSocket API with one stage. */
export class WebSocketApi extends pulumi.ComponentResource {
  readonly api: aws.apigatewayv2.Api;
  readonly stage: aws.apigatewayv2.Stage;
  /** `wss://<host>/<stage>`. */
  readonly url: pulumi.Output<string>;
  /**
   * Where @connections is reached: always the execute-api host and stage, since a custom domain
   * would put its own path there. The same line serves `wss://` on AWS and `ws://` locally.
   */
  readonly connectionsEndpoint: pulumi.Output<string>;
  readonly #name: string;
  readonly #authorization: Authorization;

  constructor(name: string, args: WebSocketApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:WebSocketApi", name, {}, opts);
    const { auth, authorizer } = args;
    this.#name = name;
    this.api = new aws.apigatewayv2.Api(
      name,
      { protocolType: "WEBSOCKET", routeSelectionExpression: "$request.body.action" },
      { parent: this },
    );
    this.#authorization = connectAuthorization(
      name,
      this.api,
      { auth, authorizer },
      { parent: this },
    );
    this.stage = stageOf(name, this.api, args, { parent: this });
    this.url = this.stage.invokeUrl;
    this.connectionsEndpoint = this.url.apply((url) => url.replace(/^ws/, "http"));
    this.registerOutputs({ url: this.url });
  }

  /**
   * Routes messages whose `action` is `routeKey` to a function; `$connect`, `$disconnect` and
   * `$default` are API Gateway's own. The body that the function returns for a message goes back to the
   * client; $connect and $disconnect have no route response. API Gateway authorizes a client at
   * $connect, and never again.
   */
  route(routeKey: string, { function: fn }: LambdaFunction): void {
    const name = `${this.#name}-${routeKey.replace("$", "")}`;
    const parent = { parent: this };
    const twoWay = routeKey !== "$connect" && routeKey !== "$disconnect";

    const integration = new aws.apigatewayv2.Integration(
      name,
      { apiId: this.api.id, integrationType: "AWS_PROXY", integrationUri: fn.invokeArn },
      parent,
    );
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
    if (twoWay) {
      new aws.apigatewayv2.RouteResponse(
        name,
        { apiId: this.api.id, routeId: route.id, routeResponseKey: "$default" },
        parent,
      );
    }
    allowInvoke(name, fn, pulumi.interpolate`${this.stage.executionArn}/${routeKey}`, parent);
  }

  /** Allows calling @connections with these methods, for every connection of the stage. */
  allowConnections(...methods: ("POST" | "GET" | "DELETE")[]): aws.iam.PolicyStatement {
    return allow(
      ["execute-api:ManageConnections"],
      methods.map(
        (method) => pulumi.interpolate`${this.stage.executionArn}/${method}/@connections/*`,
      ),
    );
  }
}
