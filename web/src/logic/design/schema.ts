/*
 * The members of each list of the model (docs/formats/model.md) as a table: what kind of value, which
 * words are known. The inspector and the tables are made of it. Words are offered, not enforced, where
 * `free`; the service judges what is written.
 */
import type { ListName } from "./model";

export type Kind =
  | "text" | "long" | "number" | "date"
  | "choice" /* one of `words` and nothing else */
  | "word" /* one text; `words` are offered */
  | "words" /* several texts; `words` are offered */
  | "flag" /* stated true, stated false, not stated */
  | "one" | "many" /* ids of `lists` */
  | "all-or-many" /* the same, or "*" */
  | "facts";

export interface Member {
  name: string;
  kind: Kind;
  words?: readonly string[];
  lists?: readonly (ListName | "assets")[];
  min?: number;
  max?: number;
  main?: boolean; /* shown before "more" */
  required?: boolean;
}

const CARRIES = ["command", "configuration", "update", "information", "alarm", "log", "identity", "therapy"];
const FUNCTIONS = ["therapy", "measurement", "alarm", "display", "dosing-configuration", "communication", "update", "log", "service", "production", "decommissioning"];
const PROVIDES = ["authentication", "authorization", "integrity", "encryption", "freshness", "logging", "at-rest", "wipe", "update-signature", "update-interruption", "rollback", "key-custody", "port-closed", "partition", "plausibility", "alarm-local", "resilience", "remote-access"];
const BOTH = ["elements", "flows"] as const;

