/* Teams and keys (audit/team.h, audit/key.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "tests/store/audit_scene.h"

#include "audit/key.h"
#include "audit/team.h"

#define HOUR INT64_C(3600000000)

static struct tu_store *store;
static char ann[TU_RANDOM_ID + 1], pumps[TU_RANDOM_ID + 1];

static enum tu_status add_devices(struct tu_tx *tx, void *self, struct tu_error *err)
{
	static const char *const names[] = {"pump", "monitor"};
	enum tu_status status = tu_tx_exec(tx, TU_SQL_DOCUMENT_ADD,
		TU_BIND(tu_blob(TU_STR("x")), tu_text(TU_STR("device")), tu_int(1),
			tu_text(TU_STR("plain")), tu_blob(TU_STR("x")), tu_int(0)),
		NULL, err);

	(void)self;
	for (size_t i = 0; i < TU_COUNT(names) && !status; i++)
		status = tu_tx_exec(tx, TU_SQL_DEVICE_ADD,
			TU_BIND(tu_text(tu_str_c(names[i])), tu_text(tu_str_c(names[i])),
				tu_text(tu_str_c(names[i])), tu_int(1), tu_int(0)),
			NULL, err);
	return status;
}

/* A person without a password, a team, two devices. */
static void open_with_team(void)
{
	const struct tu_person_new person = {
		.login = TU_STR("ann"), .name = TU_STR("Ann Example"), .role = TU_PERSON_ANALYST};

	store = scene_audit(1);
	assert_ok(tu_person_add(store, &person, &scene_act, ann, error));
	assert_ok(tu_team_add(store, TU_STR("Pumps"), &scene_act, pumps, error));
	assert_ok(tu_store_run(store, TU_TX_WRITE, add_devices, NULL, error));
}

/* How often the ledger's file has a text. */
static size_t in_ledger(const char *text)
{
	struct tu_sink out;
	struct tu_str rest;
	int64_t records;
	size_t count = 0;

	tu_sink_init_memory(&out, 1 << 20);
	assert_ok(tu_audit_export(store, &out, &records, error));
	for (rest = tu_buf_str(&out.buf);; count++) {
		size_t at = tu_str_search(rest, tu_str_c(text));

		if (at >= rest.len)
			break;
		rest = tu_str_from(rest, at + 1);
	}
	tu_sink_done(&out);
	return count;
}

static int64_t ask(enum tu_sql sql, int64_t id)
{
	struct tu_tx *tx;
	int64_t value = 0;

	assert_ok(tu_store_begin(store, TU_TX_READ, &tx, error));
	if (tu_tx_int(tx, sql, TU_BIND(tu_int(id)), &value, NULL) != TU_OK)
		value = 0;
	tu_tx_rollback(tx);
	return value;
}

static struct tu_str text(const char *s)
{
	return tu_str_c(s);
}

/* ---- teams ---- */

static void joining_twice_is_one_record(void **state)
{
	static const struct {
		const char *person, *device;
		bool leaves;
		const char *action; /* NULL: nothing changes */
	} steps[] = {
		{"ann", "", false, "team.member.add"},
		{"ann", "", false, NULL},
		{"", "pump", false, "team.device.add"},
		{"", "pump", false, NULL},
		{"", "monitor", true, NULL},
		{"ann", "", true, "team.member.remove"},
		{"ann", "", true, NULL},
		{"", "pump", true, "team.device.remove"},
	};
	int64_t head;

	(void)state;
	open_with_team();
	head = scene_head(store);
	for (size_t i = 0; i < TU_COUNT(steps); i++) {
		const struct tu_team_change change = {i % 2 ? TU_STR("Pumps") : text(pumps),
			text(steps[i].person), text(steps[i].device), steps[i].leaves};

		assert_ok(tu_team_change(store, &change, &scene_act, error));
		head += steps[i].action != NULL;
		assert_int_equal(scene_head(store), head);
		if (steps[i].action)
			assert_int_equal(in_ledger(steps[i].action), 1);
	}
	assert_int_equal(in_ledger("\"ann\""), 0);
	assert_true(in_ledger(ann) >= 3); /* added, joined, left */
	scene_close(store);
}

