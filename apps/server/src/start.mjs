// Plain JavaScript, since whoever reads TypeScript holds 30 MB for it, and after the first start nobody has to.
import { enableCompileCache, flushCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

enableCompileCache(fileURLToPath(new URL("../node_modules/.cache", import.meta.url)));
await import("./main.ts");
flushCompileCache();
