#define _XOPEN_SOURCE 700 /* scandir */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/csaf.h>
#include <tutela/decision.h>
#include <tutela/device.h>
#include <tutela/kb.h>
#include <tutela/sbom.h>
#include <tutela/sbom_check.h>
#include <tutela/supplement.h>
#include <tutela/vex.h>

#include "base/json.h"
#include "support/damage.h"
#include "support/fault_documents.h"

/*
 * Laws of documents of which one thing is wrong:
 *  - an error says what is wrong, and nothing is set; a fault of syntax has a line or an offset;
 *  - an SBOM that is read can be written, and what is written has as many components;
 *  - statements do not clear more than before: what is damaged is not understood;
 *  - a CSAF document that is judged has located problems, and one without its members is not valid;
 *  - what is read of a feed makes a knowledge base that verifies;
 *  - a decision that is read has a status and is written so that it reads the same.
 */
struct law {
	void (*look)(void *context, struct tu_str text);
	struct damage damage;
	const char *path;
	size_t cleared; /* statements of the whole document that clear */
	size_t forms;
};

static struct law law;

#define HOLDS(condition) \
	do { \
		if (!(condition)) \
			fail_msg("%s: %s: %.*s", law.path, #condition, \
				TU_STR_FMT(tu_str_first(text, 2000))); \
	} while (0)

/* ---- SBOMs ---- */

static size_t components_of(struct tu_arena *arena, struct tu_str text)
{
	const struct tu_sbom_limits limits = {.depth = 1024};
	const struct tu_inventory *inventory = NULL;

	return tu_sbom_read(arena, text, false, &limits, &inventory, NULL) == TU_OK
		? inventory->component_count
		: SIZE_MAX;
}

static void write_sbom(
	struct tu_arena *arena, const struct tu_inventory *inventory, struct tu_str text)
{
	const struct tu_sbom_write_options options = {.tool = TU_STR("test"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = TU_STR("https://example.org/test")};

	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		struct tu_sbom_losses losses = {0};
		struct tu_error err = {0};
		struct tu_sink out;

		tu_sink_init_memory(&out, ANSWER_MAX);
		HOLDS(tu_sbom_write(arena, inventory, (enum tu_sbom_target)target, &options, &out,
			      &losses, &err) == TU_OK);
		HOLDS(components_of(arena, tu_buf_str(&out.buf)) == inventory->component_count);
		tu_sink_done(&out);
	}
}

static void look_at_sbom(void *context, struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	enum tu_status status = tu_sbom_read(arena, text, true, NULL, &inventory, &err);

	(void)context;
	HOLDS((status == TU_OK) == (inventory != NULL));
	HOLDS(status == TU_OK || err.message[0]);
	for (size_t i = 0; inventory && i < tu_check_profile_count; i++) {
		const struct tu_check_request request = {&tu_check_profiles[i], inventory, 1};
		const struct tu_check_result *result = NULL;

		HOLDS(tu_sbom_check(arena, &request, &result, &err) == TU_OK);
		HOLDS(result->score <= 100 && (!result->passed || result->score > 0));
	}
	if (inventory)
		write_sbom(arena, inventory, text);
	law.forms++;
	tu_arena_free(arena);
}

/* ---- statements ---- */

static size_t clearing(struct tu_arena *arena, struct tu_str text)
{
	const struct tu_vex_document *document = NULL;
	struct tu_error err = {0};
	enum tu_status status = tu_vex_read(arena, text, true, &document, &err);
	size_t count = 0;

	HOLDS((status == TU_OK) == (document != NULL));
	HOLDS(status == TU_OK || err.message[0]);
	for (size_t i = 0; document && i < document->claim_count; i++)
		count += tu_claim_clears(document->claims[i].status);
	return count;
}

static void look_at_statements(void *context, struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);

	(void)context;
	HOLDS(clearing(arena, text) <= law.cleared);
	law.forms++;
	tu_arena_free(arena);
}

static void look_at_csaf(void *context, struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_csaf_report *report = NULL;
	struct tu_error err = {0};
	enum tu_status status = tu_csaf_validate(arena, text, true, 0, &report, &err);

	(void)context;
	HOLDS((status == TU_OK) == (report != NULL));
	HOLDS(status == TU_OK || err.message[0]);
	for (size_t i = 0; report && i < report->problem_count; i++) {
		const struct tu_csaf_problem *problem = &report->problems[i];

		HOLDS(problem->message.len > 0);
		HOLDS(!problem->pointer.len || problem->pointer.ptr[0] == '/');
		HOLDS(!report->valid || problem->class_ > TU_CSAF_MANDATORY);
	}
	law.forms++;
	tu_arena_free(arena);
}

/* ---- intelligence ---- */

static enum tu_status take(void *context, const struct tu_advisory *a, struct tu_error *err)
{
	return tu_kb_builder_add(context, a, err);
}

static enum tu_status take_cycle(
	void *context, const struct tu_support_cycle *cycle, struct tu_error *err)
{
	return tu_kb_builder_lifecycle(context, cycle, err);
}

static void note(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where;
	assert_true(what.len > 0);
}

static void verify(struct tu_kb_builder *builder, struct tu_str text)
{
	struct tu_kb_build_counts counts;
	struct tu_error err = {0};
	struct tu_kb *kb = NULL;
	struct tu_buf bytes;

	tu_buf_init(&bytes, ANSWER_MAX);
	HOLDS(tu_kb_builder_finish(builder, &bytes, &counts, &err) == TU_OK);
	HOLDS(tu_kb_open_memory(bytes.ptr, bytes.len, &kb, &err) == TU_OK);
	HOLDS(tu_kb_verify(kb, &err) == TU_OK);
	tu_kb_close(kb);
	tu_buf_done(&bytes);
}

