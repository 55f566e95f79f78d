/** The database that the environment names. Throws an Error that says what to do when it names none. */
export function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error("DATABASE_URL is not set. Example: postgres://user:password@localhost:5432/pitwall");
  return url;
}
