import { z } from "zod";

/**
 * The words of an address as the values that a schema asks for. Nothing is forced: a word that does not read exactly as
 * what is wanted stays a word, for the schema to refuse. The schema itself is only looked at.
 */
export function revived(schema: z.ZodObject, words: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  const kinds = kindsIn(schema);
  // An own "__proto__" must stay a field like any other, so that it is refused like any other.
  return Object.fromEntries([...words].map(([field, said]) => [field, revivedField(kinds.get(field) ?? WORD, said)]));
}

/** What a field asks for, as far as it makes a difference to a word. */
interface Kind {
  readonly isList: boolean;
  readonly of: "number" | "boolean" | "moment" | "word";
}

const WORD: Kind = { isList: false, of: "word" };

/** To ask a schema what it is takes longer than all that is done with the answer. */
const known = new WeakMap<z.ZodObject, ReadonlyMap<string, Kind>>();

function kindsIn(schema: z.ZodObject): ReadonlyMap<string, Kind> {
  const kinds = known.get(schema);
  if (kinds) return kinds;
  const made = new Map(Object.entries(schema.shape).map(([name, field]) => [name, kindOf(field)]));
  known.set(schema, made);
  return made;
}

function kindOf(field: unknown): Kind {
  const wanted = inside(field);
  const isList = wanted instanceof z.ZodArray;
  const each = isList ? inside(wanted.element) : wanted;
  if (each instanceof z.ZodNumber) return { isList, of: "number" };
  if (each instanceof z.ZodBoolean) return { isList, of: "boolean" };
  return { isList, of: each instanceof z.ZodDate ? "moment" : "word" };
}

function revivedField(kind: Kind, said: readonly string[]): unknown {
  const [word, ...more] = said;
  if (kind.isList) return said.map((one) => revivedWord(kind, one));
  return more.length > 0 || word === undefined ? said : revivedWord(kind, word);
}

const NUMBER = /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

function revivedWord({ of }: Kind, word: string): unknown {
  if (of === "number" && NUMBER.test(word)) return Number(word);
  if (of === "boolean" && (word === "true" || word === "false")) return word === "true";
  if (of === "moment" && MOMENT.test(word)) return new Date(word);
  return word;
}

function inside(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  )
    return inside(schema.unwrap());
  return schema instanceof z.ZodPipe ? inside(schema.in) : schema;
}
