/** A change of the staging stack's config, and the error that it gets. */
export type Refused = [changes: Record<string, string | undefined>, message: string];

const key = (name: string) => `websocket-channels:${name}`;

const zoned = { [key("domain")]: "example.com", [key("hostedZone")]: "example.com" };
const certificate = "arn:aws:acm:us-east-1:000000000000:certificate/1234abcd";
const longDomain = `${"a".repeat(50)}.example.com`;

const refusedDomains: Refused[] = [
  ...["Example.com", "example", "https://example.com", "-a.example.com", "example.com."].map(
    (domain): Refused => [
      { ...zoned, [key("domain")]: domain },
      `Stack config websocket-channels:domain is "${domain}": it takes a host name in lower case: "pulumi config set domain example.com", or "pulumi config rm domain".`,
    ],
  ),
  [
    { [key("domain")]: "example.com" },
    "Stack config websocket-channels:hostedZone is not set: it takes the name or the id of the public Route 53 zone that holds example.com; where its DNS is elsewhere, set certificateArn.",
  ],
  ...Object.entries({
    hostedZone: "example.com",
    certificateArn: certificate,
    websocketSubdomain: "socket",
    httpSubdomain: "http",
    executeApiEndpoint: "false",
  }).map(([name, value]): Refused => [
    { [key(name)]: value },
    `Stack config websocket-channels:${name} is "${value}": it takes no value without domain: "pulumi config rm ${name}".`,
  ]),
  ...["ws.eu", "WS", "-ws", ""].map((label): Refused => [
    { ...zoned, [key("websocketSubdomain")]: label },
    `Stack config websocket-channels:websocketSubdomain ${label === "" ? "is not set" : `is "${label}"`}: it takes one label of a host name: lower case letters, digits and -.`,
  ]),
  [
    { ...zoned, [key("httpSubdomain")]: "ws" },
    'Stack config websocket-channels:httpSubdomain is "ws": it takes another label than websocketSubdomain.',
  ],
  [
    { ...zoned, [key("domain")]: longDomain },
    `Stack config websocket-channels:domain is "${longDomain}": it takes at most 64 characters with its subdomain, or a certificate of your own in certificateArn.`,
  ],
  [
    { [key("executeApiEndpoint")]: "no", ...zoned },
    'Stack config websocket-channels:executeApiEndpoint is "no": it takes true or false.',
  ],
  ...["1234abcd", certificate.replace("us-east-1", "eu-west-1")].map((arn): Refused => [
    { ...zoned, [key("certificateArn")]: arn },
    `Stack config websocket-channels:certificateArn is "${arn}": it takes the ARN of an ACM certificate in the region of the stack: "pulumi config set certificateArn arn:aws:acm:<region>:<account>:certificate/<id>", or "pulumi config rm certificateArn".`,
  ]),
  [
    { ...zoned, [key("hostedZone")]: "my zone" },
    'Stack config websocket-channels:hostedZone is "my zone": it takes the name or the id of a public Route 53 zone: "pulumi config set hostedZone example.com", or "pulumi config rm hostedZone".',
  ],
  ...["example.net", "Z0NOWHERE"].map((zone): Refused => [
    { ...zoned, [key("hostedZone")]: zone },
    `Stack config websocket-channels:hostedZone is "${zone}": it takes a public Route 53 zone that this AWS identity may read, and AWS says "no matching Route 53 Hosted Zone found".`,
  ]),
  [
    { ...zoned, [key("hostedZone")]: "Z0PRIVATE" },
    'Stack config websocket-channels:hostedZone is "Z0PRIVATE": it takes a public Route 53 zone, and this one is private.',
  ],
  ...["example.org", "Z0OTHER"].map((zone): Refused => [
    { ...zoned, [key("hostedZone")]: zone },
    `Stack config websocket-channels:hostedZone is "${zone}": it takes a public Route 53 zone that holds example.com, and this one holds example.org.`,
  ]),
  [
    {
      [key("domain")]: "example.com",
      [key("hostedZone")]: "example.org",
      [key("certificateArn")]: certificate,
    },
    'Stack config websocket-channels:hostedZone is "example.org": it takes a public Route 53 zone that holds example.com, and this one holds example.org.',
  ],
  [
    { [key("domain")]: "badexample.com", [key("hostedZone")]: "example.com" },
    'Stack config websocket-channels:hostedZone is "example.com": it takes a public Route 53 zone that holds badexample.com, and this one holds example.com.',
  ],
];

