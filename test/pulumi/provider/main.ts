// A provider of the package aws, attached to the real engine by PULUMI_DEBUG_PROVIDERS. Prints its port, and
// then one line of JSON for each operation.
import { main } from "@pulumi/pulumi/provider/index.js";
import { awsProvider } from "./aws-provider.ts";

const cloud = {
  region: "us-east-1",
  accountId: "000000000000",
  webSocketOrigin: "wss://sockets.example",
  httpOrigin: "https://http.example",
  sqsOrigin: "https://sqs.us-east-1.amazonaws.com",
};

await main(
  awsProvider(cloud, (operation) => {
    console.log(JSON.stringify(operation));
  }),
  [],
);
