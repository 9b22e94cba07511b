import { isRecord } from "../shared/record.ts";

/**
 * Returns the ARNs of the resources that a request acts on, each of which IAM has to allow.
 * `tablePrefix` is `arn:aws:dynamodb:<region>:<account>:table/`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function resourcesOf(input: unknown, tablePrefix: string): string[] {
  if (!isRecord(input)) return [`${tablePrefix}*`];
  const { TableName: table, IndexName: index, RequestItems: batch, ResourceArn: arn } = input;
  if (typeof table === "string") {
    const tableArn = tablePrefix + table;
    return [typeof index === "string" ? `${tableArn}/index/${index}` : tableArn];
  }
  if (isRecord(batch) && Object.keys(batch).length > 0) {
    return Object.keys(batch).map((name) => tablePrefix + name);
  }
  if (typeof arn === "string") return [arn];
  // AWS asks for all tables if an action has no resource, as ListTables.
  return [`${tablePrefix}*`];
}
