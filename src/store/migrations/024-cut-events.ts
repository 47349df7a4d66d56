import { sql, type Kysely, type Migration } from 'kysely'

/** What was cut and how soon: only added to. */
export const cutEvents: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table cut_event (
      seq integer primary key,
      endpoint_id text not null,
      zone_id text not null,
      cause text not null,
      action text not null,
      request_id text not null,
      called_at text,
      kernel_at text not null,
      ended_at text not null,
      flows integer not null
    )`.execute(db)
    await sql`create index cut_event_in_order on cut_event (ended_at)`.execute(db)
    await sql`create trigger cut_event_stays before update on cut_event
      begin select raise(abort, 'events are only added'); end`.execute(db)
    await sql`create trigger cut_event_remains before delete on cut_event
      begin select raise(abort, 'events are only added'); end`.execute(db)
  },
}
