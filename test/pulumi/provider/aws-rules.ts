import { recordOf } from "../../../local/shared/record.ts";

/** A resource that there is. */
export type Made = { type: string; id: string; inputs: Record<string, unknown> };

const domainName = "aws:apigatewayv2/domainName:DomainName";
const certificate = "aws:acm/certificate:Certificate";
const validation = "aws:acm/certificateValidation:CertificateValidation";
const record = "aws:route53/record:Record";

/** Throws as AWS does where what there is already does not let one more be made. */
export function checkCreate({ type, inputs }: Omit<Made, "id">, there: Made[]): void {
  const identity = identityOf(type, inputs);
  const others = there.filter((other) => other.type === type);
  if (identity && others.some((other) => identityOf(type, other.inputs) === identity)) {
    throw new Error(`ConflictException: ${type} ${identity} already exists`);
  }
  checkCertificate({ type, inputs }, there);
}

/** Throws as AWS does where a domain name takes a certificate that is not issued yet. */
export function checkCertificate({ type, inputs }: Omit<Made, "id">, there: Made[]): void {
  if (type !== domainName) return;
  const arn = certificateOf(inputs);
  const isOfStack = there.some(({ id }) => id === arn);
  const isIssued = there.some(
    (other) => other.type === validation && other.inputs.certificateArn === arn,
  );
  if (isOfStack && !isIssued) throw new Error(`BadRequestException: ${String(arn)} is not issued`);
}

/** Throws as AWS does where something that there is needs what is to be deleted. */
export function checkDelete({ type, id, inputs }: Made, there: Made[]): void {
  if (inputs.deletionProtectionEnabled === true) {
    throw new Error(
      `ValidationException: Table '${id}' can't be deleted while DeletionProtectionEnabled is set to True`,
    );
  }
  const isUsed = there.some(
    (other) => other.type === domainName && certificateOf(other.inputs) === id,
  );
  if (type === certificate && isUsed) throw new Error(`ResourceInUseException: ${id} is in use`);
}

function certificateOf(inputs: Made["inputs"]): unknown {
  return recordOf(inputs.domainNameConfiguration).certificateArn;
}

/** Returns what there can be only once of a type; undefined if there can be any number. */
function identityOf(type: string, inputs: Made["inputs"]): string | undefined {
  const parts: Record<string, string[]> = {
    [record]: ["zoneId", "name", "type"],
    [domainName]: ["domainName"],
    "aws:apigatewayv2/apiMapping:ApiMapping": ["domainName", "apiMappingKey"],
  };
  if (!(type in parts) && inputs.name === undefined) return undefined;
  const own = parts[type] ?? ["name", "apiId"];
  return JSON.stringify(own.map((property) => inputs[property]));
}
