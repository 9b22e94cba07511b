import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { account, declared, nameOf, type Declared } from "../../support/declared.ts";
import { projectFolder } from "../../support/project-copy.ts";

const email = "ops@example.com";
const topicArn = `arn:aws:sns:us-east-1:${account}:on-call`;
const ownTopic = `arn:aws:sns:us-east-1:${account}:${nameOf("alarms")}-local`;
const key = (name: string) => `websocket-channels:${name}`;
const jwt = {
  [key("auth")]: "jwt",
  [key("jwtIssuer")]: "https://issuer.example",
  [key("jwtAudience")]: "channels",
};

describe("the alarms", () => {
  let program: Declared;
  before(async () => {
    program = await declared();
  });

  const alarmsOf = ({ inputsOf }: Declared) =>
    inputsOf("aws:cloudwatch/metricAlarm:MetricAlarm") as Record<string, Alarm>;

  it("are these, on these figures, and each says what to do first", () => {
    const alarm = (metric: string, dimensions: Record<string, string>, change: object = {}) => ({
      namespace: metric.split(" ")[0],
      metricName: metric.split(" ")[1],
      dimensions,
      statistic: "Sum",
      threshold: 5,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      ...change,
    });
    const queue = (name: string) => ({ QueueName: `${name}-local` });
    const api = (name: string) => ({ ApiId: `${name}-local`, Stage: "staging" });
    const fn = (name: string) => ({ FunctionName: `${nameOf(name)}-local` });
    const table = { TableName: "websocket-channels-staging-channels-local" };
    const oldest = { statistic: "Maximum", threshold: 300 };
    const any = { statistic: "Maximum", threshold: 1 };
    const expected = {
      "dead-letters": alarm(
        "AWS/SQS ApproximateNumberOfMessagesVisible",
        queue(nameOf("deliveries-dead-letters")),
        any,
      ),
      "late-deliveries": alarm(
        "AWS/SQS ApproximateAgeOfOldestMessage",
        queue(nameOf("deliveries")),
        oldest,
      ),
      "http-5xx": alarm("AWS/ApiGateway 5xx", api("http")),
      "websocket-integration-errors": alarm("AWS/ApiGateway IntegrationError", api("websocket")),
      "websocket-execution-errors": alarm("AWS/ApiGateway ExecutionError", api("websocket")),
      "websocket-errors": alarm("AWS/Lambda Errors", fn("websocket")),
      "http-errors": alarm("AWS/Lambda Errors", fn("http")),
      "fanout-errors": alarm("AWS/Lambda Errors", fn("fanout")),
      "websocket-throttles": alarm("AWS/Lambda Throttles", fn("websocket")),
      "http-throttles": alarm("AWS/Lambda Throttles", fn("http")),
      "fanout-throttles": alarm("AWS/Lambda Throttles", fn("fanout")),
      "table-read-throttles": alarm("AWS/DynamoDB ReadThrottleEvents", table),
      "table-write-throttles": alarm("AWS/DynamoDB WriteThrottleEvents", table),
    };
    const found = Object.entries(alarmsOf(program)).map(
      ([name, { alarmDescription, ...figures }]) => {
        assert.match(alarmDescription, /^[A-Z].+\. See "[^"]+" in docs\/operations\.md\.$/, name);
        return [name.replace(nameOf(""), ""), figures];
      },
    );
    assert.deepEqual(Object.fromEntries(found), expected);
  });

  it("are with tokens also on an issuer that does not answer, and not on tokens that are refused", async () => {
    const { inputsOf } = await declared(jwt);
    const alarms = Object.values(alarmsOf({ ...program, inputsOf }));
    const ofAuthorizer = alarms.filter((alarm) => JSON.stringify(alarm).includes("uthorizer"));
    assert.deepEqual(
      ofAuthorizer.map(({ metricName }) => metricName),
      ["Throttles"],
    );
    assert.deepEqual(
      alarms
        .filter(({ namespace }) => namespace === "websocket-channels")
        .map(({ metricName, dimensions }) => ({ metricName, dimensions })),
      [
        {
          metricName: "HandshakesRefused",
          dimensions: { stack: "staging", reason: "IssuerUnavailable" },
        },
      ],
    );
  });

  it("have a heading each in docs/operations.md, which has one for no other", async () => {
    const all = alarmsOf(await declared(jwt));
    const named = Object.values(all).map(
      ({ alarmDescription }) => /"([^"]+)"/.exec(alarmDescription)?.[1],
    );
    const page = await readFile(join(projectFolder, "docs/operations.md"), "utf8");
    const [, section = ""] = /^## Alarms$(.*?)^## /ms.exec(page) ?? [];
    const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
    assert.deepEqual(headings.sort(), [...new Set(named)].sort());
  });

  it("tell nobody by default, which the readme says", async () => {
    for (const alarm of Object.values(alarmsOf(program))) {
      assert.ok(!("alarmActions" in alarm) && !("okActions" in alarm));
    }
    assert.deepEqual(program.inputsOf("aws:sns/topic:Topic"), {});
    assert.match(readmeOf(await declared()), /^- alarms: nobody is told\. `pulumi config set/m);
  });

  for (const [values, told, says] of [
    [{ alarmEmail: email }, [ownTopic], `they tell ${email}, who has to confirm it once`],
    [{ alarmTopicArn: topicArn }, [topicArn], `they tell ${topicArn}`],
    [
      { alarmEmail: email, alarmTopicArn: topicArn },
      [topicArn, ownTopic],
      `they tell ${email}, who has to confirm it once, and ${topicArn}`,
    ],
  ] as const) {
    it(`with ${Object.keys(values).join(" and ")} tell when they begin and when they are over`, async () => {
      const changes = Object.entries(values).map(([name, value]) => [key(name), value]);
      const changed = await declared(Object.fromEntries(changes) as Record<string, string>);
      const alarms = Object.values(alarmsOf(changed));
      assert.equal(alarms.length, 13);
      for (const { alarmActions, okActions } of alarms) {
        assert.deepEqual([alarmActions, okActions], [told, told]);
      }
      const isMailed = "alarmEmail" in values;
      assert.deepEqual(
        changed.inputsOf("aws:sns/topicSubscription:TopicSubscription"),
        isMailed
          ? { [nameOf("alarms")]: { topic: ownTopic, protocol: "email", endpoint: email } }
          : {},
      );
      assert.deepEqual(
        Object.keys(changed.inputsOf("aws:sns/topic:Topic")),
        isMailed ? [nameOf("alarms")] : [],
      );
      assert.ok(readmeOf(changed).includes(`- alarms: ${says}\n`));
    });
  }

  it("begin where the stack says", async () => {
    const changed = await declared({
      [key("alarmErrors")]: "50",
      [key("alarmDeliverySeconds")]: "900",
    });
    const thresholds = Object.values(alarmsOf(changed)).map(({ threshold }) => threshold);
    assert.deepEqual(new Set(thresholds), new Set([1, 50, 900]));
  });
});

const readmeOf = ({ outputs }: Declared) => String(outputs.readme);

type Alarm = {
  alarmDescription: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  threshold: number;
  alarmActions?: string[];
  okActions?: string[];
};
