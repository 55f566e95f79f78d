import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Room {
  readonly name: string;
  readonly folder: string;
  /** Names as in its package.json, of this workspace and from outside. */
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  readonly exports: Readonly<Record<string, string | null>>;
  readonly files: readonly SourceFile[];
}

export interface SourceFile {
  readonly path: string;
  readonly lines: number;
  /** A test, or what only tests use. */
  readonly isProof: boolean;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  readonly isTypeOnly: boolean;
}

export function readRooms(): Room[] {
  return ["packages", "apps", "tooling"].flatMap((floor) =>
    readdirSync(join(ROOT, floor), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => readRoom(`${floor}/${name}`, name)),
  );
}

function readRoom(folder: string, name: string): Room {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8"));
  return {
    name,
    folder,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
    exports: manifest.exports ?? {},
    files: sourcesUnder(join(ROOT, folder)),
  };
}

const NOT_SOURCES = new Set(["node_modules", "dist", "migrations"]);

function sourcesUnder(folder: string): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : sourcesUnder(path);
    return entry.name.endsWith(".ts") ? [readSource(path)] : [];
  });
}

/** The formatter puts every import at the start of a line, or its end if it is long. */
const STATEMENT = /^(?:(import|export) (type )?[^;"]*?from |import |.*\bimport\()"([^"]+)"/gm;

function readSource(file: string): SourceFile {
  const text = readFileSync(file, "utf8");
  const imports = [...text.matchAll(STATEMENT)].map(([, , type, specifier = ""]) => ({
    specifier,
    isTypeOnly: type !== undefined,
  }));
  return {
    path: relative(ROOT, file),
    lines: text.split("\n").length - 1,
    isProof: /\.(test|fixture|config)\.ts$/.test(file),
    imports,
  };
}

/** Of a file, as it is named here. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The package that an import asks for, or null when it is a file of the same room or a part of Node. */
export function packageOf({ specifier }: Import): string | null {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return null;
  const [scope = "", name = ""] = specifier.split("/");
  return specifier.startsWith("@") ? `${scope}/${name}` : scope;
}

/** The file of this workspace that an import leads to, or null when it leads out of it. */
export function targetOf(from: SourceFile, { specifier }: Import, rooms: readonly Room[]): string | null {
  if (specifier.startsWith(".")) return posix.normalize(posix.join(dirname(from.path), specifier));
  const room = rooms.find(({ name }) => specifier === `@pitwall/${name}` || specifier.startsWith(`@pitwall/${name}/`));
  if (room === undefined) return null;
  const door = `.${specifier.slice(`@pitwall/${room.name}`.length)}`;
  return posix.join(room.folder, room.exports[door] ?? door.replace("./", "src/").concat(".ts"));
}

/** A way through the files that comes back to where it began, or null. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const trail: string[] = [];
  function walk(file: string): string[] | null {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    trail.push(file);
    for (const next of graph.get(file) ?? []) {
      const circle = walk(next);
      if (circle) return circle;
    }
    trail.pop();
    done.add(file);
    return null;
  }
  for (const file of graph.keys()) {
    const circle = walk(file);
    if (circle) return circle;
  }
  return null;
}
