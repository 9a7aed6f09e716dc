/*
 * Deadlines that started by what is gone since: a listing of a knowledge base, a rule of
 * device.yaml. They are listed, and events and waivers end them. And what cannot be read of one
 * device hides nothing of the others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "kb/aliases.h"
#include "portfolio/case_list.h"
#include "portfolio/case_would.h"
#include "portfolio/deadlines.h"
#include "portfolio/proposal.h"
#include "portfolio/rematch.h"

/* ---- one deadline ---- */

struct looked {
	const char *vuln, *rule;
	const struct tu_kb *kb;
	bool listed, gone, has_case, of_case_open;
	enum tu_deadline_state state;
	int64_t start;
};

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct looked *l = self;
	const struct tu_deadline_filter filter = {
		.vuln = tu_str_c(l->vuln), .rule = tu_str_c(l->rule)};
	struct tu_deadlines_seen seen;
	struct tu_case_conditions open = {0};
	struct tu_case_row row;
	enum tu_status status = tu_deadline_list(w, l->kb, &filter, &seen, err);

	*l = (struct looked){.vuln = l->vuln, .rule = l->rule, .kb = l->kb};
	if (status != TU_OK)
		return status;
	assert_true(seen.list.count <= 1);
	if (seen.list.count) {
		l->listed = true;
		l->gone = seen.list.at[0].gone;
		l->state = seen.list.at[0].deadline->state;
		l->start = seen.list.at[0].deadline->start;
		l->has_case = seen.list.at[0].case_public.len > 0;
	}
	if (tu_case_find(w, filter.vuln, &row, NULL) != TU_OK)
		return TU_OK;
	status = tu_case_open_conditions(w, &row, &open, err);
	for (size_t i = 0; i < open.list.count; i++)
		l->of_case_open |= open.list.at[i].need == TU_CASE_NEEDS_DEADLINE &&
			tu_str_eq(open.list.at[i].of, filter.rule);
	return status;
}

#define LOOK(l) assert_ok(tu_work_run(s.store, &s.act, look, (l), error))

/* ---- a listing that comes and goes ---- */

static const char kev_feed[] =
	"{\"title\":\"CISA Catalog of Known Exploited Vulnerabilities\",\"catalogVersion\":"
	"\"2026.02.01\",\"dateReleased\":\"2026-02-01T00:00:00Z\",\"count\":1,\"vulnerabilities\":"
	"[{\"cveID\":\"CVE-2023-38545\",\"vendorProject\":\"haxx\",\"product\":\"curl\","
	"\"vulnerabilityName\":\"x\",\"dateAdded\":\"2026-02-01\",\"shortDescription\":\"x\","
	"\"requiredAction\":\"x\",\"dueDate\":\"2026-02-22\",\"knownRansomwareCampaignUse\":"
	"\"Unknown\",\"notes\":\"\"}]}\n";

struct feeds {
	struct tu_kb_builder *builder;
	struct tu_advisory_reader *reader;
};

static enum tu_status take(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	return tu_kb_builder_add(((struct feeds *)context)->builder, advisory, err);
}

