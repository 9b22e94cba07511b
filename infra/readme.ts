import * as pulumi from "@pulumi/pulumi";

export type ReadmeArgs = {
  websocketUrl: pulumi.Output<string>;
  httpUrl: pulumi.Output<string>;
  wscat: pulumi.Output<string>;
  curl: pulumi.Output<string>;
  dashboardUrl: pulumi.Output<string>;
  /** By the names of the functions. */
  logGroupNames: Record<string, pulumi.Output<string>>;
  /** Whom alarms tell. */
  email: string | undefined;
  topicArn: string | undefined;
};

/**
 * Returns the page, in Markdown, that Pulumi Cloud shows of a stack which has it as its output `readme`:
 * https://www.pulumi.com/docs/pulumi-cloud/projects-and-stacks/#stack-readme
 */
export function readmeOf(args: ReadmeArgs): pulumi.Output<string> {
  const stack = pulumi.getStack();
  const logs = Object.entries(args.logGroupNames).map(
    ([fn, group]) => pulumi.interpolate`- logs of ${fn}: \`aws logs tail --follow ${group}\``,
  );
  return pulumi.interpolate`# ${pulumi.getProject()}, ${stack}

Clients connect to ${args.websocketUrl}, and you publish to ${args.httpUrl}. Try it in two terminals:

\`\`\`sh
${args.wscat}
${args.curl}
\`\`\`

Where to look:

- who is connected, deliveries, cost and errors: ${args.dashboardUrl}
${pulumi.all(logs).apply((lines) => lines.join("\n"))}
- alarms: ${toldBy(args)}
- every output: \`pulumi stack output --stack ${stack}\`
`;
}

function toldBy({ email, topicArn }: ReadmeArgs): string {
  const told = [email && `${email}, who has to confirm it once`, topicArn].filter((one) => !!one);
  return told.length > 0
    ? `they tell ${told.join(", and ")}`
    : "nobody is told. `pulumi config set alarmEmail ops@example.com` and `pulumi up` change that";
}
