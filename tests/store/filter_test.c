/* Filters of lists (portfolio/list_filter.h): what is asked, what is refused, and the law: a list
 * has what the gate has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "app/assess.h"
#include "gate/gate.h"
#include "gate/terms.h"
#include "portfolio/list_filter.h"
#include "portfolio/list_load.h"

/* ---- what is refused ---- */

static const struct {
	const char *text, *message;
} refusals[] = {
	{"kev nonsense", "byte 5: \"nonsense\": no such term \"nonsense\"; there are any"},
	{"nonsense:x", "byte 1: \"nonsense:x\": no such term; there are any"},
	{"age>7d", "\"age\" cannot be asked of a list: the list does not have how long"},
	{"not-assessed>7d", "\"not-assessed\" cannot be asked of a list"},
	{"kev expired", "byte 5: \"expired\": \"expired\" cannot be asked of a list"},
	{"harm-unknown", "\"harm-unknown\" cannot be asked"},
	{"level>=3", "\"level\" cannot be asked"},
	{"level:>=3", "byte 1: \"level:>=3\": \"level\" cannot be asked"},
	{"uncontrolled", "write \"risk:uncontrolled\""},
	{"!controlled", "\"!controlled\" cannot be asked"},
	{"undecided", "write \"not-assessed\" for what nobody"},
	{"!affected", "\"!affected\" cannot be asked"},
	{"unknown", "it is about components without findings"},
	{"stale", "it is about sources"},
	{"missed", "use \"tutela clocks\""},
	{"kev,fixable", "\",\" (or) cannot be asked of a list"},
	{"kev !kev", "byte 5: \"!kev\": \"!kev\" excludes what another term asks"},
	{"decided not-assessed", "excludes what another"},
	{"severity>=high !severity>=low", "excludes what another"},
	{"state:decided state:proposed", "it excludes what another term asks"},
	{"kev:maybe", "expected yes or no"},
	{"harm:serious", "expected \">=\" and a value"},
	{"harm:>=dreadful", "expected negligible, minor"},
	{"component", "it needs a value after a colon"},
	{"component:", "expected a text of 1 to 200 bytes"},
	{"component:a component:b", "it is asked twice"},
	{"component:\"open ssl", "a double quote is not closed"},
	{"!component:a", "a term with a colon has no \"!\""},
	{"deadline:soon", "expected one of yes, no"},
	{"in:released,sold", "expected one of draft, released, withdrawn"},
	{"in:", "expected one of draft, released, withdrawn"},
	{"in:released,", "expected one of draft, released, withdrawn"},
	{"in:released,draft in:withdrawn", "it excludes what another term asks"},
	{"seen-since:yesterday", "expected a date, or a time"},
	{"seen-before:2026-01-01 seen-before:2026-02-01", "it is asked twice"},
	{"verdict:maybe", "expected one of affected, undecided"},
	{"exploited:cisa !exploited:CISA", "\"!exploited:CISA\" excludes what another term asks"},
	{"!kev exploited:cisa", "\"exploited:cisa\" excludes what another"},
	{"exploited:cisa !exploited", "\"!exploited\" excludes what another"},
	{"exploited:\"\"", "expected the name of a catalogue"},
	{"!kev:yes", "a term with a colon has no \"!\""},
	{"!exploited:no", "a term with a colon has no \"!\""},
	{"exploited:a exploited:b exploited:c exploited:d exploited:e exploited:f "
	 "exploited:g exploited:h exploited:i",
		"\"exploited:i\": a filter names at most 8 catalogues"},
	{"harm >= serious", "byte 1: \"harm\": \"harm\" needs a value"},
};

static void refusals_name_the_term(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(refusals); i++) {
		struct tu_list_asked asked;
		struct tu_error err = {0};

		if (tu_list_filter_parse(tu_str_c(refusals[i].text), &asked, &err) != TU_E_USAGE ||
			!strstr(err.message, refusals[i].message))
			fail_msg("%s: \"%s\" is not in \"%s\"", refusals[i].text,
				refusals[i].message, err.message);
	}
}

