const TEXT = /^(text\/.*|application\/(json|javascript|xml))$/;

/** How a body goes into the event: as text where its type is known to be text, else in base64. */
export function eventBody(
  body: Buffer,
  contentType: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const [mediaType = ""] = (contentType ?? "").toLowerCase().split(";");
  return TEXT.test(mediaType.trim())
    ? { body: body.toString(), isBase64Encoded: false }
    : { body: body.toString("base64"), isBase64Encoded: true };
}
