import { defineConfig } from 'vitepress';
import { checkAnchors } from './anchors.ts';
import { linkPagesOnly } from './links.ts';

/** The documents as a site: `npm run docs`. The pages are the Markdown of the repository, where they are. */
export default defineConfig({
  title: 'Gatehouse',
  description: 'A GraphQL server with accounts, roles and permissions',
  srcDir: '..',
  outDir: '.vitepress/dist',
  srcExclude: ['**/node_modules/**', 'test/**', 'src/**', 'prisma/**', 'LICENSE', 'docs/.vitepress/**'],
  rewrites: { 'README.md': 'index.md', 'docs/decisions/README.md': 'docs/decisions/index.md' },
  lastUpdated: false,
  markdown: { config: linkPagesOnly },
  buildEnd: ({ outDir }) => checkAnchors(outDir),
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Accounts', link: '/docs/accounts' },
      { text: 'Querying', link: '/docs/querying' },
      { text: 'Configuration', link: '/docs/configuration' },
      { text: 'Changelog', link: '/CHANGELOG' },
    ],
    sidebar: [
      { text: 'Start', items: [{ text: 'Gatehouse', link: '/' }] },
      {
        text: 'Use the API',
        items: [
          { text: 'Accounts', link: '/docs/accounts' },
          { text: 'Login providers', link: '/docs/login-providers' },
          { text: 'Second factors', link: '/docs/second-factors' },
          { text: 'Passkeys', link: '/docs/passkeys' },
          { text: 'Account pages', link: '/docs/account-pages' },
          { text: 'Querying', link: '/docs/querying' },
          { text: 'Permissions', link: '/docs/permissions' },
          { text: 'Clients', link: '/docs/clients' },
          { text: 'Coming from Strapi', link: '/docs/from-strapi' },
          { text: 'Moving in from other systems', link: '/docs/moving-in' },
        ],
      },
      {
        text: 'Run a server',
        items: [
          { text: 'Configuration', link: '/docs/configuration' },
          { text: 'Deploying', link: '/docs/deploying' },
          { text: 'Upgrading', link: '/docs/upgrading' },
          { text: 'The panel', link: '/docs/panel' },
          { text: 'Administration', link: '/docs/administration' },
          { text: 'Command line', link: '/docs/command-line' },
          { text: 'API tokens', link: '/docs/api-tokens' },
          { text: 'Token keys', link: '/docs/token-keys' },
          { text: 'Audit log', link: '/docs/audit-log' },
          { text: 'Performance', link: '/docs/performance' },
          { text: 'Security', link: '/SECURITY' },
        ],
      },
      {
        text: 'Extend and contribute',
        items: [
          { text: 'A new application', link: '/docs/new-application' },
          { text: 'Add a content type', link: '/docs/extending' },
          { text: 'An existing database', link: '/docs/existing-database' },
          { text: 'Fields of your own on users', link: '/docs/user-fields' },
          { text: 'Logic of your own', link: '/docs/own-logic' },
          { text: 'Your part of the project', link: '/docs/your-app' },
          { text: 'Test your application', link: '/docs/testing' },
          { text: 'Architecture', link: '/ARCHITECTURE' },
          { text: 'Contributing', link: '/CONTRIBUTING' },
          { text: 'Decisions', link: '/docs/decisions/' },
          { text: 'Benchmarks', link: '/bench/README' },
          { text: 'Changelog', link: '/CHANGELOG' },
        ],
      },
    ],
  },
});
