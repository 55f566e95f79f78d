import { Socket } from "node:net";
import pg from "pg";

export interface Notification {
  readonly channel: string;
  readonly text: string;
  /** Which connection said it. */
  readonly pid: number;
}

/** A connection that listens. */
export interface Line {
  readonly pid: number;
  /** Aborted, with the reason, once nothing comes any more. */
  readonly over: AbortSignal;
  /** What does not get through shows in `over`. */
  notify(channel: string, text: string): void;
  /** Leaves PostgreSQL to find out by itself, since it may be out of reach. */
  drop(): void;
  /** Says goodbye first. */
  end(): Promise<void>;
}

export interface LineOptions {
  readonly url: string;
  /** PostgreSQL lists the line by it, from when it listens. */
  readonly name: string;
  readonly channels: readonly string[];
  readonly onNotification: (line: Line, heard: Notification) => void;
}

const PATIENCE = 2_000;

export async function openLine({ url, name, channels, onNotification }: LineOptions): Promise<Line> {
  const socket = new Socket();
  const client = new pg.Client({ connectionString: url, keepAlive: true, stream: () => socket });
  const over = new AbortController();
  client.on("error", (error) => over.abort(error));
  client.on("end", () => over.abort(new Error("PostgreSQL closed the connection that listens")));
  const impatience = setTimeout(() => socket.destroy(new Error("PostgreSQL lets no listener in")), PATIENCE);
  try {
    await client.connect();
    const line = lineOf(client, { pid: await ownPid(client), socket, over: over.signal });
    client.on("notification", ({ channel, payload = "", processId }) =>
      onNotification(line, { channel, text: payload, pid: processId }),
    );
    for (const channel of channels) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    await client.query("select set_config('application_name', $1, false)", [name]);
    return line;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(impatience);
  }
}

/** A pooler hands our statements to one connection after another, and what they hear to nobody. It cannot know their numbers. */
async function ownPid(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const pid = rows[0]?.pid ?? 0;
  if ("processID" in client && client.processID === pid) return pid;
  throw new Error("something between us and PostgreSQL shares its connections, so nothing can be heard through it");
}

function lineOf(client: pg.Client, known: { pid: number; socket: Socket; over: AbortSignal }): Line {
  const { pid, socket, over } = known;
  // A client takes one statement at a time.
  let said: Promise<unknown> = Promise.resolve();
  return {
    pid,
    over,
    notify(channel, text) {
      said = said.then(() => client.query("select pg_notify($1, $2)", [channel, text])).catch(() => undefined);
    },
    drop: () => void socket.destroy(),
    end: () => client.end(),
  };
}
