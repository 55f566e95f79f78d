import { startEmbedded } from "@pitwall/db/embedded";
import { migrate } from "@pitwall/db/migrate";
import { createDatabase } from "@pitwall/rig/databases";
import { aFolder } from "@pitwall/rig/folder";
import type { Engine } from "../engine.ts";
import { catalogue } from "./catalogue.ts";
import { sampled } from "./sampled.ts";
import { type Choice, type Swept, sweep } from "./swept.ts";

const everyOne: Choice = () => () => true;
const TEMPLATE = "pitwall_migrated";

/** Cuts every way of writing at every message to the database, and loses the answer of every commit. */
export const sweeping: Engine = {
  name: "sweep",
  summary: "kills every way of writing at every message to the database, and does it again",
  options: { paths: "only those whose name has these letters", sample: "only so many messages of each, by the seed" },
  async run({ seed, own }, watch) {
    const chosen = own.sample === undefined ? everyOne : sampled(seed, Number(own.sample));
    const scenes = catalogue
      .map((scene) => ({ ...scene, paths: scene.paths.filter(({ name }) => name.includes(own.paths ?? "")) }))
      .filter(({ paths }) => paths.length > 0);
    const progress = watch("sweep", scenes.length);
    const folder = aFolder();
    const server = await startEmbedded({ dataDir: folder.path, durable: false });
    const swept: Swept[] = [];
    try {
      await migrate({ url: await createDatabase(server.url, TEMPLATE) });
      for (const [index, scene] of scenes.entries()) {
        progress.step(index, scene.name);
        swept.push(...(await sweep(server.url, TEMPLATE, scene, chosen)));
      }
    } finally {
      progress.end();
      await server.stop();
      folder.remove();
    }
    return {
      rows: [...swept.map(rowOf), ...sums(swept)],
      failures: swept.flatMap(({ path, faults }) =>
        faults.map((words) => ({ words, replay: `pnpm proof sweep --paths "${path}" --seed ${seed}` })),
      ),
    };
  },
};

function rowOf({ path, statements, deaths, lostCommits, faults }: Swept) {
  const verdict = faults.length === 0 ? "held" : `${faults.length} FAULTS`;
  return { what: path, count: `${statements} messages, ${deaths} deaths, ${lostCommits} lost: ${verdict}` };
}

function sums(swept: readonly Swept[]) {
  const sum = (of: (one: Swept) => number) => swept.reduce((all, one) => all + of(one), 0);
  return [
    { what: "ways of writing", count: swept.length },
    { what: "deaths", count: sum(({ deaths }) => deaths) },
    { what: "lost commits", count: sum(({ lostCommits }) => lostCommits) },
  ];
}