static void bad_teams_are_refused(void **state)
{
	static const struct tu_str names[] = {TU_STR_INIT(""), TU_STR_INIT(" Pumps"),
		TU_STR_INIT("Pu\nmps"), TU_STR_INIT("Pumps\xff"),
		TU_STR_INIT("0123456789ABCDEF0123456789abcdef")};
	static const struct {
		struct tu_team_change change;
		enum tu_status status;
	} changes[] = {
		{{TU_STR_INIT("Pumps"), TU_STR_INIT("bob"), TU_STR_INIT(""), false}, TU_E_NOTFOUND},
		{{TU_STR_INIT("Pumps"), TU_STR_INIT(""), TU_STR_INIT("stent"), false},
			TU_E_NOTFOUND},
		{{TU_STR_INIT("Stents"), TU_STR_INIT("ann"), TU_STR_INIT(""), false},
			TU_E_NOTFOUND},
		{{TU_STR_INIT("Pumps"), TU_STR_INIT(""), TU_STR_INIT(""), false}, TU_E_USAGE},
		{{TU_STR_INIT("Pumps"), TU_STR_INIT("ann"), TU_STR_INIT("pump"), false},
			TU_E_USAGE},
	};
	char public[TU_RANDOM_ID + 1];
	struct tu_error err;
	int64_t head;

	(void)state;
	open_with_team();
	head = scene_head(store);
	for (size_t i = 0; i < TU_COUNT(names); i++)
		assert_int_equal(
			tu_team_add(store, names[i], &scene_act, public, NULL), TU_E_USAGE);
	assert_int_equal(
		tu_team_add(store, TU_STR("Pumps"), &scene_act, public, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "team");
	for (size_t i = 0; i < TU_COUNT(changes); i++)
		assert_int_equal(tu_team_change(store, &changes[i].change, &scene_act, NULL),
			changes[i].status);
	assert_int_equal(scene_head(store), head);
	/* whoever was removed joins nothing, but can leave */
	assert_ok(tu_person_remove(store, TU_STR("ann"), &scene_act, error));
	assert_int_equal(tu_team_change(store,
				 &(const struct tu_team_change){
					 text(pumps), TU_STR("ann"), TU_STR(""), false},
				 &scene_act, NULL),
		TU_E_USAGE);
	scene_close(store);
}

static void two_do_not_rename_over_each_other(void **state)
{
	struct tu_team_rename first = {text(pumps), TU_STR("Pumps"), TU_STR("Infusion")};
	struct tu_team_rename second = {text(pumps), TU_STR("Pumps"), TU_STR("Syringes")};
	struct tu_error err;
	int64_t head;

	(void)state;
	open_with_team();
	assert_ok(tu_team_set_name(store, &first, &scene_act, error));
	head = scene_head(store);
	assert_int_equal(tu_team_set_name(store, &second, &scene_act, &err), TU_E_CONFLICT);
	assert_non_null(strstr(err.message, "it is \"Infusion\""));
	first.before = TU_STR("Infusion");
	assert_ok(tu_team_set_name(store, &first, &scene_act, error));
	assert_int_equal(scene_head(store), head);
	second.before = TU_STR("Infusion");
	assert_ok(tu_team_set_name(store, &second, &scene_act, error));
	assert_int_equal(in_ledger("team.rename"), 2);
	assert_int_equal(in_ledger("\\\"before\\\":{\\\"name\\\":\\\"Infusion\\\"}"), 1);
	scene_close(store);
}

/* ---- keys ---- */

static struct tu_key_new key_of(const char *person)
{
	return (struct tu_key_new){.label = TU_STR("ann's laptop"),
		.rights = TU_RIGHT_BIT(TU_RIGHT_READ),
		.person = text(person),
		.expires = SCENE_AT + HOUR};
}

/* The pointer of the refusal; "" when it is accepted. */
static const char *refusal(const char *secret, int64_t at)
{
	static char pointer[sizeof(((struct tu_error *)0)->pointer)];
	struct tu_error err = {0};
	struct tu_key key;
	enum tu_status status = tu_key_authenticate(store, text(secret), at, &key, &err);

	assert_true(status == TU_OK || status == TU_E_CONSTRAINT);
	assert_int_equal(key.id == 0, status != TU_OK);
	assert_null(strstr(err.message, secret[0] ? secret : "nothing"));
	(void)snprintf(pointer, sizeof(pointer), "%s", status ? err.pointer : "");
	return pointer;
}

/* Is it in the database's file, or in its log? */
static bool files_have(const char *part)
{
	static const char *const ends[] = {"", "-wal"};
	static char bytes[8 << 20];
	bool found = false;

	for (size_t i = 0; i < TU_COUNT(ends); i++) {
		char path[300];
		FILE *file;
		size_t len;

		(void)snprintf(path, sizeof(path), "%s%s", scene_direct(), ends[i]);
		file = fopen(path, "rb");
		if (!file)
			continue;
		len = fread(bytes, 1, sizeof(bytes), file);
		(void)fclose(file);
		found |= tu_str_search(tu_str_of(bytes, len), text(part)) < len;
	}
	return found;
}

static void a_secret_is_kept_nowhere(void **state)
{
	struct tu_key_new new = key_of("ann");
	struct tu_key_made made, other;
	struct tu_key key;

	(void)state;
	open_with_team();
	assert_ok(tu_key_add(store, &new, &scene_act, &made, error));
	assert_ok(tu_key_add(store, &new, &scene_act, &other, error));
	assert_int_equal(strlen(made.secret), TU_KEY_SECRET);
	assert_memory_equal(made.secret, "tut_", 4);
	assert_string_not_equal(made.secret, other.secret);
	assert_ok(tu_key_authenticate(store, text(made.secret), SCENE_AT, &key, error));
	assert_string_equal(key.public, made.public);
	assert_string_equal(key.person_public, ann);
	assert_int_equal(key.rights, TU_RIGHT_BIT(TU_RIGHT_READ));
	assert_false(key.everything);
	assert_int_equal(in_ledger("key.add"), 2);
	assert_int_equal(in_ledger(made.secret), 0);
	assert_int_equal(in_ledger(made.secret + 4), 0);
	assert_int_equal(in_ledger("laptop"), 0); /* it is about a person */
	if (!scene_options().pooler &&
		tu_store_engine_of(text(scene_direct())) == TU_STORE_SQLITE) {
		assert_true(files_have(made.public));
		assert_false(files_have(made.secret + 4));
	}
	scene_close(store);
}

static void every_mistyped_digit_is_found(void **state)
{
	struct tu_key_new new = key_of("ann");
	struct tu_key_made made;
	char wrong[TU_KEY_SECRET + 2];

	(void)state;
	open_with_team();
	assert_ok(tu_key_add(store, &new, &scene_act, &made, error));
	for (size_t i = 0; i < TU_KEY_SECRET; i++) {
		memcpy(wrong, made.secret, sizeof(made.secret));
		wrong[i] = wrong[i] == '0' ? '1' : '0';
		assert_string_equal(refusal(wrong, SCENE_AT), "key-form");
	}
	memcpy(wrong, made.secret, sizeof(made.secret));
	wrong[TU_KEY_SECRET - 1] = '\0';
	assert_string_equal(refusal(wrong, SCENE_AT), "key-form");
	wrong[0] = 'T';
	assert_string_equal(refusal(wrong, SCENE_AT), "key-form");
	assert_string_equal(refusal("", SCENE_AT), "key-form");
	/* well-formed and unknown: zeros have the check digit 0 */
	memset(wrong, '0', sizeof(wrong));
	memcpy(wrong, "tut_", 4);
	wrong[TU_KEY_SECRET] = '\0';
	assert_string_equal(refusal(wrong, SCENE_AT), "key");
	scene_close(store);
}

static void a_key_ends(void **state)
{
	struct tu_key_new new = key_of("ann");
	struct tu_key_made made, machine;
	int64_t head;

	(void)state;
	open_with_team();
	assert_ok(tu_key_add(store, &new, &scene_act, &made, error));
	head = scene_head(store);
	/* its time */
	assert_string_equal(refusal(made.secret, SCENE_AT + HOUR - 1), "");
	assert_string_equal(refusal(made.secret, SCENE_AT + HOUR), "key-expired");
	/* asking is no record */
	assert_int_equal(scene_head(store), head);
	/* revoked, once */
	new.person = TU_STR("");
	new.team = TU_STR("Pumps");
	new.label = TU_STR("build server");
	new.expires = 0;
	assert_ok(tu_key_add(store, &new, &scene_act, &machine, error));
	assert_string_equal(refusal(machine.secret, SCENE_AT + 1000 * HOUR), "");
	assert_int_equal(in_ledger("build server"), 1);
	assert_ok(tu_key_revoke(store, text(machine.public), &scene_act, error));
	assert_ok(tu_key_revoke(store, text(machine.public), &scene_act, error));
	assert_int_equal(in_ledger("key.revoke"), 1);
	assert_string_equal(refusal(machine.secret, SCENE_AT), "key-revoked");
	assert_int_equal(tu_key_revoke(store, TU_STR("nothing"), &scene_act, NULL), TU_E_NOTFOUND);
	/* its person */
	assert_ok(tu_person_remove(store, TU_STR("ann"), &scene_act, error));
	assert_string_equal(refusal(made.secret, SCENE_AT), "key-person");
	scene_close(store);
}

static void bad_keys_are_refused(void **state)
{
	static const struct tu_str nothing = {"", 0};
	struct tu_key_new cases[8];
	struct tu_key_made made;
	int64_t head;

	(void)state;
	open_with_team();
	for (size_t i = 0; i < TU_COUNT(cases); i++)
		cases[i] = key_of("ann");
	cases[0].label = nothing;
	cases[1].label = TU_STR("two\nlines");
	cases[2].rights = 0;
	cases[3].rights = 1u << TU_RIGHTS;
	cases[4].person = nothing;
	cases[5].everything = true; /* a person's key sees what the person sees */
	cases[6].team = TU_STR("Pumps");
	cases[7].expires = SCENE_AT;
	head = scene_head(store);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		assert_int_equal(tu_key_add(store, &cases[i], &scene_act, &made, NULL), TU_E_USAGE);
		assert_string_equal(made.secret, "");
	}
	cases[0] = key_of("bob");
	assert_int_equal(tu_key_add(store, &cases[0], &scene_act, &made, NULL), TU_E_NOTFOUND);
	assert_int_equal(scene_head(store), head);
	scene_close(store);
}

