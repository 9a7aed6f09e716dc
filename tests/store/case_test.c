/* Cases close by rule; signals go their ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/case_list.h"
#include "portfolio/deadlines.h"
#include "portfolio/signal.h"

#define VULN TU_STR("CVE-2023-38545") /* curl, in both releases; decided for 4.3.1 */

struct told {
	struct tu_case_row row;
	char conditions[4096];
	int64_t owner_id, version;
};

static void keep_conditions(struct told *t, const struct tu_case_conditions *conditions)
{
	size_t len = 0;

	t->conditions[0] = '\0';
	for (size_t i = 0; i < conditions->list.count; i++)
		len += (size_t)snprintf(t->conditions + len, sizeof(t->conditions) - len, "%.*s\n",
			TU_STR_FMT(conditions->list.at[i].words));
	assert_true(len < sizeof(t->conditions));
}

static enum tu_status open_case(struct tu_work *w, void *self, struct tu_error *err)
{
	struct told *t = self;

	return tu_case_open(
		w, &(struct tu_case_opening){.vuln = VULN, .learned_at = NOW}, &t->row, err);
}

static enum tu_status ask(struct tu_work *w, void *self, struct tu_error *err)
{
	struct told *t = self;
	struct tu_case_conditions conditions = {0};
	enum tu_status status = tu_case_find(w, VULN, &t->row, err);

	if (status == TU_OK)
		status = tu_case_follow(w, &t->row, err);
	if (status == TU_OK)
		status = tu_case_open_conditions(w, &t->row, &conditions, err);
	if (status == TU_OK)
		keep_conditions(t, &conditions);
	return status;
}

static enum tu_status add_person(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(w->tx,
		"INSERT INTO person (id, public, login, role, state, version, created)"
		" VALUES (1000, 'p', 'p', 'analyst', 'active', 1, 1)",
		err);
}

static enum tu_status assign(struct tu_work *w, void *self, struct tu_error *err)
{
	struct told *t = self;
	enum tu_status status = add_person(w, NULL, err);

	if (status == TU_OK)
		status = tu_case_find(w, VULN, &t->row, err);
	if (status == TU_OK && t->version)
		t->row.version = t->version;
	return status ? status : tu_case_assign(w, &t->row, 1000, err);
}

static enum tu_status close_case(struct tu_work *w, void *self, struct tu_error *err)
{
	struct told *t = self;
	struct tu_case_conditions conditions = {0};
	enum tu_status status = tu_case_find(w, VULN, &t->row, err);

	if (status == TU_OK)
		status = tu_case_close(w, &t->row, &conditions, err);
	return status;
}

static const char *conditions(struct scene *s, struct told *t)
{
	assert_ok(tu_work_run(s->store, &s->act, ask, t, error));
	return t->conditions;
}

/* The example's SBOM with another curl. */
static struct tu_str with_curl(struct scene *s, const char *version)
{
	return scene_replaced(s, scene_example(s, "infusion-pump.cdx.json"), "7.76.1", version);
}

static void a_case_closes_when_nothing_is_open(void **state)
{
	struct scene s = scene_portfolio();
	struct told t = {0};
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(tu_work_run(s.store, &s.act, open_case, &t, &err), TU_E_NOTFOUND);
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	/* the same software under another name: the finding is there again */
	scene_put_sbom(&s, "4.4.0", "infusion-pump.cdx.json");
	assert_ok(tu_work_run(s.store, &s.act, open_case, &t, error));
	assert_int_equal(tu_work_run(s.store, &s.act, open_case, &t, &err), TU_E_CONFLICT);
	assert_string_equal(conditions(&s, &t),
		"larkspur-ip-200: nobody is named as its owner\n"
		"larkspur-ip-200 4.3.1: it is not decided whether it is affected\n"
		"larkspur-ip-200 4.4.0: it is not decided whether it is affected\n");
	assert_int_equal(tu_work_run(s.store, &s.act, close_case, &t, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "3 conditions are open"));
	t.version = 9;
	assert_int_equal(tu_work_run(s.store, &s.act, assign, &t, &err), TU_E_CONFLICT);
	t.version = 0;
	assert_ok(tu_work_run(s.store, &s.act, assign, &t, error));
	scene_decide(&s, "curl-socks.yaml", scene_example(&s, "decisions/curl-socks.yaml"));
	/* decided for 4.3.1, carried to 4.4.0 */
	assert_string_equal(conditions(&s, &t), "");
	assert_ok(tu_work_run(s.store, &s.act, close_case, &t, error));
	assert_true(t.row.closed);
	assert_int_equal(tu_work_run(s.store, &s.act, close_case, &t, &err), TU_E_USAGE);
	/* another version of the component: the decision re-opens, and so does the case */
	s.version = "4.4.0";
	s.text = with_curl(&s, "7.77.0");
	scene_run(&s, scene_ingest);
	assert_int_equal(s.settled.reopened, 1);
	assert_string_equal(conditions(&s, &t),
		"larkspur-ip-200 4.4.0: it is not decided whether it is affected\n");
	assert_false(t.row.closed);
	scene_done(&s);
}

