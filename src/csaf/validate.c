/* Running the tests over a document. */
#include <stdlib.h>

#include "base/alloc.h"
#include "csaf/csaf.h"

/* Tests that can be run go first; of those that cannot the ids are told. */
static bool applies(const struct tu_csaf *csaf, const struct tu_csaf_test *test, unsigned classes)
{
	return (test->versions & csaf->version) && (classes & (1u << test->class_)) &&
		(!test->profiles || (test->profiles & csaf->profile));
}

static void run(struct tu_csaf *csaf, const struct tu_csaf_test *test)
{
	csaf->test = test;
	csaf->test_problems = 0;
	test->run(csaf);
}

static void run_all(struct tu_csaf *csaf, unsigned classes, struct tu_csaf_report *report)
{
	struct tu_str *not_run =
		tu_arena_array(csaf->arena, tu_csaf_test_table_count, sizeof(*not_run));

	if (!not_run) {
		tu_csaf_out_of(csaf, TU_E_NOMEM);
		return;
	}
	report->not_run = not_run;
	run(csaf, &tu_csaf_schema_test);
	report->tests_run = 1;
	for (size_t i = 0; !csaf->status && i < tu_csaf_test_table_count; i++) {
		const struct tu_csaf_test *test = &tu_csaf_test_table[i];
		if (!applies(csaf, test, classes))
			continue;
		if (test->run) {
			run(csaf, test);
			report->tests_run++;
		} else {
			not_run[report->not_run_count++] = tu_str_c(test->id);
		}
	}
	report->tests_run += applies(csaf, &tu_csaf_additional_test, classes);
}

/* What the walk of the schema found of a class that is not wanted goes. */
static void drop_unwanted(struct tu_csaf *csaf, unsigned classes)
{
	size_t kept = 0;

	for (size_t i = 0; i < csaf->problems.count; i++)
		if (classes & (1u << csaf->problems.at[i].class_))
			csaf->problems.at[kept++] = csaf->problems.at[i];
	csaf->problems.count = kept;
	for (size_t i = 0; i < TU_CSAF_CLASSES; i++)
		if (!(classes & (1u << i)))
			csaf->counts[i] = 0;
}

static bool dup(struct tu_csaf *csaf, struct tu_str text, struct tu_str *out)
{
	if (tu_arena_dup(csaf->arena, text, out))
		return true;
	tu_csaf_out_of(csaf, TU_E_NOMEM);
	return false;
}

static int by_class(const void *left, const void *right)
{
	const struct tu_csaf_problem *const *a = left, *const *b = right;

	if ((*a)->class_ != (*b)->class_)
		return (*a)->class_ < (*b)->class_ ? -1 : 1;
	return (*a < *b) ? -1 : (*a > *b);
}

