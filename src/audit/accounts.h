/*
 * Accounts, teams and keys as rows: for lists and answers that are made of columns.
 *
 * Texts and arrays are in the arena that is given. Errors are those of store/store.h. Any thread.
 */
#ifndef TU_AUDIT_ACCOUNTS_H
#define TU_AUDIT_ACCOUNTS_H

#include "audit/key.h"

/* A person, also one who may act no more. */
struct tu_account {
	struct tu_str public;
	struct tu_str login;
	struct tu_str role;
	struct tu_str state; /* active, removed, erased */
	struct tu_str name, mail; /* empty: not known, or erased */
	bool password;
	bool second_factor;
	int64_t version;
	int64_t created; /* us since 1970, UTC */
};

struct tu_accounts {
	struct tu_account *at;
	size_t count;
};

/* In the order in which they were added. */
TU_NODISCARD enum tu_status tu_account_list(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_accounts *out_accounts, struct tu_error *err);
/* By public id. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_account_find(struct tu_tx *tx, struct tu_str public,
	struct tu_arena *arena, struct tu_account *out_account, struct tu_error *err);

struct tu_team_row {
	struct tu_str public;
	struct tu_str name;
	struct tu_str users; /* JSON: [{"id": …, "login": …}, …] */
	struct tu_str devices; /* JSON: names */
	int64_t version;
};

struct tu_team_rows {
	struct tu_team_row *at;
	size_t count;
};

/* By name. */
TU_NODISCARD enum tu_status tu_team_rows(struct tu_tx *tx, struct tu_arena *arena,
	struct tu_team_rows *out_teams, struct tu_error *err);
/* Append the names of the teams of a person as a JSON array. */
TU_NODISCARD enum tu_status tu_team_names(
	struct tu_tx *tx, int64_t person, struct tu_buf *out, struct tu_error *err);

struct tu_key_row {
	struct tu_str public;
	struct tu_str label;
	struct tu_str rights; /* JSON: ["read"] */
	struct tu_str user, team; /* login, name; both empty: of a machine that sees everything */
	bool everything;
	int64_t created, expires, revoked; /* us; 0: it does not, it was not */
};

struct tu_key_rows {
	struct tu_key_row *at;
	size_t count;
};

/* The oldest first; of one person only where `login` is not empty. */
TU_NODISCARD enum tu_status tu_key_rows(struct tu_tx *tx, struct tu_str login,
	struct tu_arena *arena, struct tu_key_rows *out_keys, struct tu_error *err);

#endif
