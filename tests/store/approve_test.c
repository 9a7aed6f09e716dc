/* Who approves and rejects decisions: one person or two, never their author (portfolio/approve.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "audit/key.h"
#include "audit/team.h"
#include "portfolio/actor.h"
#include "portfolio/proposal.h"

#define DECISION "curl-socks.yaml"

/* ---- the world ---- */

static const struct {
	const char *login, *role;
} persons[] = {
	{"ann", "approver"},
	{"ben", "approver"},
	{"cid", "approver"},
	{"dan", "analyst"},
	{"eve", "viewer"},
	{"adm", "administrator"},
	{"gone", "approver"},
};

static struct tu_audit_act admin(void)
{
	return (struct tu_audit_act){.at = NOW, .actor = TU_STR("program:admin")};
}

/* The example's device with a policy of so many approvals; "" where the text says nothing. */
static void set_policy(struct scene *s, const char *approvals, int64_t version)
{
	struct tu_str text = scene_example(s, "device.yaml");
	const struct tu_str key = TU_STR("policy:\n");
	size_t at = tu_str_search(text, key);
	struct tu_buf out;

	assert_true(at < text.len);
	tu_buf_init(&out, 1 << 20);
	tu_buf_str_add(&out, tu_str_first(text, at + key.len));
	tu_buf_printf(&out, "  approvals: %s\n", approvals);
	tu_buf_str_add(&out, tu_str_from(text, at + key.len));
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&out), &s->text));
	tu_buf_done(&out);
	s->row_version = version;
	scene_run(s, scene_put_device);
	s->row_version = 0;
}

static void propose_as(struct scene *s, const char *actor, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "decisions/%s", name);
	s->act = scene_act(actor);
	s->name = name;
	s->text = scene_example(s, path);
	scene_run(s, scene_propose);
}

static struct scene open_world(const char *approvals)
{
	struct scene s = scene_portfolio();
	const struct tu_audit_act act = admin();

	for (size_t i = 0; i < TU_COUNT(persons); i++)
		scene_person(&s, persons[i].login, persons[i].role);
	assert_ok(tu_person_remove(s.store, TU_STR("gone"), &act, error));
	set_policy(&s, approvals, 1);
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	return s;
}

/* A key of a person; its public id. */
static const char *add_key(struct scene *s, const char *person)
{
	static struct tu_key_made made;
	const struct tu_audit_act act = admin();

	assert_ok(tu_key_add(s->store,
		&(const struct tu_key_new){.label = TU_STR("CI"),
			.rights = TU_RIGHT_BIT(TU_RIGHT_PUSH),
			.person = tu_str_c(person)},
		&act, &made, error));
	return made.public;
}

static int64_t records(struct scene *s)
{
	struct tu_rows *rows;
	struct tu_tx *tx;
	int64_t n;

	assert_ok(tu_store_begin(s->store, TU_TX_READ, &tx, error));
	assert_ok(tu_tx_row(tx, TU_SQL_LEDGER_HEAD, TU_NO_BIND, &rows, error));
	n = tu_rows_int(rows, 0);
	assert_ok(tu_rows_close(rows, error));
	assert_ok(tu_tx_commit(tx, error));
	return n;
}

/* ---- the list ---- */

static struct tu_proposals listed;

static enum tu_status list_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_work mine = *w; /* what is listed outlives the transaction */

	mine.arena = s->arena;
	return tu_proposal_list(&mine, TU_STR(""), NULL, &listed, err);
}

static struct tu_proposal waiting(struct scene *s)
{
	scene_run(s, list_all);
	assert_true(listed.count <= 1);
	return listed.count ? listed.at[0] : (struct tu_proposal){0};
}

/* ---- deciding ---- */

struct deciding {
	const char *actor;
	bool reject, scoped;
	const char *reason;
	/* what is wrong */
	int64_t version_add, proof_age, proof_person_add;
	bool other_text;
	const char *zone;
	struct tu_proposal_outcome outcome;
	struct tu_error err;
};

static int64_t person_id(struct scene *s, const char *login)
{
	struct tu_person person = {0};
	struct tu_tx *tx;

	assert_ok(tu_store_begin(s->store, TU_TX_READ, &tx, error));
	if (tu_person_find(tx, tu_str_c(login), s->arena, &person, NULL))
		person.id = 0; /* nobody */
	tu_tx_rollback(tx);
	return person.id;
}