static enum tu_status say_affected(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(
		w->tx, "UPDATE decision SET status = 'affected', risk = 'uncontrolled'", err);
}

/* What is in the field is fixed by a later release that was released and no longer has the finding.
 */
static void a_later_release_fixes(void **state)
{
	static const char none[] = "larkspur-ip-200 4.3.1: its risk is uncontrolled and no release "
				   "fixes it\n";
	struct scene s = scene_portfolio();
	struct told t = {0};

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_ok(tu_work_run(s.store, &s.act, open_case, &t, error));
	assert_ok(tu_work_run(s.store, &s.act, assign, &t, error));
	scene_decide(&s, "curl-socks.yaml", scene_example(&s, "decisions/curl-socks.yaml"));
	assert_ok(tu_work_run(s.store, &s.act, say_affected, NULL, error));
	assert_string_equal(conditions(&s, &t), none);
	/* a draft fixes nothing that is in the field */
	s.version = "4.4.0";
	s.text = with_curl(&s, "99.0.0");
	scene_run(&s, scene_ingest);
	assert_string_equal(conditions(&s, &t), none);
	s.to = TU_RELEASE_RELEASED;
	scene_run(&s, scene_move);
	assert_string_equal(conditions(&s, &t),
		"larkspur-ip-200 4.3.1: it is not known how many units still have it\n");
	/* withdrawn, it does not any more */
	s.to = TU_RELEASE_WITHDRAWN;
	s.act.reason = TU_STR("it does not start");
	scene_run(&s, scene_move);
	assert_string_equal(conditions(&s, &t), none);
	scene_done(&s);
}

/* Of two findings in a release one is decided: the other keeps the case open as undecided. */
static void one_of_two_findings_is_decided(void **state)
{
	static const char other[] = "{\"type\": \"library\", \"name\": \"curl\", \"version\": "
				    "\"7.78.0\", \"purl\": \"pkg:github/curl/curl@7.78.0\"},";
	struct scene s = scene_portfolio();
	struct tu_str text = scene_example(&s, "infusion-pump.cdx.json");
	size_t at = tu_str_search(text, TU_STR("\n  \"components\": [")) + 18;
	struct told t = {0};
	struct tu_buf out;

	(void)state;
	tu_buf_init(&out, 1 << 20);
	tu_buf_str_add(&out, tu_str_first(text, at));
	tu_buf_c(&out, other);
	tu_buf_str_add(&out, tu_str_from(text, at));
	s.version = "4.3.1";
	assert_true(tu_arena_dup(s.arena, tu_buf_str(&out), &s.text));
	tu_buf_done(&out);
	scene_run(&s, scene_ingest);
	assert_ok(tu_work_run(s.store, &s.act, open_case, &t, error));
	assert_ok(tu_work_run(s.store, &s.act, assign, &t, error));
	scene_decide(&s, "curl-socks.yaml", scene_example(&s, "decisions/curl-socks.yaml"));
	assert_ok(tu_work_run(s.store, &s.act, say_affected, NULL, error));
	assert_string_equal(conditions(&s, &t),
		"larkspur-ip-200 4.3.1: it is not decided whether it is affected\n");
	scene_done(&s);
}

static enum tu_status start_deadline(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(w->tx,
		"INSERT INTO case_deadline (case_id, device_id, rule, started, due)"
		" SELECT case_id, device_id, 'early-warning', 1, 2 FROM case_device",
		err);
}

