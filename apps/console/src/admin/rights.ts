/** Roles as the hub's own table groups them: what somebody may not do is not offered to them. */
export const ADMINS: readonly string[] = ["owner", "admin"];
export const MONEY: readonly string[] = ["owner", "admin", "finance"];
export const CARE: readonly string[] = ["owner", "admin", "support"];
/** Reads names and notes of distributors; a viewer only counts. */
export const DESK: readonly string[] = ["owner", "admin", "finance", "support"];