/* By class, else as they were found: by test, in the order of the document. */
static const struct tu_csaf_problem *in_order(struct tu_csaf *csaf)
{
	size_t count = csaf->problems.count;
	struct tu_csaf_problem *out = tu_arena_array(csaf->arena, count, sizeof(*out));
	const struct tu_csaf_problem **order = tu_arena_array(csaf->arena, count, sizeof(*order));

	if (!out || !order) {
		tu_csaf_out_of(csaf, TU_E_NOMEM);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		order[i] = &csaf->problems.at[i];
	if (count)
		qsort(order, count, sizeof(*order), by_class);
	for (size_t i = 0; i < count; i++)
		out[i] = *order[i];
	return out;
}

static void fill(struct tu_csaf *csaf, struct tu_csaf_report *report, unsigned classes)
{
	drop_unwanted(csaf, classes);
	report->version = csaf->version == TU_CSAF_20 ? TU_STR("2.0") : TU_STR("2.1");
	report->problems = in_order(csaf);
	report->problem_count = csaf->problems.count;
	memcpy(report->counts, csaf->counts, sizeof(report->counts));
	report->left_out = csaf->left_out;
	report->valid = !report->counts[TU_CSAF_SCHEMA] && !report->counts[TU_CSAF_MANDATORY];
	(void)(dup(csaf, TU_JSON_STR(csaf->tracking, "id"), &report->id) &&
		dup(csaf, TU_JSON_STR(csaf->document, "category"), &report->category));
}

static enum tu_status detect(struct tu_csaf *csaf, struct tu_error *err)
{
	struct tu_json document = tu_json_get(csaf->root, TU_STR("document"));
	struct tu_json version = tu_json_get(document, TU_STR("csaf_version"));

	if (tu_str_eq(tu_json_str(version), TU_STR("2.0")))
		csaf->version = TU_CSAF_20;
	else if (tu_str_eq(tu_json_str(version), TU_STR("2.1")))
		csaf->version = TU_CSAF_21;
	else if (tu_json_is_object(csaf->root) && !version.doc && tu_json_is_object(document))
		csaf->version = TU_CSAF_20; /* the schema will tell that the version is missing */
	else if (version.doc)
		return tu_json_fail(err, TU_E_UNSUPPORTED, version,
			"CSAF \"%.*s\"; 2.0 and 2.1 are read",
			TU_STR_FMT(tu_str_first(tu_json_str(version), 20)));
	else
		return tu_fail(err, TU_E_UNSUPPORTED, 0,
			"not a CSAF document: it has no member \"document\"");
	return TU_OK;
}

static enum tu_status judge(struct tu_csaf *csaf, unsigned classes,
	const struct tu_csaf_report **out_report, struct tu_error *err)
{
	struct tu_csaf_report *report = tu_arena_alloc(csaf->arena, sizeof(*report));

	if (!report)
		return tu_no_memory(err);
	tu_csaf_prepare(csaf);
	if (!csaf->status)
		run_all(csaf, classes, report);
	if (!csaf->status)
		fill(csaf, report, classes);
	if (csaf->status == TU_E_LIMIT)
		return tu_fail(err, TU_E_LIMIT, 0,
			"branches nested too deeply, or too many references to products");
	if (csaf->status)
		return tu_no_memory(err);
	*out_report = report;
	return TU_OK;
}

enum tu_status tu_csaf_validate(struct tu_arena *arena, struct tu_str text, bool padded,
	unsigned classes, const struct tu_csaf_report **out_report, struct tu_error *err)
{
	struct tu_csaf csaf = {.arena = arena};
	const struct tu_csaf_report *report = NULL;
	size_t refused = tu_alloc_refused();
	const struct tu_json_limits limits = {.unique_keys = true, .padded = padded};
	struct tu_json_parser *parser = tu_json_parser_new();
	enum tu_status status;

	if (!parser)
		return tu_no_memory(err);
	status = tu_json_parse(parser, text, &limits, &csaf.root, err);
	if (status == TU_OK)
		status = detect(&csaf, err);
	if (status == TU_OK)
		status = judge(&csaf, classes ? classes | 1u : ~0u, &report, err);
	tu_csaf_release(&csaf);
	tu_json_parser_free(parser);
	status = tu_alloc_settle(refused, status, err);
	if (status == TU_OK)
		*out_report = report;
	return status;
}

bool tu_csaf_test_info(size_t n, struct tu_csaf_test_info *out_info)
{
	const struct tu_csaf_test *test;

	if (n > tu_csaf_test_table_count)
		return false;
	test = n == tu_csaf_test_table_count ? &tu_csaf_additional_test : &tu_csaf_test_table[n];
	*out_info = (struct tu_csaf_test_info){test->id, test->title, test->class_,
		test->versions & TU_CSAF_20, test->versions & TU_CSAF_21,
		test->run || test == &tu_csaf_additional_test};
	return true;
}

const char *tu_csaf_class_name(enum tu_csaf_class class_)
{
	static const char *const names[TU_CSAF_CLASSES] = {
		"schema", "mandatory", "optional", "informative"};

	return (unsigned)class_ < TU_CSAF_CLASSES ? names[class_] : "unknown";
}
