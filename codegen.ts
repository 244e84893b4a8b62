// npm run codegen
// Types for the documents in test/clients/, from schema.graphql: no server has to run. A front end does the same with its
// own documents, and the schema that it fetches from the server or takes from this repository.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['test/clients/*.ts'],
  importExtension: '.ts',
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      config: {
        enumType: 'string-literal',
        useTypeImports: true,
        scalars: { DateTime: 'string' },
        strictScalars: true,
      },
    },
  },
};

export default config;
