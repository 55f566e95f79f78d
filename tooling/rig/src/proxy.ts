import { connect, createServer, type Socket } from "node:net";

/** A wire to a server that a test can cut, so that an outage is a real one. */
export interface Proxy {
  readonly url: string;
  /** Breaks what is open and refuses what comes, until `heal`. */
  sever(): void;
  /** Keeps everything open and lets nothing through, until `heal`. */
  hang(): void;
  /** Whole again, and no trap is set any more. */
  heal(): void;
  /** Breaks the next connection whose client says something that `pattern` matches, once. Says later whether it came to that. */
  severOn(pattern: RegExp, how?: Severing): () => boolean;
  /** Breaks the connection whose client says the `nth` thing from now on, over all connections; once. Says later whether it came to that. */
  severAt(nth: number, how?: Severing): () => boolean;
  /** Answers how to stop, and learn what clients have said since. */
  listen(): () => readonly string[];
  close(): Promise<void>;
}

export interface Severing {
  /** What was said last still arrives, and only its answer is lost. */
  readonly isHeard?: boolean;
}

interface Trap extends Severing {
  springs(said: string): boolean;
}

/** A server that comes back elsewhere is named by a function. */
export async function aProxy(target: string | (() => string)): Promise<Proxy> {
  const now = () => new URL(typeof target === "string" ? target : target());
  const open = new Set<Socket>();
  let state: "whole" | "severed" | "hanging" = "whole";
  let trap: Trap | null = null;
  const listeners = new Set<string[]>();

  const server = createServer((client) => {
    if (state === "severed") return void client.resetAndDestroy();
    const { hostname: host, port } = now();
    const upstream = connect({ host, port: Number(port) });
    const cut = () => {
      client.resetAndDestroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        open.delete(socket);
        cut();
      });
    }
    let isLost = false;
    client.on("data", (said) => {
      for (const heard of listeners) heard.push(said.toString("latin1"));
      if (trap?.springs(said.toString("latin1"))) {
        isLost = trap.isHeard === true;
        trap = null;
        if (!isLost) return cut();
      }
      if (state === "whole") upstream.write(said);
    });
    upstream.on("data", (said) => {
      if (isLost) return cut();
      if (state === "whole") client.write(said);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");

  const url = now();
  url.hostname = "127.0.0.1";
  url.port = `${address.port}`;
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  const setTrap = (set: Trap) => {
    trap = set;
    return () => trap !== set;
  };
  return {
    url: url.href,
    sever() {
      state = "severed";
      breakAll();
    },
    hang() {
      state = "hanging";
    },
    heal() {
      // What was swallowed while it hung leaves those connections out of step.
      if (state === "hanging") breakAll();
      state = "whole";
      trap = null;
    },
    severOn: (pattern, how) => setTrap({ ...how, springs: (said) => pattern.test(said) }),
    severAt(nth, how) {
      let said = 0;
      const springs = () => {
        said += 1;
        return said === nth;
      };
      return setTrap({ ...how, springs });
    },
    listen() {
      const heard: string[] = [];
      listeners.add(heard);
      return () => {
        listeners.delete(heard);
        return heard;
      };
    },
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
