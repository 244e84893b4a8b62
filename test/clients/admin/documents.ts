// What a panel asks of the administration, typed by `npm run codegen`.
import { graphql } from '../../generated/admin/gql.ts';

export const LOG_IN_AS_ADMIN = graphql(`
  mutation LogInAsAdmin($email: String!, $password: String!) {
    login(email: $email, password: $password) {
      jwt
      admin {
        name
        role
      }
    }
  }
`);

export const PERMISSION_MATRIX = graphql(`
  query PermissionMatrix {
    actions {
      label
      actions {
        action
        label
        writes
      }
    }
    roles(sort: "name", pagination: { limit: -1 }) {
      documentId
      name
      version
      permissions
    }
  }
`);

export const CREATE_ROLE = graphql(`
  mutation CreateRole($data: CreateRoleInput!) {
    createRole(data: $data) {
      documentId
      version
      permissions
    }
  }
`);

export const SET_PERMISSIONS = graphql(`
  mutation SetPermissions($role: ID!, $version: Int!, $add: [String!], $remove: [String!]) {
    setPermissions(role: $role, version: $version, add: $add, remove: $remove) {
      version
      permissions
    }
  }
`);

export const AUDIT_LOG = graphql(`
  query AuditLog($filters: AuditFiltersInput, $pagination: PaginationArg) {
    auditEntries(filters: $filters, pagination: $pagination) {
      nodes {
        id
        at
        event
        actorKind
        actorName
        targetName
        before
        after
      }
      pageInfo {
        total
      }
    }
  }
`);
