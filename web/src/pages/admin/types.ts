/* What /v1/users and /v1/teams answer, as far as the page shows it, and the tabs. */
export interface User {
  id: string;
  login: string;
  name: string | null;
  mail: string | null;
  role: string;
  state: string;
  password: boolean;
  second_factor: boolean;
  created: string;
}

export interface Team {
  id: string;
  name: string;
  users: readonly { id: string; login: string }[];
  devices: readonly string[];
}

export const ROLES = ["viewer", "analyst", "approver", "administrator", "auditor", "customer"] as const;
