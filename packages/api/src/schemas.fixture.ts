import { z } from "zod";

type Node = z.core.JSONSchema.JSONSchema;

/** Answers are read as they are, since what parses them on their way out would also mend them. */
export function strictly(output: z.ZodType): z.ZodType {
  return z.fromJSONSchema(asJsonSchema(output, "output") as Parameters<typeof z.fromJSONSchema>[0]);
}

/** Fields by which things of people are named, from `id` to `members.userId`. Drivers and constructors are nobody's. */
export function namesOfThings(input: z.ZodType): string[] {
  return fieldsOf(input, "input").flatMap(({ path, node }) => (namesAThing(path, node) ? [path] : []));
}

function namesAThing(path: string, node: Node): boolean {
  const said = JSON.stringify(node);
  if (said.includes('"format":"uuid"')) return true;
  const key = path.split(".").at(-1) ?? "";
  return node.type !== "null" && /^(id|ids|username|code)$|Ids?$/.test(key) && !said.includes('"pattern"');
}

/** Objects that may have any keys. */
export function openObjects(output: z.ZodType): string[] {
  return fieldsOf(output, "output").flatMap(({ path, node }) =>
    node.type === "object" && node.additionalProperties !== false ? [path] : [],
  );
}

interface Field {
  readonly path: string;
  readonly node: Node;
}

function fieldsOf(schema: z.ZodType, io: "input" | "output"): Field[] {
  const root = asJsonSchema(schema, io);
  const below = (node: Node, path: string): Field[] => {
    const name = node.$ref?.split("/").at(-1);
    const meant = name === undefined ? node : (root.$defs?.[name] ?? {});
    const named = Object.entries(meant.properties ?? {}).map(([key, value]) => [path ? `${path}.${key}` : key, value]);
    const others = [meant.items, ...(meant.anyOf ?? []), ...(meant.allOf ?? [])].flat().map((value) => [path, value]);
    const nodes = [...named, ...others] as [string, Node | boolean | undefined][];
    return [
      { path, node: meant },
      ...nodes.flatMap(([at, value]) => (typeof value === "object" ? below(value, at) : [])),
    ];
  };
  return below(root, "");
}

function asJsonSchema(schema: z.ZodType, io: "input" | "output"): Node {
  return z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Node;
}
