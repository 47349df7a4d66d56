import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** For work on the console: `POSTERN_SERVER=http://127.0.0.1:7080 npx vite dev console` shows the sources on a running server. */
const server = process.env['POSTERN_SERVER']
const answered = ['call', 'events', 'explain', 'proof', 'session', 'shell', 'traffic']
const proxy = Object.fromEntries(
  answered.map((part) => [`/console/${part}`, { target: server ?? '', ws: true }]),
)

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react()],
  build: { target: 'chrome120', chunkSizeWarningLimit: 1200, reportCompressedSize: false },
  ...(server && { server: { proxy }, preview: { proxy } }),
})
