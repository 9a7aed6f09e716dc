#define _XOPEN_SOURCE 700 /* scandir */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/kb.h>
#include <tutela/match.h>
#include <tutela/sbom.h>
#include <tutela/vex.h>

#include "support/fault_documents.h"

/*
 * The documents of each case put together: an SBOM matched with its feeds, its statements applied
 * and decided by, while allocations fail.
 */
enum { STATEMENTS_MAX = 8 };

struct scene {
	struct tu_arena *arena;
	struct tu_kb_builder *builder;
	struct tu_advisory_reader *reader;
	struct tu_buf kb_bytes;
	struct tu_kb *kb;
	const struct tu_inventory *inventory;
	const struct tu_vex_document *statements[STATEMENTS_MAX];
	size_t statement_count;
	size_t records;
};

static enum tu_status take(void *context, const struct tu_advisory *a, struct tu_error *err)
{
	struct scene *scene = context;

	scene->records++;
	return tu_kb_builder_add(scene->builder, a, err);
}

static void ignore(void *context, struct tu_str where, struct tu_str what)
{
	(void)context, (void)where, (void)what;
}

/* A document is what it can be read as. */
static void take_document(void *context, const char *path)
{
	struct scene *scene = context;
	const struct tu_advisory_sink sink = {
		.advisory = take, .problem = ignore, .context = scene};
	const struct tu_inventory *inventory = NULL;
	struct tu_feed_summary summary = {0};
	struct tu_buf text;

	if (document_read(path, &text)) {
		struct tu_str all = tu_buf_str(&text);

		(void)!tu_advisory_read(scene->reader, TU_STR("f"), all, &sink, &summary, NULL);
		if (tu_sbom_read(scene->arena, all, true, NULL, &inventory, NULL) == TU_OK &&
			inventory->component_count && !scene->inventory)
			scene->inventory = inventory;
		if (scene->statement_count < STATEMENTS_MAX &&
			tu_vex_read(scene->arena, all, true,
				&scene->statements[scene->statement_count], NULL) == TU_OK)
			scene->statement_count++;
	}
	tu_buf_done(&text);
}

static void build(struct scene *scene, const char *folder)
{
	struct tu_kb_build_counts counts;
	struct tu_error err = {0};

	*scene = (struct scene){.arena = tu_arena_new(0),
		.builder = tu_kb_builder_new(),
		.reader = tu_advisory_reader_new()};
	tu_buf_init(&scene->kb_bytes, ANSWER_MAX);
	folder_each(folder, take_document, scene);
	if (tu_kb_builder_finish(scene->builder, &scene->kb_bytes, &counts, &err) ||
		tu_kb_open_memory(scene->kb_bytes.ptr, scene->kb_bytes.len, &scene->kb, &err))
		fail_msg("%s: %s", folder, err.message);
	tu_advisory_reader_free(scene->reader);
	tu_kb_builder_free(scene->builder);
}

static void drop(struct scene *scene)
{
	tu_kb_close(scene->kb);
	tu_buf_done(&scene->kb_bytes);
	tu_arena_free(scene->arena);
}

static void add_findings(
	const struct scene *scene, const struct tu_match_result *result, struct tu_buf *out)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct tu_finding *finding = &result->findings[i];

		tu_buf_printf(out, "%u %u %s %s %.*s %.*s\n", finding->distinct,
			finding->vulnerability, tu_match_verdict_name(finding->verdict),
			tu_reason_name(finding->reason), TU_STR_FMT(finding->fixed),
			TU_STR_FMT(finding->statement));
		for (size_t k = 0; k < finding->evidence_count; k++)
			tu_evidence_vers(scene->kb, &finding->evidence[k], out);
	}
	for (size_t i = 0; i < result->uncovered_count; i++)
		tu_buf_printf(out, "without data: %.*s\n", TU_STR_FMT(result->uncovered[i]));
}

static enum tu_status decide(const struct scene *scene, struct tu_arena *arena,
	const struct tu_match_result *match, struct tu_buf *out, struct tu_error *err)
{
	static const char *const names[STATEMENTS_MAX] = {"1", "2", "3", "4", "5", "6", "7", "8"};
	const struct tu_vex_input input = {.documents = scene->statements,
		.count = scene->statement_count,
		.names = names,
		.kb = scene->kb,
		.inventory = scene->inventory,
		.match = match,
		.trust = {.sbom = true, .files = true}};
	const struct tu_vex_application *application = NULL;
	const struct tu_match_result *decided = NULL;
	enum tu_status status = tu_vex_apply(arena, &input, &application, err);

	if (status == TU_OK)
		status = tu_vex_decide(arena, &input, application, &decided, err);
	if (status)
		return status;
	for (size_t i = 0; i < application->result_count; i++)
		tu_buf_printf(out, "%s\n", tu_vex_outcome_name(application->results[i].outcome));
	add_findings(scene, decided, out);
	return TU_OK;
}

static enum tu_status find(void *context, struct tu_arena *arena, struct tu_str text,
	struct tu_sink *out, struct tu_error *err)
{
	const struct scene *scene = context;
	struct tu_match_options options = {.keep_all = true};
	const struct tu_match_result *match = NULL;
	const uint32_t *apart = NULL;
	enum tu_status status = tu_vex_apart(arena, scene->statements, scene->statement_count,
		scene->inventory, &apart, &options.apart_count);

	(void)text;
	options.apart = apart;
	if (status == TU_OK)
		status = tu_match(arena, scene->kb, scene->inventory, &options, &match, err);
	if (status == TU_OK)
		add_findings(scene, match, &out->buf);
	if (status == TU_OK)
		status = decide(scene, arena, match, &out->buf, err);
	return status;
}

static void find_in(void *context, const char *folder)
{
	struct work *work = context;
	struct scene scene;
	struct stat info;

	if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
		return;
	build(&scene, folder);
	work->context = &scene;
	if (scene.inventory && scene.records)
		work_on(work, folder, TU_STR(""));
	drop(&scene);
}

static void findings_are_the_same_or_none(void **state)
{
	struct work work = {.run = find};
	char folder[4096];

	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/tests/cases", getenv("TU_ROOT"));
	folder_each(folder, find_in, &work);
	assert_int_equal(work.wrong, 0);
	assert_true(work.documents >= 50);
	assert_true(work.refused > 10 * work.documents);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(findings_are_the_same_or_none)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
