import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { aFolder, type Folder } from "@pitwall/rig/folder";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const README = fileURLToPath(new URL("../../../README.md", import.meta.url));
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

let folder: Folder;
let pitwall: ChildProcess;
let said = "";
let url: string;

/** Starts it as the command of the README does, on a free port and in a folder of its own. */
beforeAll(async () => {
  folder = aFolder();
  const bare = ["-u", "DATABASE_URL", "-u", "REDIS_URL", `PITWALL_DATA=${folder.path}`, "PORT=0"];
  pitwall = spawn("env", [...bare, process.execPath, MAIN], { stdio: ["ignore", "pipe", "inherit"] });
  pitwall.stdout?.setEncoding("utf8");
  url = await new Promise<string>((resolve, reject) => {
    pitwall.once("exit", (code) => reject(new Error(`it ended with ${code} and said: ${said}`)));
    pitwall.stdout?.on("data", (text: string) => {
      said += text;
      const [, address] = /REST\s+(http:\S+)\/api\/v1/.exec(said) ?? [];
      if (address && said.includes("Ctrl-C")) resolve(address);
    });
  });
}, 60_000);

afterAll(() => folder.remove());

/** The fenced blocks of a language, with our address in place of the written one. */
async function blocks(language: string): Promise<string[]> {
  const text = await readFile(README, "utf8");
  const found = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, name]) => name === language);
  return found.map(([, , code = ""]) => code.replaceAll("http://localhost:3000", url));
}

describe("whoever follows the README", () => {
  test("is told where everything is and how to sign in as the admin", async () => {
    expect(said).toContain(`${url}/docs`);
    const [, password = ""] = /Admin\s+admin \/ (\S+)/.exec(said) ?? [];
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login: "admin", password }),
    });
    expect(await answer.json()).toMatchObject({ tokenType: "bearer", user: { role: "admin" } });
  });

  test("gets an answer to every curl", async () => {
    const [curls] = (await blocks("sh")).filter((block) => block.startsWith("curl"));
    const commands = curls?.trim().split(/\n(?=curl)/) ?? [];
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) {
      const { stdout } = await run("sh", ["-c", command.replace(/^curl/, "curl -sS --fail-with-body")]);
      expect(JSON.parse(stdout)).not.toHaveProperty("code");
    }
  });

  test("enters a team with the client's example, word for word", async () => {
    const [example = ""] = await blocks("ts");
    const file = fileURLToPath(new URL("./readme-example.ts", import.meta.url));
    await writeFile(file, example);
    try {
      const { stdout } = await run(process.execPath, [file]);
      expect(stdout).toMatch(/^Slipstream drives the .+ Grand Prix\n$/);
    } finally {
      await rm(file);
    }
  });

  test("sees the docs page, which needs nothing from elsewhere", async () => {
    const page = await fetch(`${url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test("stops it with one signal, and nothing is left", async () => {
    const exit = once(pitwall, "exit");
    pitwall.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
    const left = await run("pgrep", ["-f", folder.path]).catch(() => ({ stdout: "" }));
    expect(left.stdout).toBe("");
  });
});