/** What stack config takes in no stack, in the words that say so. */
export const refused: Refused[] = [
  [
    { [key("auth")]: "basic" },
    'Stack config websocket-channels:auth is "basic": it takes iam (AWS signatures), jwt (tokens) or none, which lets everyone with the URLs in: "pulumi config set auth iam".',
  ],
  [
    { [key("auth")]: "jwt", [key("jwtAudience")]: "channels" },
    'Stack config websocket-channels:jwtIssuer is not set: it takes the https URL of an OpenID Connect issuer: "pulumi config set jwtIssuer https://issuer.example".',
  ],
  ...["http://issuer.example", "https://", "issuer.example", "https://issuer.example/?a=b"].map(
    (issuer): Refused => [
      { [key("auth")]: "jwt", [key("jwtIssuer")]: issuer, [key("jwtAudience")]: "channels" },
      `Stack config websocket-channels:jwtIssuer is "${issuer}": it takes the https URL of an OpenID Connect issuer: "pulumi config set jwtIssuer https://issuer.example".`,
    ],
  ),
  [
    { [key("auth")]: "jwt", [key("jwtIssuer")]: "https://issuer.example" },
    'Stack config websocket-channels:jwtAudience is not set: it takes the audience of the tokens, without spaces: "pulumi config set jwtAudience channels".',
  ],
  [
    { [key("jwtIssuer")]: "https://issuer.example" },
    'Stack config websocket-channels:jwtIssuer is "https://issuer.example": it takes no value with auth none: "pulumi config rm jwtIssuer".',
  ],
  [
    { [key("auth")]: undefined, [key("jwtAudience")]: "channels" },
    'Stack config websocket-channels:jwtAudience is "channels": it takes no value with auth iam: "pulumi config rm jwtAudience".',
  ],
  [
    { [key("maxMessageBytes")]: "131073" },
    'Stack config websocket-channels:maxMessageBytes is "131073": it takes a whole number from 1 to 131072.',
  ],
  [
    { [key("defaultChannel")]: "no spaces" },
    'Stack config websocket-channels:defaultChannel is "no spaces": it takes 1 to 128 letters, digits, _ . : or -, beginning with a letter or digit.',
  ],
  [
    { [key("logRetentionDays")]: "-1" },
    'Stack config websocket-channels:logRetentionDays is "-1": it takes 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.',
  ],
  [
    { [key("throttlingRateLimit")]: "0" },
    'Stack config websocket-channels:throttlingRateLimit is "0": it takes a whole number from 1 to 1000000.',
  ],
  [
    { [key("throttlingBurstLimit")]: "many" },
    'Stack config websocket-channels:throttlingBurstLimit is "many": it takes a whole number from 1 to 1000000.',
  ],
  [
    { [key("corsOrigins")]: '["example.com"]' },
    `Stack config websocket-channels:corsOrigins is "[\\"example.com\\"]": it takes a list of origins: "pulumi config set --path 'corsOrigins[0]' https://example.com".`,
  ],
  ...["1234abcd", "arn:aws:kms:eu-west-1:000000000000:key/1234abcd"].map((arn): Refused => [
    { [key("kmsKeyArn")]: arn },
    `Stack config websocket-channels:kmsKeyArn is "${arn}": it takes the ARN of a KMS key in the region of the stack: "pulumi config set kmsKeyArn arn:aws:kms:<region>:<account>:key/<id>", or "pulumi config rm kmsKeyArn".`,
  ]),
  ...["ops", "a@example.com, b@example.com"].map((address): Refused => [
    { [key("alarmEmail")]: address },
    `Stack config websocket-channels:alarmEmail is "${address}": it takes one mail address: "pulumi config set alarmEmail ops@example.com", or "pulumi config rm alarmEmail".`,
  ]),
  ...["on-call", "arn:aws:sns:eu-west-1:000000000000:on-call"].map((arn): Refused => [
    { [key("alarmTopicArn")]: arn },
    `Stack config websocket-channels:alarmTopicArn is "${arn}": it takes the ARN of an SNS topic in the region of the stack: "pulumi config set alarmTopicArn arn:aws:sns:<region>:<account>:<name>", or "pulumi config rm alarmTopicArn".`,
  ]),
  [
    { [key("alarmErrors")]: "0" },
    'Stack config websocket-channels:alarmErrors is "0": it takes a whole number from 1 to 1000000.',
  ],
  [
    { [key("alarmDeliverySeconds")]: "soon" },
    'Stack config websocket-channels:alarmDeliverySeconds is "soon": it takes a whole number from 1 to 1209600.',
  ],
  [
    { [key("httpAccessLogs")]: "on" },
    'Stack config websocket-channels:httpAccessLogs is "on": it takes true or false.',
  ],
  [
    { [key("apiGatewayLogs")]: "true" },
    'Stack config websocket-channels:apiGatewayLogs is "true": it takes off, use (the role that API Gateway has in the account and region) or create (makes that role): "pulumi config set apiGatewayLogs use".',
  ],
  ...['{"http":64}', '{"https":512}', '{"http":"512 MB"}', "512"].map((sizes): Refused => [
    { [key("memorySize")]: sizes },
    `Stack config websocket-channels:memorySize is ${JSON.stringify(sizes)}: it takes megabytes from 128 to 10240 for websocket, http, fanout, authorizer: "pulumi config set --path memorySize.http 1024".`,
  ]),
  [
    { [key("tracing")]: "1" },
    'Stack config websocket-channels:tracing is "1": it takes true or false.',
  ],
  ...['{"aws:team":"a"}', '{"stack":"a"}', '{"team":"a;b"}', '{"team":{"a":1}}', "team"].map(
    (tags): Refused => [
      { [key("tags")]: tags },
      `Stack config websocket-channels:tags is ${JSON.stringify(tags)}: it takes up to 48 tags other than project and stack, of letters, digits, spaces and _ . : / = + - @: "pulumi config set --path tags.team messaging".`,
    ],
  ),
  ...refusedDomains,
  [
    { [key("historySeconds")]: "-5" },
    'Stack config websocket-channels:historySeconds is "-5": it takes a whole number from 0 to 86400.',
  ],
  [
    { [key("fanoutConcurrency")]: "1" },
    'Stack config websocket-channels:fanoutConcurrency is "1": it takes a whole number from 2 to 1000.',
  ],
  [
    { [key("reservedConcurrency")]: "-1" },
    'Stack config websocket-channels:reservedConcurrency is "-1": it takes a whole number from 0 to 10000.',
  ],
  [
    { [key("presenceLimit")]: "1001" },
    'Stack config websocket-channels:presenceLimit is "1001": it takes a whole number from 1 to 1000.',
  ],
  [
    { [key("prefixSubscriptions")]: "yes" },
    'Stack config websocket-channels:prefixSubscriptions is "yes": it takes true or false.',
  ],
  [
    { [key("presenceGraceSeconds")]: "901" },
    'Stack config websocket-channels:presenceGraceSeconds is "901": it takes a whole number from 0 to 900.',
  ],
  [
    { [key("pointInTimeRecovery")]: "yes" },
    'Stack config websocket-channels:pointInTimeRecovery is "yes": it takes true or false.',
  ],
  [
    { [key("deletionProtection")]: "1" },
    'Stack config websocket-channels:deletionProtection is "1": it takes true or false.',
  ],
  [
    { "aws:region": "eu-west-99" },
    'Stack config aws:region is "eu-west-99": it takes an AWS region: "pulumi config set aws:region us-east-1".',
  ],
  [
    { "aws:region": undefined },
    'Stack config aws:region is not set: it takes an AWS region: "pulumi config set aws:region us-east-1".',
  ],
  [
    { [key("defaultChanel")]: "test" },
    "Stack config websocket-channels:defaultChanel is unknown: the keys are alarmDeliverySeconds, alarmEmail, alarmErrors, alarmTopicArn, apiGatewayLogs, auth, certificateArn, corsOrigins, defaultChannel, deletionProtection, deliveryConcurrency, domain, executeApiEndpoint, fanoutConcurrency, historySeconds, hostedZone, httpAccessLogs, httpSubdomain, inlineRecipients, jwtAudience, jwtIssuer, kmsKeyArn, logRetentionDays, maxMessageBytes, memorySize, pointInTimeRecovery, prefixSubscriptions, presenceGraceSeconds, presenceLimit, reservedConcurrency, tags, throttlingBurstLimit, throttlingRateLimit, tracing, websocketSubdomain.",
  ],
];
