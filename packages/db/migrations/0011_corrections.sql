CREATE TABLE "corrections" (
	"race_id" integer NOT NULL,
	"revision" smallint NOT NULL,
	"run_before" integer NOT NULL,
	"run_after" integer NOT NULL,
	"build_before" integer,
	"build_after" integer,
	"teams_affected" integer NOT NULL,
	CONSTRAINT "corrections_race_id_revision_pk" PRIMARY KEY("race_id","revision")
);
--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_run_before_scoring_runs_id_fk" FOREIGN KEY ("run_before") REFERENCES "public"."scoring_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_run_after_scoring_runs_id_fk" FOREIGN KEY ("run_after") REFERENCES "public"."scoring_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_build_before_standings_builds_id_fk" FOREIGN KEY ("build_before") REFERENCES "public"."standings_builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_build_after_standings_builds_id_fk" FOREIGN KEY ("build_after") REFERENCES "public"."standings_builds"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "corrections" ADD CONSTRAINT "corrections_revision" FOREIGN KEY ("race_id","revision") REFERENCES "public"."revisions"("race_id","n") ON DELETE no action ON UPDATE no action;