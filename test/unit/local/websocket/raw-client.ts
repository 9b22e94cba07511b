import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** The lines that make a request a WebSocket handshake. */
export const HANDSHAKE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

/**
 * Opens a TCP connection and sends the head of a GET request, line by line as given, with the server's
 * own Host if none is given.
 */
export async function sendRequest(port: number, path: string, headers: string[]): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: 127.0.0.1:${port}`];
  socket.write([`GET ${path} HTTP/1.1`, ...host, ...headers, "", ""].join("\r\n"));
  return socket;
}

/** Resolves to the first bytes that come, as text. */
export async function received(socket: Socket): Promise<string> {
  const emitted: unknown[] = await once(socket, "data");
  return String(emitted[0]);
}

/** Returns a masked frame with an all-zero mask. `first` is its first byte: FIN and opcode. */
export function frame(first: number, payload: Buffer): Buffer {
  const mask = Buffer.alloc(4);
  if (payload.length < 126) {
    return Buffer.concat([Buffer.of(first, 0x80 | payload.length), mask, payload]);
  }
  const header = Buffer.alloc(payload.length < 0x10000 ? 4 : 10);
  header.writeUInt8(first, 0);
  if (header.length === 4) {
    header.writeUInt8(0x80 | 126, 1);
    header.writeUInt16BE(payload.length, 2);
  } else {
    header.writeUInt8(0x80 | 127, 1);
    header.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([header, mask, payload]);
}
