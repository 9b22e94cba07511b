import type { Duplex } from "node:stream";

/**
 * Reads the header of each frame that a client sends over `socket`. Calls back once, when a frame
 * announces a payload of more than `maxBytes`. Earlier listeners get each chunk after that.
 * https://datatracker.ietf.org/doc/html/rfc6455#section-5.2
 */
export function limitFrames(socket: Duplex, maxBytes: number, onExceeded: () => void): void {
  const header = Buffer.alloc(14);
  let headerBytes = 0;
  let payloadLeft = 0;

  const count = (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft > 0) {
        const skipped = Math.min(payloadLeft, chunk.length - at);
        payloadLeft -= skipped;
        at += skipped;
        continue;
      }
      headerBytes += chunk.copy(header, headerBytes, at, at + 1);
      at += 1;
      if (headerBytes < 2 || headerBytes < headerLength(header)) continue;
      headerBytes = 0;
      payloadLeft = payloadLength(header);
      if (payloadLeft > maxBytes) {
        socket.off("data", count);
        onExceeded();
        return;
      }
    }
  };
  socket.prependListener("data", count);
}

/** Returns the length of a header whose first two bytes are known. */
function headerLength(header: Buffer): number {
  const masked = header.readUInt8(1) >= 0x80;
  const short = shortLength(header);
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (masked ? 4 : 0);
}

function payloadLength(header: Buffer): number {
  const short = shortLength(header);
  if (short === 126) return header.readUInt16BE(2);
  if (short === 127) return Number(header.readBigUInt64BE(2));
  return short;
}

/** Returns the length itself below 126; 126 says that 2 bytes of length follow, and 127 that 8 do. */
function shortLength(header: Buffer): number {
  return header.readUInt8(1) & 0x7f;
}
