-- Comes with PostgreSQL, and whoever owns the database may make it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE INDEX "users_named" ON "users" USING gin (lower("username") gin_trgm_ops,lower("full_name") gin_trgm_ops);