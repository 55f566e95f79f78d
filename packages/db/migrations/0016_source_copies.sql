ALTER TABLE "races" ADD COLUMN "copy_made_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "races" ADD COLUMN "copy_fresh_until" timestamp with time zone;