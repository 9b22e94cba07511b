/**
 * What the functions use of the AWS SDK and nothing else: its bundle is what the functions' own are
 * compared with.
 */
export {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
export {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  paginateQuery,
} from "@aws-sdk/client-dynamodb";
export { SQSClient, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
