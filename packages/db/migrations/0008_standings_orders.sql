CREATE TABLE "league_builds" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "league_builds_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"league_id" uuid NOT NULL,
	"build_id" integer NOT NULL,
	"members" integer NOT NULL,
	"took_ms" integer NOT NULL,
	"built_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "league_standings" (
	"build_id" integer NOT NULL,
	"team_id" uuid NOT NULL,
	"race_points" integer NOT NULL,
	"total" integer NOT NULL,
	"best" integer NOT NULL,
	"rank" integer NOT NULL,
	"race_rank" integer NOT NULL,
	"rank_before" integer,
	"race_rank_before" integer,
	CONSTRAINT "league_standings_build_id_team_id_pk" PRIMARY KEY("build_id","team_id")
);
--> statement-breakpoint
CREATE TABLE "race_rank_steps" (
	"build_id" integer NOT NULL,
	"race_points" integer NOT NULL,
	"above" integer NOT NULL,
	"teams" integer NOT NULL,
	CONSTRAINT "race_rank_steps_build_id_race_points_pk" PRIMARY KEY("build_id","race_points")
);
--> statement-breakpoint
DROP INDEX "standings_order";--> statement-breakpoint
ALTER TABLE "standings_builds" ADD COLUMN "carried_id" integer;--> statement-breakpoint
ALTER TABLE "league_builds" ADD CONSTRAINT "league_builds_league_id_leagues_id_fk" FOREIGN KEY ("league_id") REFERENCES "public"."leagues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "league_builds" ADD CONSTRAINT "league_builds_build_id_standings_builds_id_fk" FOREIGN KEY ("build_id") REFERENCES "public"."standings_builds"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "league_builds_league" ON "league_builds" USING btree ("league_id","build_id");--> statement-breakpoint
CREATE INDEX "league_standings_order" ON "league_standings" USING btree ("build_id",(-total),(-best),"team_id");--> statement-breakpoint
CREATE INDEX "league_standings_race_order" ON "league_standings" USING btree ("build_id",(-race_points),(-total),(-best),"team_id");--> statement-breakpoint
ALTER TABLE "standings_builds" ADD CONSTRAINT "standings_builds_carried_id_standings_builds_id_fk" FOREIGN KEY ("carried_id") REFERENCES "public"."standings_builds"("id") ON DELETE set null ON UPDATE no action;