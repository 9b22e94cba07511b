type Refused = {
  name?: string;
  apiId?: string;
  jwtConfiguration?: { issuer: string };
  defaultRouteSettings?: { throttlingRateLimit: number };
};

/** Throws what AWS answers to these inputs of a new resource, if it refuses them. */
export function refuse(type: string, inputs: Refused, others: Refused[]): void {
  const { name, apiId } = inputs;
  if (others.some((other) => name !== undefined && other.name === name && other.apiId === apiId)) {
    throw new Error(`ConflictException: ${type} ${String(name)} already exists`);
  }
  // API Gateway reads the issuer's discovery document when it makes the authorizer.
  if (inputs.jwtConfiguration?.issuer === "https://unreachable.example") {
    throw new Error("BadRequestException: Caught exception when connecting to the issuer");
  }
  // The account's own limit, in most regions.
  if (inputs.defaultRouteSettings && inputs.defaultRouteSettings.throttlingRateLimit > 10_000) {
    throw new Error("BadRequestException: Throttling limits are above those of the account");
  }
}
