CREATE TABLE "driver_prices" (
	"season" smallint NOT NULL,
	"driver_id" text NOT NULL,
	"since" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"price" integer NOT NULL,
	"set_by" uuid,
	CONSTRAINT "driver_prices_season_driver_id_since_pk" PRIMARY KEY("season","driver_id","since"),
	CONSTRAINT "driver_prices_sane" CHECK ("driver_prices"."price" between 1 and 1000)
);
--> statement-breakpoint
CREATE TABLE "drivers" (
	"id" text PRIMARY KEY NOT NULL,
	"key" smallint GENERATED ALWAYS AS IDENTITY (sequence name "drivers_key_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 1 CACHE 1),
	"code" text,
	"given_name" text NOT NULL,
	"family_name" text NOT NULL,
	"nationality" text,
	"date_of_birth" date,
	"edited_at" timestamp with time zone,
	CONSTRAINT "drivers_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "race_entries" (
	"race_id" integer NOT NULL,
	"driver_id" text NOT NULL,
	"constructor_id" text NOT NULL,
	"number" smallint NOT NULL,
	CONSTRAINT "race_entries_race_id_driver_id_pk" PRIMARY KEY("race_id","driver_id")
);
--> statement-breakpoint
CREATE TABLE "league_members" (
	"league_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"team_id" uuid NOT NULL,
	"season" smallint NOT NULL,
	"role" text DEFAULT 'member' NOT NULL,
	"joined_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "league_members_league_id_user_id_pk" PRIMARY KEY("league_id","user_id"),
	CONSTRAINT "league_members_role_known" CHECK ("league_members"."role" in ('manager', 'member'))
);
--> statement-breakpoint
CREATE TABLE "leagues" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"season" smallint NOT NULL,
	"owner_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"is_private" boolean DEFAULT true NOT NULL,
	"seats" integer DEFAULT 20 NOT NULL,
	"member_count" integer DEFAULT 0 NOT NULL,
	"code" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "leagues_code_unique" UNIQUE("code"),
	CONSTRAINT "leagues_id_season" UNIQUE("id","season"),
	CONSTRAINT "leagues_seats_range" CHECK ("leagues"."seats" between 2 and 100000),
	CONSTRAINT "leagues_seats_hold" CHECK ("leagues"."member_count" between 0 and "leagues"."seats")
);
--> statement-breakpoint
CREATE TABLE "broadcasts" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"type" text NOT NULL,
	"race_id" integer,
	"revision" smallint,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"link" text,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notification_preferences" (
	"user_id" uuid NOT NULL,
	"type" text NOT NULL,
	"in_app" boolean NOT NULL,
	"email" boolean NOT NULL,
	CONSTRAINT "notification_preferences_user_id_type_pk" PRIMARY KEY("user_id","type")
);
--> statement-breakpoint
CREATE TABLE "notification_reads" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"read" uuid[] DEFAULT '{}' NOT NULL,
	"put_away" uuid[] DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"user_id" uuid NOT NULL,
	"type" text NOT NULL,
	"race_id" integer,
	"revision" smallint,
	"title" text NOT NULL,
	"body" text NOT NULL,
	"link" text,
	"data" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"read_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "classifications" (
	"race_id" integer NOT NULL,
	"revision" smallint NOT NULL,
	"session" text NOT NULL,
	"driver_id" text NOT NULL,
	"constructor_id" text NOT NULL,
	"number" smallint NOT NULL,
	"position" smallint NOT NULL,
	"finish" text NOT NULL,
	"grid" smallint,
	"laps" smallint NOT NULL,
	"points" integer NOT NULL,
	"fastest_lap" boolean NOT NULL,
	CONSTRAINT "classifications_race_id_revision_session_driver_id_pk" PRIMARY KEY("race_id","revision","session","driver_id")
);
--> statement-breakpoint
CREATE TABLE "held_bodies" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "held_bodies_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"race_id" integer NOT NULL,
	"digest" text NOT NULL,
	"reasons" jsonb NOT NULL,
	"body" text NOT NULL,
	"first_held_at" timestamp with time zone NOT NULL,
	"last_held_at" timestamp with time zone NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "held_bodies_unique" UNIQUE("race_id","digest")
);
--> statement-breakpoint
CREATE TABLE "looks" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "looks_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"race_id" integer NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"source" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"digest" text
);
--> statement-breakpoint
CREATE TABLE "revisions" (
	"race_id" integer NOT NULL,
	"n" smallint NOT NULL,
	"digest" text NOT NULL,
	"source" text NOT NULL,
	"body" text NOT NULL,
	"diff" jsonb NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	CONSTRAINT "revisions_race_id_n_pk" PRIMARY KEY("race_id","n"),
	CONSTRAINT "revisions_dense" CHECK ("revisions"."n" >= 1)
);
--> statement-breakpoint
CREATE TABLE "driver_scores" (
	"run_id" integer NOT NULL,
	"driver_key" smallint NOT NULL,
	"points" integer NOT NULL,
	"lines" jsonb NOT NULL,
	CONSTRAINT "driver_scores_run_id_driver_key_pk" PRIMARY KEY("run_id","driver_key")
);
--> statement-breakpoint
CREATE TABLE "lineup_scores" (
	"run_id" integer NOT NULL,
	"lineup_id" integer NOT NULL,
	"points" integer NOT NULL,
	CONSTRAINT "lineup_scores_run_id_lineup_id_pk" PRIMARY KEY("run_id","lineup_id")
);
--> statement-breakpoint
CREATE TABLE "rank_steps" (
	"build_id" integer NOT NULL,
	"total" integer NOT NULL,
	"above" integer NOT NULL,
	"teams" integer NOT NULL,
	CONSTRAINT "rank_steps_build_id_total_pk" PRIMARY KEY("build_id","total")
);
--> statement-breakpoint
CREATE TABLE "scoring_runs" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "scoring_runs_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"race_id" integer NOT NULL,
	"revision" smallint NOT NULL,
	"rule_set_id" text NOT NULL,
	"digest_in" text NOT NULL,
	"digest_out" text NOT NULL,
	"took_ms" integer NOT NULL,
	"scored_at" timestamp with time zone NOT NULL,
	CONSTRAINT "scoring_runs_unique" UNIQUE("race_id","revision")
);
--> statement-breakpoint
CREATE TABLE "standings" (
	"build_id" integer NOT NULL,
	"team_id" uuid NOT NULL,
	"race_points" integer NOT NULL,
	"total" integer NOT NULL,
	"best" integer NOT NULL,
	CONSTRAINT "standings_build_id_team_id_pk" PRIMARY KEY("build_id","team_id")
) PARTITION BY LIST ("build_id");
--> statement-breakpoint
CREATE TABLE "standings_builds" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "standings_builds_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"season" smallint NOT NULL,
	"race_id" integer NOT NULL,
	"run_id" integer NOT NULL,
	"teams" integer NOT NULL,
	"took_ms" integer NOT NULL,
	"built_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "circuits" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"locality" text NOT NULL,
	"country" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "constructors" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"nationality" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "races" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "races_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"season" smallint NOT NULL,
	"slug" text NOT NULL,
	"round" smallint NOT NULL,
	"name" text NOT NULL,
	"circuit_id" text NOT NULL,
	"sessions" jsonb NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"lock_at" timestamp with time zone NOT NULL,
	"flag_due_at" timestamp with time zone NOT NULL,
	"cancelled_at" timestamp with time zone,
	"locked_at" timestamp with time zone,
	"revision" smallint,
	"recorded_at" timestamp with time zone,
	"looked_at" timestamp with time zone,
	"build_id" integer,
	"edited_at" timestamp with time zone,
	CONSTRAINT "races_slug_unique" UNIQUE("season","slug"),
	CONSTRAINT "races_lock_before_flag" CHECK ("races"."lock_at" < "races"."flag_due_at"),
	CONSTRAINT "races_revision_recorded" CHECK (("races"."revision" is null) = ("races"."recorded_at" is null))
);
--> statement-breakpoint
CREATE TABLE "rule_sets" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" smallint NOT NULL,
	"figures" jsonb NOT NULL,
	"digest" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "seasons" (
	"year" smallint PRIMARY KEY NOT NULL,
	"rule_set_id" text NOT NULL,
	"attribution" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fielded" (
	"race_id" integer NOT NULL,
	"team_id" uuid NOT NULL,
	"lineup_id" integer NOT NULL,
	CONSTRAINT "fielded_race_id_team_id_pk" PRIMARY KEY("race_id","team_id")
) PARTITION BY LIST ("race_id");
--> statement-breakpoint
CREATE TABLE "lineups" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lineups_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"season" smallint NOT NULL,
	"drivers" smallint[] NOT NULL,
	"captain" smallint NOT NULL,
	CONSTRAINT "lineups_unique" UNIQUE("season","drivers","captain"),
	CONSTRAINT "lineups_five" CHECK (array_length("lineups"."drivers", 1) = 5),
	CONSTRAINT "lineups_distinct" CHECK ("lineups"."drivers"[1] < "lineups"."drivers"[2] and "lineups"."drivers"[2] < "lineups"."drivers"[3] and "lineups"."drivers"[3] < "lineups"."drivers"[4] and "lineups"."drivers"[4] < "lineups"."drivers"[5]),
	CONSTRAINT "lineups_captain_inside" CHECK ("lineups"."captain" = any("lineups"."drivers"))
);
--> statement-breakpoint
CREATE TABLE "team_lineups" (
	"team_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"race_id" integer NOT NULL,
	"lineup_id" integer NOT NULL,
	"cost" integer NOT NULL,
	"saved_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "team_lineups_team_id_version_pk" PRIMARY KEY("team_id","version")
);
--> statement-breakpoint
CREATE TABLE "teams" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"owner_id" uuid NOT NULL,
	"season" smallint NOT NULL,
	"slot" smallint NOT NULL,
	"name" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"removed_at" timestamp with time zone,
	CONSTRAINT "teams_owner_season" UNIQUE("id","owner_id","season"),
	CONSTRAINT "teams_slot_limit" CHECK ("teams"."slot" between 1 and 5)
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"actor" text NOT NULL,
	"act" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "one_time_tokens" (
	"digest" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"email" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "one_time_tokens_purpose_known" CHECK ("one_time_tokens"."purpose" in ('reset_password', 'verify_email', 'change_email'))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"family" uuid NOT NULL,
	"spent_at" timestamp with time zone,
	"started_at" timestamp with time zone NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"device" text,
	"address" text
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT uuid_v7() NOT NULL,
	"username" text NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"full_name" text,
	"role" text DEFAULT 'user' NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"tier" text DEFAULT 'standard' NOT NULL,
	"email_verified_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "users_tier_known" CHECK ("users"."tier" in ('standard', 'premium')),
	CONSTRAINT "users_role_known" CHECK ("users"."role" in ('user', 'admin'))
);
--> statement-breakpoint
ALTER TABLE "driver_prices" ADD CONSTRAINT "driver_prices_season_seasons_year_fk" FOREIGN KEY ("season") REFERENCES "public"."seasons"("year") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "driver_prices" ADD CONSTRAINT "driver_prices_set_by_users_id_fk" FOREIGN KEY ("set_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "driver_prices" ADD CONSTRAINT "driver_prices_driver" FOREIGN KEY ("driver_id") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "race_entries" ADD CONSTRAINT "race_entries_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "race_entries" ADD CONSTRAINT "race_entries_driver_id_drivers_id_fk" FOREIGN KEY ("driver_id") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "race_entries" ADD CONSTRAINT "race_entries_constructor_id_constructors_id_fk" FOREIGN KEY ("constructor_id") REFERENCES "public"."constructors"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "league_members" ADD CONSTRAINT "league_members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "league_members" ADD CONSTRAINT "league_members_league" FOREIGN KEY ("league_id","season") REFERENCES "public"."leagues"("id","season") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "league_members" ADD CONSTRAINT "league_members_team" FOREIGN KEY ("team_id","user_id","season") REFERENCES "public"."teams"("id","owner_id","season") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leagues" ADD CONSTRAINT "leagues_season_seasons_year_fk" FOREIGN KEY ("season") REFERENCES "public"."seasons"("year") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leagues" ADD CONSTRAINT "leagues_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "broadcasts" ADD CONSTRAINT "broadcasts_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_preferences" ADD CONSTRAINT "notification_preferences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notification_reads" ADD CONSTRAINT "notification_reads_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "classifications" ADD CONSTRAINT "classifications_driver_id_drivers_id_fk" FOREIGN KEY ("driver_id") REFERENCES "public"."drivers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "held_bodies" ADD CONSTRAINT "held_bodies_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "looks" ADD CONSTRAINT "looks_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "driver_scores" ADD CONSTRAINT "driver_scores_run_id_scoring_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."scoring_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "driver_scores" ADD CONSTRAINT "driver_scores_driver_key_drivers_key_fk" FOREIGN KEY ("driver_key") REFERENCES "public"."drivers"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scoring_runs" ADD CONSTRAINT "scoring_runs_rule_set_id_rule_sets_id_fk" FOREIGN KEY ("rule_set_id") REFERENCES "public"."rule_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "scoring_runs" ADD CONSTRAINT "scoring_runs_revision" FOREIGN KEY ("race_id","revision") REFERENCES "public"."revisions"("race_id","n") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standings_builds" ADD CONSTRAINT "standings_builds_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "standings_builds" ADD CONSTRAINT "standings_builds_run_id_scoring_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."scoring_runs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "races" ADD CONSTRAINT "races_season_seasons_year_fk" FOREIGN KEY ("season") REFERENCES "public"."seasons"("year") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "races" ADD CONSTRAINT "races_circuit_id_circuits_id_fk" FOREIGN KEY ("circuit_id") REFERENCES "public"."circuits"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seasons" ADD CONSTRAINT "seasons_rule_set_id_rule_sets_id_fk" FOREIGN KEY ("rule_set_id") REFERENCES "public"."rule_sets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lineups" ADD CONSTRAINT "lineups_season_seasons_year_fk" FOREIGN KEY ("season") REFERENCES "public"."seasons"("year") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_lineups" ADD CONSTRAINT "team_lineups_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_lineups" ADD CONSTRAINT "team_lineups_race_id_races_id_fk" FOREIGN KEY ("race_id") REFERENCES "public"."races"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "team_lineups" ADD CONSTRAINT "team_lineups_lineup_id_lineups_id_fk" FOREIGN KEY ("lineup_id") REFERENCES "public"."lineups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_season_seasons_year_fk" FOREIGN KEY ("season") REFERENCES "public"."seasons"("year") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "race_entries_driver" ON "race_entries" USING btree ("driver_id");--> statement-breakpoint
CREATE INDEX "league_members_user" ON "league_members" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "league_members_team" ON "league_members" USING btree ("team_id");--> statement-breakpoint
CREATE INDEX "leagues_owner" ON "leagues" USING btree ("owner_id");--> statement-breakpoint
CREATE UNIQUE INDEX "broadcasts_once" ON "broadcasts" USING btree ("type","race_id","revision") WHERE "broadcasts"."race_id" is not null;--> statement-breakpoint
CREATE INDEX "broadcasts_created" ON "broadcasts" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_once" ON "notifications" USING btree ("user_id","type","race_id","revision") WHERE "notifications"."race_id" is not null;--> statement-breakpoint
CREATE INDEX "notifications_user" ON "notifications" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "classifications_driver" ON "classifications" USING btree ("driver_id");--> statement-breakpoint
CREATE INDEX "looks_race" ON "looks" USING btree ("race_id","id");--> statement-breakpoint
CREATE INDEX "standings_order" ON "standings" USING btree ("build_id","total" DESC NULLS LAST,"best" DESC NULLS LAST,"team_id");--> statement-breakpoint
CREATE INDEX "standings_builds_race" ON "standings_builds" USING btree ("race_id");--> statement-breakpoint
CREATE INDEX "races_lock" ON "races" USING btree ("lock_at");--> statement-breakpoint
CREATE INDEX "team_lineups_race" ON "team_lineups" USING btree ("race_id");--> statement-breakpoint
CREATE UNIQUE INDEX "teams_slot_unique" ON "teams" USING btree ("owner_id","season","slot") WHERE "teams"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "teams_season" ON "teams" USING btree ("season");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "one_time_tokens_user" ON "one_time_tokens" USING btree ("user_id","purpose");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_one_live_token" ON "sessions" USING btree ("family") WHERE "sessions"."spent_at" is null;--> statement-breakpoint
CREATE INDEX "sessions_family" ON "sessions" USING btree ("family");--> statement-breakpoint
CREATE UNIQUE INDEX "users_username_unique" ON "users" USING btree (lower("username"));--> statement-breakpoint
CREATE UNIQUE INDEX "users_email_unique" ON "users" USING btree (lower("email"));