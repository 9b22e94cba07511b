const textTypes = /^(text\/.*|application\/(json|javascript|xml))$/;

/** Puts a body into the event: as text if its media type is known to be text, otherwise in base64. */
export function eventBody(
  body: Buffer,
  contentType: string | undefined,
): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const [mediaType = ""] = (contentType ?? "").toLowerCase().split(";");
  return textTypes.test(mediaType.trim())
    ? { body: body.toString(), isBase64Encoded: false }
    : { body: body.toString("base64"), isBase64Encoded: true };
}
