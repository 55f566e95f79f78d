import { users } from "@pitwall/db/schema";
import { sql } from "drizzle-orm";

/** What people see of their own account. */
export interface OwnProfile {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly fullName: string | null;
  readonly role: "user" | "admin";
  readonly since: Date;
}

export const ownProfile = {
  id: users.id,
  username: users.username,
  email: users.email,
  emailVerified: sql<boolean>`${users.emailVerifiedAt} is not null`,
  fullName: users.fullName,
  role: users.role,
  since: users.createdAt,
};

/** What others read as a user's name: an account that is gone has none. To be selected beside another table. */
export const shownUsername = sql<string>`case when ${users.deletedAt} is null then ${users.username} else 'deleted user' end`;
