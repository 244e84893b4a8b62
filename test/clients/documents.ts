// What a front end asks, typed by `npm run codegen`.
import { graphql } from '../generated/gql.ts';

export const LOG_IN = graphql(`
  mutation LogIn($input: UsersPermissionsLoginInput!) {
    login(input: $input) {
      jwt
      user {
        username
      }
    }
  }
`);

export const ME = graphql(`
  query Me {
    me {
      username
      email
      role {
        type
      }
    }
  }
`);

export const POSTS = graphql(`
  query Posts($pagination: PaginationArg) {
    posts(pagination: $pagination) {
      title
      kind
      publishedAt
      author {
        name
      }
      category {
        name
      }
    }
  }
`);

export const CREATE_POST = graphql(`
  mutation CreatePost($data: PostInput!) {
    createPost(data: $data) {
      documentId
    }
  }
`);