static enum tu_status decide(struct scene *s, const struct tu_proposal *p, struct deciding *d)
{
	struct tu_act act = scene_act(d->actor);
	struct tu_proposal_act proposal = {.public_id = p->public_id,
		.version = p->version + d->version_add,
		.proof = {person_id(s, d->actor) + d->proof_person_add, NOW - d->proof_age},
		.zone = tu_str_c(d->zone ? d->zone : "Z")};
	struct tu_proposal_decide whole = {
		.proposal = &proposal, .reject = d->reject, .scoped = d->scoped, .kb = s->kb};
	enum tu_status status;

	act.reason = tu_str_c(d->reason);
	memcpy(proposal.digest, p->digest, sizeof(proposal.digest));
	proposal.digest[0] ^= d->other_text;
	status = tu_proposal_decide(s->store, &act, &whole, &d->err);
	d->outcome = whole.outcome;
	return status;
}

static struct tu_proposal_outcome approve(struct scene *s, const char *actor)
{
	const struct tu_proposal p = waiting(s);
	struct deciding d = {.actor = actor};

	if (decide(s, &p, &d))
		fail_msg("%s: %s", actor, d.err.message);
	return d.outcome;
}

/* The rule that refuses an approval. Nothing is changed. */
static const char *refusal(struct scene *s, const char *actor)
{
	static struct deciding d;
	const struct tu_proposal p = waiting(s);
	int64_t before = records(s);

	d = (struct deciding){.actor = actor};
	assert_int_equal(decide(s, &p, &d), TU_E_CONSTRAINT);
	assert_int_equal(records(s), before);
	assert_int_equal(waiting(s).approvals, p.approvals);
	return d.err.pointer;
}

static void one_other_person_approves(void **state)
{
	struct scene s = open_world("1");
	struct tu_proposal_outcome out;

	(void)state;
	propose_as(&s, "ann", DECISION);
	assert_string_equal(refusal(&s, "ann"), "own-work");
	out = approve(&s, "ben");
	assert_true(out.approved);
	assert_int_equal(out.approvals, 1);
	assert_int_equal(out.needed, 1);
	assert_int_equal(out.findings, 1);
	assert_int_equal(out.releases, 1);
	assert_string_equal(out.signature.printed_name, "Printed ben");
	assert_string_equal(out.signature.zone, "Z");
	assert_int_equal(waiting(&s).version, 0);
	scene_done(&s);
}

static void a_policy_of_two_asks_for_two_others(void **state)
{
	struct scene s = open_world("2");
	struct tu_proposal_outcome out;
	struct tu_proposal p;

	(void)state;
	propose_as(&s, "ann", DECISION);
	p = waiting(&s);
	assert_int_equal(p.approvals, 0);
	assert_int_equal(p.needed, 2);
	out = approve(&s, "ben");
	assert_false(out.approved);
	assert_int_equal(out.approvals, 1);
	assert_int_equal(out.needed, 2);
	p = waiting(&s);
	assert_int_equal(p.approvals, 1);
	assert_int_equal(p.by_count, 1);
	assert_true(tu_str_eq(p.by[0].name, TU_STR("Printed ben")));
	/* neither the same person again nor the author makes it two */
	assert_string_equal(refusal(&s, "ben"), "once");
	assert_string_equal(refusal(&s, "ann"), "own-work");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_int_equal(s.settled.decided, 0);
	assert_int_equal(s.settled.proposed, 1);
	out = approve(&s, "cid");
	assert_true(out.approved);
	assert_int_equal(out.approvals, 2);
	assert_int_equal(out.findings, 1);
	scene_done(&s);
}

/* The author is the person of a key, or of a login that was only written down. */
static void the_author_is_a_person(void **state)
{
	static const char *const names[] = {DECISION, "wpa-p2p.yaml", "busybox-awk.yaml"};
	struct scene s = open_world("2");

	(void)state;
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		const char *author[] = {add_key(&s, "ann"), "ann", "ann"};
		struct deciding d = {.reject = true, .actor = "cid", .reason = "next"};
		struct tu_proposal p;

		propose_as(&s, author[i], names[i]);
		p = waiting(&s);
		assert_true(tu_str_eq(p.author_name, TU_STR("Printed ann")));
		assert_string_equal(refusal(&s, "ann"), "own-work");
		assert_int_equal(approve(&s, "ben").approvals, 1);
		assert_string_equal(refusal(&s, "ann"), "own-work");
		p = waiting(&s);
		assert_int_equal(decide(&s, &p, &d), TU_OK);
	}
	scene_done(&s);
}

