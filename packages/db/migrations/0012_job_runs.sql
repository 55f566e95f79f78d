CREATE TABLE "job_runs" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"task" text NOT NULL,
	"payload" jsonb NOT NULL,
	"job_id" bigint,
	"attempt" smallint NOT NULL,
	"worker" uuid NOT NULL,
	"started_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"ended_at" timestamp with time zone,
	"outcome" text,
	"error" text,
	CONSTRAINT "job_runs_outcome_known" CHECK ("job_runs"."outcome" in ('done', 'failed', 'abandoned')),
	CONSTRAINT "job_runs_ended_with_outcome" CHECK (("job_runs"."ended_at" is null) = ("job_runs"."outcome" is null))
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"pool" text,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "job_runs_task" ON "job_runs" USING btree ("task","id");--> statement-breakpoint
CREATE INDEX "job_runs_open" ON "job_runs" USING btree ("worker") WHERE "job_runs"."ended_at" is null;