import assert from "node:assert/strict";
import { declared, nameOf, type Declared } from "../../support/declared.ts";
import { run } from "../../support/program.ts";

const key = (name: string) => `websocket-channels:${name}`;
const zoned = { [key("domain")]: "example.com", [key("hostedZone")]: "example.com" };
const certificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/1234abcd";

const hosts = { "ws.example.com": "websocket", "api.example.com": "http" };

/** Returns what there is of every host, by its logical name. */
function each(of: (host: string, api: string) => [name: string, inputs: object][]) {
  return Object.fromEntries(Object.entries(hosts).flatMap(([host, api]) => of(host, api)));
}

const domainName = (host: string, certificateArn: string) => ({
  domainName: host,
  domainNameConfiguration: {
    certificateArn,
    endpointType: "REGIONAL",
    ipAddressType: "dualstack",
    securityPolicy: "TLS_1_2",
  },
});
const certificateOf = (host: string) =>
  `arn:aws:acm:us-east-1:000000000000:certificate/${host}-local`;
const targetOf = (host: string) =>
  `d-${host.replace(/\W/g, "")}local.execute-api.us-east-1.amazonaws.com`;

const mappings = each((host, api) => [
  [host, { apiId: `${api}-local`, domainName: host, stage: "staging" }],
]);
const aliases = each((host) => {
  const alias = { evaluateTargetHealth: false, name: targetOf(host), zoneId: "Z0GATEWAY" };
  const record = { zoneId: "Z0EXAMPLE", name: host, aliases: [alias] };
  return ["A", "AAAA"].map((type) => [`${host}-${type.toLowerCase()}`, { ...record, type }]);
});

const types = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:apigatewayv2/domainName:DomainName",
  "aws:apigatewayv2/apiMapping:ApiMapping",
  "aws:route53/record:Record",
];
const ofDomain = ({ inputsOf }: Declared) =>
  Object.fromEntries(types.map((type) => [type.replace(/^.*:/, ""), inputsOf(type)]));

