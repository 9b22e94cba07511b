import { hash } from "node:crypto";

/** Bytes of a block of SHA-256. */
const blockBytes = 64;

/**
 * Returns what makes the HMAC-SHA-256 of an ASCII text, in hex, with a key of up to 64 bytes: by the two hashes that
 * it is (RFC 2104). Node makes an object for each HMAC, which takes longer than both.
 */
export function hmac(key: Uint8Array): (text: string) => string {
  const padded = (byte: number, bytes: number) => {
    const block = Buffer.alloc(blockBytes + bytes, byte);
    key.forEach((own, at) => (block[at] = own ^ byte));
    return block;
  };
  let inner = padded(0x36, 0);
  const outer = padded(0x5c, 32);
  return (text) => {
    if (inner.length !== blockBytes + text.length) inner = padded(0x36, text.length);
    inner.write(text, blockBytes, "latin1");
    outer.write(hash("sha256", inner, "binary"), blockBytes, "latin1");
    return hash("sha256", outer);
  };
}
