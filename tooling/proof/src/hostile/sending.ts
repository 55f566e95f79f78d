import { Agent, request } from "node:http";
import { connect } from "node:net";
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { Shot } from "./shots.ts";

export interface Heard {
  /** 0 when the connection was cut before an answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const CUT: Heard = { status: 0, headers: {}, text: "" };

export function aClient(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { hostname, port } = new URL(url);
  return {
    send(shot: Shot, token: string | undefined): Promise<Heard> {
      const { method, path, headers, body } = shot;
      const borne = token === undefined || "authorization" in headers ? {} : { authorization: `Bearer ${token}` };
      const bytes = body === null ? null : Buffer.from(body);
      const length = bytes === null ? {} : { "content-length": String(bytes.length) };
      return new Promise((resolve) => {
        const options = { agent, hostname, port, method, path, headers: { ...borne, ...headers, ...length } };
        const asked = request(options, (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: unpacked(Buffer.concat(chunks), answer.headers["content-encoding"]),
            }),
          );
          answer.on("error", () => resolve(CUT));
        });
        // A connection that was kept may end just when it is used again.
        asked.on("error", () => resolve(asked.reusedSocket ? this.send(shot, token) : CUT));
        asked.end(bytes ?? undefined);
      });
    },
    /** Says these bytes and no more, or leaves in the middle; hears all that comes until the connection ends. */
    sendRaw: (bytes: Buffer, { leaves }: { readonly leaves: boolean }): Promise<string> =>
      new Promise((resolve) => {
        const chunks: Buffer[] = [];
        const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
        const giveUp = setTimeout(() => socket.destroy(), 3_000);
        socket.on("data", (chunk) => chunks.push(chunk));
        socket.on("end", () => socket.end());
        socket.on("error", () => undefined);
        socket.on("close", () => {
          clearTimeout(giveUp);
          resolve(Buffer.concat(chunks).toString("latin1"));
        });
        socket.write(bytes, () => (leaves ? socket.destroy() : socket.end()));
      }),
    close: () => agent.destroy(),
  };
}

/** However it was packed, it is to be read. */
function unpacked(bytes: Buffer, encoding: string | undefined): string {
  if (bytes.length === 0) return "";
  if (encoding === "gzip") return gunzipSync(bytes).toString();
  if (encoding === "br") return brotliDecompressSync(bytes).toString();
  return encoding === "deflate" ? inflateSync(bytes).toString() : bytes.toString();
}