/* Whatever would have kept a case from closing opens it again: not only what is undecided. */
static void what_is_open_opens_a_case(void **state)
{
	static const struct {
		tu_work_call *change;
		const char *condition;
	} cases[] = {
		{say_affected,
			"larkspur-ip-200 4.3.1: its risk is uncontrolled and no release fixes "
			"it\n"},
		{start_deadline, "larkspur-ip-200 early-warning: the deadline is not met\n"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct scene s = scene_portfolio();
		struct told t = {0};

		scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
		assert_ok(tu_work_run(s.store, &s.act, open_case, &t, error));
		assert_ok(tu_work_run(s.store, &s.act, assign, &t, error));
		scene_decide(&s, "curl-socks.yaml", scene_example(&s, "decisions/curl-socks.yaml"));
		assert_ok(tu_work_run(s.store, &s.act, close_case, &t, error));
		assert_true(t.row.closed);
		assert_ok(tu_work_run(s.store, &s.act, cases[i].change, NULL, error));
		assert_string_equal(conditions(&s, &t), cases[i].condition);
		assert_false(t.row.closed);
		scene_done(&s);
	}
}

/* ---- deadlines ---- */

#define PIPE TU_STR("CVE-2022-0847") /* uncontrolled; its decision states its events */

struct due {
	size_t listed, gone, cases;
	bool plan_missing;
};

static enum tu_status open_pipe(struct tu_work *w, void *self, struct tu_error *err)
{
	const struct tu_case_opening opening = {.vuln = PIPE, .learned_at = NOW};
	struct tu_case_row row;

	(void)self;
	return tu_case_open(w, &opening, &row, err);
}

static enum tu_status list_deadlines(struct tu_work *w, void *self, struct tu_error *err)
{
	struct due *due = self;
	const struct tu_deadline_filter filter = {.vuln = PIPE};
	struct tu_deadlines_seen seen;
	struct tu_cases_seen cases = {0};
	enum tu_status status = tu_deadline_list(w, NULL, &filter, &seen, err);

	*due = (struct due){0};
	if (status == TU_OK)
		status = tu_case_list(
			w, &(struct tu_case_filter){.state = TU_CASE_OPEN}, &cases, err);
	for (size_t i = 0; status == TU_OK && i < seen.list.count; i++) {
		const struct tu_deadline_seen *one = &seen.list.at[i];

		due->listed++;
		due->gone += one->gone;
		for (size_t k = 0; k < one->deadline->lacking_count; k++)
			due->plan_missing |= !strcmp(one->deadline->lacking[k], "plan-made");
	}
	due->cases = cases.list.count;
	return status;
}

static enum tu_status record_plan(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_case_row row;
	struct tu_case_recording recording = {.row = &row,
		.event = {.name = TU_STR("plan-made"),
			.at = NOW / 1000000 - 60,
			.evidence = TU_STR("CAPA-1")}};
	struct tu_str warning;
	enum tu_status status = tu_case_find(w, PIPE, &row, err);

	(void)self;
	recording.part = &row.parts.list.at[0];
	if (status == TU_OK)
		status = tu_case_record_event(w, &recording, &warning, err);
	assert_int_equal(warning.len, 0);
	recording.event.name = TU_STR("plan-mad");
	if (status == TU_OK)
		assert_int_equal(tu_case_record_event(w, &recording, &warning, err), TU_E_USAGE);
	return status;
}

static enum tu_status forget_rule(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(
		w->tx, "UPDATE case_deadline SET rule = 'of-before' WHERE rule = 'fda-30'", err);
}

/* What people record counts as what a decision states; what has started is listed for ever. */
static void deadlines_follow_events_and_stay(void **state)
{
	struct scene s = scene_portfolio();
	struct due due;
	struct tu_str text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		tu_str_first(text, tu_str_search(text, TU_STR("events:"))));
	assert_ok(tu_work_run(s.store, &s.act, open_pipe, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, list_deadlines, &due, error));
	assert_true(due.listed > 1 && due.plan_missing && !due.gone && due.cases == 1);
	assert_ok(tu_work_run(s.store, &s.act, record_plan, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, list_deadlines, &due, error));
	assert_false(due.plan_missing);
	assert_ok(tu_work_run(s.store, &s.act, forget_rule, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, list_deadlines, &due, error));
	assert_int_equal(due.gone, 1);
	scene_done(&s);
}

/* ---- what a person sees of a case ---- */

struct seen {
	struct tu_list_scope scope;
	int64_t id;
	struct tu_case_row row;
	struct tu_case_conditions conditions;
	char public_id[TU_RANDOM_ID + 1];
	size_t parts;
};

static enum tu_status open_in(struct tu_work *w, void *self, struct tu_error *err)
{
	struct seen *seen = self;
	const struct tu_case_opening opening = {VULN, NOW, &seen->scope};

