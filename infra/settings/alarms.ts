import { arnOfRegion, key, read, readOptional, wholeNumber } from "./config-key.ts";

/** Whom alarms tell, and where one size does not fit, from when on. */
export type Alarms = {
  /** Gets a mail for each alarm, and one when it is over. */
  email: string | undefined;
  /** An SNS topic that gets the same. */
  topicArn: string | undefined;
  /** Errors of one kind within five minutes. */
  errors: number;
  /** Seconds that a delivery waits in the queue. */
  deliverySeconds: number;
};

/** The keys of the stack config about alarms. */
export const alarmKeys = {
  alarmEmail: key({
    expected:
      'one mail address: "pulumi config set alarmEmail ops@example.com", or "pulumi config rm alarmEmail"',
    parse: (value) =>
      /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>".]+$/.test(value) ? value : undefined,
  }),
  alarmTopicArn: key({
    expected:
      'the ARN of an SNS topic in the region of the stack: "pulumi config set alarmTopicArn arn:aws:sns:<region>:<account>:<name>", or "pulumi config rm alarmTopicArn"',
    // An alarm reaches no topic of another region, and no FIFO topic has a mail address.
    parse: arnOfRegion(/^arn:aws[a-z-]*:sns:([a-z0-9-]+):\d{12}:[\w-]{1,256}$/),
  }),
  alarmErrors: wholeNumber(1, 1_000_000, "5"),
  alarmDeliverySeconds: wholeNumber(1, 14 * 24 * 60 * 60, "300"),
};

export function readAlarms(): Alarms {
  return {
    email: readOptional("alarmEmail", alarmKeys.alarmEmail),
    topicArn: readOptional("alarmTopicArn", alarmKeys.alarmTopicArn),
    errors: read("alarmErrors", alarmKeys.alarmErrors),
    deliverySeconds: read("alarmDeliverySeconds", alarmKeys.alarmDeliverySeconds),
  };
}
