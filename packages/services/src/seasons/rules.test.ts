import { auditLog, races, seasons } from "@pitwall/db/schema";
import { DAY, HOUR } from "@pitwall/domain/durations";
import { extended, standard } from "@pitwall/domain/rulesets";
import { aRace, aSeason, aUser, lockNow, moveRace } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";
import { contextAs } from "../context.fixture.ts";
import { listRuleSets, rulesOf } from "./reading.ts";
import { setRules } from "./rules.ts";

const installer = { kind: "system", name: "installation" } as const;

describe("the rules of a season", () => {
  test("can be chosen before its first race locks, and that is written down", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await aRace(db, { season, lockIn: DAY });
    const admin = await aUser(db, { role: "admin" });
    const ctx = contextAs(db, { kind: "admin", userId: admin.id, username: admin.username, sessionId: null });
    expect(await setRules(ctx, { season, ruleSet: extended.id })).toMatchObject(extended);
    expect(await rulesOf(ctx, { season })).toEqual(listRuleSets().items.find(({ id }) => id === extended.id));
    expect(
      await db
        .select()
        .from(auditLog)
        .where(eq(auditLog.subject, String(season))),
    ).toMatchObject([{ actor: admin.id, act: "set_rules", detail: { from: standard.id, to: extended.id } }]);
  });

  test("chosen again change nothing, even when they stand already", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await aRace(db, { season, lockIn: -HOUR });
    const ctx = contextAs(db, installer);
    expect(await setRules(ctx, { season, ruleSet: standard.id })).toMatchObject({ id: standard.id });
    expect(
      await db
        .select()
        .from(auditLog)
        .where(eq(auditLog.subject, String(season))),
    ).toEqual([]);
  });

  test("stand once a race has locked, by its time or in fact, unless it was cancelled", async ({
    database: { db },
  }) => {
    const ctx = contextAs(db, installer);
    const season = await aSeason(db);
    const race = await aRace(db, { season, lockIn: DAY });
    const change = (ruleSet: string) => setRules(ctx, { season, ruleSet });
    await moveRace(db, race, -1);
    await expect(change(extended.id)).rejects.toMatchObject({ kind: "conflict", reason: "season.rules_in_use" });
    await db.update(races).set({ cancelledAt: new Date() }).where(eq(races.id, race.id));
    expect(await change(extended.id)).toMatchObject({ id: extended.id });

    await lockNow(db, await aRace(db, { season, lockIn: DAY }));
    await expect(change(standard.id)).rejects.toMatchObject({ reason: "season.rules_in_use" });
    expect(await rulesOf(ctx, { season })).toMatchObject({ id: extended.id });
  });

  test("stand against hand-written SQL as well", async ({ database: { db } }) => {
    const season = await aSeason(db);
    await setRules(contextAs(db, installer), { season, ruleSet: extended.id });
    await aRace(db, { season, lockIn: -1 });
    const change = db.update(seasons).set({ ruleSetId: standard.id }).where(eq(seasons.year, season));
    await expect(change).rejects.toMatchObject({ cause: { code: "PW007" } });
    await db.update(seasons).set({ attribution: "another" }).where(eq(seasons.year, season));
  });

  test("are rules that there are, of a season that there is", async ({ database: { db } }) => {
    const ctx = contextAs(db, installer);
    const season = await aSeason(db);
    const unheardOf = setRules(ctx, { season, ruleSet: "unheard-of-9" });
    await expect(unheardOf).rejects.toMatchObject({ kind: "broken_rule", reason: "season.unknown_rule_set" });
    const nowhere = setRules(ctx, { season: 1951, ruleSet: standard.id });
    await expect(nowhere).rejects.toMatchObject({ kind: "not_found", reason: "season.not_found" });
  });
});
