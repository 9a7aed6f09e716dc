/* What /v1/me/… answers, as far as the page shows it. */
export interface Session {
  id: string;
  agent: string;
  strength: string;
  created: string;
  used: string;
  current: boolean;
}

export interface Key {
  id: string;
  label: string;
  rights: readonly string[];
  user?: string | null;
  team?: string | null;
  everything?: boolean;
  created: string;
  expires: string | null;
  revoked: string | null;
}
