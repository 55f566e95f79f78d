import { expect, test } from "vitest";
import { DomainError } from "./domain-error.ts";

test("a refusal carries its kind, its reason, its message and every fault", () => {
  const faults = [{ field: "driverIds", reason: "lineup.over_budget" as const, message: "Cheaper drivers.", over: 5 }];
  const error = new DomainError("broken_rule", "lineup.breaks_rules", "Mend the line-up.", { faults });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({
    name: "DomainError",
    kind: "broken_rule",
    reason: "lineup.breaks_rules",
    message: "Mend the line-up.",
    faults,
  });
});

test("a refusal says when to come back only if it knows", () => {
  expect(
    new DomainError("rate_limited", "request.rate_limited", "Wait.", { retryAfterSeconds: 30 }).retryAfterSeconds,
  ).toBe(30);
  expect(new DomainError("conflict", "team.version_stale", "Load it again.")).toMatchObject({ faults: [] });
  expect(new DomainError("conflict", "team.version_stale", "Load it again.").retryAfterSeconds).toBeUndefined();
});
