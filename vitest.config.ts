import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const PURE = ["packages/domain/src/**/*.test.ts", "tooling/house/**/*.test.ts"];

/** The engines of the proof take longest: begun last, one would keep everybody waiting. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => moduleId.includes("/tooling/proof/");
    return (await super.sort(files)).toSorted((one, other) => Number(isLong(other)) - Number(isLong(one)));
  }
}

export default defineConfig({
  test: {
    environment: "node",
    pool: "forks",
    // No module keeps state, so files may share them: a third of the time went into loading the same ones again.
    isolate: false,
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
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
