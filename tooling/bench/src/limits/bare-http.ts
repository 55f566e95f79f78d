import { once } from "node:events";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

// The same answer to everybody: all that is left is HTTP.
const app = new Hono();
app.get("/*", (c) => c.json({ status: "ok" }));
const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
await once(server, "listening");
const address = server.address();
// Whoever started it is gone.
process.on("disconnect", () => process.exit());
process.send?.(typeof address === "object" && address ? `http://127.0.0.1:${address.port}` : "");
