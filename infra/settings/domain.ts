import * as pulumi from "@pulumi/pulumi";
import { read, readOptional, refused } from "./config-key.ts";
import { domainKeys } from "./domain-keys.ts";
import { findZone } from "./hosted-zone.ts";

/** The host names under which clients reach the two APIs, in place of API Gateway's own. */
export type Domain = Authority & {
  /** As in `ws.example.com`. */
  websocketHost: string;
  /** As in `api.example.com`. */
  httpHost: string;
  /** Whether the HTTP API answers at its execute-api host too. */
  executeApiEndpoint: boolean;
};

/** What proves that a host is the stack's: a certificate that there is, or a zone that gets one validated. */
export type Authority =
  /** Without the id of a zone others set the records that lead to the host. */
  | { certificateArn: string; zoneId: string | undefined }
  | { certificateArn: undefined; zoneId: string };

// https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
const maxCertifiedCharacters = 64;

/**
 * Reads the keys of a domain, and asks Route 53 for the zone; undefined if the stack has no domain.
 * Rejects with a `pulumi.RunError` of one line that names the key, its value and the remedy.
 */
export async function readDomain(): Promise<Domain | undefined> {
  const domain = readOptional("domain", domainKeys.domain);
  if (domain === undefined) {
    for (const [name, { byDefault }] of Object.entries(domainKeys)) refuseAlone(name, byDefault);
    return undefined;
  }
  const certificateArn = readOptional("certificateArn", domainKeys.certificateArn);
  const hosts = readHosts(domain, certificateArn === undefined);
  const executeApiEndpoint = read("executeApiEndpoint", domainKeys.executeApiEndpoint);
  const zone = readOptional("hostedZone", domainKeys.hostedZone);
  const zoneId = zone === undefined ? undefined : await findZone(zone, domain);
  if (certificateArn !== undefined) return { ...hosts, executeApiEndpoint, certificateArn, zoneId };
  if (zoneId !== undefined) return { ...hosts, executeApiEndpoint, certificateArn, zoneId };
  const own = `the name or the id of the public Route 53 zone that holds ${domain}`;
  throw refused("hostedZone", zone, `${own}; where its DNS is elsewhere, set certificateArn`);
}

function readHosts(domain: string, areCertified: boolean) {
  const websocket = read("websocketSubdomain", domainKeys.websocketSubdomain);
  const http = read("httpSubdomain", domainKeys.httpSubdomain);
  if (http === websocket) {
    throw refused("httpSubdomain", http, "another label than websocketSubdomain");
  }
  const hosts = { websocketHost: `${websocket}.${domain}`, httpHost: `${http}.${domain}` };
  const long = Object.values(hosts).find((host) => host.length > maxCertifiedCharacters);
  if (areCertified && long !== undefined) {
    const bound = `at most ${maxCertifiedCharacters} characters with its subdomain`;
    throw refused("domain", domain, `${bound}, or a certificate of your own in certificateArn`);
  }
  return hosts;
}

function refuseAlone(name: string, byDefault: string | undefined): void {
  const value = new pulumi.Config().get(name);
  if (!value || value === byDefault) return;
  throw refused(name, value, `no value without domain: "pulumi config rm ${name}"`);
}
