import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Built by scripts/panel.mjs. The policy of the page allows neither inline scripts nor inline styles.
// A test that builds the panel has another one, with which React would be the one of development: half as large again.
process.env['NODE_ENV'] = 'production';

export default defineConfig({
  root: here('.'),
  base: '/admin/',
  publicDir: false,
  logLevel: 'warn',
  build: {
    outDir: here('../src/generated/panel'),
    emptyOutDir: true,
    target: 'es2023',
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      output: {
        // What every screen is made of is one file. Otherwise it is cut by which screens share what, into dozens of small ones.
        codeSplitting: { groups: [{ name: 'base', test: /node_modules|\/panel\/(?:api|app|ui|generated)\// }] },
      },
    },
  },
  experimental: {
    // The page knows below which path a proxy puts the server; scripts find each other beside themselves.
    renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
});