static void problem(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

static enum tu_status visit(
	void *context, struct tu_str name, struct tu_str text, struct tu_error *err)
{
	struct feeds *feeds = context;
	const struct tu_advisory_sink sink = {take, problem, feeds, NULL};
	struct tu_feed_summary summary = {0};

	return tu_advisory_read(feeds->reader, name, text, &sink, &summary, err);
}

static void unreadable(void *context, struct tu_str name, const struct tu_error *why)
{
	(void)context;
	fail_msg("%.*s: %s", TU_STR_FMT(name), why->message);
}

static struct tu_kb *starter(bool listed, struct tu_buf *bytes)
{
	struct feeds feeds = {tu_kb_builder_new(), tu_advisory_reader_new()};
	const struct tu_input_walk walk = {visit, unreadable, &feeds, {0}, NULL, NULL, NULL};
	struct tu_kb_build_counts counts;
	struct tu_buf text; /* with room for the reader */
	struct tu_kb *kb = NULL;

	assert_ok(tu_input_each(TUTELA_STARTER_DATA, &walk, error));
	tu_buf_init(&text, 1 << 16);
	tu_buf_c(&text, kev_feed);
	for (unsigned i = 0; i < 128; i++)
		tu_buf_byte(&text, '\0');
	if (listed)
		assert_ok(visit(&feeds, TU_STR("kev.json"),
			tu_str_first(tu_buf_str(&text), strlen(kev_feed)), error));
	tu_buf_init(bytes, 64 << 20);
	assert_ok(tu_kb_builder_finish(feeds.builder, bytes, &counts, error));
	assert_ok(tu_kb_open_memory(bytes->ptr, bytes->len, &kb, error));
	tu_buf_done(&text);
	tu_advisory_reader_free(feeds.reader);
	tu_kb_builder_free(feeds.builder);
	return kb;
}

struct becoming {
	struct tu_rematch_plan plan;
	struct tu_knowledge_row before;
	struct tu_rematch_summary summary;
};

static enum tu_status put(struct tu_work *w, void *self, struct tu_error *err)
{
	struct becoming *b = self;
	struct tu_knowledge_row row;
	enum tu_status status = tu_knowledge_current(w, &b->before, err);

	return status ? status : tu_knowledge_put(w, b->plan.new_kb, &row, err);
}

static enum tu_status apply(struct tu_work *w, void *self, struct tu_error *err)
{
	struct becoming *b = self;

	return tu_rematch_apply(w, &b->plan, &b->before, &b->summary, err);
}

static void become(struct scene *s, const struct tu_kb *old_kb, struct tu_kb *kb)
{
	struct becoming b = {0};

	assert_ok(tu_rematch_plan(s->arena, old_kb, kb, &b.plan, error));
	assert_ok(tu_work_run(s->store, &s->act, put, &b, error));
	assert_ok(tu_work_run(s->store, &s->act, apply, &b, error));
	s->kb = kb;
}

/* Also where the file that had it is not at hand any more, and where the decision came after it. */
static void a_listing_that_goes_leaves_its_deadlines(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct scene s = scene_portfolio();
		struct looked l = {.vuln = "CVE-2023-38545", .rule = "own-exploited"};
		struct tu_buf bytes[2];
		struct tu_kb *kb[2] = {starter(false, &bytes[0]), starter(true, &bytes[1])};
		struct tu_kb *first = s.kb;
		int64_t start;

		scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
		become(&s, NULL, kb[0]);
		if (i < 2)
			scene_decide(&s, "curl-socks.yaml",
				scene_example(&s, "decisions/curl-socks.yaml"));
		l.kb = kb[0];
		LOOK(&l);
		assert_false(l.listed);
		become(&s, kb[0], kb[1]);
		if (i == 2)
			scene_decide(&s, "curl-socks.yaml",
				scene_example(&s, "decisions/curl-socks.yaml"));
		l.kb = kb[1];
		LOOK(&l);
		start = l.start;
		assert_true(l.listed && start && l.state == TU_DEADLINE_MISSED);
		become(&s, i == 1 ? NULL : kb[1], kb[0]);
		l.kb = kb[0];
		LOOK(&l);
		assert_true(l.listed && !l.gone && l.has_case && l.of_case_open);
		assert_int_equal(l.start, start);
		assert_int_equal(l.state, TU_DEADLINE_MISSED);
		/* once more changes nothing */
		become(&s, kb[0], kb[1]);
		become(&s, kb[1], kb[0]);
		LOOK(&l);
		assert_true(l.listed && l.start == start);
		for (unsigned k = 0; k < 2; k++) {
			tu_kb_close(kb[k]);
			tu_buf_done(&bytes[k]);
		}
		s.kb = first;
		scene_done(&s);
	}
}

/* ---- rules that device.yaml has no longer ---- */

#define PIPE "CVE-2022-0847"

struct recording {
	const char *event, *contents;
	int64_t at; /* seconds */
	bool take_back; /* the one that was recorded last */
	enum tu_status status;
};

static void find_last(
	struct tu_work *w, const struct tu_case_row *row, struct tu_case_event_seen *out)
{
	struct tu_case_events events;

	assert_ok(tu_case_events(w, row->parts.list.at[0].device_id, &events, error));
	assert_true(events.list.count > 0);
	*out = events.list.at[events.list.count - 1];
}

