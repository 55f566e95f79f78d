import type { Db } from "@pitwall/db/database";
import { HOUR, MINUTE, SECOND } from "@pitwall/domain/durations";
import { test } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { type Allowance, type BudgetContext, fallSilent, recover, silenceOf, takeTurn } from "./budget.ts";

const NOON = Date.parse("2026-06-07T12:00:00Z");
let made = 0;

/** A source of its own, asked by a clock that stands at noon until it is turned. */
function aSource(db: Db, changes: Partial<Allowance> = {}) {
  let at = NOON;
  const allowance: Allowance = { source: `source ${++made}`, gap: SECOND, burst: 3, refill: MINUTE, ...changes };
  const ctx: BudgetContext = { db, now: () => new Date(at) };
  const { source } = allowance;
  return {
    ctx,
    source,
    take: () => takeTurn(ctx, allowance),
    refused: (atLeast = 0) => fallSilent(ctx, { source, why: "refused", atLeast }),
    failing: () => fallSilent(ctx, { source, why: "failing", atLeast: 0 }),
    silence: () => silenceOf(ctx, source),
    recover: () => recover(ctx, source),
    turnBy(ms: number): void {
      at += ms;
    },
  };
}

const granted = (waitMs: number) => ({ kind: "granted", waitMs });

describe("the budget of a source", () => {
  test("gives those who come together a moment each", async ({ database: { db } }) => {
    const source = aSource(db);
    const turns = await Promise.all([1, 2, 3].map(source.take));
    expect(turns.map((turn) => turn.kind === "granted" && turn.waitMs).sort()).toEqual([0, SECOND, 2 * SECOND]);
  });

  test("is spent after a burst, says when one more comes back, and is whole after a rest", async ({
    database: { db },
  }) => {
    const source = aSource(db, { gap: 0 });
    for (let n = 0; n < 3; n += 1) expect(await source.take()).toEqual(granted(0));
    expect(await source.take()).toEqual({ kind: "denied", because: "spent", forMs: MINUTE });
    source.turnBy(MINUTE - 1);
    expect(await source.take()).toMatchObject({ because: "spent", forMs: 1 });
    source.turnBy(1);
    expect(await source.take()).toEqual(granted(0));
    expect(await source.take()).toMatchObject({ because: "spent" });
    source.turnBy(HOUR);
    for (let n = 0; n < 3; n += 1) expect(await source.take()).toEqual(granted(0));
  });

  test("lets no stretch of an hour hold more than its burst and what comes back in it", async ({
    database: { db },
  }) => {
    const source = aSource(db, { gap: 0, burst: 30, refill: HOUR / 30 });
    let taken = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      while ((await source.take()).kind === "granted") taken += 1;
      source.turnBy(MINUTE);
    }
    expect(taken).toBeGreaterThanOrEqual(58);
    expect(taken).toBeLessThanOrEqual(60);
  });

  test("goes by the database's clock unless somebody turns one", async ({ database: { db } }) => {
    const allowance: Allowance = { source: "real", gap: HOUR, burst: 2, refill: HOUR };
    expect(await takeTurn({ db }, allowance)).toEqual(granted(0));
    const second = await takeTurn({ db }, allowance);
    expect(second).toMatchObject({ kind: "granted" });
    expect("waitMs" in second && second.waitMs).toBeGreaterThan(HOUR - MINUTE);
    expect(await takeTurn({ db }, allowance)).toMatchObject({ kind: "denied", because: "spent" });
  });
});

/** Up to a quarter is left to chance. */
function expectAbout(ms: number, expected: number): void {
  expect(ms).toBeGreaterThanOrEqual(expected);
  expect(ms).toBeLessThanOrEqual(Math.ceil(expected * 1.25));
}

describe("a silence", () => {
  test("is for everybody, takes nothing from the budget, and ends by itself", async ({ database: { db } }) => {
    const source = aSource(db);
    await source.take();
    const forMs = await source.refused(MINUTE);
    expectAbout(forMs, MINUTE);
    expect(await source.take()).toEqual({ kind: "denied", because: "refused", forMs });
    expect(await source.silence()).toEqual({ kind: "denied", because: "refused", forMs });
    source.turnBy(forMs);
    expect(await source.silence()).toBeNull();
    expect(await source.take()).toEqual(granted(0));
  });

  test("is twice as long for every setback in a row, up to an hour when refused and half of one when failing", async ({
    database: { db },
  }) => {
    for (const [setback, first, longest] of [
      ["refused", 2 * SECOND, HOUR],
      ["failing", 30 * SECOND, HOUR / 2],
    ] as const) {
      const source = aSource(db);
      await source.take();
      for (let n = 0; n < 14; n += 1) {
        const forMs = await source[setback]();
        if (first * 2 ** n < longest / 1.25) expectAbout(forMs, first * 2 ** n);
        else expect(forMs).toBeLessThanOrEqual(longest);
        source.turnBy(forMs);
      }
      expect(await source[setback]()).toBe(longest);
      source.turnBy(longest);
      await source.recover();
      expectAbout(await source[setback](), first);
    }
  });

  test("is as long as the source asks for, within an hour", async ({ database: { db } }) => {
    const source = aSource(db);
    await source.take();
    expectAbout(await source.refused(30 * SECOND), 30 * SECOND);
    source.turnBy(HOUR);
    expect(await source.refused(10 ** 12)).toBe(HOUR);
  });

  test("is not doubled by the others of one wave, nor shortened", async ({ database: { db } }) => {
    const source = aSource(db);
    await source.take();
    await Promise.all([1, 2, 3].map(() => source.refused()));
    const silence = await source.silence();
    expectAbout(silence?.forMs ?? 0, 2 * SECOND);
    source.turnBy(MINUTE);
    expectAbout(await source.refused(), 4 * SECOND);
  });

  test("after a failure is told apart from one after a refusal", async ({ database: { db } }) => {
    const source = aSource(db);
    await source.take();
    await source.failing();
    expect(await source.take()).toMatchObject({ kind: "denied", because: "failing" });
  });
});
