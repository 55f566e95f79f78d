import { sql } from "drizzle-orm";
import { expect, onTestFinished } from "vitest";
import { CHANGES } from "./changes.ts";
import { type TestDatabase, test } from "./database.fixture.ts";
import { openListening } from "./listening.ts";

/** Every word that is heard, once somebody listens. */
async function heardIn({ url }: TestDatabase): Promise<string[]> {
  const words: string[] = [];
  const listening = openListening({ url, channel: CHANGES });
  onTestFinished(() => listening.close());
  listening.hear({ onWord: (word) => void words.push(word), onGap: () => undefined });
  await expect.poll(() => listening.isHearing, { timeout: 10_000 }).toBe(true);
  return words;
}

test("whatever changes what everybody may read is told, once it is committed, whoever does it", async ({
  database,
}) => {
  const words = await heardIn(database);
  const { db } = database;
  await db.execute(
    sql`insert into circuits (id, name, locality, country) values ('spa', 'Spa', 'Stavelot', 'Belgium')`,
  );
  await expect.poll(() => words).toEqual(["circuits"]);
  await db.execute(sql`update circuits set name = 'Spa-Francorchamps'`);
  await expect.poll(() => words).toEqual(["circuits", "circuits"]);
  await db.execute(sql`truncate circuits cascade`);
  await expect.poll(() => words).toEqual(expect.arrayContaining(["races", "calendar_changes"]));
});

test("what players do by the thousand is not told, but what standings show of them is", async ({ database }) => {
  const words = await heardIn(database);
  const { db } = database;
  await db.execute(sql`
    insert into users (username, email, password_hash) values ('ada', 'ada@example.org', '')`);
  await db.execute(sql`update users set full_name = 'Ada'`);
  await db.execute(sql`update users set username = 'ada_l'`);
  await expect.poll(() => words).toEqual(["users"]);
});
