import { users } from "@pitwall/db/schema";

/** What people see of their own account. */
export interface OwnProfile {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly fullName: string | null;
  readonly role: "user" | "admin";
  readonly since: Date;
}

export const ownProfile = {
  id: users.id,
  username: users.username,
  email: users.email,
  fullName: users.fullName,
  role: users.role,
  since: users.createdAt,
};
