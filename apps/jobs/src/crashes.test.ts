import { openDatabase } from "@pitwall/db/database";
import { aProxy } from "@pitwall/testing/database";
import { describe, expect, onTestFinished, test } from "vitest";
import { act, acts, aRace, HOUR_OF_ACTS, stateOf, timeless } from "./acts.fixture.ts";
import type { Stage } from "./stage.fixture.ts";

/** The same work over a wire that can be cut: to the database, whoever speaks over a cut wire is dead. */
async function overWire(stage: Stage) {
  const proxy = await aProxy(stage.url);
  onTestFinished(proxy.close);
  const database = openDatabase({ url: proxy.url });
  onTestFinished(database.close);
  return { proxy, ctx: { ...stage.ctx, db: database.db } };
}

const state = async (stage: Stage) => timeless(await stateOf(stage));

describe.each(acts)("%s (corrected: %s)", (name, recorded) => {
  test("leaves all or nothing wherever it dies, and is made up for by the next who does it", async () => {
    const [stage, undisturbed] = await Promise.all([aRace(recorded), aRace(recorded)]);
    const before = await state(undisturbed);
    await act(undisturbed, name);
    const after = await state(undisturbed);
    const { proxy, ctx } = await overWire(stage);
    let deaths = 0;
    for (let nth = 1; ; nth += 1) {
      // An hour later each time: the source has only so much patience in one.
      stage.turnTo(HOUR_OF_ACTS + nth);
      const isDead = proxy.severAt(nth);
      await act(stage, name, ctx).catch(() => undefined);
      if (!isDead()) break;
      deaths += 1;
      expect([before, after]).toContainEqual(await state(stage));
    }
    expect(deaths).toBeGreaterThan(3);
    expect(await state(stage)).toEqual(after);
  });

  test("is done once when nobody hears that it was committed", async () => {
    const [stage, undisturbed] = await Promise.all([aRace(recorded), aRace(recorded)]);
    await act(undisturbed, name);
    const { proxy, ctx } = await overWire(stage);
    proxy.severOn(/^Q.{4}commit/is, { isHeard: true });
    await expect(act(stage, name, ctx)).rejects.toThrow();
    const committed = await state(stage);
    await act(stage, name, ctx);
    expect(await state(stage)).toEqual(committed);
    expect(committed).toEqual(await state(undisturbed));
  });
});
