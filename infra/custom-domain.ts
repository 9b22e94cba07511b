import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { certificateOf } from "./certificate.ts";
import type { Authority, Domain } from "./settings/domain.ts";
import { tagsOf } from "./tags.ts";

export type CustomDomainArgs = Authority & {
  /** The stage that answers. */
  stage: aws.apigatewayv2.Stage;
};

/** A record that leads clients to a host. */
export type DnsRecord = { name: string; type: "CNAME"; value: pulumi.Output<string> };

/**
 * A host name at which a stage answers, without a path. All of it is named after the host: another host is
 * made beside the old one, and two APIs that exchange their hosts exchange no more than the mappings.
 */
export class CustomDomain extends pulumi.ComponentResource {
  /** What somebody has to set where there is no zone. */
  readonly record: DnsRecord;

  constructor(host: string, args: CustomDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:CustomDomain", host, {}, opts);
    const parent = { parent: this };
    const domainName = new aws.apigatewayv2.DomainName(
      host,
      {
        domainName: host,
        domainNameConfiguration: {
          certificateArn: args.certificateArn ?? certificateOf(host, args.zoneId, parent),
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
          ipAddressType: "dualstack",
        },
        tags: tagsOf(),
      },
      parent,
    );
    new aws.apigatewayv2.ApiMapping(
      host,
      { domainName: domainName.id, apiId: args.stage.apiId, stage: args.stage.name },
      // A host has one mapping without a path at a time.
      { ...parent, deleteBeforeReplace: true },
    );
    const { targetDomainName, hostedZoneId } = domainName.domainNameConfiguration;
    if (args.zoneId !== undefined) {
      const alias = { name: targetDomainName, zoneId: hostedZoneId, evaluateTargetHealth: false };
      for (const type of ["A", "AAAA"]) {
        new aws.route53.Record(
          `${host}-${type.toLowerCase()}`,
          { zoneId: args.zoneId, name: host, type, aliases: [alias] },
          parent,
        );
      }
    }
    this.record = { name: host, type: "CNAME", value: targetDomainName };
    this.registerOutputs({ record: this.record });
  }
}

/**
 * Has both stages answer at the hosts of a domain. Returns the records that somebody has to set by hand;
 * undefined if there are none.
 */
export function customDomains(
  domain: Domain | undefined,
  stages: Record<"websocket" | "http", aws.apigatewayv2.Stage>,
): DnsRecord[] | undefined {
  if (domain === undefined) return undefined;
  const { websocketHost, httpHost, ...authority } = domain;
  const hosts = [
    new CustomDomain(websocketHost, { ...authority, stage: stages.websocket }),
    new CustomDomain(httpHost, { ...authority, stage: stages.http }),
  ];
  return domain.zoneId === undefined ? hosts.map(({ record }) => record) : undefined;
}
