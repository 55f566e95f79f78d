import { z } from "zod";
import { moment, uuid } from "./shapes.ts";

/** Of one's own account; the e-mail address is shown nowhere else. */
export const ownProfile = z
  .object({
    id: uuid,
    username: z.string(),
    email: z.string(),
    fullName: z.string().nullable(),
    role: z.enum(["user", "admin"]),
    since: moment,
  })
  .meta({ id: "OwnProfile" });

export const publicProfile = z
  .object({
    id: uuid,
    username: z.string(),
    fullName: z.string().nullable(),
    since: moment,
    teams: z.number(),
    leagues: z.number(),
  })
  .meta({ id: "PublicProfile" });
