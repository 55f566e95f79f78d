import { expect, test } from "vitest";
import { turns } from "./turns.ts";

/** Works that finish when the test says so. */
function works() {
  const finish: (() => void)[] = [];
  const begun: number[] = [];
  const work = (n: number) => () =>
    new Promise<number>((resolve) => {
      begun.push(n);
      finish.push(() => resolve(n));
    });
  return { work, begun, finish };
}

test("lets two begin at once, and the third when one of them is done", async () => {
  const inTurn = turns({ atOnce: 2, waiting: 5 });
  const { work, begun, finish } = works();
  const all = [1, 2, 3].map((n) => inTurn(work(n)));
  await Promise.resolve();
  expect(begun).toEqual([1, 2]);
  finish[0]?.();
  await all[0];
  expect(begun).toEqual([1, 2, 3]);
  for (const end of finish) end();
  expect(await Promise.all(all)).toEqual([1, 2, 3]);
});

test("sends away whoever comes to a full queue, and says when to come back", async () => {
  const inTurn = turns({ atOnce: 1, waiting: 1 });
  const { work, finish } = works();
  const running = inTurn(work(1));
  const waiting = inTurn(work(2));
  await expect(inTurn(work(3))).rejects.toMatchObject({
    kind: "unavailable",
    reason: "auth.busy",
    message: expect.stringMatching(/^[A-Z].+\.$/),
    retryAfterSeconds: 2,
  });
  finish[0]?.();
  await running;
  finish[1]?.();
  expect(await waiting).toBe(2);
});

test("hands the turn on when a work fails", async () => {
  const inTurn = turns({ atOnce: 1, waiting: 1 });
  const failing = inTurn(() => Promise.reject(new Error("no")));
  const next = inTurn(() => Promise.resolve("yes"));
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("yes");
  expect(await inTurn(() => Promise.resolve("again"))).toBe("again");
});