/* ---- both, of a person ---- */

static struct tu_str kept_of(const char *who, struct tu_buf *out)
{
	tu_buf_init(out, 1 << 20);
	assert_ok(tu_person_write(store, text(who), out, error));
	return tu_buf_str(out);
}

static bool says(struct tu_str whole, const char *part)
{
	return tu_str_search(whole, text(part)) < whole.len;
}

static void erasing_takes_teams_and_labels(void **state)
{
	const struct tu_team_change joins = {TU_STR("Pumps"), TU_STR("ann"), TU_STR(""), false};
	struct tu_key_new new = key_of("ann");
	struct tu_key_made made;
	struct tu_erasure erasure;
	struct tu_buf out;

	(void)state;
	open_with_team();
	assert_ok(tu_team_change(store, &joins, &scene_act, error));
	assert_ok(tu_key_add(store, &new, &scene_act, &made, error));
	assert_true(says(kept_of("ann", &out), "ann's laptop"));
	assert_true(says(tu_buf_str(&out), "\"Pumps\""));
	assert_false(says(tu_buf_str(&out), made.secret));
	tu_buf_done(&out);
	assert_ok(tu_person_erase(store, TU_STR("ann"), &scene_act, &erasure, error));
	assert_false(says(kept_of(ann, &out), "laptop"));
	assert_false(says(tu_buf_str(&out), "Pumps"));
	tu_buf_done(&out);
	assert_string_equal(refusal(made.secret, SCENE_AT), "key-person");
	assert_int_equal(ask(TU_SQL_SCOPE_OF_PERSON, 1), 0);
	assert_int_equal(scene_judge(store, &scene_nobody).fault, TU_LEDGER_SOUND);
	scene_close(store);
}

