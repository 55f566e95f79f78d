import type { Db } from "@pitwall/db/database";
import type { ClassifiedCar, SessionKind } from "@pitwall/domain/classifications";
import type { Answer, Copy } from "@pitwall/services/results/answers";
import { JOLPICA_ALLOWANCE, sharedBudget } from "./budget.ts";
import { type Client, type ClientOptions, openClient, type PutOff } from "./client.ts";
import { copyOfAll } from "./copies.ts";
import { readDocument } from "./jolpica-body.ts";
import { askForSeason } from "./jolpica-season.ts";
import type { AskedRace, ResultSource, SeasonSource } from "./source.ts";

const DOCUMENTS = { race: "results", sprint: "sprint", qualifying: "qualifying" } as const satisfies Record<
  SessionKind,
  string
>;

/** For everything that is asked of it: whoever shares a database shares a budget. */
export function jolpicaClient(db: Db, source: Pick<ClientOptions, "baseUrl" | "userAgent">): Client {
  return openClient({ ...source, budget: sharedBudget({ db }, JOLPICA_ALLOWANCE) });
}

/** The Ergast-compatible API, run by volunteers; its base address is the one up to and with `/ergast/f1`. */
export function jolpica(client: Client): ResultSource & SeasonSource {
  return { name: "jolpica", classificationOf, seasonOf: (season) => askForSeason(client, season) };

  async function classificationOf(race: AskedRace): Promise<Answer | PutOff> {
    const sessions = (["race", "sprint", "qualifying"] as const).filter(
      (session) => session === "race" || race.sessions.includes(session),
    );
    const cars = new Map<SessionKind, ClassifiedCar[]>();
    const bodies = new Map<SessionKind, string>();
    const copies: Copy[] = [];
    for (const session of sessions) {
      const fetched = await client.fetch(documentPath(race, session));
      if (fetched.kind !== "fetched") return fetched;
      bodies.set(session, fetched.body);
      copies.push(fetched.copy);
      const reading = readDocument(fetched.body, race, session);
      // Half a weekend is not yet a result: what is asked for is what scores.
      if (reading.kind === "none_yet") return { ...reading, copy: copyOfAll(copies) };
      if (reading.kind === "unreadable") return { ...reading, body: wordForWord(bodies) };
      cars.set(session, reading.cars);
    }
    const [raced, sprint, qualifying] = [cars.get("race"), cars.get("sprint"), cars.get("qualifying")];
    const classification = { race: raced ?? [], ...(sprint && { sprint }), ...(qualifying && { qualifying }) };
    return { kind: "classification", classification, body: wordForWord(bodies), copy: copyOfAll(copies) };
  }
}

/** One spelling always: the source caches by the exact address. */
function documentPath(race: AskedRace, session: SessionKind): string {
  return `/${race.season}/${race.round}/${DOCUMENTS[session]}.json?limit=100`;
}

/** One document as it came; several as the fields of one. */
function wordForWord(bodies: ReadonlyMap<SessionKind, string>): string {
  const [first, ...others] = bodies.values();
  if (first !== undefined && others.length === 0) return first;
  return `{${[...bodies].map(([session, body]) => `${JSON.stringify(session)}:${body}`).join(",")}}`;
}