static void look_at_feed(void *context, struct tu_str text)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	const struct tu_advisory_sink sink = {take, note, builder, take_cycle};
	struct tu_feed_summary summary = {0};
	struct tu_error err = {0};
	enum tu_status status =
		tu_advisory_read(reader, TU_STR("feed"), text, &sink, &summary, &err);

	(void)context;
	HOLDS(status == TU_OK || err.message[0]);
	HOLDS(summary.problems >= summary.skipped);
	verify(builder, text);
	law.forms++;
	tu_advisory_reader_free(reader);
	tu_kb_builder_free(builder);
}

/* ---- what the maker writes ---- */

static void look_at_device(void *context, struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_device *device = NULL;
	struct tu_error err = {0};
	struct tu_lints lints = {0};
	enum tu_status status =
		tu_device_read(arena, TU_STR("device.yaml"), text, NULL, &device, &err);

	(void)context;
	HOLDS((status == TU_OK) == (device != NULL));
	HOLDS(status == TU_OK || err.message[0]);
	if (device) {
		const struct tu_lint_input input = {.device = device, .at = 1};

		HOLDS(tu_device_lint(arena, &input, &lints, &err) == TU_OK);
	}
	for (size_t i = 0; i < lints.count; i++)
		HOLDS(lints.at[i].message.len > 0);
	law.forms++;
	tu_arena_free(arena);
}

static void look_at_decision(void *context, struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_decision *decision = NULL, *again = NULL;
	struct tu_error err = {0};
	struct tu_buf out;
	enum tu_status status =
		tu_decision_read(arena, TU_STR("d.yaml"), text, NULL, &decision, &err);

	(void)context;
	tu_buf_init(&out, ANSWER_MAX);
	HOLDS((status == TU_OK) == (decision != NULL));
	HOLDS(status == TU_OK || err.message[0]);
	if (decision) {
		HOLDS(decision->status != TU_CLAIM_UNSTATED);
		tu_decision_write(decision, &out);
		HOLDS(tu_decision_read(arena, TU_STR("d.yaml"), tu_buf_str(&out), NULL, &again,
			      &err) == TU_OK);
		HOLDS(tu_decision_agrees(decision, again));
	}
	law.forms++;
	tu_buf_done(&out);
	tu_arena_free(arena);
}

static void look_at_supplement(void *context, struct tu_str text)
{
	static const struct tu_str document = TU_STR_INIT(
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		"{\"name\":\"a\",\"bom-ref\":\"r\",\"version\":\"1\",\"purl\":\"pkg:npm/a@1\"},"
		"{\"name\":\"b\",\"cpe\":\"cpe:2.3:a:v:b:1:*:*:*:*:*:*:*\"}]}");
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_inventory *before = NULL, *after;
	struct tu_error err = {0};
	enum tu_status status;

	(void)context;
	assert_int_equal(tu_sbom_read(arena, document, false, NULL, &before, NULL), TU_OK);
	after = before;
	status = tu_supplement_apply(arena, text, &after, 1, &err);
	HOLDS((status == TU_OK) == (after != before));
	HOLDS(status == TU_OK || err.message[0]);
	law.forms++;
	tu_arena_free(arena);
}

/* ---- the laws ---- */

static void damage_path(void *context, const char *path)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct stat info;
	struct tu_buf text;

	if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) {
		folder_each(path, damage_path, context);
	} else {
		law.path = path;
		if (document_read(path, &text) && text.len <= DOCUMENT_MAX / 4) {
			if (law.look == look_at_statements)
				law.cleared = clearing(arena, tu_buf_str(&text));
			damage_each(&law.damage, tu_buf_str(&text), law.look, &law);
		}
		tu_buf_done(&text);
	}
	tu_arena_free(arena);
}

#define LAW(name, least, look_at, ...) \
	static void name(void **state) \
	{ \
		static const char *const folders[] = {__VA_ARGS__}; \
		char path[4096]; \
		(void)state; \
		law.look = look_at; \
		law.forms = 0; \
		for (size_t i = 0; i < TU_COUNT(folders); i++) { \
			(void)snprintf( \
				path, sizeof(path), "%s/%s", getenv("TU_ROOT"), folders[i]); \
			damage_path(NULL, path); \
		} \
		assert_true(law.forms >= (least)); \
	}

LAW(damaged_sboms, 5000, look_at_sbom, "fuzz/corpus/sbom", "tests/golden/sbom")
LAW(damaged_statements, 1000, look_at_statements, "fuzz/corpus/vex")
LAW(damaged_csaf, 2000, look_at_csaf, "fuzz/corpus/csaf", "tests/tables/csaf")
LAW(damaged_feeds, 3000, look_at_feed, "fuzz/corpus/advisory")
LAW(damaged_devices, 500, look_at_device, "fuzz/corpus/device")
LAW(damaged_decisions, 1000, look_at_decision, "fuzz/corpus/decision")
LAW(damaged_supplements, 100, look_at_supplement, "fuzz/corpus/supplement")

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_sboms),
		cmocka_unit_test(damaged_statements),
		cmocka_unit_test(damaged_csaf),
		cmocka_unit_test(damaged_feeds),
		cmocka_unit_test(damaged_devices),
		cmocka_unit_test(damaged_decisions),
		cmocka_unit_test(damaged_supplements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
