import { sql, type Kysely, type Migration } from 'kysely'

/** What was measured, minute by minute, and the rules that watch it. None of it belongs to the world. */
export const metrics: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table metric_series (
      id integer primary key,
      kind text not null,
      account_id text not null,
      provider_id text not null,
      endpoint_id text not null,
      zone_id text not null,
      eni_id text not null,
      service_id text not null,
      resource_id text not null,
      vip text not null,
      protocol text not null,
      port integer not null,
      last_hour integer not null,
      unique (kind, account_id, provider_id, endpoint_id, zone_id, eni_id, service_id, resource_id, vip, protocol, port)
    )`.execute(db)
    await sql`create index metric_series_of_provider on metric_series (kind, provider_id, service_id)`.execute(
      db,
    )
    // By hour first: all that is written in a minute lies side by side, and so does what is old.
    await sql`create table metric_hour (
      hour integer not null,
      series_id integer not null,
      points text not null,
      primary key (hour, series_id)
    ) without rowid`.execute(db)
    await sql`create table metric_sample (id integer primary key, at_ms integer not null, samples text not null)`.execute(
      db,
    )
    await sql`create table metric_rule (
      account_id text not null,
      id text not null,
      name text not null,
      namespace text not null,
      metric_name text not null,
      resources text not null,
      period integer not null,
      silence_s integer not null,
      webhook text not null,
      contact_groups text not null,
      mail_subject text not null,
      effective_interval text not null,
      no_data_policy text not null,
      escalations text not null,
      enabled integer not null,
      state text not null,
      states text not null,
      created_at text not null,
      primary key (account_id, id)
    ) without rowid`.execute(db)
    await sql`create index metric_rule_in_order on metric_rule (account_id, created_at, id)`.execute(db)
  },
}
