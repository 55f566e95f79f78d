import { startEmbedded } from "./embedded.ts";

const [, , dataDir = ""] = process.argv;
await startEmbedded({ dataDir, durable: false });
process.send?.("started");
