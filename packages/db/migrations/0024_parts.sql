DROP INDEX "users_named";--> statement-breakpoint
CREATE INDEX "leagues_named" ON "leagues" USING gin (lower("name") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "users_named" ON "users" USING gin (lower("username") gin_trgm_ops,lower("full_name") gin_trgm_ops,lower("email") gin_trgm_ops);