/* Each word of the gate is a filter, or an error that says why not. */
static void no_word_is_forgotten(void **state)
{
	struct tu_buf words;
	struct tu_str rest, word;
	size_t count = 0;

	(void)state;
	tu_buf_init(&words, 4096);
	tu_gate_list_words(TU_GATE_ASSESS, &words);
	for (rest = tu_buf_str(&words); tu_str_split(&rest, ',', &word); count++) {
		struct tu_list_asked asked;
		struct tu_error err = {0};
		char text[64];

		word = tu_str_trim(word);
		(void)snprintf(text, sizeof(text), "%.*s", TU_STR_FMT(word));
		if (strchr(text, '>'))
			(void)snprintf(strchr(text, '>'), 20, "%s",
				strstr(text, "DAYS")		   ? ">3"
					: strstr(text, "severity") ? ">=low"
					: strstr(text, "harm")	   ? ">=minor"
								   : ">=1");
		if (strstr(text, ":CATALOGUE"))
			(void)snprintf(strchr(text, ':'), 20, ":cisa");
		if (tu_list_filter_parse(tu_str_c(text), &asked, &err) != TU_OK &&
			!strstr(err.message, "cannot be asked of a list: "))
			fail_msg("%s: %s", text, err.message);
		assert_null(strstr(err.message, "no filter is known"));
	}
	assert_true(count > 20);
	tu_buf_done(&words);
}

static void spellings_are_one(void **state)
{
	static const char *const pairs[][2] = {
		{"kev", "kev:yes"},
		{"!kev", "KEV:NO"},
		{"harm>=serious", "harm:>=serious"},
		{"kev&!closed", " closed:no \t kev "},
		{"severity>=high", "high"},
		{"cvss>=7.05", "cvss:>=7.1"},
		{"!not-assessed", "decided"},
		{"in:released,withdrawn", "in:Withdrawn,Released"},
		{"in:draft,released in:released", "in:released"},
		{"seen-since:2026-01-31", "seen-since:2026-01-31T00:00:00Z"},
		{"", "  &  "},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(pairs); i++) {
		struct tu_list_asked a, b;

		assert_ok(tu_list_filter_parse(tu_str_c(pairs[i][0]), &a, error));
		assert_ok(tu_list_filter_parse(tu_str_c(pairs[i][1]), &b, error));
		if (memcmp(&a, &b, sizeof(a)) != 0)
			fail_msg("%s is not %s", pairs[i][0], pairs[i][1]);
	}
}

/* A catalogue that nobody has read is no answer, neither yes nor no. */
static void catalogues_must_be_known(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{"kev", NULL},
		{"exploited:cisa", NULL},
		{"!exploited:CISA kev", NULL},
		{"exploited:\"cisa\"", NULL},
		{"exploited:acme",
			"\"exploited:acme\" cannot be answered: the knowledge base "
			"has not read this catalogue; it has CISA"},
		{"exploited:cisa !exploited:\"Acme List\"", "\"exploited:Acme List\" cannot"},
	};
	struct tu_kb *kb = NULL;

	(void)state;
	assert_ok(tu_kb_open(TUTELA_STARTER, &kb, error));
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_list_asked asked;
		struct tu_error err = {0};
		enum tu_status status;

		assert_ok(tu_list_filter_parse(tu_str_c(cases[i].text), &asked, error));
		status = tu_list_filter_check_catalogues(&asked.unresolved, kb, &err);
		if (status != (cases[i].message ? TU_E_USAGE : TU_OK) ||
			(status && !strstr(err.message, cases[i].message)))
			fail_msg("%s: %s", cases[i].text, err.message);
		assert_int_equal(tu_list_filter_check_catalogues(&asked.unresolved, NULL, &err),
			i ? TU_E_USAGE : TU_OK);
	}
	tu_kb_close(kb);
}

/* ---- the law ---- */

static const char *const decisions[] = {"busybox-awk.yaml", "curl-socks.yaml", "dnsmasq-dhcp6.yaml",
	"gateway-log4shell.yaml", "kernel-dirty-pipe.yaml", "nghttp2-rapid-reset.yaml",
	"wpa-p2p.yaml"};

/* Both releases; all decisions of the example approved. */
static struct scene decided_pump(void)
{
	struct scene s = scene_portfolio();

	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_put_sbom(&s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	scene_person(&s, "safety", "approver");
	for (size_t i = 0; i < TU_COUNT(decisions); i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), "decisions/%s", decisions[i]);
		s.name = decisions[i];
		s.text = scene_example(&s, path);
		s.act = scene_act("engineer");
		scene_run(&s, scene_propose);
		s.act = scene_act("safety");
		scene_run(&s, scene_approve);
	}
	return s;
}

struct asked_list {
	struct tu_list *list;
	struct tu_list_snapshot *snapshot;
	struct tu_arena *arena;
	struct tu_store *store;
	struct tu_list_page page;
};

