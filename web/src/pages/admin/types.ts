/* What /v1/users, /v1/teams, channels, rules and the provider of CSAF answer, as far as the page shows it, and the tabs. */
import type * as Api from "../../api/types";
export type User = Api.User;
export type Team = Api.Team;
export type Channel = Api.Channel;
export type Rule = Api.NotificationRule;
export type Notification = Api.Notification;
export type Provider = Api.CsafProvider;

export const CHANNEL_KINDS = ["mail", "webhook", "slack", "teams"] as const;
export const ROLES = ["viewer", "analyst", "approver", "administrator", "auditor", "customer"] as const;
