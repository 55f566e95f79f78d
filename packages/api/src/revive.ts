import { z } from "zod";

/**
 * The words of an address as the values that a schema asks for. Nothing is forced: a word that does not read exactly as
 * what is wanted stays a word, for the schema to refuse. The schema itself is only looked at.
 */
export function revived(schema: z.ZodObject, words: ReadonlyMap<string, readonly string[]>): Record<string, unknown> {
  // An own "__proto__" must stay a field like any other, so that it is refused like any other.
  return Object.fromEntries([...words].map(([field, said]) => [field, revivedField(schema.shape[field], said)]));
}

function revivedField(schema: unknown, said: readonly string[]): unknown {
  const wanted = inside(schema);
  if (wanted instanceof z.ZodArray) return said.map((word) => revivedWord(inside(wanted.element), word));
  const [word, ...more] = said;
  return more.length > 0 || word === undefined ? said : revivedWord(wanted, word);
}

const NUMBER = /^-?(0|[1-9]\d{0,15})(\.\d{1,15})?$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;

function revivedWord(wanted: unknown, word: string): unknown {
  if (wanted instanceof z.ZodNumber && NUMBER.test(word)) return Number(word);
  if (wanted instanceof z.ZodBoolean && (word === "true" || word === "false")) return word === "true";
  if (wanted instanceof z.ZodDate && MOMENT.test(word)) return new Date(word);
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