/* A signature is of one text: another proposal of the name begins again. */
static void approvals_are_of_one_text(void **state)
{
	struct scene s = open_world("2");
	struct tu_proposal first;
	struct deciding d = {.actor = "cid"};

	(void)state;
	propose_as(&s, "ann", DECISION);
	first = waiting(&s);
	assert_int_equal(approve(&s, "ben").approvals, 1);
	s.text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");
	s.act = scene_act("ann");
	scene_run(&s, scene_propose);
	assert_int_equal(waiting(&s).approvals, 0);
	assert_int_equal(decide(&s, &first, &d), TU_E_USAGE);
	assert_non_null(strstr(d.err.message, "is superseded, not proposed"));
	assert_int_equal(approve(&s, "cid").approvals, 1);
	assert_true(approve(&s, "ben").approved);
	scene_done(&s);
}

/* Whom the text names as who decided it, however that is written. */
static void who_decided_does_not_approve(void **state)
{
	static const char *const deciders[] = {"Printed ben", "printed BEN", " ben ", "ben"};
	struct scene s = open_world("1");

	(void)state;
	for (size_t i = 0; i < TU_COUNT(deciders); i++) {
		struct tu_str text = scene_example(&s, "decisions/" DECISION);
		const struct tu_str was = TU_STR("decided_by: PSIRT lead");
		size_t at = tu_str_search(text, was);
		struct tu_buf out;

		assert_true(at < text.len);
		tu_buf_init(&out, 1 << 20);
		tu_buf_str_add(&out, tu_str_first(text, at));
		tu_buf_printf(&out, "decided_by: \"%s\"", deciders[i]);
		tu_buf_str_add(&out, tu_str_from(text, at + was.len));
		assert_true(tu_arena_dup(s.arena, tu_buf_str(&out), &s.text));
		tu_buf_done(&out);
		s.act = scene_act("somebody's pipeline");
		s.name = DECISION;
		scene_run(&s, scene_propose);
		assert_string_equal(refusal(&s, "ben"), "own-work");
	}
	assert_true(approve(&s, "cid").approved);
	scene_done(&s);
}

static void what_is_not_in_order_approves_nothing(void **state)
{
	static const struct {
		struct deciding d;
		enum tu_status status;
		const char *pointer, *words;
	} rows[] = {
		{{.actor = "ben", .version_add = 1}, TU_E_CONFLICT, "",
			"changed since you read it"},
		{{.actor = "ben", .other_text = true}, TU_E_CONFLICT, "", "changed since"},
		{{.actor = "ben", .proof_age = TU_PROOF_US + 1}, TU_E_CONSTRAINT, "proof-age", ""},
		{{.actor = "ben", .proof_age = -1}, TU_E_CONSTRAINT, "proof-age", ""},
		{{.actor = "ben", .proof_person_add = 1}, TU_E_CONSTRAINT, "proof", ""},
		{{.actor = "ben", .zone = "CET"}, TU_E_CONSTRAINT, "zone", ""},
		{{.actor = "dan"}, TU_E_CONSTRAINT, "role", ""},
		{{.actor = "eve"}, TU_E_CONSTRAINT, "role", ""},
		{{.actor = "adm"}, TU_E_CONSTRAINT, "role", ""},
		{{.actor = "gone"}, TU_E_CONSTRAINT, "active", ""},
		{{.actor = "nobody"}, TU_E_NOTFOUND, "", "nobody has the id"},
		{{.actor = "ben", .reject = true}, TU_E_USAGE, "", "for a reason"},
		{{.actor = "ben", .reject = true, .reason = " "}, TU_E_USAGE, "", "for a reason"},
		{{.actor = "eve", .reject = true, .reason = "x"}, TU_E_CONSTRAINT, "role", ""},
		{{.actor = "adm", .reject = true, .reason = "x"}, TU_E_CONSTRAINT, "role", ""},
		{{.actor = "gone", .reject = true, .reason = "x"}, TU_E_CONSTRAINT, "active", ""},
		{{.actor = "ben", .reject = true, .reason = "x", .proof_person_add = 1},
			TU_E_CONSTRAINT, "proof", ""},
		{{.actor = "ben", .reject = true, .reason = "x", .version_add = -1}, TU_E_CONFLICT,
			"", "changed since you read it"},
	};
	struct scene s = open_world("1");
	struct tu_proposal p;
	int64_t before;

	(void)state;
	propose_as(&s, "ann", DECISION);
	p = waiting(&s);
	before = records(&s);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct deciding d = rows[i].d;
		enum tu_status status = decide(&s, &p, &d);

		if (status != rows[i].status || strcmp(d.err.pointer, rows[i].pointer) != 0 ||
			!strstr(d.err.message, rows[i].words))
			fail_msg(
				"row %zu: %d %s: %s", i, (int)status, d.err.pointer, d.err.message);
	}
	assert_int_equal(records(&s), before);
	assert_int_equal(waiting(&s).approvals, 0);
	scene_done(&s);
}

