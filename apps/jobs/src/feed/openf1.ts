import type { Db } from "@pitwall/db/database";
import { DAY, HOUR, SECOND } from "@pitwall/domain/durations";
import type { Testimony } from "@pitwall/services/results/testimony";
import type { Allowance } from "@pitwall/services/sources/budget";
import { z } from "zod";
import { faultsOf, parsed } from "./bodies.ts";
import { sharedBudget } from "./budget.ts";
import { type Client, type ClientOptions, openClient } from "./client.ts";
import type { Witness, WitnessedRace } from "./source.ts";

/** Of the three a second and thirty a minute that are granted to those who do not pay; a look takes two. */
const ALLOWANCE: Allowance = { source: "openf1", gap: SECOND, burst: 10, refill: HOUR / 20 };

export function openF1Client(db: Db, options: Pick<ClientOptions, "baseUrl" | "userAgent">): Client {
  return openClient({ ...options, budget: sharedBudget({ db }, ALLOWANCE) });
}

const moment = z.iso
  .datetime({ offset: true, local: true })
  .transform((at) => new Date(/Z|[+-]\d\d:?\d\d$/.test(at) ? at : `${at}Z`));

const sessions = z
  .array(
    z.object({
      session_key: z.int().positive(),
      session_name: z.string(),
      date_start: moment,
      date_end: moment,
      is_cancelled: z.boolean().nullish(),
    }),
  )
  .max(100);

const flag = z.boolean().nullish().transform(Boolean);

/** Gaps and durations are numbers, texts or lists, and are not read. */
const results = z
  .array(
    z.object({
      driver_number: z.int().positive(),
      position: z.int().positive().nullish(),
      dnf: flag,
      dns: flag,
      dsq: flag,
    }),
  )
  .max(60);

type Read<T> = { readonly kind: "read"; readonly data: T } | Extract<Testimony, { kind: "silent" }>;

/**
 * Knows an order minutes after the official results are published, hours before Jolpica, and corrects it by hand, days later
 * or never. It lets nobody in while a session is live. So its word is heard beside the other, and never counts.
 */
export function openF1(client: Client): Witness {
  return { name: "OpenF1", testimonyOf };

  async function testimonyOf(race: WitnessedRace): Promise<Testimony> {
    const known = await read(`/sessions?year=${race.season}&session_name=Race`, sessions);
    if (known.kind !== "read") return known;
    const session = known.data.find((one) => one.session_name === "Race" && isOnItsDay(one.date_start, race.startsAt));
    if (!session) return { kind: "silent", reason: "it knows no race on that day" };
    if (session.is_cancelled) return { kind: "silent", reason: "it says that the race was cancelled" };
    const order = await read(`/session_result?session_key=${session.session_key}`, results);
    if (order.kind !== "read") return order;
    if (order.data.length === 0) return { kind: "none_yet", endsAt: session.date_end };
    const cars = order.data.map(({ driver_number: number, position, ...finish }) => ({
      number,
      position: position ?? null,
      isDisqualified: finish.dsq,
    }));
    return { kind: "order", cars };
  }

  async function read<T>(path: string, shape: z.ZodType<T>): Promise<Read<T>> {
    const fetched = await client.fetch(path);
    if (fetched.kind !== "fetched") return { kind: "silent", reason: fetched.reason };
    const said = shape.safeParse(parsed(fetched.body));
    if (said.success) return { kind: "read", data: said.data };
    return { kind: "silent", reason: `its answer has another shape: ${faultsOf(said.error)}` };
  }
}

/** It numbers no rounds, and start times move; but two races are a week apart. */
function isOnItsDay(startsAt: Date, expected: Date): boolean {
  return Math.abs(startsAt.getTime() - expected.getTime()) < 1.5 * DAY;
}
