import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished } from "vitest";

interface Said {
  readonly sessions?: unknown;
  readonly result?: unknown;
  readonly status?: number;
}

/** OpenF1 over HTTP, as far as it is asked. What it says can be changed. */
export async function anOpenF1(said: Said = {}) {
  const asked: string[] = [];
  let now = said;
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    const body = url.startsWith("/v1/sessions?") ? (now.sessions ?? []) : (now.result ?? []);
    response.writeHead(now.status ?? 200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked,
    say(next: Said): void {
      now = { ...now, ...next };
    },
  };
}

export function aSession(startsAt: Date, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    session_key: 11299,
    session_name: "Race",
    session_type: "Race",
    meeting_key: 1286,
    date_start: startsAt.toISOString().replace(".000Z", "+00:00"),
    date_end: new Date(startsAt.getTime() + 2 * 3_600_000).toISOString().replace(".000Z", "+00:00"),
    gmt_offset: "02:00:00",
    is_cancelled: false,
    ...changes,
  };
}

export function aResultRow(number: number, position: number | null, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    position,
    driver_number: number,
    number_of_laps: 78,
    points: 15,
    dnf: false,
    dns: false,
    dsq: false,
    gap_to_leader: 23.394,
    duration: 8634.637,
    meeting_key: 1286,
    session_key: 11299,
    ...changes,
  };
}
