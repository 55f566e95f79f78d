import { randomUUID } from "node:crypto";
import { test as withDatabase } from "@pitwall/testing/database";
import { describe, expect } from "vitest";
import { z } from "zod";
import {
  ask,
  aWorld,
  contentsOf,
  dreaming,
  EVERYBODY,
  type Outcome,
  secretsFrom,
  type Who,
  type World,
} from "./ownership.fixture.ts";
import { CASES } from "./ownership-cases.fixture.ts";
import { appRouter } from "./router.ts";
import { metaOf, proceduresOf } from "./routes.ts";
import { namesOfThings, openObjects, strictly } from "./schemas.fixture.ts";

const procedures = Object.entries(proceduresOf(appRouter)).map(([name, procedure]) => {
  const { inputs, type, output } = procedure._def as typeof procedure._def & { readonly output?: z.ZodType };
  const [input] = inputs as z.ZodObject[];
  return { name, type, input, output, ...metaOf(procedure) };
});

const test = withDatabase.extend(
  "world",
  { scope: "file" },
  async ({ database }): Promise<World> => aWorld(database.db),
);

/** Asked by the first who is let in, with something in their hands. */
const allowedCases = CASES.flatMap((one) => {
  const who = EVERYBODY.find((person) => person !== "guest" && one.verdicts[person] === "in");
  return who && procedureNamed(one.call).input ? [{ ...one, who }] : [];
});

describe("whose things are whose", () => {
  test("is declared for every procedure that takes an id of somebody's, or a name or a code", () => {
    const declared = new Set(CASES.map(({ call }) => call));
    const missing = procedures.flatMap(({ name, input, ignoresToken }) => {
      const fields = input && !ignoresToken && !declared.has(name) ? namesOfThings(input) : [];
      return fields.length > 0 ? [`${name} by ${fields}`] : [];
    });
    expect(missing).toEqual([]);
    expect([...declared].filter((name) => !procedures.some((procedure) => procedure.name === name))).toEqual([]);
  });

  test.for(CASES)("$call $of", async ({ call, input, verdicts }, { world }) => {
    const before = await contentsOf(world.db);
    const found: Record<string, string> = {};
    for (const who of EVERYBODY) {
      const asked = (here: World) => ask(here, who, call, input(here, who));
      const outcome = verdicts[who] === "in" ? await dreaming(world, asked) : await asked(world);
      found[who] = verdictOf(outcome);
      expect({ who, told: leaksIn(world, who, call, outcome) }).toEqual({ who, told: [] });
      if ("answer" in outcome) expect(strict(call).safeParse(outcome.answer).error).toBeUndefined();
    }
    expect(found).toEqual(verdicts);
    expect(await contentsOf(world.db)).toEqual(before);
  });
});

describe("another's id", () => {
  const asking = allowedCases.filter(({ call }) => procedureNamed(call).who !== "admin");

  test.for(asking)("does not do what one's own does: $call $of", async ({ call, input, who }, { world }) => {
    const before = await contentsOf(world.db);
    for (const { field, whose, asked } of swapped(input(world, who), foreignTo(world, who, call))) {
      const outcome = await ask(world, who, call, asked);
      const status = "fault" in outcome ? outcome.fault.status : 200;
      expect({ field, whose, status, refused: status === 403 || status === 404 }).toMatchObject({ refused: true });
      expect(leaksIn(world, who, call, outcome)).toEqual([]);
    }
    expect(await contentsOf(world.db)).toEqual(before);
  });
});

describe("what nobody may set", () => {
  const GRABS = ["role", "isAdmin", "isActive", "totalPoints", "price", "ownerId", "code", "createdAt", "id"];
  const grabsAt = (input: z.ZodObject) => GRABS.filter((key) => !(key in input.shape));

  test("is refused by name, whatever it is slipped into", async ({ world }) => {
    const before = await contentsOf(world.db);
    for (const { name, input } of procedures) {
      if (!input) continue;
      const outcome = await ask(world, "admin", name, Object.fromEntries(grabsAt(input).map((key) => [key, true])));
      const errors = "fault" in outcome ? outcome.fault.errors : [];
      const unknown = errors.filter(({ reason }) => reason === "field.unknown").map(({ field }) => field);
      expect({ name, unknown }).toEqual({ name, unknown: grabsAt(input) });
    }
    expect(await contentsOf(world.db)).toEqual(before);
  });

  test.for(allowedCases)("spoils what would have been done: $call $of", async ({ call, input, who }, { world }) => {
    const before = await contentsOf(world.db);
    const asked = input(world, who) ?? {};
    for (const key of grabsAt(procedureNamed(call).input ?? z.object())) {
      const outcome = await ask(world, who, call, { ...asked, [key]: asked.id ?? true });
      expect({ key, verdict: verdictOf(outcome) }).toEqual({ key, verdict: "request.malformed" });
    }
    expect(await contentsOf(world.db)).toEqual(before);
  });
});

describe("answers", () => {
  /** Facts of a notification, an act or a fault: whatever its kind has. */
  const OPEN = [
    "admin.audit items.detail",
    "notifications.list items.data",
    "scores.simulate faults",
    "teams.checkLineup faults",
    "users.export notifications.data",
  ];

  test("have no keys but those that are declared", () => {
    expect(procedures.filter(({ output }) => !output)).toEqual([]);
    const open = procedures.flatMap(({ name, output }) => {
      return output ? openObjects(output).map((path) => `${name} ${path}`) : [];
    });
    expect(open.toSorted()).toEqual(OPEN);
  });
});

function procedureNamed(call: string) {
  const procedure = procedures.find(({ name }) => name === call);
  if (!procedure) throw new Error(`there is no procedure ${call}`);
  return procedure;
}

function verdictOf(outcome: Outcome): string {
  return "fault" in outcome ? outcome.fault.reason : "in";
}

/** Where an answer may tell what is a secret everywhere else. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  address: ["admin.users", "admin.changeUser"],
  code: ["leagues.join", "leagues.joinByCode"],
};

function leaksIn(world: World, who: Who, call: string, outcome: Outcome): string[] {
  const said = JSON.stringify(outcome);
  return Object.entries(secretsFrom(world, who)).flatMap(([what, secrets]) => {
    const isTold = "answer" in outcome && TOLD[what]?.includes(call);
    return !isTold && secrets.some((secret) => said.includes(secret)) ? [what] : [];
  });
}

function strict(call: string): z.ZodType {
  const { output } = procedureNamed(call);
  if (!output) throw new Error(`${call} does not say what it answers`);
  return strictly(output);
}

/** Things of somebody whom this person does not know. What anybody may read of them is no harm to be read. */
function foreignTo({ people, teams, session, note, club, elsewhere }: World, who: Who, call: string) {
  const other = who === "outsider" || who === "admin" ? "owner" : "outsider";
  const league = other === "owner" ? club : elsewhere;
  const hidden = { session: session[other], note: note[other], league: league.id, nothing: randomUUID() };
  if (procedureNamed(call).type === "query") return hidden;
  return { ...hidden, team: teams[other].id, user: people[other].id };
}

/** The input with one id after the other replaced by each of the foreign ones. A cursor is a place, and names nothing. */
function swapped(input: Record<string, unknown> | undefined, foreign: Record<string, string>) {
  const ids = Object.entries(input ?? {}).filter(([key, value]) => key !== "cursor" && UUID.test(String(value)));
  return ids.flatMap(([field]) =>
    Object.entries(foreign).map(([whose, id]) => ({ field, whose, asked: { ...input, [field]: id } })),
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