static enum tu_status record(struct tu_work *w, void *self, struct tu_error *err)
{
	struct recording *r = self;
	struct tu_str word = tu_str_c(r->contents ? r->contents : ""), warning;
	struct tu_case_row row;
	struct tu_case_event_seen last;
	struct tu_case_recording recording = {.row = &row,
		.taken_back = r->take_back,
		.event = {.name = tu_str_c(r->event ? r->event : ""),
			.at = r->at,
			.evidence = TU_STR("CAPA-1"),
			.contents = {r->contents ? &word : NULL, r->contents ? 1 : 0}}};

	assert_ok(tu_case_find(w, TU_STR(PIPE), &row, error));
	recording.part = &row.parts.list.at[0];
	if (!r->take_back) {
		r->status = tu_case_record_event(w, &recording, &warning, err);
		return r->status;
	}
	find_last(w, &row, &last);
	recording.replaces = &last;
	r->status = tu_case_correct_event(w, &recording, &warning, err);
	return r->status;
}

/* Without the market US and without clocks of its own. */
static void leave_market(struct scene *s)
{
	struct tu_str text = scene_example(s, "device.yaml");

	text = scene_replaced(s, text, "markets: [US, EU]", "markets: [EU]");
	text = scene_replaced(s, text, "markets: [US]", "markets: [EU]");
	s->text = tu_str_first(text, tu_str_search(text, TU_STR("  clocks:\n")));
	s->row_version = 2;
	scene_run(s, scene_put_device);
	s->row_version = 0;
}

/* A rule of the program and one of the maker's own: met, taken back, waived. */
static void what_is_gone_is_met_and_waived(void **state)
{
	static const struct {
		const char *rule, *before, *event;
	} rules[] = {{"own-triage", "plan-made", "triage-done"},
		{"fda-60", "fix-validated", "fix-distributed"}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		struct scene s = scene_portfolio();
		struct looked l = {.vuln = PIPE, .rule = rules[i].rule};
		struct tu_str text = scene_example(&s, "device.yaml");
		struct recording r = {.event = rules[i].event, .at = NOW / 1000000 - 60};
		struct recording first = {.event = rules[i].before, .at = r.at};
		struct recording of_none = {.event = "triage-dome", .at = r.at};

		s.text = scene_replaced(&s, text, "stop: assessed", "stop: triage-done");
		s.row_version = 1;
		scene_run(&s, scene_put_device);
		s.row_version = 0;
		scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
		text = scene_example(&s, "decisions/kernel-dirty-pipe.yaml");
		scene_decide(&s, "kernel-dirty-pipe.yaml",
			tu_str_first(text, tu_str_search(text, TU_STR("events:"))));
		s.act = scene_act("reviewer");
		leave_market(&s);
		LOOK(&l);
		assert_true(l.listed && l.gone && l.of_case_open);
		assert_true(l.state == TU_DEADLINE_RUNNING || l.state == TU_DEADLINE_MISSED);
		s.act.reason = TU_STR("it was another case");
		assert_int_equal(tu_work_run(s.store, &s.act, record, &of_none, NULL), TU_E_USAGE);
		assert_ok(tu_work_run(s.store, &s.act, record, &first, error));
		LOOK(&l);
		assert_true(l.of_case_open);
		assert_ok(tu_work_run(s.store, &s.act, record, &r, error));
		LOOK(&l);
		assert_true(l.listed && l.gone && !l.of_case_open);
		r.take_back = true;
		assert_ok(tu_work_run(s.store, &s.act, record, &r, error));
		LOOK(&l);
		assert_true(l.listed && l.of_case_open);
		r = (struct recording){.event = "deadline-waived",
			.contents = rules[i].rule,
			.at = NOW / 1000000 - 30};
		assert_ok(tu_work_run(s.store, &s.act, record, &r, error));
		LOOK(&l);
		assert_true(l.listed && l.gone && !l.of_case_open);
		scene_done(&s);
	}
}

/* ---- what cannot be read ---- */

static enum tu_status make_unreadable(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_document document;
	enum tu_status status = tu_document_put(
		w, "device", TU_STR("family: Larkspur IP-200\nof-before: 1\n"), &document, err);

	(void)self;
	return status ? status
		      : tu_tx__script(w->tx,
				"UPDATE device SET document_id = (SELECT MAX(id) FROM document)"
				" WHERE name = 'larkspur-ip-200'",
				err);
}

/* A decision instead. */
static enum tu_status spoil_decision(struct tu_work *w, void *self, struct tu_error *err)
{
	(void)self;
	return tu_tx__script(w->tx,
		"UPDATE assessment SET document_id = (SELECT MAX(document_id) FROM device)"
		" WHERE name = 'curl-socks.yaml'",
		err);
}

