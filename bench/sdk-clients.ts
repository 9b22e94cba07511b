/**
 * The parts of the AWS SDK that the functions use, and nothing else: the functions' bundles are
 * compared with the bundle of this file.
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
