import type { Kysely, Migration } from 'kysely'

/** RAM: users, whose keys are access keys too, groups, roles, policies. None of it belongs to the world. */
export const ram: Migration = {
  async up(db: Kysely<unknown>) {
    await entity(db, 'ram_user', ['display_name', 'mobile_phone', 'email', 'comments'])
    await entity(db, 'ram_group', ['comments'])
    await entity(db, 'ram_role', ['description', 'trust_policy'])
    await db.schema
      .alterTable('ram_role')
      .addColumn('max_session_seconds', 'integer', (column) => column.notNull().defaultTo(3600))
      .execute()
    await db.schema
      .createTable('ram_group_member')
      .addColumn('group_id', 'text', (column) => column.notNull().references('ram_group.id'))
      .addColumn('user_id', 'text', (column) => column.notNull().references('ram_user.id'))
      .addColumn('joined_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ram_group_member_key', ['group_id', 'user_id'])
      .execute()
    await db.schema
      .createIndex('ram_group_member_by_user_id')
      .on('ram_group_member')
      .column('user_id')
      .execute()
    await db.schema
      .createTable('ram_policy')
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('default_version', 'integer', (column) => column.notNull())
      .addColumn('last_version', 'integer', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ram_policy_key', ['account_id', 'name'])
      .execute()
    await db.schema
      .createTable('ram_policy_version')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('policy_name', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('document', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ram_policy_version_key', ['account_id', 'policy_name', 'version'])
      .addForeignKeyConstraint(
        'ram_policy_version_policy',
        ['account_id', 'policy_name'],
        'ram_policy',
        ['account_id', 'name'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute()
    await db.schema
      .createTable('ram_attachment')
      .addColumn('account_id', 'text', (column) => column.notNull())
      .addColumn('policy_type', 'text', (column) => column.notNull())
      .addColumn('policy_name', 'text', (column) => column.notNull())
      .addColumn('principal_kind', 'text', (column) => column.notNull())
      .addColumn('principal_id', 'text', (column) => column.notNull())
      .addColumn('attached_at', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ram_attachment_key', ['principal_id', 'policy_type', 'policy_name'])
      .execute()
    await db.schema
      .createIndex('ram_attachment_by_policy')
      .on('ram_attachment')
      .columns(['account_id', 'policy_type', 'policy_name'])
      .execute()
    await db.schema
      .alterTable('access_key')
      .addColumn('user_id', 'text', (column) => column.references('ram_user.id'))
      .execute()
    await db.schema.createIndex('access_key_by_user_id').on('access_key').column('user_id').execute()
  },
}

/** A table of things with a name that is theirs alone within the account. */
async function entity(db: Kysely<unknown>, table: string, texts: readonly string[]): Promise<void> {
  let create = db.schema
    .createTable(table)
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
  for (const text of texts) create = create.addColumn(text, 'text', (column) => column.notNull())
  await create.addUniqueConstraint(`${table}_name`, ['account_id', 'name']).execute()
}
