import { randomUUID } from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { doorFaults, type PublicFault, problemResponse } from "@pitwall/api";
import { truncatedAddress } from "@pitwall/domain/networks";
import type { Log } from "@pitwall/services/context";
import { secure } from "./headers.ts";

export interface ThresholdOptions {
  readonly log: Log;
  /** Where this server is reached, without a slash at the end, or "". */
  readonly home: string;
}

export interface Threshold {
  /** For what has come, though not as a request that the app could be asked: its address or its `Host` is none. */
  readonly refuse: () => Response;
  /** For what is no HTTP, is too long or comes too slowly. */
  guard(server: Server): void;
}

const TOO_LONG: PublicFault = {
  ...doorFaults.tooLarge,
  status: 431,
  title: "Request header too large",
  message: "Address and headers are too long. Send at most 8 KB of them.",
};
const TOO_SLOW: PublicFault = {
  ...doorFaults.unreadable,
  status: 408,
  title: "Request timeout",
  message: "The request did not arrive in time.",
};

const UNEXPECTED: PublicFault = {
  ...doorFaults.unreadable,
  status: 417,
  title: "Expectation failed",
  message: "Send the request without an Expect header.",
};

const FAULTS: Readonly<Record<string, PublicFault>> = {
  HPE_HEADER_OVERFLOW: TOO_LONG,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: doorFaults.tooLarge,
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
};

/** Refuses what never becomes a request of the app, in the words and with the headers of every other answer. */
export function createThreshold({ log, home }: ThresholdOptions): Threshold {
  function refusal(fault: PublicFault, address: string | null): Response {
    const requestId = randomUUID();
    const answer = problemResponse(fault, { instance: "/", requestId, home });
    answer.headers.set("x-request-id", requestId);
    answer.headers.set("connection", "close");
    secure(answer.headers, new Headers());
    log.info("a request could not be read", { requestId, status: fault.status, address: truncatedAddress(address) });
    return answer;
  }

  return {
    refuse: () => refusal(doorFaults.unreadable, null),
    guard(server) {
      /** The last answer on each connection, begun or not. */
      const answers = new WeakMap<Duplex, ServerResponse>();
      const isBeingAnswered = (socket: Duplex) => answers.get(socket)?.writableFinished === false;
      server.prependListener("request", ({ socket }: IncomingMessage, response) => void answers.set(socket, response));
      server.on("checkExpectation", ({ socket }: IncomingMessage, response: ServerResponse) => {
        const answer = refusal(UNEXPECTED, socket.remoteAddress ?? null);
        void whole(answer).then(({ headers, body }) => response.writeHead(answer.status, headers.flat()).end(body));
      });
      server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
        // Into an answer that is under way another one would be mixed.
        if (!socket.writable || error.code === "ECONNRESET" || isBeingAnswered(socket)) return socket.destroy();
        const address = socket instanceof Socket ? (socket.remoteAddress ?? null) : null;
        void speak(socket, refusal(FAULTS[error.code ?? ""] ?? doorFaults.unreadable, address));
      });
    },
  };
}

async function speak(socket: Duplex, answer: Response): Promise<void> {
  const { headers, body } = await whole(answer);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines}\r\n${body}`);
}

async function whole(answer: Response) {
  const body = await answer.text();
  return { headers: [...answer.headers, ["content-length", String(Buffer.byteLength(body))]], body };
}