/* ---- roles ---- */

static enum tu_status give(
	const char *who, enum tu_person_role role, int64_t version, struct tu_error *err)
{
	const struct tu_person_role_change change = {tu_str_c(who), role, version};

	return tu_person_set_role(store, &change, &scene_act, err);
}

static void a_role_changes_for_who_read_it(void **state)
{
	const struct tu_person_new second = {
		.login = TU_STR("ben"), .name = TU_STR("Ben Example"), .role = TU_PERSON_VIEWER};
	char ben[TU_RANDOM_ID + 1];
	struct tu_error err;
	int64_t head;

	(void)state;
	open_with_team();
	assert_ok(tu_person_add(store, &second, &scene_act, ben, error));
	assert_ok(give(ann, TU_PERSON_ADMINISTRATOR, 1, error));
	head = scene_head(store);
	assert_int_equal(give(ann, TU_PERSON_VIEWER, 1, NULL), TU_E_CONFLICT);
	assert_ok(give(ann, TU_PERSON_ADMINISTRATOR, 2, error)); /* it is so already */
	assert_int_equal(scene_head(store), head);
	/* somebody must be left who can give roles */
	assert_int_equal(give(ann, TU_PERSON_VIEWER, 2, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "last-administrator");
	assert_ok(give("ben", TU_PERSON_ADMINISTRATOR, 0, error));
	assert_ok(give(ann, TU_PERSON_VIEWER, 2, error));
	assert_int_equal(in_ledger("person.role"), 3);
	assert_int_equal(in_ledger("\\\"before\\\":{\\\"role\\\":\\\"analyst\\\"}"), 1);
	assert_ok(tu_person_remove(store, TU_STR("ann"), &scene_act, error));
	assert_int_equal(give("ann", TU_PERSON_VIEWER, 0, NULL), TU_E_USAGE);
	scene_close(store);
}

/* By the id, the login and the mail address: none of them is a way round. */
static void the_last_administrator_stays(void **state)
{
	const struct tu_person_new last = {.login = TU_STR("kim"),
		.name = TU_STR("Kim Example"),
		.mail = TU_STR("kim@example.org"),
		.role = TU_PERSON_ADMINISTRATOR};
	struct tu_audit_act act = scene_act;
	char kim[TU_RANDOM_ID + 1];
	struct tu_erasure erasure;
	struct tu_error err;

	(void)state;
	open_with_team();
	act.leaves_one = true;
	assert_ok(tu_person_add(store, &last, &scene_act, kim, error));
	for (unsigned i = 0; i < 3; i++) {
		const struct tu_str who = i == 0 ? tu_str_c(kim) : i == 1 ? last.login : last.mail;

		err.pointer[0] = '\0';
		assert_int_equal(
			tu_person_erase(store, who, &act, &erasure, &err), TU_E_CONSTRAINT);
		assert_string_equal(err.pointer, "last-administrator");
	}
	assert_int_equal(tu_person_remove(store, last.login, &act, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "last-administrator");
	assert_ok(give("ann", TU_PERSON_ADMINISTRATOR, 0, error));
	assert_ok(tu_person_erase(store, last.mail, &act, &erasure, error));
	assert_int_equal(tu_person_remove(store, TU_STR("ann"), &act, &err), TU_E_CONSTRAINT);
	assert_ok(tu_person_remove(store, TU_STR("ann"), &scene_act, error));
	scene_close(store);
}

struct demoting {
	pthread_t thread;
	const char *who;
	enum tu_status status;
};

static void *demote(void *self)
{
	struct demoting *d = self;

	d->status = give(d->who, TU_PERSON_VIEWER, 0, NULL);
	return NULL;
}

/* Whatever the order, one of them is left. */
static void two_who_demote_each_other_leave_one(void **state)
{
	const struct tu_person_new second = {.login = TU_STR("ben"),
		.name = TU_STR("Ben Example"),
		.role = TU_PERSON_ADMINISTRATOR};
	char ben[TU_RANDOM_ID + 1];

	(void)state;
	open_with_team();
	assert_ok(tu_person_add(store, &second, &scene_act, ben, error));
	for (unsigned round = 0; round < 20; round++) {
		struct demoting two[] = {{.who = "ann"}, {.who = "ben"}};

		for (unsigned i = 0; i < 2; i++)
			assert_ok(give(two[i].who, TU_PERSON_ADMINISTRATOR, 0, error));
		for (unsigned i = 0; i < 2; i++)
			assert_int_equal(pthread_create(&two[i].thread, NULL, demote, &two[i]), 0);
		for (unsigned i = 0; i < 2; i++)
			assert_int_equal(pthread_join(two[i].thread, NULL), 0);
		assert_int_equal((two[0].status == TU_OK) + (two[1].status == TU_OK), 1);
	}
	scene_close(store);
}

static void a_version_is_as_good_as_the_name(void **state)
{
	struct tu_team_rename first = {
		.team = text(pumps), .name = TU_STR("Infusion"), .version = 1};
	struct tu_team_rename second = {
		.team = text(pumps), .name = TU_STR("Syringes"), .version = 1};

	(void)state;
	open_with_team();
	assert_ok(tu_team_set_name(store, &first, &scene_act, error));
	assert_int_equal(tu_team_set_name(store, &second, &scene_act, NULL), TU_E_CONFLICT);
	second.version = 2;
	assert_ok(tu_team_set_name(store, &second, &scene_act, error));
	scene_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joining_twice_is_one_record),
		cmocka_unit_test(bad_teams_are_refused),
		cmocka_unit_test(two_do_not_rename_over_each_other),
		cmocka_unit_test(a_secret_is_kept_nowhere),
		cmocka_unit_test(every_mistyped_digit_is_found),
		cmocka_unit_test(a_key_ends),
		cmocka_unit_test(bad_keys_are_refused),
		cmocka_unit_test(erasing_takes_teams_and_labels),
		cmocka_unit_test(a_role_changes_for_who_read_it),
		cmocka_unit_test(the_last_administrator_stays),
		cmocka_unit_test(two_who_demote_each_other_leave_one),
		cmocka_unit_test(a_version_is_as_good_as_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
