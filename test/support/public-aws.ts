import { createHash } from "node:crypto";
import { cloudState } from "../../local/graph/cloud-state.ts";
import type { StandIn } from "../../local/graph/program.ts";

/** The Route 53 zones of the account, by their ids. */
const zones: Record<string, { name: string; privateZone: boolean }> = {
  Z0EXAMPLE: { name: "example.com", privateZone: false },
  Z0PRIVATE: { name: "example.com", privateZone: true },
  Z0OTHER: { name: "example.org", privateZone: false },
};

/** AWS with what has no local meaning: zones, certificates and custom domain names. */
export const publicAws: StandIn = {
  call(token, { zoneId, name }) {
    if (token !== "aws:route53/getZone:getZone") throw new Error(`Nobody answers ${token}.`);
    const [found] = Object.entries(zones).filter(([id, zone]) =>
      zoneId === undefined ? zone.name === name && !zone.privateZone : id === zoneId,
    );
    if (found === undefined) {
      throw new Error(
        `invoking ${token}: 1 error occurred:\n\t* no matching Route 53 Hosted Zone found\n\n`,
      );
    }
    const [id, zone] = found;
    return { id, zoneId: id, ...zone };
  },

  stateOf(cloud, declared) {
    const { type, physicalName, inputs } = declared;
    const host = String(inputs.domainName);
    switch (type) {
      case "aws:acm/certificate:Certificate": {
        const arn = `arn:aws:acm:${cloud.region}:${cloud.accountId}:certificate/${physicalName}`;
        // The same for all certificates of a name, as ACM's.
        const hash = createHash("sha256").update(host).digest("hex").slice(0, 8);
        const option = {
          domainName: host,
          resourceRecordName: `_${hash}.${host}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_${hash}.acm-validations.aws.`,
        };
        return { id: arn, state: { arn, domainValidationOptions: [option] } };
      }
      case "aws:route53/record:Record": {
        const fqdn = String(inputs.name).replace(/\.$/, "");
        return { id: `${String(inputs.zoneId)}_${fqdn}_${String(inputs.type)}`, state: { fqdn } };
      }
      case "aws:apigatewayv2/domainName:DomainName": {
        const domainNameConfiguration = {
          ...(inputs.domainNameConfiguration as object),
          targetDomainName: `d-${physicalName.replace(/\W/g, "")}.execute-api.${cloud.region}.amazonaws.com`,
          hostedZoneId: "Z0GATEWAY",
        };
        return { id: host, state: { domainNameConfiguration } };
      }
      default:
        return cloudState(cloud, declared);
    }
  },
};
