import { NoSchemaIntrospectionCustomRule, specifiedRules, ValuesOfCorrectTypeRule, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { valuesOfCorrectType } from './values.ts';

/** Validates documents by the rules of the specification, in messages that repeat no value that was sent. */
export function validation({ introspection }: { readonly introspection: boolean }): Plugin {
  const rules = [
    ...specifiedRules.filter((rule) => rule !== ValuesOfCorrectTypeRule),
    valuesOfCorrectType,
    ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
  ];
  return {
    onValidate({ setValidationFn }) {
      // Where the schema is not told, neither is the nearest name in it.
      setValidationFn((schema, document) => validate(schema, document, rules, { hideSuggestions: !introspection }));
    },
  };
}
