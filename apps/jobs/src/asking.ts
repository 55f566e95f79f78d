import { type JobName, jobs } from "@pitwall/services/jobs";

/** What the person who asked did wrong, told in words. */
export class AskingError extends Error {}

const USAGE = `Usage: pnpm --filter @pitwall/jobs once <task> [payload as JSON]
Tasks:
${Object.entries(jobs)
  .map(([name, payload]) => `  ${name} ${shapeOf(Object.keys(payload.shape))}`.trimEnd())
  .join("\n")}`;

function shapeOf(fields: readonly string[]): string {
  return fields.length === 0 ? "" : `{${fields.map((field) => `"${field}": …`).join(", ")}}`;
}

export interface AskedTask {
  readonly name: JobName;
  readonly payload: unknown;
}

/** Which task the words of a command ask for. */
export function askedTask([name, payload = "{}", ...more]: readonly string[]): AskedTask {
  if (name === undefined || more.length > 0) throw new AskingError(USAGE);
  if (!isJob(name)) throw new AskingError(`There is no task "${name}".\n${USAGE}`);
  const read = jobs[name].safeParse(parsed(payload));
  if (read.success) return { name, payload: read.data };
  const faults = read.error.issues.map(({ path, message }) => `  ${[...path, message].join(": ")}`);
  throw new AskingError(`This is not what ${name} carries:\n${faults.join("\n")}\n${USAGE}`);
}

function isJob(name: string): name is JobName {
  return Object.hasOwn(jobs, name);
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw new AskingError(`The payload is not JSON: ${payload}\n${USAGE}`);
  }
}
