import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

type Node = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly method: string;
  readonly path: string;
  /** As a JSON pointer into the document. */
  readonly at: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly node: Node;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

/** The document as whoever relies on it reads it. */
export interface Contract {
  readonly operations: readonly Operation[];
  /** What a value breaks of the schema at a pointer. */
  faultsOf(value: unknown, at: string): string[];
  /** What stands at a pointer, references followed. */
  find(at: string): unknown;
}

export function contractOf(document: object): Contract {
  // Told the document whole, so that its references lead where they say; the words of OpenAPI around the schemas are none of JSON Schema.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema({ $id: "document", ...document });
  const find = (at: string): unknown => {
    const found = wordsOf(at).reduce<unknown>((node, word) => fieldOf(resolved(node), word), document);
    return resolved(found);
  };
  const resolved = (node: unknown): unknown => {
    const to = fieldOf(node, "$ref");
    return typeof to === "string" ? find(to.slice(1)) : node;
  };
  return {
    operations: operationsOf(document),
    find,
    faultsOf(value, at) {
      const check = ajv.getSchema(`document#${encodeURI(at)}`);
      if (!check) throw new Error(`the document has no schema at ${at}`);
      check(value);
      return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
    },
  };
}

function operationsOf(document: object): Operation[] {
  return Object.entries(nodeOf(fieldOf(document, "paths"))).flatMap(([path, methods]) =>
    Object.entries(nodeOf(methods)).map(([method, operation]) => {
      const node = nodeOf(operation);
      const { operationId, parameters = [] } = node as { operationId: string; parameters?: Parameter[] };
      return { method: method.toUpperCase(), path, at: pointer("paths", path, method), operationId, parameters, node };
    }),
  );
}

export function pointer(...words: readonly string[]): string {
  return words.map((word) => `/${word.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function wordsOf(at: string): string[] {
  return at
    .split("/")
    .slice(1)
    .map((word) => word.replaceAll("~1", "/").replaceAll("~0", "~"));
}

export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
}

export function nodeOf(value: unknown): Node {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return value as Node;
}
