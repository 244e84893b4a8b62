import { type GraphQLSchema, specifiedRules, type ValidationRule, validate } from 'graphql';
import type { DocumentReader } from '../operation/document-reader.ts';
import type { OperationPlugin } from './operation-plugin.ts';

/** Parses and validates with the reader, which enforces the limits and caches documents. */
export function readDocument(reader: DocumentReader): OperationPlugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source) => reader.parse(source));
    },
    onValidate({ setValidationFn }) {
      setValidationFn((schema: GraphQLSchema, document, rules: readonly ValidationRule[] = []) => {
        const errors = reader.validate(document);
        if (errors.length > 0) return errors;
        const added = rules.filter((rule) => !SPECIFIED.has(rule)); // the reader applies those of the specification
        return added.length > 0 ? validate(schema, document, added, { hideSuggestions: true }) : errors;
      });
    },
  };
}

const SPECIFIED = new Set(specifiedRules);

/** Validates the document with the reader even if a plugin replaced `parse` or `validate`. */
export function confirmDocument(reader: DocumentReader): OperationPlugin {
  return {
    onValidate({ params: { documentAST } }) {
      return ({ valid, setResult }) => {
        const errors = valid ? reader.validate(documentAST) : [];
        if (errors.length > 0) setResult([...errors]);
      };
    },
  };
}