	return tu_case_open(w, &opening, &seen->row, err);
}

static enum tu_status see(struct tu_work *w, void *self, struct tu_error *err)
{
	struct seen *seen = self;
	enum tu_status status = tu_case_find_in(w, VULN, &seen->scope, &seen->row, err);

	seen->parts = seen->row.parts.list.count;
	if (status == TU_OK)
		(void)snprintf(seen->public_id, sizeof(seen->public_id), "%.*s",
			TU_STR_FMT(seen->row.public_id));
	return status ? status : tu_case_open_conditions(w, &seen->row, &seen->conditions, err);
}

static enum tu_status assign_in(struct tu_work *w, void *self, struct tu_error *err)
{
	struct seen *seen = self;
	enum tu_status status = tu_case_find_in(w, VULN, &seen->scope, &seen->row, err);

	return status ? status : tu_case_assign(w, &seen->row, 1000, err);
}

static enum tu_status leave(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(w->tx,
		"DELETE FROM case_release WHERE release_id IN (SELECT r.id FROM release r JOIN "
		"device d"
		" ON d.id = r.device_id WHERE d.name = 'larkspur-ip-300');"
		"DELETE FROM case_device WHERE device_id IN (SELECT id FROM device"
		" WHERE name = 'larkspur-ip-300'); UPDATE cases SET everywhere = 0",
		err);
}

static enum tu_status follow_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_case_row row;
	enum tu_status status = tu_case_find(w, VULN, &row, err);

	(void)self;
	return status ? status : tu_case_follow(w, &row, err);
}

static enum tu_status id_of(struct tu_work *w, void *self, struct tu_error *err)
{
	struct scene *s = self;
	struct tu_device_row row;
	enum tu_status status = tu_device_find(w, tu_str_c(s->device), &row, err);

	s->row_version = row.id;
	return status;
}

/* The example once more, as another device. */
static int64_t put_other(struct scene *s)
{
	struct tu_str text = scene_example(s, "device.yaml"), copy;
	size_t at = tu_str_search(text, TU_STR("family: Larkspur IP-200"));
	struct tu_buf out;

	tu_buf_init(&out, 1 << 20);
	tu_buf_str_add(&out, tu_str_first(text, at));
	tu_buf_c(&out, "family: Larkspur IP-300");
	tu_buf_str_add(&out, tu_str_from(text, at + 23));
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&out), &copy));
	tu_buf_done(&out);
	s->device = "larkspur-ip-300";
	s->row_version = 0;
	s->text = copy;
	scene_run(s, scene_put_device);
	scene_put_sbom(s, "4.3.1", "infusion-pump.cdx.json");
	scene_run(s, id_of);
	return s->row_version;
}

/* Who sees one device opens, sees and changes the case of that device, and can find out nothing of
 * the other. */
static void a_case_is_that_of_the_devices_one_sees(void **state)
{
	struct scene s = scene_portfolio();
	struct seen one = {0}, other = {0}, all = {.scope = {.everything = true}};
	struct tu_error err = {0};
	int64_t version;

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_run(&s, id_of);
	one.id = s.row_version;
	one.scope = (struct tu_list_scope){.device_ids = &one.id, .device_count = 1};
	assert_ok(tu_work_run(s.store, &s.act, open_in, &one, error));
	other.id = put_other(&s);
	other.scope = (struct tu_list_scope){.device_ids = &other.id, .device_count = 1};
	assert_ok(tu_work_run(s.store, &s.act, follow_all, NULL, error));
	assert_int_equal(tu_work_run(s.store, &s.act, see, &other, &err), TU_E_NOTFOUND);
	/* who sees all adds what the case is not about yet */
	assert_ok(tu_work_run(s.store, &s.act, open_in, &all, error));
	assert_ok(tu_work_run(s.store, &s.act, leave, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, open_in, &other, error));
	assert_int_equal(tu_work_run(s.store, &s.act, open_in, &other, &err), TU_E_CONFLICT);
	assert_ok(tu_work_run(s.store, &s.act, see, &other, error));
	version = other.row.version;
	assert_ok(tu_work_run(s.store, &s.act, see, &all, error));
	assert_int_equal(all.parts, 2);
	assert_string_equal(all.public_id, other.public_id);
	assert_ok(tu_work_run(s.store, &s.act, add_person, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, assign_in, &one, error));
	assert_ok(tu_work_run(s.store, &s.act, see, &one, error));
	assert_int_equal(one.row.owner_id, 1000);
	assert_int_equal(one.conditions.list.count, 1);
	assert_ok(tu_work_run(s.store, &s.act, see, &other, error));
	assert_int_equal(other.row.version, version);
	assert_int_equal(other.row.owner_id, 0);
	assert_int_equal(other.conditions.list.count, 2);
	assert_int_equal(tu_work_run(s.store, &s.act, open_in, &all, &err), TU_E_CONFLICT);
	scene_done(&s);
}

