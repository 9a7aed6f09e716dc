/*
 * Whose an actor is: the text under which records have what somebody did. It is the public id
 * of a person or of a key, a part of the program, or any other text that was given to a command
 * ("--by"), of which nobody is known.
 *
 * Whose work something is, is asked of persons: all keys of a person are that person, and so is a
 * text that is the login of one.
 */
#ifndef TU_PORTFOLIO_ACTOR_H
#define TU_PORTFOLIO_ACTOR_H

#include "portfolio/work.h"

/* Texts are in the work's arena; all are empty where no person is known. */
struct tu_actor_person {
	struct tu_str public_id, login;
	struct tu_str name; /* as printed; empty: none, or erased */
	bool active;
};

TU_NODISCARD enum tu_status tu_actor_person(struct tu_work *w, struct tu_str actor,
	struct tu_actor_person *out_person, struct tu_error *err);

/* The actor to record for somebody who is named by a login or a public id; any other text is left
 * as it is. TU_E_USAGE: the person or key may not act any more, or tu_actor_check() refuses it. */
TU_NODISCARD enum tu_status tu_actor_resolve(
	struct tu_work *w, struct tu_str named, struct tu_str *out_actor, struct tu_error *err);

/* The same in a transaction of its own; the text is in `arena`. */
TU_NODISCARD enum tu_status tu_actor_find(struct tu_store *store, const struct tu_act *act,
	struct tu_arena *arena, struct tu_str *out_actor, struct tu_error *err);

/* What the one who acts is called, for people to read: the name of a person, else the login, else
 * the text of the act. In a transaction of its own; the text is in `arena`. */
TU_NODISCARD enum tu_status tu_actor_called(struct tu_store *store, const struct tu_act *act,
	struct tu_arena *arena, struct tu_str *out_name, struct tu_error *err);

#endif
