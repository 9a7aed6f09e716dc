/* What may be stated: every claim with its reason, of products that there are. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <tutela/vex.h>

#include "base/vec.h"

static enum tu_status issue(struct tu_issue_entry entry)
{
	static const struct tu_issue_product products[] = {{.variant = TU_STR_INIT("Pump"),
		.version = TU_STR_INIT("1"),
		.purl = TU_STR_INIT("pkg:generic/acme/pump@1")}};
	const struct tu_issue issue = {.publisher = TU_STR("Acme"),
		.namespace_ = TU_STR("https://acme.example"),
		.family = TU_STR("Pump"),
		.products = products,
		.product_count = 1,
		.entries = &entry,
		.entry_count = 1,
		.id = TU_STR("a"),
		.title = TU_STR("t"),
		.tlp = TU_STR("WHITE"),
		.generator = TU_STR("g"),
		.at = 1};
	struct tu_sink sink;
	enum tu_status status;

	tu_sink_init_memory(&sink, 1 << 20);
	status = tu_issue_write(&issue, TU_ISSUE_OPENVEX, &sink, NULL);
	tu_sink_done(&sink);
	return status;
}

static struct tu_issue_entry entry_of(enum tu_claim_status status)
{
	static const uint32_t first[] = {0};

	return (struct tu_issue_entry){.vulnerability = TU_STR("CVE-2099-1"),
		.component = TU_STR("x"),
		.products = first,
		.product_count = 1,
		.status = status};
}

static void not_affected_needs_a_reason(void **state)
{
	struct tu_issue_entry entry = entry_of(TU_CLAIM_NOT_AFFECTED);

	(void)state;
	assert_int_equal(issue(entry), TU_E_USAGE);
	entry.impact = TU_STR("never called");
	assert_int_equal(issue(entry), TU_OK);
	entry.impact = TU_STR("");
	entry.justification = TU_STR("vulnerable_code_not_present");
	assert_int_equal(issue(entry), TU_OK);
}

static void affected_needs_an_action_or_a_remedy(void **state)
{
	struct tu_issue_entry entry = entry_of(TU_CLAIM_AFFECTED);

	(void)state;
	entry.justification = TU_STR("vulnerable_code_not_present");
	assert_int_equal(issue(entry), TU_E_USAGE);
	entry.action = TU_STR("update");
	assert_int_equal(issue(entry), TU_OK);
	entry.action = TU_STR("");
	entry.remedy = TU_STR("none_available");
	assert_int_equal(issue(entry), TU_OK);
}

static void a_status_a_vulnerability_and_a_product_are_needed(void **state)
{
	static const uint32_t second[] = {1};
	struct tu_issue_entry entry = entry_of(TU_CLAIM_FIXED);

	(void)state;
	assert_int_equal(issue(entry), TU_OK);
	assert_int_equal(issue(entry_of(TU_CLAIM_UNDER_INVESTIGATION)), TU_OK);
	assert_int_equal(issue(entry_of(TU_CLAIM_UNSTATED)), TU_E_USAGE);
	entry.products = second;
	assert_int_equal(issue(entry), TU_E_USAGE);
	entry = entry_of(TU_CLAIM_FIXED);
	entry.product_count = 0;
	assert_int_equal(issue(entry), TU_E_USAGE);
	entry = entry_of(TU_CLAIM_FIXED);
	entry.vulnerability = TU_STR("");
	assert_int_equal(issue(entry), TU_E_USAGE);
}

static void every_format_has_its_name(void **state)
{
	static const struct {
		const char *name;
		enum tu_issue_format format;
	} rows[] = {{"openvex", TU_ISSUE_OPENVEX}, {"cyclonedx", TU_ISSUE_CYCLONEDX},
		{"csaf-vex", TU_ISSUE_CSAF_VEX}, {"csaf-advisory", TU_ISSUE_CSAF_ADVISORY},
		{"notice-html", TU_ISSUE_NOTICE_HTML}, {"notice-text", TU_ISSUE_NOTICE_TEXT}};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		enum tu_issue_format format = TU_ISSUE_FORMATS;

		assert_string_equal(tu_issue_format_name(rows[i].format), rows[i].name);
		assert_true(tu_issue_format_by_name(tu_str_c(rows[i].name), &format));
		assert_int_equal(format, rows[i].format);
		assert_false(
			tu_issue_format_by_name(tu_str_first(tu_str_c(rows[i].name), 3), &format));
	}
	assert_string_equal(tu_issue_format_name(TU_ISSUE_FORMATS), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(not_affected_needs_a_reason),
		cmocka_unit_test(affected_needs_an_action_or_a_remedy),
		cmocka_unit_test(every_format_has_its_name),
		cmocka_unit_test(a_status_a_vulnerability_and_a_product_are_needed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
