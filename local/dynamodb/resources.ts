/**
 * ARNs of the resources that a request acts on, as IAM has to allow them.
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
  // Where an action knows no resource, as ListTables, AWS asks for all of them.
  return [`${tablePrefix}*`];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
