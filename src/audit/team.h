/*
 * Teams: which persons see which devices (portfolio/scope.h). A person in no team sees none, unless
 * the role sees everything.
 *
 * A team is named by its public id or its name. Records have public ids of persons and names of
 * devices. Errors are those of store/store.h; TU_E_NOTFOUND: there is no such team, person or
 * device. Any thread.
 */
#ifndef TU_AUDIT_TEAM_H
#define TU_AUDIT_TEAM_H

#include "audit/person.h"

enum { TU_TEAM_NAME_MAX = 100 };

struct tu_team {
	int64_t id;
	char public[TU_RANDOM_ID + 1];
	char name[TU_TEAM_NAME_MAX + 1];
	int64_t version; /* of its name */
};

TU_NODISCARD enum tu_status tu_team_find(struct tu_tx *tx, struct tu_str public_or_name,
	struct tu_team *out_team, struct tu_error *err);

/* Add a team. A name is one line of UTF-8, at most TU_TEAM_NAME_MAX bytes, without spaces at its
 * ends, and nothing that could be taken for a public id: TU_E_USAGE. TU_E_CONSTRAINT with pointer
 * "team": the name is taken. */
TU_NODISCARD enum tu_status tu_team_add(struct tu_store *store, struct tu_str name,
	const struct tu_audit_act *act, char out_public[TU_RANDOM_ID + 1], struct tu_error *err);

struct tu_team_rename {
	struct tu_str team; /* its public id */
	struct tu_str before; /* the name that the person saw; empty: they saw `version` */
	struct tu_str name;
	int64_t version; /* 0: they saw the name */
};

/* Errors as of adding; TU_E_CONFLICT: it has another name meanwhile. The same name: nothing. */
TU_NODISCARD enum tu_status tu_team_set_name(struct tu_store *store,
	const struct tu_team_rename *rename, const struct tu_audit_act *act, struct tu_error *err);

struct tu_team_change {
	struct tu_str team;
	struct tu_str person; /* public id or login; one of the two is empty */
	struct tu_str device; /* name */
	bool leaves; /* else it joins */
};

/* A person or a device joins or leaves a team. What is so already changes and records nothing.
 * TU_E_USAGE: a person who is not active joins nothing. */
TU_NODISCARD enum tu_status tu_team_change(struct tu_store *store,
	const struct tu_team_change *change, const struct tu_audit_act *act, struct tu_error *err);

/* Append all teams, by name, as a JSON array without white space: "id", "name", "members", each
 * {"user": login} or {"device": name}. */
TU_NODISCARD enum tu_status tu_team_list(
	struct tu_store *store, struct tu_buf *out, struct tu_error *err);

#endif
