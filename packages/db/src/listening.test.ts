import { aProxy } from "@pitwall/rig/proxy";
import { sql } from "drizzle-orm";
import { expect, onTestFinished } from "vitest";
import { type TestDatabase, test } from "./database.fixture.ts";
import { type Listening, openListening } from "./listening.ts";

const CHANNEL = "paddock";

/** Somebody who listens, once it hears. */
async function aListener(url: string) {
  const words: string[] = [];
  const outages: unknown[] = [];
  let gaps = 0;
  const listening = openListening({ url, channel: CHANNEL, onOutage: (error) => outages.push(error) });
  onTestFinished(() => listening.close());
  listening.hear({
    onWord: (word) => void words.push(word),
    onGap() {
      gaps += 1;
    },
  });
  await hearing(listening);
  return { listening, words, outages, gaps: () => gaps };
}

async function hearing(listening: Listening): Promise<void> {
  await expect.poll(() => listening.isHearing, { timeout: 10_000 }).toBe(true);
}

async function killListeners({ db }: TestDatabase): Promise<void> {
  await db.execute(
    sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name = ${`${CHANNEL} listener`}`,
  );
}

test("hears what anybody says on its channel", async ({ database }) => {
  const { words } = await aListener(database.url);
  await database.db.execute(sql`select pg_notify(${CHANNEL}, 'box'), pg_notify('elsewhere', 'push')`);
  await expect.poll(() => words).toEqual(["box"]);
});

test("a word is heard by everybody by the time that its speaker goes on", async ({ database }) => {
  const [speaker, ...others] = await Promise.all([1, 2, 3, 4].map(() => aListener(database.url)));
  for (const word of ["box", "push", "stay"]) {
    expect(await speaker?.listening.tell(database.db, word)).toBe(0);
    for (const { words } of others) expect(words.at(-1)).toBe(word);
  }
  expect(speaker?.words).toEqual(["box", "push", "stay"]);
});

test("the words of many who speak at once are all heard", async ({ database }) => {
  const [one, other] = await Promise.all([aListener(database.url), aListener(database.url)]);
  const words = Array.from({ length: 20 }, (_, index) => `lap-${index}`);
  await Promise.all(words.map((word, index) => (index % 2 ? one : other).listening.tell(database.db, word)));
  for (const { words: heard } of [one, other]) expect(heard.toSorted()).toEqual(words.toSorted());
});

test("who is out of reach trusts its ears no more by the time that the speaker goes on, and keeps it waiting once", async ({
  database,
}) => {
  const proxy = await aProxy(database.url);
  const far = await aListener(proxy.url);
  onTestFinished(() => proxy.close());
  const near = await aListener(database.url);
  proxy.hang();
  expect(await near.listening.tell(database.db, "red-flag")).toBe(1);
  expect(far.listening.isHearing).toBe(false);
  expect(await near.listening.tell(database.db, "restart")).toBe(0);
  proxy.heal();
  const gaps = far.gaps();
  await hearing(far.listening);
  expect(far.gaps()).toBeGreaterThan(gaps);
  expect(far.words).toEqual([]);
  expect(await near.listening.tell(database.db, "green")).toBe(0);
  expect(far.words).toEqual(["green"]);
});

test("who is cut off trusts its ears no more, says so once, and hears again by itself", async ({ database }) => {
  const { listening, words, outages, gaps } = await aListener(database.url);
  const before = gaps();
  await killListeners(database);
  await expect.poll(() => gaps()).toBeGreaterThan(before);
  expect(outages).toHaveLength(1);
  await hearing(listening);
  await database.db.execute(sql`select pg_notify(${CHANNEL}, 'again')`);
  await expect.poll(() => words).toEqual(["again"]);
});

test("whose own ears were just cut off waits until nobody can go by what it missed", async ({ database }) => {
  const proxy = await aProxy(database.url);
  const far = await aListener(proxy.url);
  onTestFinished(() => proxy.close());
  const near = await aListener(database.url);
  proxy.hang();
  const before = near.gaps();
  await killListeners(database);
  await expect.poll(() => near.gaps()).toBeGreaterThan(before);
  await near.listening.tell(database.db, "safety-car");
  expect(far.listening.isHearing).toBe(false);
});

test("who cannot reach the database hears nothing, keeps no speaker waiting, and can be closed", async ({
  database,
}) => {
  const outages: unknown[] = [];
  const listening = openListening({
    url: "postgres://nobody@127.0.0.1:1/nowhere",
    channel: CHANNEL,
    onOutage: (error) => outages.push(error),
  });
  await expect.poll(() => outages).toHaveLength(1);
  expect(listening.isHearing).toBe(false);
  expect(await listening.tell(database.db, "alone")).toBe(0);
  await listening.close();
  await listening.close();
});

test("a listener that was closed is in nobody's way", async ({ database }) => {
  const [speaker, gone] = await Promise.all([aListener(database.url), aListener(database.url)]);
  await gone.listening.close();
  expect(gone.listening.isHearing).toBe(false);
  expect(await speaker.listening.tell(database.db, "farewell")).toBe(0);
  expect(gone.words).toEqual([]);
});
