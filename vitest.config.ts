import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const PURE = ["packages/domain/src/**/*.test.ts", "tooling/house/**/*.test.ts"];

export default defineConfig({
  test: {
    environment: "node",
    pool: "forks",
    // No module keeps state, so files may share them: a third of the time went into loading the same ones again.
    isolate: false,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "pure", include: PURE } },
      {
        extends: true,
        test: {
          name: "real",
          include: ["{apps,packages,tooling}/*/src/**/*.test.ts"],
          exclude: PURE,
          globalSetup: "tooling/testing/src/global-setup.ts",
        },
      },
    ],
  },
});