/* ---- signals ---- */

struct signal_of {
	struct tu_signal_row row;
	enum tu_signal_state to;
	bool with_case;
};

static enum tu_status receive(struct tu_work *w, void *self, struct tu_error *err)
{
	struct signal_of *g = self;
	const struct tu_signal signal = {.source = TU_STR("researcher"),
		.title = TU_STR("The pump answers without a password"),
		.text = TU_STR("From: somebody\n\nIt does.\n")};

	return tu_signal_receive(w, &signal, &g->row, err);
}

static enum tu_status move(struct tu_work *w, void *self, struct tu_error *err)
{
	struct signal_of *g = self;
	struct tu_case_row row;
	enum tu_status status = TU_OK;

	if (g->with_case)
		status = tu_case_find(w, VULN, &row, err);
	g->row.public_id = (struct tu_str){0};
	return status ? status : tu_signal_move(w, &g->row, g->to, g->with_case ? &row : NULL, err);
}

static enum tu_status attach(struct tu_work *w, void *self, struct tu_error *err)
{
	struct signal_of *g = self;
	const struct tu_page_ask ask = {.scope = &(struct tu_list_scope){0}, .limit = 9};
	struct tu_signals_seen seen = {0};
	struct tu_page_total total = {0};
	struct tu_signal_documents documents = {0};
	enum tu_status status =
		tu_signal_attach(w, &g->row, TU_STR("poc.txt"), TU_STR("bytes"), err);

	if (status == TU_OK)
		status = tu_signal_look(w, NULL, g->row.id, &seen, err);
	if (status == TU_OK)
		status = tu_signal_documents(w, &g->row, &documents, err);
	if (status != TU_OK)
		return status;
	assert_int_equal(seen.list.count, 1);
	assert_int_equal(seen.list.at[0].documents, 1);
	assert_int_equal(documents.list.at[0].bytes, 5);
	/* about no device: who does not see everything has none */
	status = tu_signal_page(w, &ask, &seen, &total, err);
	assert_int_equal(seen.list.count + (size_t)total.count, 0);
	return status;
}

static void signals_go_their_ways(void **state)
{
	struct scene s = scene_portfolio();
	struct signal_of g = {0}, stale;
	struct told t = {0};
	struct tu_error err = {0};

	(void)state;
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	assert_ok(tu_work_run(s.store, &s.act, open_case, &t, error));
	assert_ok(tu_work_run(s.store, &s.act, receive, &g, error));
	assert_int_equal(g.row.state, TU_SIGNAL_RECEIVED);
	assert_ok(tu_work_run(s.store, &s.act, attach, &g, error));
	stale = g;
	g.to = TU_SIGNAL_ACKNOWLEDGED;
	assert_ok(tu_work_run(s.store, &s.act, move, &g, error));
	stale.to = TU_SIGNAL_ACKNOWLEDGED;
	assert_int_equal(tu_work_run(s.store, &s.act, move, &stale, &err), TU_E_CONFLICT);
	g.to = TU_SIGNAL_REJECTED;
	assert_int_equal(tu_work_run(s.store, &s.act, move, &g, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "for a reason"));
	g.to = TU_SIGNAL_CONFIRMED;
	assert_int_equal(tu_work_run(s.store, &s.act, move, &g, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "for a case"));
	g.with_case = true;
	assert_ok(tu_work_run(s.store, &s.act, move, &g, error));
	g.to = TU_SIGNAL_RECEIVED;
	assert_int_equal(tu_work_run(s.store, &s.act, move, &g, &err), TU_E_USAGE);
	assert_non_null(strstr(err.message, "cannot become received"));
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_closes_when_nothing_is_open),
		cmocka_unit_test(what_is_open_opens_a_case),
		cmocka_unit_test(a_later_release_fixes),
		cmocka_unit_test(one_of_two_findings_is_decided),
		cmocka_unit_test(deadlines_follow_events_and_stay),
		cmocka_unit_test(a_case_is_that_of_the_devices_one_sees),
		cmocka_unit_test(signals_go_their_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