static void ask(struct asked_list *l, const char *text)
{
	static const struct tu_list_scope everything = {.everything = true};
	struct tu_list_asked asked;
	struct tu_list_resolved resolved;
	struct tu_list_query query = {
		.filter = &resolved.filter, .scope = &everything, .page_size = TU_LIST_PAGE_MAX};
	struct tu_tx *tx;

	assert_ok(tu_list_filter_parse(tu_str_c(text), &asked, error));
	assert_ok(tu_store_begin(l->store, TU_TX_READ, &tx, error));
	assert_ok(tu_list_filter_resolve(tx, &everything, &asked, &resolved, error));
	assert_ok(tu_tx_commit(tx, error));
	assert_ok(tu_list_page(l->arena, l->snapshot, &query, &l->page, error));
	assert_int_equal(l->page.next.len, 0);
}

static bool has(const struct asked_list *l, const struct tu_component *c,
	const struct tu_assessment *a, const char *release)
{
	for (size_t i = 0; i < l->page.count; i++) {
		const struct tu_list_finding *row = &l->page.findings[i];

		if (tu_str_eq(row->vulnerability.name, a->of->facts.id) &&
			tu_str_eq(row->component.name, c->name) &&
			tu_str_eq(row->component.version, c->version) &&
			tu_str_eq(row->release.version, tu_str_c(release)))
			return true;
	}
	return false;
}

static const struct law {
	const char *term;
	bool wider; /* the list may have more: harm is the worst of a component there */
	bool narrower;
} laws[] = {
	{"any", false, false},
	{"affected", false, false},
	{"kev", false, false},
	{"!kev", false, false},
	{"exploited", false, false},
	{"!exploited", false, false},
	{"exploited:cisa", false, false},
	{"!exploited:CISA", false, false},
	{"exploited:enisa", false, false},
	{"!exploited:enisa&kev", false, false},
	{"fixable", false, false},
	{"!fixable", false, false},
	{"unscored", false, false},
	{"!unscored", false, false},
	{"severity>=none", false, false},
	{"severity>=low", false, false},
	{"severity>=high", false, false},
	{"critical", false, false},
	{"!severity>=high", false, false},
	{"cvss>=0", false, false},
	{"!cvss>=0", false, false},
	{"cvss>=7.5", false, false},
	{"cvss>=7.55", false, false},
	{"!cvss>=9.8", false, false},
	{"epss>=0", false, false},
	{"!epss>=0", false, false},
	{"epss>=0.5", false, false},
	{"!epss>=0.9", false, false},
	{"not-assessed", false, false},
	{"!not-assessed", false, false},
	{"decided", false, false},
	{"!decided", false, false},
	{"carried", false, false},
	{"!carried", false, false},
	{"reopened", false, false},
	{"!reopened", false, false},
	{"closed", false, false},
	{"!closed", false, false},
	{"harm>=minor", true, false},
	{"harm>=catastrophic", true, false},
	{"!harm>=serious", false, true},
	{"kev&not-assessed&severity>=high", false, false},
	{"fixable&!closed&epss>=0.01", false, false},
};

/* What a trusted supplier closes is open in lists: the maker decided nothing (portfolio/settle.h).
 */
static bool is_maker_s(const struct tu_assessment *a)
{
	return a->state != TU_ASSESS_SUPPLIER;
}

static size_t judge(const struct asked_list *l, const struct tu_assess_answer *a,
	const struct law *law, const char *release)
{
	struct tu_gate *gate = calloc(1, sizeof(*gate));
	size_t held = 0;

	assert_non_null(gate);
	assert_ok(tu_gate_parse(TU_GATE_ASSESS, tu_str_c(law->term), gate, error));
	for (size_t i = 0; i < a->result->count; i++) {
		const struct tu_assessment *one = &a->result->assessments[i];
		struct tu_gate_item item = tu_gate_item_of(a->input.kb, one, NOW / 1000000);
		bool gates = tu_gate_rule_holds(&gate->rules[0], &item);
		const struct tu_component *c =
			&a->matching.report.inventory->components[one->of->distinct->first];
		bool lists = has(l, c, one, release);

		held += gates;
		if (is_maker_s(one) && gates != lists && !(lists ? law->wider : law->narrower))
			fail_msg("%s: %.*s in %.*s of %s: gate %d, list %d", law->term,
				TU_STR_FMT(one->of->facts.id), TU_STR_FMT(c->name), release, gates,
				lists);
	}
	free(gate);
	return held;
}

