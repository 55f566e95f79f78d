CREATE TABLE "source_budgets" (
	"source" text PRIMARY KEY NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"full_at" timestamp with time zone NOT NULL,
	"silent_until" timestamp with time zone NOT NULL,
	"refusals" integer DEFAULT 0 NOT NULL,
	"failures" integer DEFAULT 0 NOT NULL
);