const SCHEMA: Readonly<Record<ListName, readonly Member[]>> = {
  zones: [
    { name: "name", kind: "text", main: true },
    { name: "role", kind: "choice", words: ["care", "device", "user", "public", "hospital", "cloud", "manufacturer", "production"], main: true },
    { name: "trust", kind: "number", min: 1, max: 10, main: true },
    { name: "boundary", kind: "text", main: true },
    { name: "parent", kind: "one", lists: ["zones"], main: true },
    { name: "description", kind: "long" },
  ],
  elements: [
    { name: "name", kind: "text", main: true },
    { name: "kind", kind: "choice", words: ["actor", "external", "process", "store", "hardware"], main: true, required: true },
    { name: "zone", kind: "one", lists: ["zones"], main: true },
    { name: "count", kind: "number", min: 1, main: true },
    { name: "patients", kind: "number", min: 0, main: true },
    { name: "functions", kind: "words", words: FUNCTIONS, main: true },
    { name: "assets", kind: "many", lists: ["assets"], main: true },
    { name: "facts", kind: "facts", main: true },
    { name: "in_scope", kind: "flag" },
    { name: "enabled", kind: "flag" },
    { name: "states", kind: "many", lists: ["states"] },
    { name: "description", kind: "long" },
  ],
  flows: [
    { name: "name", kind: "text", main: true },
    { name: "from", kind: "one", lists: ["elements"], main: true, required: true },
    { name: "to", kind: "one", lists: ["elements"], main: true, required: true },
    { name: "protocol", kind: "text", main: true },
    { name: "medium", kind: "choice", words: ["internal", "local", "optical", "radio", "removable", "ip", "internet"], main: true },
    { name: "carries", kind: "words", words: CARRIES, main: true },
    { name: "assets", kind: "many", lists: ["assets"], main: true },
    { name: "authentication", kind: "word", words: ["none", "server-only", "mutual", "certificate", "mac", "token", "signature", "mfa", "two-person", "kerberos", "local-presence", "wired"], main: true },
    { name: "integrity", kind: "word", words: ["none", "crc", "tls", "ssh", "ipsec", "mac", "hmac", "aead", "signature", "cms", "wired"], main: true },
    { name: "encryption", kind: "word", words: ["none", "tls", "ssh", "ipsec", "vpn", "aead", "aes", "wpa3", "end-to-end", "wired"], main: true },
    { name: "freshness", kind: "word", words: ["none", "counter", "nonce", "session", "timestamp", "sequence", "window", "challenge", "wired"], main: true },
    { name: "fan_out", kind: "number", min: 1, main: true },
    { name: "facts", kind: "facts", main: true },
    { name: "version", kind: "text" },
    { name: "channel", kind: "text" },
    { name: "access_control", kind: "text" },
    { name: "roles", kind: "text" },
    { name: "hand_offs", kind: "text" },
    { name: "session", kind: "text" },
    { name: "abnormal", kind: "text" },
    { name: "defaults", kind: "text" },
    { name: "unused", kind: "text" },
    { name: "enabled", kind: "flag" },
    { name: "states", kind: "many", lists: ["states"] },
    { name: "description", kind: "long" },
  ],
  controls: [
    { name: "title", kind: "text", main: true },
    { name: "category", kind: "choice", words: ["1", "2", "3", "4", "5", "6", "7", "8"], main: true, required: true },
    { name: "covers", kind: "many", lists: BOTH, main: true },
    { name: "provides", kind: "words", words: PROVIDES, main: true },
    { name: "requirement", kind: "text", main: true },
    { name: "evidence", kind: "text", main: true },
    { name: "state", kind: "choice", words: ["in-place", "compensating", "planned"], main: true },
  ],
  components: [
    { name: "match", kind: "text", main: true },
    { name: "purl", kind: "text", main: true },
    { name: "supplier", kind: "text", main: true },
    { name: "support", kind: "text", main: true },
    { name: "end_of_support", kind: "date", main: true },
    { name: "end_of_support_note", kind: "text", main: true },
    { name: "elements", kind: "many", lists: ["elements"], main: true },
  ],
  credentials: [
    { name: "title", kind: "text", main: true },
    { name: "scope", kind: "choice", words: ["device", "site", "fleet"], main: true },
    { name: "made", kind: "text", main: true },
    { name: "stored", kind: "text", main: true },
    { name: "store", kind: "one", lists: ["elements"], main: true },
    { name: "accepted_by", kind: "many", lists: ["elements"], main: true },
    { name: "verified", kind: "text", main: true },
    { name: "issued", kind: "text", main: true },
    { name: "rotated", kind: "text", main: true },
    { name: "revoked", kind: "text", main: true },
    { name: "facts", kind: "facts", main: true },
  ],
  assumptions: [
    { name: "text", kind: "long", main: true },
    { name: "owner", kind: "text", main: true },
    { name: "review_by", kind: "date", main: true },
    { name: "about", kind: "many", lists: BOTH, main: true },
  ],
  entries: [
    { name: "title", kind: "text", main: true },
    { name: "position", kind: "choice", words: ["touch", "radio", "adjacent", "internet", "insider", "supply-chain"], main: true },
    { name: "at", kind: "one", lists: BOTH, main: true },
  ],
  states: [
    { name: "name", kind: "text", main: true },
    { name: "phase", kind: "word", words: ["supply chain", "production", "deployment", "clinical use", "service", "update", "decommissioning"], main: true },
    { name: "description", kind: "long", main: true },
  ],
  views: [
    { name: "title", kind: "text", main: true },
    { name: "kind", kind: "choice", words: ["global", "multi-patient", "updateability", "use-case", "other"], main: true, required: true },
    { name: "elements", kind: "all-or-many", lists: ["elements"], main: true },
    { name: "flows", kind: "all-or-many", lists: ["flows"], main: true },
    { name: "reason", kind: "long", main: true },
  ],
};

export function membersOf(list: ListName): readonly Member[] {
  return SCHEMA[list];
}

export function memberOf(list: ListName, name: string): Member | null {
  return SCHEMA[list].find((member) => member.name === name) ?? null;
}

/* Names of facts that rules know, offered in the inspector: docs/formats/model.md, "Facts". */
export const FACTS: readonly string[] = [
  "os", "os_support", "listener", "general_purpose", "debug", "port", "key_scope", "accepted_by", "key_custody", "hardware", "accounts", "mfa", "login",
  "phi", "at_rest", "wipe", "deidentified", "third_party", "secure_boot", "rollback_check", "device_verifies", "model_signed", "power_loss", "logged",
  "alarm_local", "loss_alarm", "role", "states", "remote_access", "inbound", "bridge", "tenants", "object_check", "identity_binding", "peer_check",
  "sender_check", "client_certificate", "break_glass", "wake", "radio_id", "pairing", "tag", "limits_writable_by", "limits_from", "partition",
  "hardwired", "autonomous", "relay", "runs_on",
];
