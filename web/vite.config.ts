import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.PORCHLIGHT_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    target: 'es2022',
    // Everything is a file of its own: the server's content security policy allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
  server: { proxy: { '/api': { target: server } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
