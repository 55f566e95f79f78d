import { cpus, platform, release, totalmem } from "node:os";
import type { Database } from "@pitwall/db/database";

/** What the figures depend on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  readonly postgresql: string;
  /** That are not as PostgreSQL has them by itself. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where a server listens, and how it is set up, is no setting that matters. */
const OF_NO_WEIGHT = `^(listen_addresses|port|unix_socket.*|data_directory|.*_file|lc_.*|.*timezone|datestyle|default_text_search_config|application_name|client_encoding|.*_timeout|log_.*|scram_iterations)$`;

export async function describeMachine({ pool }: Database): Promise<Machine> {
  const { rows: version } = await pool.query<{ server_version: string }>("show server_version");
  const { rows: settings } = await pool.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from pg_settings
     where source not in ('default', 'override') and lower(name) !~ $1 and setting is distinct from boot_val`,
    [OF_NO_WEIGHT],
  );
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${platform()} ${release()}`,
    node: process.version,
    postgresql: version[0]?.server_version ?? "unknown",
    settings: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
  };
}

export function machineInWords({ cores, cpu, memoryGb, os, node, postgresql, settings }: Machine): string {
  const changed = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const how = changed.length === 0 ? "in its default settings" : `with ${changed.join(", ")}`;
  return `${cores} cores (${cpu}), ${memoryGb} GB, ${os}, Node ${node}, PostgreSQL ${postgresql} ${how}`;
}
