// DATABASE_URL=… node tools/apply-migrations.mjs: brings a database to this version's schema; safe to run twice and beside another run.
import { applyMigrations } from './migrate.mjs';

const { DATABASE_URL } = process.env;
if (!DATABASE_URL) {
  process.stderr.write(
    'DATABASE_URL is not set; give the URL of the database to migrate, such as postgresql://user:password@host:5432/carillon\n',
  );
  process.exitCode = 1;
} else {
  const applied = await applyMigrations(DATABASE_URL, 'prisma/migrations');
  process.stderr.write(applied.length === 0 ? 'Nothing to apply.\n' : `Applied ${applied.join(', ')}.\n`);
}
