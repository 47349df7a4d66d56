import { Hono } from 'hono'

/** What a browser is told of a console whose app is not built: the API is there without it. */
export function createMissingPages(): Hono {
  const app = new Hono()
  app.get('*', (context) => context.text('The console is not built. ./postern up builds it.\n', 503))
  return app
}
