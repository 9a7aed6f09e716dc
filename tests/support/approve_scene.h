/*
 * Persons of a portfolio's tests, who approve.
 */
#ifndef TESTS_APPROVE_SCENE_H
#define TESTS_APPROVE_SCENE_H

#include "tests/support/portfolio_scene.h"

/* A person whose public id is the login, so that tests can foresee it; once is enough. */
static inline void scene_person(struct scene *s, const char *login, const char *role)
{
	struct tu_person_new person = {.login = tu_str_c(login), .name = tu_str_c(login)};
	char name[64], public[TU_RANDOM_ID + 1], sql[256];
	const struct tu_audit_act act = {.at = NOW, .actor = TU_STR("test")};
	struct tu_tx *tx;

	(void)snprintf(name, sizeof(name), "Printed %s", login);
	person.name = tu_str_c(name);
	assert_true(tu_person_role_by_name(tu_str_c(role), &person.role));
	if (tu_person_add(s->store, &person, &act, public, NULL) == TU_E_CONSTRAINT)
		return; /* is there */
	(void)snprintf(sql, sizeof(sql), "UPDATE person SET public = '%s' WHERE login = '%s'",
		login, login);
	assert_ok(tu_store_begin(s->store, TU_TX_WRITE, &tx, error));
	assert_ok(tu_tx__script(tx, sql, error));
	assert_ok(tu_tx_commit(tx, error));
}

/* As who has just proven to be the act's actor. */
static inline enum tu_status scene_proposal_act(struct tu_work *w,
	const struct tu_assessment_row *row, struct tu_proposal_act *out, struct tu_error *err)
{
	struct tu_person person;
	enum tu_status status = tu_person_find(w->tx, w->act->actor, w->arena, &person, err);

	*out = (struct tu_proposal_act){.public_id = row->public_id,
		.version = row->version,
		.proof = {person.id, w->act->at},
		.zone = TU_STR("+02:00")};
	memcpy(out->digest, row->digest, sizeof(out->digest));
	return status;
}

/* Approve the assessment of the scene's name. */
static inline enum tu_status scene_approve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_row device;
	struct tu_settling settling;
	struct tu_proposal_act act;
	const struct tu_assessment_row *row;
	enum tu_status status = tu_device_find(w, tu_str_c(s->device), &device, err);

	if (status == TU_OK)
		status = tu_settling_begin(w, &device, s->kb, &settling, err);
	if (status != TU_OK)
		return status;
	row = tu_assessment_named(&settling.assessments, tu_str_c(s->name));
	if (!row)
		return tu_fail(err, TU_E_NOTFOUND, 0, "no decision %s", s->name);
	status = scene_proposal_act(w, row, &act, err);
	act.version = s->row_version ? s->row_version : row->version;
	if (status == TU_OK)
		status = tu_assessment_approve(w, &act, &s->outcome, err);
	if (status == TU_OK)
		status = tu_settling_begin(w, &device, s->kb, &settling, err);
	return status ? status : tu_settle_device(w, &settling, err);
}

/* Decide by a text: one person proposes, another approves. */
static inline void scene_decide(struct scene *s, const char *name, struct tu_str text)
{
	s->name = name;
	s->text = text;
	s->act = scene_act("engineer");
	scene_run(s, scene_propose);
	scene_person(s, "reviewer", "approver");
	s->act = scene_act("reviewer");
	scene_run(s, scene_approve);
}

/* A text of the scene with each place of `what` replaced. */
static inline struct tu_str scene_replaced(
	struct scene *s, struct tu_str text, const char *what, const char *with)
{
	struct tu_str copy;
	struct tu_buf out;
	size_t at;

	tu_buf_init(&out, 1 << 20);
	while ((at = tu_str_search(text, tu_str_c(what))) < text.len) {
		tu_buf_str_add(&out, tu_str_first(text, at));
		tu_buf_c(&out, with);
		text = tu_str_from(text, at + strlen(what));
	}
	tu_buf_str_add(&out, text);
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&out), &copy));
	tu_buf_done(&out);
	return copy;
}

#endif
