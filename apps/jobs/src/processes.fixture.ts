import { aStage, type Stage } from "./stage.fixture.ts";

/** The doors of this room that are processes of their own. */
export const DOORS = {
  main: new URL("./main.ts", import.meta.url),
  once: new URL("./once.ts", import.meta.url),
  worker: new URL("./worker-process.fixture.ts", import.meta.url),
};

/** A stage on which the flag of the first race fell three hours ago by everybody's clock, and where a process finds it. */
export async function afterTheFlag(): Promise<{ stage: Stage; env: Record<string, string> }> {
  const stage = await aStage();
  stage.turnTo(3.5);
  await stage.pool.query(
    "update races set lock_at = now() - interval '1 day', flag_due_at = now() - interval '3 hours'",
  );
  return { stage, env: { DATABASE_URL: stage.url, F1_API_BASE_URL: stage.feed.url } };
}
