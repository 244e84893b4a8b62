// The functions that declare content types, for the models of the tests' blog.
import {
  type ContentTypeDeclaration,
  type DeclaredContentType,
  contentType as ofAnyModel,
  singleType as ofAnyModelOnce,
} from '../../src/graphql/content-type/content-type.ts';
import type { ContentHooks } from '../../src/graphql/content-type/hooks/hooks.ts';
import type { ModelTypes } from '../../src/graphql/content-type/model.ts';
import type PrismaTypes from './generated/src/generated/pothos-types.ts';
import type { WithBlog } from './models.ts';

/** What a hook is called with: its client has the blog, also in a project that has none. */
type Arguments<Given extends readonly unknown[]> = {
  [Index in keyof Given]: Given[Index] extends { readonly prisma: infer Client }
    ? Omit<Given[Index], 'prisma'> & { readonly prisma: WithBlog<Client> }
    : Given[Index];
};

type BlogHooks<Model extends ModelTypes> = {
  [Name in keyof ContentHooks<Model>]?: (
    ...given: Arguments<Parameters<NonNullable<ContentHooks<Model>[Name]>>>
  ) => void | Promise<void>;
};

type Declare = <const Name extends keyof PrismaTypes & string>(
  model: Name,
  declaration: Omit<ContentTypeDeclaration<PrismaTypes[Name]>, 'hooks'> & {
    readonly hooks?: BlogHooks<PrismaTypes[Name]>;
  },
) => DeclaredContentType;

export const contentType = ofAnyModel as unknown as Declare;
export const singleType = ofAnyModelOnce as unknown as Declare;
