/* Statements while the n-th allocation fails, for every n: TU_E_NOMEM and nothing leaks. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <tutela/csaf.h>
#include <tutela/issue.h>
#include <tutela/vex.h>

#include "base/fault.h"
#include "base/input.h"

/* A seed of the fuzz targets; `buf` holds it. */
static struct tu_str seed(const char *name, struct tu_buf *buf)
{
	char path[512];
	struct tu_error err = {0};

	(void)snprintf(path, sizeof(path), "%s/%s", getenv("TU_CORPUS"), name);
	if (tu_input_read(path, buf, &err) != TU_OK)
		fail_msg("%s", err.message);
	return tu_buf_str(buf);
}

struct attempt {
	enum tu_status (*run)(struct tu_arena *arena, struct tu_str text, struct tu_error *err);
};

static enum tu_status validate(struct tu_arena *arena, struct tu_str text, struct tu_error *err)
{
	const struct tu_csaf_report *report = NULL;
	enum tu_status status = tu_csaf_validate(arena, text, false, 0, &report, err);

	assert_int_equal(status == TU_OK, report != NULL);
	return status;
}

static enum tu_status read_statements(
	struct tu_arena *arena, struct tu_str text, struct tu_error *err)
{
	const struct tu_vex_document *document = NULL;
	enum tu_status status = tu_vex_read(arena, text, false, &document, err);

	assert_int_equal(status == TU_OK, document != NULL);
	return status;
}

static const struct tu_str controls[] = {TU_STR_INIT("Keep it apart.")};
static const uint32_t both[] = {0, 1};
static const struct tu_issue_product products[] = {
	{.variant = TU_STR_INIT("A"),
		.version = TU_STR_INIT("1"),
		.udi_di = TU_STR_INIT("00614141123452"),
		.model = TU_STR_INIT("M"),
		.link = TU_STR_INIT("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#p")},
	{.variant = TU_STR_INIT("B"),
		.version = TU_STR_INIT("1"),
		.udi_di = TU_STR_INIT("B1"),
		.cpe = TU_STR_INIT("cpe:2.3:o:a:b:1:*:*:*:*:*:*:*")},
};
static const struct tu_issue_part parts[] = {
	{.name = TU_STR_INIT("c"),
		.purl = TU_STR_INIT("pkg:generic/c@1"),
		.link = TU_STR_INIT("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#r%201")},
	{.name = TU_STR_INIT("d"),
		.hash = {TU_STR_INIT("MD5"), TU_STR_INIT("d41d8cd98f00b204e9800998ecf8427e")},
		.link = TU_STR_INIT("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#d")},
};
static const struct tu_str aliases[] = {TU_STR_INIT("GHSA-y"), TU_STR_INIT("CVE-2024-1001")};

static enum tu_status write_all(struct tu_arena *arena, struct tu_str text, struct tu_error *err)
{
	const struct tu_issue_entry entries[] = {{.vulnerability = TU_STR("CVE-2024-1000"),
							 .products = both,
							 .product_count = 2,
							 .component = TU_STR("c"),
							 .parts = parts,
							 .part_count = 2,
							 .cwe = TU_STR("CWE-79"),
							 .status = TU_CLAIM_AFFECTED,
							 .action = TU_STR("Update."),
							 .controls = controls,
							 .control_count = 1,
							 .decided_at = 1},
		{.vulnerability = TU_STR("GHSA-x"),
			.products = both,
			.product_count = 1,
			.aliases = aliases,
			.alias_count = 2,
			.component = TU_STR("c"),
			.parts = parts,
			.part_count = 1,
			.status = TU_CLAIM_NOT_AFFECTED,
			.justification = TU_STR("component_not_present")}};
	const struct tu_issue issue = {.publisher = TU_STR("P"),
		.namespace_ = TU_STR("https://p.example"),
		.family = TU_STR("F"),
		.products = products,
		.product_count = 2,
		.entries = entries,
		.entry_count = 2,
		.id = TU_STR("id"),
		.title = TU_STR("t"),
		.tlp = TU_STR("WHITE"),
		.generator = TU_STR("tutela 0"),
		.at = 1700000000};
	enum tu_status status = TU_OK;
	struct tu_sink out;

	(void)arena;
	(void)text;
	tu_sink_init_memory(&out, 1 << 20);
	for (unsigned i = 0; i < TU_ISSUE_FORMATS && status == TU_OK; i++) {
		tu_buf_clear(&out.buf);
		status = tu_issue_write(&issue, (enum tu_issue_format)i, &out, err);
	}
	tu_sink_done(&out);
	return status;
}

