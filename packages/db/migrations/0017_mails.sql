CREATE TABLE "mailings" (
	"broadcast_id" uuid PRIMARY KEY NOT NULL,
	"reached_id" uuid,
	"done_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "mails" (
	"told_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"tried_at" timestamp with time zone,
	"outcome" text,
	CONSTRAINT "mails_told_id_user_id_pk" PRIMARY KEY("told_id","user_id"),
	CONSTRAINT "mails_outcome_known" CHECK ("mails"."outcome" in ('sent', 'refused'))
);
--> statement-breakpoint
ALTER TABLE "mailings" ADD CONSTRAINT "mailings_broadcast_id_broadcasts_id_fk" FOREIGN KEY ("broadcast_id") REFERENCES "public"."broadcasts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mails" ADD CONSTRAINT "mails_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mails_waiting" ON "mails" USING btree ("created_at") WHERE "mails"."outcome" is null;--> statement-breakpoint
CREATE INDEX "notification_preferences_mailed" ON "notification_preferences" USING btree ("type","user_id") WHERE "notification_preferences"."email";