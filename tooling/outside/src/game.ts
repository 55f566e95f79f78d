import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { inherited } from "./env.ts";
import { ROOT } from "./parcel.ts";

/** The one-command start in a folder of its own, at any free port; pages of `origin` may ask it. */
export async function startedGame(folder: string, origin: string): Promise<{ url: string; close(): Promise<void> }> {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...env } = inherited;
  const own = { PITWALL_DATA: join(folder, "data"), HOST: "localhost", PORT: "0", CORS_ORIGINS: origin };
  const main = join(ROOT, "apps/local/src/main.ts");
  const game = spawn(process.execPath, [main], { env: { ...env, ...own }, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const text of game.stdout.iterator({ destroyOnReturn: false })) {
    said += text;
    const [, url] = /REST\s+(http:\S+)\/api\/v1/.exec(said) ?? [];
    if (url === undefined || !said.includes("Ctrl-C")) continue;
    game.stdout.resume();
    return {
      url,
      async close() {
        const end = once(game, "exit");
        game.kill("SIGTERM");
        await end;
      },
    };
  }
  throw new Error(`the game did not start, and said: ${said}`);
}