/* ---- statements put to the findings of the example pump ---- */

static struct {
	struct tu_arena *arena;
	struct tu_kb *kb;
	const struct tu_inventory *inventory;
	const struct tu_match_result *match;
	const struct tu_vex_document *documents[2];
} pump;

static void open_pump(void)
{
	static const char statements[] =
		"{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":["
		"{\"vulnerability\":{\"name\":\"CVE-2022-0847\"},\"products\":[{\"@id\":"
		"\"pkg:npm/x@1\"},{\"@id\":\"cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*\"}],"
		"\"status\":\"fixed\"}]}";
	const struct tu_match_options options = {.keep_all = true};
	struct tu_buf buf;

	pump.arena = tu_arena_new(0);
	tu_buf_init(&buf, 64 << 20);
	assert_int_equal(tu_input_read(getenv("TU_PUMP"), &buf, NULL), TU_OK);
	assert_int_equal(
		tu_sbom_read(pump.arena, tu_buf_str(&buf), true, NULL, &pump.inventory, NULL),
		TU_OK);
	tu_buf_done(&buf);
	assert_int_equal(tu_kb_open(getenv("TU_KB"), &pump.kb, NULL), TU_OK);
	assert_int_equal(
		tu_match(pump.arena, pump.kb, pump.inventory, &options, &pump.match, NULL), TU_OK);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(tu_vex_read(pump.arena, tu_str_c(statements), false,
					 &pump.documents[i], NULL),
			TU_OK);
}

static enum tu_status apply(struct tu_arena *arena, struct tu_str text, struct tu_error *err)
{
	const struct tu_vex_application *application = NULL;
	const struct tu_vex_input input = {.documents = pump.documents,
		.count = 2,
		.kb = pump.kb,
		.inventory = pump.inventory,
		.match = pump.match};
	enum tu_status status = tu_vex_apply(arena, &input, &application, err);

	(void)text;
	if (status == TU_OK) {
		assert_int_equal(application->result_count, 4);
		assert_true(application->counts[TU_VEX_APPLIES] == 2);
		assert_true(application->counts[TU_VEX_OTHER_PRODUCT] == 2);
	}
	return status;
}

static enum tu_status try_failing(
	struct attempt attempt, struct tu_str text, size_t nth, size_t *out_count)
{
	struct tu_error err = {0};
	struct tu_arena *arena;
	enum tu_status status = TU_E_NOMEM;

	tu_fault_set(nth);
	arena = tu_arena_new(0);
	if (arena)
		status = attempt.run(arena, text, &err);
	*out_count = tu_fault_count();
	tu_fault_set(0);
	tu_arena_free(arena);
	return status;
}

static void fail_each(struct attempt attempt, struct tu_str text, size_t least)
{
	size_t count, ignored;

	assert_int_equal(try_failing(attempt, text, 0, &count), TU_OK);
	assert_true(count >= least);
	for (size_t nth = 1; nth <= count; nth++)
		if (try_failing(attempt, text, nth, &ignored) != TU_E_NOMEM)
			fail_msg("allocation %zu of %zu failed and was not noticed", nth, count);
}

static void seeds(struct attempt attempt, const char *const *names, size_t count)
{
	struct tu_buf buf;

	for (size_t i = 0; i < count; i++) {
		tu_buf_init(&buf, 1 << 20);
		fail_each(attempt, seed(names[i], &buf), 5);
		tu_buf_done(&buf);
	}
}

static void test_validate(void **state)
{
	static const char *const names[] = {"csaf/vex-20", "csaf/vex-21", "csaf/circle"};

	(void)state;
	seeds((struct attempt){validate}, names, TU_COUNT(names));
}

static void test_read(void **state)
{
	static const char *const names[] = {
		"vex/openvex", "vex/cyclonedx", "vex/csaf-20", "vex/csaf-21"};

	(void)state;
	seeds((struct attempt){read_statements}, names, TU_COUNT(names));
}

static void test_write(void **state)
{
	(void)state;
	fail_each((struct attempt){write_all}, TU_STR(""), 10);
}

static void test_apply(void **state)
{
	(void)state;
	open_pump();
	fail_each((struct attempt){apply}, TU_STR(""), 20);
	tu_kb_close(pump.kb);
	tu_arena_free(pump.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_validate),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