static void a_list_has_what_the_gate_has(void **state)
{
	static const char *const releases[] = {"4.3.1", "4.4.0"};
	struct scene s = decided_pump();
	struct asked_list l = {.arena = s.arena, .store = s.store};
	const struct tu_app_context context = {.now = NOW / 1000000};
	size_t held = 0;

	(void)state;
	assert_ok(tu_list_new(&l.list, error));
	assert_ok(tu_list_load(s.store, l.list, error));
	l.snapshot = tu_list_current(l.list);
	for (size_t r = 0; r < TU_COUNT(releases); r++) {
		const struct tu_assess_request request = {
			TUTELA_EXAMPLE, releases[r], TUTELA_STARTER, NOW / 1000000};
		struct tu_assess_answer *a = calloc(1, sizeof(*a));

		assert_non_null(a);
		assert_ok(tu_app_assess(&context, &request, a, error));
		for (size_t i = 0; i < TU_COUNT(laws); i++) {
			ask(&l, laws[i].term);
			held += judge(&l, a, &laws[i], releases[r]);
		}
		tu_assess_done(a);
		free(a);
	}
	assert_true(held > 100);
	tu_list_drop(l.snapshot);
	tu_list_free(l.list);
	scene_done(&s);
}

/* ---- words of lists: filtering all rows one by one ---- */

static bool in_component(const struct tu_list_finding *row)
{
	return tu_str_istarts(row->component.name, TU_STR("CURL"));
}

static bool in_release(const struct tu_list_finding *row)
{
	return tu_str_eq(row->release.version, TU_STR("4.4.0"));
}

static bool is_of_year(const struct tu_list_finding *row)
{
	return tu_str_istarts(row->vulnerability.name, TU_STR("cve-2022-"));
}

static bool is_undecided(const struct tu_list_finding *row)
{
	return row->verdict == TU_MATCH_UNDECIDED;
}

static bool is_controlled(const struct tu_list_finding *row)
{
	return row->risk == TU_RISK_CONTROLLED;
}

static bool is_affected_by_decision(const struct tu_list_finding *row)
{
	return row->status == TU_CLAIM_AFFECTED;
}

static bool is_not_assessed(const struct tu_list_finding *row)
{
	return row->state == TU_LIST_NOT_ASSESSED;
}

static bool has_ssl(const struct tu_list_finding *row)
{
	return tu_str_isearch(row->component.name, TU_STR("ssl")) < row->component.name.len ||
		tu_str_isearch(row->component.purl, TU_STR("ssl")) < row->component.purl.len;
}

static bool is_draft(const struct tu_list_finding *row)
{
	return row->release.state == 0;
}

static bool is_due(const struct tu_list_finding *row)
{
	return row->deadline != 0;
}

static bool is_reachable_harm(const struct tu_list_finding *row)
{
	return row->harm >= TU_HARM_SERIOUS && in_release(row);
}

static void rows_pass_one_by_one(void **state)
{
	static const struct {
		const char *text;
		bool (*passes)(const struct tu_list_finding *row);
		bool found; /* there are some */
	} cases[] = {
		{"component:CURL", in_component, true},
		{"release:4.4.0 device:larkspur-ip-200", in_release, true},
		{"vulnerability:cve-2022-", is_of_year, true},
		{"verdict:undecided", is_undecided, false},
		{"risk:controlled", is_controlled, true},
		{"status:affected", is_affected_by_decision, false},
		{"state:not-assessed", is_not_assessed, true},
		{"text:\"ssl\"", has_ssl, false},
		{"in:draft", is_draft, true},
		{"deadline:yes", is_due, false},
		{"harm:>=serious & release:4.4.0", is_reachable_harm, true},
	};
	struct scene s = decided_pump();
	struct asked_list l = {.arena = s.arena, .store = s.store};
	struct tu_list_page all;

	(void)state;
	assert_ok(tu_list_new(&l.list, error));
	assert_ok(tu_list_load(s.store, l.list, error));
	l.snapshot = tu_list_current(l.list);
	ask(&l, "");
	all = l.page;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		size_t expected = 0;

		for (size_t k = 0; k < all.count; k++)
			expected += cases[i].passes(&all.findings[k]);
		ask(&l, cases[i].text);
		for (size_t k = 0; k < l.page.count; k++)
			assert_true(cases[i].passes(&l.page.findings[k]));
		if (l.page.count != expected || (cases[i].found && !expected))
			fail_msg("%s: %zu rows, expected %zu", cases[i].text, l.page.count,
				expected);
	}
	tu_list_drop(l.snapshot);
	tu_list_free(l.list);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_name_the_term),
		cmocka_unit_test(no_word_is_forgotten),
		cmocka_unit_test(catalogues_must_be_known),
		cmocka_unit_test(spellings_are_one),
		cmocka_unit_test(a_list_has_what_the_gate_has),
		cmocka_unit_test(rows_pass_one_by_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
