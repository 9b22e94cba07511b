import assert from "node:assert/strict";
import { assertKept, shown } from "./operations.ts";
import type { Operation } from "./provider/aws-provider.ts";
import { pulumiDay, type PulumiDay } from "./pulumi-day.ts";

const certificateArn = "arn:aws:acm:us-east-1:000000000000:certificate/1234abcd-56ef";

/** What a host has, apart from its mapping. */
const ofHost = ["DomainName", "Record a", "Record aaaa"];
const ofCertificate = ["Certificate", "CertificateValidation", "Record validation"];

/** As in `Record ws.example.com-aaaa`. */
function namesOf(host: string, parts: string[]): string[] {
  return parts.map((part) => {
    const [type = "", role] = part.split(" ");
    return `${type} ${host}${role === undefined ? "" : `-${role}`}`;
  });
}

const own = (host: string) => namesOf(host, ["ApiMapping", ...ofHost, ...ofCertificate]).sort();
const creates = (names: string[]) => names.map((name) => `create ${name}`);
const deletes = (names: string[]) => names.map((name) => `delete ${name}`);

/** The operations on what belongs to a domain, sorted. */
function ofDomain(operations: Operation[]): string[] {
  const types = /:(Certificate|CertificateValidation|DomainName|ApiMapping|Record)$/;
  return operations
    .filter(({ type }) => types.test(type))
    .map(shown)
    .sort();
}

/** What else production asks for. */
const watched = { alarmEmail: "ops@example.com", apiGatewayLogs: "create" };

// Each part begins where the one before has ended.
describe("a stack with a domain, alarms and access logs", () => {
  let day: PulumiDay;
  before(async () => {
    day = await pulumiDay();
    await day.succeed("stack", "init", "staging");
  });
  after(() => day.end());

  /** Sets keys of the config, or removes them, and updates the stack. */
  async function up(changes: Record<string, string | undefined>): Promise<Operation[]> {
    const set = Object.entries(changes).filter(([, value]) => value !== undefined);
    const pairs = set.flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    if (set.length > 0) await day.succeed("config", "set-all", ...pairs);
    const removed = Object.keys(changes).filter((key) => changes[key] === undefined);
    if (removed.length > 0) await day.succeed("config", "rm-all", ...removed);
    await day.succeed("up", "--skip-preview");
    const operations = day.operations();
    await day.succeed("preview", "--expect-no-changes");
    return operations;
  }

  const output = async (name: string) => (await day.succeed("stack", "output", name)).trim();

  it("has two hosts, each with a certificate, and answers with their URLs", async () => {
    const made = await up({ domain: "example.com", hostedZone: "example.com", ...watched });
    assert.ok(made.every(({ operation }) => operation === "create"));
    const names = [...own("api.example.com"), ...own("ws.example.com")];
    assert.deepEqual(ofDomain(made), creates(names).sort());
    assert.equal(await output("websocketUrl"), "wss://ws.example.com");
    assert.equal(await output("httpUrl"), "https://api.example.com/");
    assert.equal(await output("connectionsEndpoint"), "https://sockets.example/staging");
    await day.succeed("refresh", "--expect-no-changes");
  });

  it("changes one host alone, and deletes nothing before what takes its place", async () => {
    const changed = await up({ websocketSubdomain: "sockets" });
    assertKept(changed);
    assert.deepEqual(ofDomain(changed), [
      ...creates(own("sockets.example.com")),
      ...deletes(own("ws.example.com")),
    ]);
  });

  it("exchanges its hosts, and makes only the mappings anew", async () => {
    const exchanged = await up({ websocketSubdomain: "api", httpSubdomain: "sockets" });
    const mappings = ["ApiMapping api.example.com", "ApiMapping sockets.example.com"];
    assert.deepEqual(ofDomain(exchanged), [...creates(mappings), ...deletes(mappings)]);
  });

  const hosts = ["api.chat.example.org", "ws.chat.example.org"];
  const parts = (...list: string[]) => hosts.flatMap((host) => namesOf(host, list)).sort();
  const updated = parts("DomainName").map((name) => `update ${name}`);

  it("moves to another domain and zone, and deletes nothing before what takes its place", async () => {
    const moved = await up({
      ...{ domain: "chat.example.org", hostedZone: "Z0OTHER" },
      ...{ websocketSubdomain: undefined, httpSubdomain: undefined },
    });
    assertKept(moved);
    assert.deepEqual(ofDomain(moved), [
      ...creates(hosts.flatMap(own).sort()),
      ...deletes(["api", "sockets"].flatMap((host) => own(`${host}.example.com`)).sort()),
    ]);
  });

  it("takes a certificate that there is in place, and deletes its own last", async () => {
    const given = await up({ certificateArn });
    assertKept(given);
    assert.deepEqual(ofDomain(given), [...deletes(parts(...ofCertificate)), ...updated]);
    assert.doesNotMatch(await day.succeed("stack", "output"), /dnsRecords/);
  });

  it("leaves its records to others without a zone, and says which", async () => {
    assert.deepEqual(
      ofDomain(await up({ hostedZone: undefined })),
      deletes(parts("Record a", "Record aaaa")),
    );
    const told = JSON.parse(await output("dnsRecords")) as Record<string, string>[];
    assert.deepEqual(
      told.map(({ value, ...record }) => [record, /^d-\w+\.execute-api\./.test(value ?? "")]),
      hosts.toReversed().map((name) => [{ name, type: "CNAME" }, true]),
    );
  });

  it("takes them again, with certificates of its own, and stays at its hosts", async () => {
    const back = await up({ certificateArn: undefined, hostedZone: "example.org" });
    const made = creates(parts("Record a", "Record aaaa", ...ofCertificate));
    assert.deepEqual(ofDomain(back), [...made, ...updated]);
  });

  it("closes the HTTP API's own endpoint in place", async () => {
    assert.deepEqual((await up({ executeApiEndpoint: "false" })).map(shown), ["update Api http"]);
  });

  it("goes back to the hosts of API Gateway, and deletes its own last", async () => {
    const keys = { domain: undefined, hostedZone: undefined, executeApiEndpoint: undefined };
    const removed = await up({ ...keys, alarmEmail: undefined, apiGatewayLogs: undefined });
    assertKept(removed);
    const deleted = removed.filter(({ operation }) => operation === "delete").map(shown);
    for (const type of ["Topic", "TopicSubscription", "Account"]) {
      assert.ok(
        deleted.some((one) => one.startsWith(`delete ${type} `)),
        type,
      );
    }
    assert.deepEqual(ofDomain(removed), deletes(hosts.flatMap(own).sort()));
    assert.equal(await output("websocketUrl"), "wss://sockets.example/staging");
  });

  it("is destroyed whole", async () => {
    await up({ domain: "chat.example.org", hostedZone: "example.org" });
    await day.succeed("destroy");
    assert.deepEqual(ofDomain(day.operations()), deletes(hosts.flatMap(own).sort()));
    await day.succeed("stack", "rm", "--yes");
  });
});
