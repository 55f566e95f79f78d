import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@pitwall/db/embedded";
import { migrate } from "@pitwall/db/migrate";
import { openBench } from "./bench.ts";
import { growthInWords } from "./growth.ts";
import { describeMachine } from "./machine.ts";
import { measure } from "./measure.ts";
import { type Asked, AskingError, askedFor, USAGE } from "./options.ts";
import { openProgress } from "./progress.ts";
import { inWords, type Report } from "./report.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

try {
  const asked = askedFor(process.argv.slice(2));
  switch (asked.kind) {
    case "help":
      say(USAGE);
      break;
    case "growth":
      say(growthInWords(await Promise.all(asked.files.map(reportIn))));
      break;
    case "run": {
      const report = await run(asked);
      say(asked.isJson ? JSON.stringify(report, null, 2) : inWords(report));
    }
  }
} catch (error) {
  if (!(error instanceof AskingError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}

/** Safe as far as the file is what `--json` printed. */
async function reportIn(file: string): Promise<Report> {
  const report = JSON.parse(await readFile(file, "utf8")) as Report;
  if (!Array.isArray(report.rows)) throw new AskingError(`${file} is not what --json prints.`);
  return report;
}

async function run({ scale, workloads }: Extract<Asked, { kind: "run" }>): Promise<Report> {
  const progress = openProgress(process.stderr);
  const closings: (() => unknown)[] = [() => progress.end()];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      for (const one of closings.toReversed()) await one();
    })();
    return closing;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void close().finally(() => process.exit(130)));
  try {
    const dataDir = await mkdtemp(join(tmpdir(), "pitwall-bench-"));
    closings.push(() => rm(dataDir, { recursive: true, force: true }));
    progress.step(0, "starting PostgreSQL");
    const server = await startEmbedded({ dataDir, durable: true });
    closings.push(() => server.stop());
    await migrate({ url: server.url });
    progress.step(0, "entering the teams");
    const bench = await openBench(server.url, scale);
    closings.push(() => bench.close());
    const rows = await measure(bench, workloads, progress);
    const machine = await describeMachine(bench.database);
    return { teams: scale.teams, at: new Date().toISOString(), machine, rows };
  } finally {
    await close();
  }
}
