ALTER TABLE "broadcasts" DROP CONSTRAINT "broadcasts_race_id_races_id_fk";
--> statement-breakpoint
ALTER TABLE "broadcasts" ADD COLUMN "audience" text;--> statement-breakpoint
ALTER TABLE "broadcasts" ADD COLUMN "occasion" text;--> statement-breakpoint
ALTER TABLE "broadcasts" ADD CONSTRAINT "broadcasts_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "broadcasts_occasion" ON "broadcasts" USING btree ("occasion");--> statement-breakpoint
ALTER TABLE "broadcasts" ADD CONSTRAINT "broadcasts_audience_known" CHECK ("broadcasts"."audience" in ('admins', 'teams'));--> statement-breakpoint
ALTER TABLE "broadcasts" ADD CONSTRAINT "broadcasts_teams_of_a_race" CHECK ("broadcasts"."audience" is distinct from 'teams' or "broadcasts"."race_id" is not null);