import { sql, type Kysely, type Migration } from 'kysely'

/** The agent tells a cut until it hears that it is stored: its name says whether it was. */
export const cutNames: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table cut_event add column told_as text`.execute(db)
    await sql`create unique index cut_event_told_as on cut_event (told_as)`.execute(db)
  },
}
