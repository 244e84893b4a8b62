/** Whose a second factor is, as a condition for its row. */
export type FactorOwner = { readonly userId: number } | { readonly adminId: number };
