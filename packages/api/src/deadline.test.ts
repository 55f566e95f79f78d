import { type Db, withTx } from "@pitwall/db/database";
import { DAY } from "@pitwall/domain/durations";
import { contextAs } from "@pitwall/services/context.fixture";
import { aUser, type BuiltRace, type BuiltUser } from "@pitwall/testing/builders";
import { test } from "@pitwall/testing/database";
import { expect } from "vitest";
import { contextOf } from "./context.ts";
import { aPlayableSeason, callerOf } from "./play.fixture.ts";
import { answerRest } from "./rest.ts";
import { callerFor } from "./router.ts";

test("a save that waits across the lock is refused at every door, whatever the game's clock says", async ({
  database: { db },
}) => {
  const { season, race, driverIds, captainId } = await aPlayableSeason(db);
  const change = { driverIds, captainId: driverIds[1] ?? "", version: 1 };
  const doors = await Promise.all(
    [restDoor, scriptDoor(-DAY), scriptDoor(0), scriptDoor(DAY)].map(async (door) => {
      const user = await aUser(db);
      const { id } = await callerOf(db, user).teams.create({ season, name: "Late", driverIds, captainId });
      return () => door(db, user, { id, ...change });
    }),
  );
  await db.execute(`update races set lock_at = clock_timestamp() + interval '1 second' where id = ${race.id}`);
  const begun = await withTx(db, async (tx) => {
    await tx.execute(`select from races where id = ${race.id} for update`);
    const saves = doors.map((save) => save());
    await tx.execute(untilLocked(race));
    return saves;
  });
  for (const outcome of await Promise.all(begun))
    expect(outcome).toEqual({ status: 422, reason: expect.stringMatching(/^(lineup.locked|season.no_open_race)$/) });
  const { rows } = await db.execute<{ n: number }>(
    `select count(*)::int as n from team_lineups where race_id = ${race.id}`,
  );
  expect(rows).toEqual([{ n: doors.length }]);
});

type Change = Parameters<ReturnType<typeof callerOf>["teams"]["setLineup"]>[0];

async function restDoor(db: Db, user: BuiltUser, { id, ...change }: Change) {
  const path = `/teams/${id}/lineup`;
  const request = new Request(`http://pitwall.test/api/v1${path}`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  });
  const asked = { instance: `/api/v1${path}`, requestId: "request-7", home: "" };
  const context = async () => contextOf(contextAs(db, actorOf(user)), asked);
  const answer = await answerRest({ request, path, asked, context });
  return { status: answer.status, reason: JSON.parse(answer.body).code };
}

function scriptDoor(turned: number) {
  return async (db: Db, user: BuiltUser, change: Change) => {
    const now = () => new Date(Date.now() + turned);
    const save = callerFor(contextAs(db, actorOf(user), { now })).teams.setLineup(change);
    return save.then(
      () => ({ status: 200, reason: "saved" }),
      ({ fault: { status, reason } }) => ({ status, reason }),
    );
  };
}

function actorOf({ id: userId, username }: BuiltUser) {
  return { kind: "user", userId, username, sessionId: null } as const;
}

function untilLocked(race: BuiltRace): string {
  return `select pg_sleep(greatest(0, extract(epoch from lock_at - clock_timestamp()))) from races where id = ${race.id}`;
}