/* A key is no person: it approves and rejects nothing. */
static void a_key_signs_nothing(void **state)
{
	struct scene s = open_world("1");
	struct tu_proposal p;

	(void)state;
	propose_as(&s, "ann", DECISION);
	p = waiting(&s);
	for (int reject = 0; reject < 2; reject++) {
		struct deciding d = {.actor = add_key(&s, "ben"), .reject = reject, .reason = "x"};

		assert_int_equal(decide(&s, &p, &d), TU_E_NOTFOUND);
	}
	scene_done(&s);
}

static void what_is_rejected_does_not_stand(void **state)
{
	struct scene s = open_world("2");
	struct deciding d = {.actor = "dan", .reject = true, .reason = "The range is wrong."};
	struct tu_proposal p;

	(void)state;
	propose_as(&s, "dan", DECISION);
	assert_int_equal(approve(&s, "ben").approvals, 1);
	p = waiting(&s);
	/* also by its author, who takes it back */
	assert_int_equal(decide(&s, &p, &d), TU_OK);
	assert_int_equal(d.outcome.findings, 0);
	assert_string_equal(d.outcome.signature.public, "");
	assert_int_equal(waiting(&s).version, 0);
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_int_equal(s.settled.proposed + s.settled.decided, 0);
	assert_int_equal(decide(&s, &p, &d), TU_E_USAGE);
	assert_non_null(strstr(d.err.message, "is rejected, not proposed"));
	scene_done(&s);
}

/* ---- actors ---- */

struct asked {
	const char *text;
	int64_t at;
	char actor[256];
};

static enum tu_status resolve(struct tu_work *w, void *self, struct tu_error *err)
{
	struct asked *a = self;
	struct tu_str actor = TU_STR("");
	enum tu_status status = tu_actor_resolve(w, tu_str_c(a->text), &actor, err);

	(void)snprintf(a->actor, sizeof(a->actor), "%.*s", TU_STR_FMT(actor));
	return status;
}

static const char *actor_of(struct scene *s, const char *text, int64_t at)
{
	static struct asked a;
	struct tu_act act = scene_act("test");
	struct tu_error err = {0};
	enum tu_status status;

	a = (struct asked){.text = text};
	act.at = at;
	status = tu_work_read(s->store, &act, resolve, &a, &err);
	if (status == TU_OK)
		return a.actor;
	assert_int_equal(status, TU_E_USAGE);
	return strstr(err.message, "may not act any more") ? "refused" : "misspelt";
}

static void actors_are_persons_and_keys(void **state)
{
	const struct tu_audit_act act = admin();
	struct scene s = scene_portfolio();
	char public[TU_RANDOM_ID + 1], key[TU_RANDOM_ID + 1];
	struct tu_key_made made;

	(void)state;
	assert_ok(tu_person_add(s.store,
		&(const struct tu_person_new){.login = TU_STR("ann"), .name = TU_STR("Ann")}, &act,
		public, error));
	memcpy(key, add_key(&s, "ann"), sizeof(key));
	assert_string_equal(actor_of(&s, "ann", NOW), public);
	assert_string_equal(actor_of(&s, public, NOW), public);
	assert_string_equal(actor_of(&s, key, NOW), key);
	assert_string_equal(actor_of(&s, "Ann", NOW), "Ann");
	assert_string_equal(actor_of(&s, "the build", NOW), "the build");
	assert_string_equal(actor_of(&s, "system:match", NOW), "misspelt");
	assert_string_equal(actor_of(&s, "", NOW), "misspelt");
	assert_ok(tu_key_add(s.store,
		&(const struct tu_key_new){.label = TU_STR("short"),
			.rights = TU_RIGHT_BIT(TU_RIGHT_PUSH),
			.everything = true,
			.expires = NOW + 1},
		&act, &made, error));
	assert_string_equal(actor_of(&s, made.public, NOW), made.public);
	assert_string_equal(actor_of(&s, made.public, NOW + 1), "refused");
	assert_ok(tu_key_revoke(s.store, tu_str_c(key), &act, error));
	assert_string_equal(actor_of(&s, key, NOW), "refused");
	assert_ok(tu_person_remove(s.store, TU_STR("ann"), &act, error));
	assert_string_equal(actor_of(&s, "ann", NOW), "refused");
	assert_string_equal(actor_of(&s, public, NOW), "refused");
	scene_done(&s);
}

