import { DEMO_PASSWORD } from '../src/accounts/public-password.ts';
import { dataOf, type Question } from './ask.ts';

/** A question with its name in the table and the data that answers it (`*` for a name that the server makes up). */
export interface BenchQuestion extends Question {
  readonly name: string;
  readonly expected: unknown;
}

/** What is measured, for the Gatehouse server at this URL: the questions carry its tokens and documents. */
export async function questionsFor(url: string): Promise<readonly BenchQuestion[]> {
  const reader = await tokenOf(url, 'reader');
  const editor = await tokenOf(url, 'editor');
  const [author, category] = await firstDocuments(url);
  return [
    {
      name: 'me, with a token',
      query: '{ me { id username email role { name type } } }',
      token: reader,
      expected: {
        me: {
          id: '1',
          username: 'reader',
          email: 'reader@example.com',
          role: { name: 'Authenticated', type: 'authenticated' },
        },
      },
    },
    { name: 'ten posts, as Public', ...TEN_POSTS },
    { name: 'ten posts, with a token', ...TEN_POSTS, token: reader },
    {
      name: 'createPost, as an editor',
      query: `mutation ($data: PostInput!) {
        createPost(data: $data) { documentId title author { name } category { name } }
      }`,
      variables: { data: { title: 'What a post costs', content: 'Written to be measured.', author, category } },
      token: editor,
      expected: {
        createPost: {
          documentId: '*',
          title: 'What a post costs',
          author: { name: 'Ada Moreau' },
          category: { name: 'Guides' },
        },
      },
    },
    { name: 'login', ...loginOf('reader'), expected: { login: { jwt: '*', user: { username: 'reader' } } } },
  ];
}

const TEN_POSTS = {
  query: `query ($limit: Int!) {
    posts(pagination: { limit: $limit }) { documentId title author { name } category { name } }
  }`,
  variables: { limit: 10 },
  expected: {
    posts: [
      post('A role for every reader', 'Ada Moreau', 'Guides'),
      post('What a token may do', 'Bram Okafor', 'Guides'),
      post('Ten posts in one query', 'Chiyo Lindqvist', 'Ideas'),
      post('Deny first, ask later', 'Dario Petrov', 'Ideas'),
      post('The mail that never came', 'Esther Nakamura', 'News'),
      post('Passwords people can keep', 'Ada Moreau', 'News'),
      post('One file for each type', 'Bram Okafor', 'Practice'),
      post('When an error is an answer', 'Chiyo Lindqvist', 'Practice'),
      post('A schema you can review', 'Dario Petrov', 'People'),
      post('Locks that let go', 'Esther Nakamura', 'People'),
    ],
  },
};

function post(title: string, author: string, category: string) {
  return { documentId: '*', title, author: { name: author }, category: { name: category } };
}

function loginOf(username: string): Question {
  return {
    query: 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt user { username } } }',
    variables: { input: { identifier: username, password: DEMO_PASSWORD } },
  };
}

async function tokenOf(url: string, username: string): Promise<string> {
  const data = (await dataOf(url, loginOf(username))) as { readonly login: { readonly jwt: string } };
  return data.login.jwt;
}

/** The first author and the first category, for a new post to be of. */
async function firstDocuments(url: string): Promise<[author: string, category: string]> {
  const one = '(pagination: { limit: 1 }) { documentId }';
  const data = await dataOf(url, { query: `{ authors${one} categories${one} }` });
  const {
    authors: [author],
    categories: [category],
  } = data as Record<'authors' | 'categories', readonly [{ readonly documentId: string }]>; // the example blog has them
  return [author.documentId, category.documentId];
}