struct whole {
	size_t devices, unread, rows, cases, would_unread, proposals, not_needed, not_read;
};

static enum tu_status ask_all(struct tu_work *w, void *self, struct tu_error *err)
{
	struct whole *whole = self;
	const struct tu_deadline_filter filter = {0};
	const struct tu_case_filter soon = {.deadline_before = 1};
	struct tu_deadlines_seen seen;
	struct tu_cases_seen cases = {0};
	struct tu_proposals proposals;
	struct tu_case_row row;
	enum tu_status status = tu_deadline_list(w, NULL, &filter, &seen, err);

	*whole = (struct whole){0};
	if (status == TU_OK)
		status = tu_case_find(w, TU_STR("CVE-2023-38545"), &row, err);
	if (status == TU_OK)
		status = tu_case_follow(w, &row, err);
	if (status == TU_OK)
		status = tu_case_list(w, &soon, &cases, err);
	if (status == TU_OK)
		status = tu_proposal_list(w, TU_STR(""), NULL, &proposals, err);
	if (status != TU_OK)
		return status;
	whole->devices = seen.devices.count;
	whole->rows = seen.list.count;
	for (size_t i = 0; i < seen.devices.count; i++)
		whole->unread += seen.devices.at[i]->unread.len > 0;
	whole->cases = cases.list.count;
	for (size_t i = 0; i < cases.list.count; i++)
		whole->would_unread += cases.list.at[i].would_unread;
	whole->proposals = proposals.count;
	whole->not_read = proposals.unread.list.count;
	for (size_t i = 0; i < proposals.count; i++)
		whole->not_needed += proposals.at[i].needed == 0;
	return TU_OK;
}

static enum tu_status open_both(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_case_opening opening = {.vuln = TU_STR("CVE-2023-38545"), .learned_at = NOW};
	struct tu_case_row row;
	enum tu_status status = tu_case_open(w, &opening, &row, err);

	(void)self;
	opening.vuln = TU_STR(PIPE);
	return status ? status : tu_case_open(w, &opening, &row, err);
}

/* device.yaml of one, or a decision of it. */
static void hides_no_other(bool decision)
{
	struct scene s = scene_portfolio();
	struct whole before, after;
	struct tu_str pump = scene_example(&s, "device.yaml");

	s.text = scene_replaced(&s, pump, "family: Larkspur IP-200", "family: Other IP-300");
	scene_run(&s, scene_put_device);
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		scene_example(&s, "decisions/kernel-dirty-pipe.yaml"));
	s.name = "curl-socks.yaml";
	s.text = scene_example(&s, "decisions/curl-socks.yaml");
	s.act = scene_act("engineer");
	scene_run(&s, scene_propose);
	s.device = "other-ip-300";
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_decide(&s, "kernel-dirty-pipe.yaml",
		scene_example(&s, "decisions/kernel-dirty-pipe.yaml"));
	assert_ok(tu_work_run(s.store, &s.act, open_both, NULL, error));
	assert_ok(tu_work_run(s.store, &s.act, ask_all, &before, error));
	assert_true(before.devices == 2 && !before.unread && before.rows > 4);
	assert_true(before.proposals == 1 && !before.not_needed && !before.would_unread);
	scene_run(&s, decision ? spoil_decision : make_unreadable);
	assert_ok(tu_work_run(s.store, &s.act, ask_all, &after, error));
	assert_int_equal(after.devices, 2);
	assert_int_equal(after.unread, 1);
	/* what was stored of it is listed, too */
	assert_true(after.rows > before.rows / 2 && after.rows <= before.rows);
	/* of what is undecided nobody knows when it would be due */
	assert_true(!before.cases && after.cases == !decision);
	assert_int_equal(after.would_unread, !decision);
	assert_int_equal(after.proposals, !decision);
	assert_int_equal(after.not_needed, !decision);
	assert_int_equal(after.not_read, decision);
	scene_done(&s);
}

static void one_that_cannot_be_read_hides_no_other(void **state)
{
	(void)state;
	hides_no_other(false);
	hides_no_other(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listing_that_goes_leaves_its_deadlines),
		cmocka_unit_test(what_is_gone_is_met_and_waived),
		cmocka_unit_test(one_that_cannot_be_read_hides_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