/* ---- finding ---- */

static const char *wanted;
static struct tu_proposal found;

static enum tu_status find(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct scene *s = self;

	return tu_proposal_find(w, tu_str_c(s->device), tu_str_c(wanted), &found, err);
}

static void a_proposal_is_found_by_its_names(void **state)
{
	static const char *const names[] = {DECISION, "curl-socks", NULL};
	struct scene s = open_world("1");
	struct tu_proposal p;
	struct tu_error err = {0};

	(void)state;
	propose_as(&s, "ann", DECISION);
	p = waiting(&s);
	for (size_t i = 0; i < TU_COUNT(names); i++) {
		char public[TU_RANDOM_ID + 1];

		(void)snprintf(public, sizeof(public), "%.*s", TU_STR_FMT(p.public_id));
		wanted = names[i] ? names[i] : public;
		scene_run(&s, find);
		assert_int_equal(found.version, p.version);
	}
	wanted = "other";
	assert_int_equal(scene_try(&s, find, &err), TU_E_NOTFOUND);
	assert_true(approve(&s, "ben").approved);
	wanted = "curl-socks";
	assert_int_equal(scene_try(&s, find, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "is approved, not proposed"));
	scene_done(&s);
}

/* Over the network only who sees the device, as it is when it is decided. */
static void who_left_the_team_decides_no_more(void **state)
{
	const struct tu_audit_act act = admin();
	struct tu_team_change ben = {.team = TU_STR("pumps"), .person = TU_STR("ben")};
	struct scene s = open_world("1");
	const struct tu_team_change device = {
		.team = TU_STR("pumps"), .device = tu_str_c(s.device)};
	char public[TU_RANDOM_ID + 1];
	int64_t before;

	(void)state;
	assert_ok(tu_team_add(s.store, TU_STR("pumps"), &act, public, error));
	assert_ok(tu_team_change(s.store, &device, &act, error));
	assert_ok(tu_team_change(s.store, &ben, &act, error));
	propose_as(&s, "ann", DECISION);
	for (unsigned reject = 0; reject < 2; reject++) {
		const struct tu_proposal p = waiting(&s);
		struct deciding d = {
			.actor = "ben", .reject = reject, .scoped = true, .reason = "no"};

		ben.leaves = true;
		assert_ok(tu_team_change(s.store, &ben, &act, error));
		before = records(&s);
		assert_int_equal(decide(&s, &p, &d), TU_E_NOTFOUND);
		assert_int_equal(records(&s), before);
		ben.leaves = false;
		assert_ok(tu_team_change(s.store, &ben, &act, error));
	}
	{
		const struct tu_proposal p = waiting(&s);
		struct deciding d = {.actor = "ben", .scoped = true};

		assert_int_equal(decide(&s, &p, &d), TU_OK);
		assert_true(d.outcome.approved);
	}
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_other_person_approves),
		cmocka_unit_test(a_policy_of_two_asks_for_two_others),
		cmocka_unit_test(the_author_is_a_person),
		cmocka_unit_test(approvals_are_of_one_text),
		cmocka_unit_test(who_decided_does_not_approve),
		cmocka_unit_test(what_is_not_in_order_approves_nothing),
		cmocka_unit_test(a_key_signs_nothing),
		cmocka_unit_test(what_is_rejected_does_not_stand),
		cmocka_unit_test(actors_are_persons_and_keys),
		cmocka_unit_test(a_proposal_is_found_by_its_names),
		cmocka_unit_test(who_left_the_team_decides_no_more),
	};

	return cmocka_run_group_tests_name("approve", tests, NULL, NULL);
}