describe("the domain", () => {
  it("takes nothing where the stack has none", async () => {
    assert.deepEqual(ofDomain(await declared()), {
      Certificate: {},
      CertificateValidation: {},
      DomainName: {},
      ApiMapping: {},
      Record: {},
    });
  });

  it("has two hosts in a zone, each with a certificate of its own that a record validates", async () => {
    const program = await declared(zoned);
    const found = ofDomain(program);
    const validations = found.Record;
    const [ws, api] = ["ws", "api"].map((label) => {
      const host = `${label}.example.com`;
      const { name } = validations?.[`${host}-validation`] as Record<string, unknown>;
      const [, hash] = new RegExp(`^(_[0-9a-f]{8})\\.${host}\\.$`).exec(String(name)) ?? [];
      assert.ok(hash, String(name));
      const records = [`${hash}.acm-validations.aws.`];
      return { zoneId: "Z0EXAMPLE", name, records, ttl: 60, type: "CNAME" };
    });
    assert.deepEqual(found, {
      Certificate: each((host) => [[host, { domainName: host, validationMethod: "DNS" }]]),
      CertificateValidation: each((host) => {
        const { name } = (host.startsWith("ws") ? ws : api) ?? {};
        const fqdn = String(name).replace(/\.$/, "");
        return [[host, { certificateArn: certificateOf(host), validationRecordFqdns: [fqdn] }]];
      }),
      DomainName: each((host) => [[host, domainName(host, certificateOf(host))]]),
      ApiMapping: mappings,
      Record: {
        ...aliases,
        "ws.example.com-validation": ws,
        "api.example.com-validation": api,
      },
    });
  });

  it("takes a certificate that there is, with records where there is a zone, and tells them where not", async () => {
    const expected = {
      Certificate: {},
      CertificateValidation: {},
      DomainName: each((host) => [[host, domainName(host, certificateArn)]]),
      ApiMapping: mappings,
    };
    const inZone = { ...zoned, [key("certificateArn")]: certificateArn };
    assert.deepEqual(ofDomain(await declared(inZone)), { ...expected, Record: aliases });
    assert.ok(!("dnsRecords" in (await run(inZone)).outputs));

    const elsewhere = { ...inZone, [key("hostedZone")]: "" };
    assert.deepEqual(ofDomain(await declared(elsewhere)), { ...expected, Record: {} });
    assert.deepEqual(
      (await run(elsewhere)).outputs.dnsRecords,
      Object.keys(hosts).map((name) => ({ name, type: "CNAME", value: targetOf(name) })),
    );
  });

  it("is found by the id of its zone too, and its hosts have the labels of the stack", async () => {
    const program = await declared({
      [key("domain")]: "chat.example.com",
      [key("hostedZone")]: "Z0EXAMPLE",
      [key("websocketSubdomain")]: "sockets",
      [key("httpSubdomain")]: "publish",
    });
    const found = program.inputsOf("aws:apigatewayv2/domainName:DomainName");
    assert.deepEqual(Object.keys(found), ["sockets.chat.example.com", "publish.chat.example.com"]);
  });

  it("vouches for a long host by the stack's certificate, whose own name is shorter", async () => {
    const domain = `${"a".repeat(60)}.example.com`;
    const long = { ...zoned, [key("domain")]: domain, [key("certificateArn")]: certificateArn };
    const { outputs } = await run(long);
    assert.equal(outputs.websocketUrl, `wss://ws.${domain}`);
  });

  it("is in every URL but that of @connections, which stays where API Gateway has it", async () => {
    const { outputs } = await run(zoned);
    const { websocketUrl, httpUrl, wscat, curl, connectionsEndpoint, readme } = outputs;
    assert.deepEqual(
      { websocketUrl, httpUrl, wscat, curl, connectionsEndpoint },
      {
        websocketUrl: "wss://ws.example.com",
        httpUrl: "https://api.example.com/",
        wscat: "npx wscat --connect wss://ws.example.com",
        curl: "curl https://api.example.com/ -d message",
        connectionsEndpoint: "https://sockets.example/staging",
      },
    );
    assert.match(
      String(readme),
      /connect to wss:\/\/ws\.example\.com, .* https:\/\/api\.example\.com\/\./,
    );
    assert.doesNotMatch(String(readme), /staging\//);
    const functions = (await declared(zoned)).inputsOf("aws:lambda/function:Function");
    const fn = functions[nameOf("http")] as { environment: { variables: Record<string, string> } };
    const { WEBSOCKET_URL, CONNECTIONS_ENDPOINT } = fn.environment.variables;
    assert.equal(WEBSOCKET_URL, "wss://ws.example.com");
    assert.equal(CONNECTIONS_ENDPOINT, "https://sockets.example/staging");
  });

  it("closes the execute-api host of the HTTP API where the stack says so, and never the other", async () => {
    const closed = await declared({ ...zoned, [key("executeApiEndpoint")]: "false" });
    const websocket = {
      name: nameOf("websocket"),
      protocolType: "WEBSOCKET",
      routeSelectionExpression: "$request.body.action",
    };
    assert.deepEqual(closed.inputsOf("aws:apigatewayv2/api:Api"), {
      websocket,
      http: { name: nameOf("http"), protocolType: "HTTP", disableExecuteApiEndpoint: true },
    });
    assert.deepEqual((await declared(zoned)).inputsOf("aws:apigatewayv2/api:Api"), {
      websocket,
      http: { name: nameOf("http"), protocolType: "HTTP" },
    });
  });

  it("tags what takes tags with project and stack", async () => {
    const { resources } = await declared(zoned);
    const tagged = resources.filter(({ type }) => /:(Certificate|DomainName)$/.test(type));
    assert.deepEqual(
      tagged.map(({ inputs }) => ("tags" in inputs ? inputs.tags : undefined)),
      Array(4).fill({ project: "websocket-channels", stack: "staging" }),
    );
  });
});
