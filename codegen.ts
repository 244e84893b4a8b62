// npm run codegen
// Types for the documents in test/clients/, from the committed schemas: no server has to run. A front end does the same
// with its own documents, and the schema that it fetches from the server or takes from this repository.
import type { CodegenConfig } from '@graphql-codegen/cli';

const client = {
  preset: 'client',
  presetConfig: { fragmentMasking: false, skipIndexFile: true },
  config: {
    enumType: 'string-literal',
    useTypeImports: true,
    scalars: {
      DateTime: 'string',
      JSON: 'unknown',
      // of columns that a project can have
      Date: 'string',
      Time: 'string',
      Decimal: 'string',
      Long: 'string',
      Bytes: 'string',
    },
    strictScalars: true,
  },
} as const;

const config: CodegenConfig = {
  importExtension: '.ts',
  generates: {
    'test/generated/': { ...client, schema: 'schema.graphql', documents: ['test/clients/*.ts'] },
    'test/generated/admin/': { ...client, schema: 'schema.admin.graphql', documents: ['test/clients/admin/*.ts'] },
  },
};

export default config;
