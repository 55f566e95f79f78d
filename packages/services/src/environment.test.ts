import { describe, expect, test } from "vitest";
import { z } from "zod";
import { EnvError, parsedVariables, sharedVariables } from "./environment.ts";

const schema = z.object({ ...sharedVariables, NAME: z.string().default("nobody") });
const DATABASE_URL = "postgres://localhost/pitwall";

describe("a process's variables", () => {
  test("are taken as they are said, over the caller's defaults and the general ones", () => {
    expect(parsedVariables(schema, { DATABASE_URL, NAME: "said" }, { NAME: "default", LOG_LEVEL: "warn" })).toEqual({
      DATABASE_URL,
      NAME: "said",
      LOG_LEVEL: "warn",
      NODE_ENV: "development",
    });
  });

  test("that are empty are not set", () => {
    expect(parsedVariables(schema, { DATABASE_URL, REDIS_URL: "", LOG_LEVEL: "", NAME: undefined })).toMatchObject({
      LOG_LEVEL: "info",
      NAME: "nobody",
    });
  });

  test("are refused with every fault at once, none of which repeats what was said", () => {
    const parsing = () => parsedVariables(schema, { REDIS_URL: "http://:hunter2@redis", LOG_LEVEL: "loud" });
    expect(parsing).toThrow(EnvError);
    expect(parsing).toThrow(/DATABASE_URL: .*\nREDIS_URL: .*\nLOG_LEVEL: is one of debug, info/);
    expect(parsing).not.toThrow(/hunter2/);
  });
});
