import { sql, type Kysely, type Migration } from 'kysely'

/** The audit record, and indexes that keep lists as fast with 10,000 objects as with 100. */
export const frontDoor: Migration = {
  async up(db: Kysely<unknown>) {
    await createAudit(db)
    for (const table of listed) {
      await db.schema
        .createIndex(`${table}_in_order`)
        .on(table)
        .columns(['account_id', 'region_id', 'created_at', 'id'])
        .execute()
      // What the new index begins with.
      await db.schema.dropIndex(`${table}_by_account_id`).execute()
    }
    for (const [table, parent] of listedByParent) {
      await db.schema
        .createIndex(`${table}_of_${parent}_in_order`)
        .on(table)
        .columns([parent, 'created_at', 'id'])
        .execute()
      await db.schema.dropIndex(`${table}_by_${parent}`).execute()
    }
  },
}

/** By owner, in the order of creation. */
const listed = [
  'vpc',
  'vswitch',
  'security_group',
  'instance',
  'eni',
  'load_balancer',
  'endpoint_service',
  'endpoint',
] as const

const listedByParent = [
  ['vswitch', 'vpc_id'],
  ['endpoint', 'service_id'],
] as const

async function createAudit(db: Kysely<unknown>): Promise<void> {
  await sql`create table audit_event (
    seq integer primary key autoincrement,
    at text not null,
    account_id text not null,
    principal_type text not null,
    principal_id text not null,
    user_name text not null,
    access_key_id text not null,
    source_ip text not null,
    user_agent text not null,
    host text not null,
    scheme text not null,
    product text not null,
    version text not null,
    action text not null,
    effect text not null,
    region_id text not null,
    request_id text not null,
    error_code text not null,
    error_message text not null,
    parameters text not null,
    resources text not null
  )`.execute(db)
  await sql`create index audit_event_of_account on audit_event (account_id, at, seq)`.execute(db)
  await sql`create index audit_event_in_order on audit_event (at, seq)`.execute(db)
  await sql`create index audit_event_by_request on audit_event (request_id)`.execute(db)
  await sql`create table audit_resource (
    account_id text not null,
    name text not null,
    at text not null,
    seq integer not null references audit_event (seq) on delete cascade,
    primary key (account_id, name, at, seq)
  ) without rowid`.execute(db)
  await sql`create index audit_resource_by_seq on audit_resource (seq)`.execute(db)
  // Rows below the horizon may go. It only ever moves on.
  await sql`create table audit_horizon (id integer primary key, seq integer not null)`.execute(db)
  await sql`insert into audit_horizon (id, seq) values (1, 0)`.execute(db)
  await sql`create trigger audit_event_is_not_changed before update on audit_event
    begin select raise(abort, 'the audit record is append-only'); end`.execute(db)
  await sql`create trigger audit_resource_is_not_changed before update on audit_resource
    begin select raise(abort, 'the audit record is append-only'); end`.execute(db)
  await sql`create trigger audit_event_is_kept before delete on audit_event
    when old.seq >= (select seq from audit_horizon)
    begin select raise(abort, 'the audit record is append-only'); end`.execute(db)
  await sql`create trigger audit_resource_is_kept before delete on audit_resource
    when old.seq >= (select seq from audit_horizon)
    begin select raise(abort, 'the audit record is append-only'); end`.execute(db)
  await sql`create trigger audit_horizon_moves_on before update on audit_horizon
    when new.seq < old.seq
    begin select raise(abort, 'the horizon of the audit record never moves back'); end`.execute(db)
  await sql`create trigger audit_horizon_stays before delete on audit_horizon
    begin select raise(abort, 'the audit record is append-only'); end`.execute(db)
}
