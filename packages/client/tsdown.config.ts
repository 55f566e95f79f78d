import { defineConfig } from "tsdown";

export default defineConfig({
  entry: "src/index.ts",
  platform: "neutral",
  tsconfig: "../../tsconfig.json",
  dts: true,
  // Of our own packages only the types are taken in; all else is installed beside the client.
  deps: { neverBundle: /^(?!@pitwall\/)[^./]/ },
  publint: true,
  attw: { profile: "esm-only" },
});
