CREATE TABLE "season_syncs" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "season_syncs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"season" smallint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"changes" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "drivers" ADD COLUMN "synced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "constructors" ADD COLUMN "synced_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "season_syncs" ADD CONSTRAINT "season_syncs_season_seasons_year_fk" FOREIGN KEY ("season") REFERENCES "public"."seasons"("year") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "season_syncs_season" ON "season_syncs" USING btree ("season","id");