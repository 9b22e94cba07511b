import { arnOfRegion, boolean, key } from "./config-key.ts";

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const hostName = new RegExp(`^(?=.{1,253}$)(?:${label}\\.)+${label}$`);
const hostLabel = new RegExp(`^${label}$`);
const certificate = /^arn:aws[a-z-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;

/** The id of a Route 53 zone; the name of one has lower case letters only. */
export const zoneId = /^Z[A-Z0-9]{1,31}$/;

const subdomain = (byDefault: string) =>
  key({
    expected: "one label of a host name: lower case letters, digits and -",
    parse: (value) => (hostLabel.test(value) ? value : undefined),
    byDefault,
  });

/** The keys of the stack config that give it a domain. */
export const domainKeys = {
  domain: key({
    expected:
      'a host name in lower case: "pulumi config set domain example.com", or "pulumi config rm domain"',
    parse: (value) => (hostName.test(value) ? value : undefined),
    byDefault: "",
  }),
  hostedZone: key({
    expected:
      'the name or the id of a public Route 53 zone: "pulumi config set hostedZone example.com", or "pulumi config rm hostedZone"',
    parse: (value) => (zoneId.test(value) || hostName.test(value) ? value : undefined),
    byDefault: "",
  }),
  certificateArn: key({
    expected:
      'the ARN of an ACM certificate in the region of the stack: "pulumi config set certificateArn arn:aws:acm:<region>:<account>:certificate/<id>", or "pulumi config rm certificateArn"',
    parse: arnOfRegion(certificate),
    byDefault: "",
  }),
  websocketSubdomain: subdomain("ws"),
  httpSubdomain: subdomain("api"),
  executeApiEndpoint: boolean("true"),
};
