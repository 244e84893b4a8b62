// Types for the documents of the panel, from the committed schema. scripts/panel.mjs runs it before each build.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  importExtension: '.ts',
  schema: 'schema.admin.graphql',
  documents: ['panel/**/*.graphql'],
  generates: {
    'panel/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, skipIndexFile: true },
      config: {
        documentMode: 'string',
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
    },
  },
};

export default config;
