import { defineConfig } from "tsdown";

export default defineConfig({
  entry: "src/index.ts",
  platform: "neutral",
  // Its folder is taken for the root of all sources, so it stands there; it names only what the types are made from.
  tsconfig: "../../.tsconfig.client.json",
  dts: true,
  // Of our own packages only the types are taken in; all else is installed beside the client.
  deps: { neverBundle: /^(?!@pitwall\/)[^./]/ },
  publint: true,
  attw: { profile: "esm-only" },
});
