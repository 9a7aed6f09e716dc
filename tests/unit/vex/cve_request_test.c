/* What a CNA is asked with, read back as a CVE record: nothing undecided is cleared, nobody's
 * contact is in it. */
#include "unit/advisory/reading.h"

#include <stdio.h>

#include "base/json_writer.h"
#include "vex/cve_request.h"

#define VECTOR "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"

#define READ \
	"CVE CVE-2026-12345 published 0 0 title=The pump answers without a password cwe=CWE-306\n" \
	"  score 3.1 9.8 vector=" VECTOR " severity=CRITICAL\n" \
	"  reference https://example.com/a\n" \
	"  product 0.0 cpe:2.3:*:acme:drip_pump:*:*:*:*:*:*:*:* words generic otherwise=unknown " \
	"affected [4.2.0,4.2.0] unknown [4.3.1,4.3.1] unaffected [4.4.0,4.4.0]\n"

static const struct tu_cve_version versions[] = {{TU_STR_INIT("4.2.0"), TU_CVE_AFFECTED},
	{TU_STR_INIT("4.3.1"), TU_CVE_UNKNOWN}, {TU_STR_INIT("4.4.0"), TU_CVE_UNAFFECTED}};
static const struct tu_cve_product products[] = {
	{TU_STR_INIT("Acme"), TU_STR_INIT("Drip Pump"), versions, TU_COUNT(versions)}};
static const struct tu_str cwes[] = {
	TU_STR_INIT("CWE-306"), TU_STR_INIT("CWE-306"), TU_STR_INIT("NVD-CWE-Other")};
static const struct tu_score scores[] = {
	{.version = TU_CVSS_3_1, .base_tenths = 0xff, .vector = TU_STR_INIT("CVSS:3.1/X")},
	{.version = TU_CVSS_3_1, .base_tenths = 98, .vector = TU_STR_INIT(VECTOR)}};
static const struct tu_reference references[] = {{.url = TU_STR_INIT("https://example.com/a")},
	{.url = TU_STR_INIT("https://example.com/a")}, {.url = TU_STR_INIT("javascript:alert(1)")}};

/* The whole answer; its record in `*out_record`. */
static void written(
	const struct tu_cve_request *request, struct tu_buf *whole, struct tu_buf *out_record)
{
	static const char from[] = "{\"record\":", to[] = ",\"missing\":[";
	struct tu_json_writer json;
	const char *end;

	tu_buf_init(whole, 1 << 16);
	tu_buf_init(out_record, 1 << 16);
	json = tu_json_writer(whole, false);
	tu_cve_request_write(request, &json);
	tu_buf_byte(whole, 0); /* for strstr() */
	assert_false(whole->failed);
	end = strstr(whole->ptr, to);
	assert_non_null(end);
	assert_memory_equal(whole->ptr, from, sizeof(from) - 1);
	tu_buf_str_add(out_record,
		tu_str_of(whole->ptr + sizeof(from) - 1,
			(size_t)(end - whole->ptr) - (sizeof(from) - 1)));
}

static void what_is_written_is_read_again(void **state)
{
	const struct tu_cve_request request = {.id = TU_STR("CVE-2026-12345"),
		.title = TU_STR("The pump answers without a password"),
		.products = products,
		.product_count = TU_COUNT(products),
		.credit = TU_STR("The Ward"),
		.reporter = TU_STR("eve@example.org"),
		.references = references,
		.reference_count = TU_COUNT(references),
		.cwes = cwes,
		.cwe_count = TU_COUNT(cwes),
		.scores = scores,
		.score_count = TU_COUNT(scores)};
	struct tu_buf whole, record;
	struct reading reading;

	(void)state;
	written(&request, &whole, &record);
	reading_of(&reading, tu_buf_str(&record));
	assert_string_equal(error_text(&reading.err), "");
	assert_string_equal(reading.problems.ptr, "");
	assert_string_equal(reading.text.ptr, READ);
	assert_non_null(
		strstr(whole.ptr, "\"credits\":[{\"lang\":\"en\",\"value\":\"The Ward\"}]"));
	assert_non_null(strstr(whole.ptr, "\"version\":\"4.3.1\",\"status\":\"unknown\""));
	assert_null(strstr(whole.ptr, "eve@"));
	assert_null(strstr(whole.ptr, "\"member\":\"cveMetadata.cveId\""));
	reading_done(&reading);
	tu_buf_done(&whole);
	tu_buf_done(&record);
}

/* Nothing but a title, which says who wrote it, or a contact for thanks. */
static void what_is_not_known_is_named(void **state)
{
	static const char *const members[] = {"cveMetadata.cveId", "cveMetadata.assignerOrgId",
		"containers.cna.providerMetadata", "containers.cna.descriptions",
		"containers.cna.affected", "containers.cna.problemTypes", "containers.cna.metrics",
		"containers.cna.references", "containers.cna.credits"};
	const struct tu_cve_request request = {.id = TU_STR("GHSA-aaaa-bbbb-cccc"),
		.title = TU_STR("Report of SOME Body: it answers"),
		.credit = TU_STR("eve@example.org"),
		.reporter = TU_STR("Some Body")};
	struct tu_buf whole, record;
	char member[80];

	(void)state;
	written(&request, &whole, &record);
	for (size_t i = 0; i < TU_COUNT(members); i++) {
		(void)snprintf(member, sizeof(member), "\"member\":\"%s\"", members[i]);
		assert_non_null(strstr(whole.ptr, member));
	}
	assert_null(strstr(whole.ptr, "SOME"));
	assert_null(strstr(whole.ptr, "eve@"));
	assert_null(strstr(whole.ptr, "CWE-"));
	assert_non_null(strstr(whole.ptr, "\"containers\":{\"cna\":{}}"));
	tu_buf_done(&whole);
	tu_buf_done(&record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_is_not_known_is_named)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
