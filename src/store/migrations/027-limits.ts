import { sql, type Kysely, type Migration } from 'kysely'

/**
 * How many open flows consumers may have. Like a zone that is down, a limit is no row of the world's lists: its changes are seen because
 * each moves the generation. And events of cuts may go when they are behind the horizon: as long as it says.
 */
export const limits: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`create table consumer_limit (
      consumer text primary key,
      connections integer not null
    )`.execute(db)
    await sql`create table cut_event_horizon (seq integer not null)`.execute(db)
    await sql`insert into cut_event_horizon (seq) values (0)`.execute(db)
    await sql`drop trigger cut_event_remains`.execute(db)
    await sql`create trigger cut_event_remains before delete on cut_event
      when old.seq >= (select seq from cut_event_horizon)
      begin select raise(abort, 'events are only added'); end`.execute(db)
  },
}
