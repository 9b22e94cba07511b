import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fullName } from "./full-name.ts";
import { tagsOf } from "./tags.ts";
import { watchedIn, type WatchedParts } from "./watched.ts";

export type AlarmsArgs = WatchedParts & {
  /** Gets a mail for each alarm, and one when it is over, once it has confirmed that. */
  email?: string | undefined;
  /** An SNS topic that gets the same. */
  topicArn?: string | undefined;
  /** Errors of one kind within five minutes that are an alarm. Defaults to 5. */
  errors?: number;
};

/** The alarms of a stack, and whom they tell. */
export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("websocket-channels:infra:Alarms", name, {}, opts);
    const parent = { parent: this };
    const { email, topicArn, errors = 5 } = args;
    const mailed = email === undefined ? undefined : mailTopic(name, email, parent);
    const told = [topicArn, mailed].filter((arn) => arn !== undefined);
    for (const [watched, { first, heading, ...metric }] of Object.entries(watchedIn(args))) {
      new aws.cloudwatch.MetricAlarm(
        fullName(watched),
        {
          ...{ statistic: "Sum", threshold: errors, ...metric },
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          period: 300,
          evaluationPeriods: 1,
          // Most of these figures are not written while there is nothing to tell.
          treatMissingData: "notBreaching",
          alarmDescription: `${first} See "${heading}" in docs/operations.md.`,
          ...(told.length > 0 && { alarmActions: told, okActions: told }),
          tags: tagsOf(),
        },
        parent,
      );
    }
    this.registerOutputs({});
  }
}

/** Makes a topic that sends mails, and returns its ARN. */
function mailTopic(
  name: string,
  email: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const topic = new aws.sns.Topic(fullName(name), { tags: tagsOf() }, opts);
  const args = { topic: topic.arn, protocol: "email", endpoint: email };
  new aws.sns.TopicSubscription(fullName(name), args, opts);
  return topic.arn;
}
