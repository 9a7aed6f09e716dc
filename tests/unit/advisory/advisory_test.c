/* Which form a document has, JSON lines, what is refused, and what happens without memory. */
#include "unit/advisory/reading.h"

#include "base/fault.h"
#include "error_text.h"

#define OSV1 "{\"id\":\"A-1\",\"modified\":\"2024-01-01T00:00:00Z\"}"
#define OSV2 "{\"id\":\"A-2\",\"modified\":\"2024-01-01T00:00:00Z\"}"
#define NVD1 "{\"cve\":{\"id\":\"CVE-2024-0001\",\"vulnStatus\":\"x\"}}"

static void expect_form(const char *text, enum tu_feed_form form, size_t records)
{
	struct reading reading;

	reading_of(&reading, tu_str_c(text));
	if (reading.status || reading.summary.form != form || reading.summary.records != records)
		fail_msg("%s: %s, %s, %zu records", text, error_text(&reading.err),
			tu_feed_form_name(reading.summary.form), reading.summary.records);
	reading_done(&reading);
}

static void finds_the_form_by_content(void **state)
{
	(void)state;
	expect_form(OSV1, TU_FEED_OSV, 1);
	expect_form("[" OSV1 "," OSV2 "]", TU_FEED_OSV, 2);
	expect_form("{\"vulns\":[" OSV1 "]}", TU_FEED_OSV, 1);
	expect_form(OSV1 "\n" OSV2 "\n", TU_FEED_OSV, 2);
	expect_form("\xef\xbb\xbf \n" OSV1 "\r\n\r\n" OSV2, TU_FEED_OSV, 2);
	expect_form(OSV1 "\n" NVD1, TU_FEED_NVD2, 2);
	expect_form(NVD1, TU_FEED_NVD2, 1);
	expect_form("{\"vulnerabilities\":[" NVD1 "]}", TU_FEED_NVD2, 1);
	expect_form("{\n\"vulnerabilities\":[\n{\"cve\":\n{\"id\":\"CVE-2024-0001\"}}\n]\n}",
		TU_FEED_NVD2, 1);
	expect_form("{\"vulnerabilities\":[]}", TU_FEED_NVD2, 0);
	expect_form("{\"CVE_Items\":[]}", TU_FEED_NVD11, 0);
	expect_form("{\"catalogVersion\":\"1\",\"vulnerabilities\":[]}", TU_FEED_KEV, 0);
	expect_form("cve,epss,percentile\n", TU_FEED_EPSS, 0);
}

static void expect_refusal(const char *text, enum tu_status status, const char *message)
{
	struct reading reading;

	reading_of(&reading, tu_str_c(text));
	assert_int_equal(reading.status, status);
	if (!strstr(error_text(&reading.err), message))
		fail_msg("%s", error_text(&reading.err));
	reading_done(&reading);
}

static void refuses_what_is_no_record(void **state)
{
	(void)state;
	expect_refusal("", TU_E_SYNTAX, "empty");
	expect_refusal("hello", TU_E_UNSUPPORTED, "no vulnerability record");
	expect_refusal("{}", TU_E_UNSUPPORTED, "no vulnerability record");
	expect_refusal("[]", TU_E_UNSUPPORTED, "no vulnerability record");
	expect_refusal("[1,2]", TU_E_UNSUPPORTED, "no vulnerability record");
	expect_refusal(
		"{\"bomFormat\":\"CycloneDX\",\"vulnerabilities\":[{\"id\":\"CVE-2024-0001\"}]}",
		TU_E_UNSUPPORTED, "no vulnerability record");
	expect_refusal("{\"a\":1}\n{\"b\":2}\n", TU_E_UNSUPPORTED, "no vulnerability record");
}

static void says_where_the_syntax_breaks(void **state)
{
	(void)state;
	expect_refusal("{\n\"id\": \"A-1\",\n \"modified\" 1}", TU_E_SYNTAX, "line 3, column 13");
}

static void a_bad_line_is_a_problem_only(void **state)
{
	struct reading reading;
	(void)state;

	reading_of(&reading, TU_STR(OSV1 "\n{\"id\": \n" OSV2 "\n{\"x\":1}\n"));
	assert_int_equal(reading.status, TU_OK);
	assert_int_equal(reading.summary.records, 2);
	assert_int_equal(reading.summary.skipped, 2);
	assert_int_equal(reading.summary.problems, 2);
	assert_non_null(strstr(reading.problems.ptr, "line 2: column 7: "));
	assert_non_null(strstr(reading.problems.ptr, "line 4: not a record of a known form\n"));
	reading_done(&reading);
}

static void great_depth_is_refused(void **state)
{
	struct reading reading;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 24);
	tu_buf_c(&text, "{\"id\":\"A-1\",\"modified\":");
	for (size_t i = 0; i < 100000; i++)
		tu_buf_byte(&text, '[');
	reading_of(&reading, tu_buf_str(&text));
	assert_true(reading.status == TU_E_LIMIT || reading.status == TU_E_SYNTAX);
	assert_non_null(strstr(error_text(&reading.err), "line 1"));
	reading_done(&reading);
	tu_buf_done(&text);
}

static void lists_without_end_stop_at_their_ceiling(void **state)
{
	enum { MORE = 20000 };
	struct reading reading;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 24);
	tu_buf_c(&text,
		"{\"id\":\"A-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"aliases\":[\"B-0\"");
	for (size_t i = 0; i < MORE; i++)
		tu_buf_printf(&text, ",\"C-%zu\"", i);
	tu_buf_c(&text, "]}");
	reading_of(&reading, tu_buf_str(&text));
	assert_int_equal(reading.status, TU_OK);
	assert_string_equal(
		reading.problems.ptr, "A-1: more than 10000 aliases: the rest is left out\n");
	assert_non_null(strstr(reading.text.ptr, "alias=C-9998\n"));
	reading_done(&reading);
	tu_buf_done(&text);
}

static void titles_are_cut_between_characters(void **state)
{
	struct reading reading;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 16);
	tu_buf_c(&text, "{\"id\":\"A-1\",\"modified\":\"\",\"summary\":\"x");
	for (size_t i = 0; i < 300; i++)
		tu_buf_c(&text, "\xc3\xa4");
	tu_buf_c(&text, "\"}");
	reading_of(&reading, tu_buf_str(&text));
	/* one letter and 99 of two bytes */
	assert_int_equal(strlen(strstr(reading.text.ptr, "title=")), 6 + 199 + 1);
	reading_done(&reading);
	tu_buf_done(&text);
}

/* ---- a sink that stops ---- */

static enum tu_status stop(void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	size_t *left = context;

	(void)advisory;
	if ((*left)-- == 0)
		return tu_fail(err, TU_E_LIMIT, 0, "enough");
	return TU_OK;
}

static void the_sink_may_end_the_reading(void **state)
{
	static const char text[] =
		"[" OSV1 "," OSV2 "," OSV1 "]\0"
		"0123456789012345678901234567890123456789012345678901234567890123";
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	size_t left = 1;
	struct tu_advisory_sink sink = {stop, NULL, &left};
	struct tu_feed_summary summary = {0};
	struct tu_error err = {0};
	(void)state;

	assert_int_equal(
		tu_advisory_read(reader, TU_STR("x"), tu_str_c(text), &sink, &summary, &err),
		TU_E_LIMIT);
	assert_string_equal(error_text(&err), "enough");
	assert_int_equal(summary.records, 2);
	tu_advisory_reader_free(reader);
}

/* ---- no memory ---- */

static const char *const documents[] = {
	"[" OSV1
	",{\"id\":\"A-3\",\"modified\":\"2024-01-01T00:00:00Z\",\"aliases\":[\"B\"],\"affected\":[{"
	"\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"A.b\"},\"versions\":[\"1\",\"2\"],"
	"\"ranges\":[{"
	"\"type\":\"ECOSYSTEM\",\"events\":[{\"fixed\":\"1\"},{\"introduced\":\"0\"}]}]}],"
	"\"references\":[{\"type\":\"FIX\",\"url\":\"u\"}]}]",
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2024-0001\",\"state\":"
	"\"PUBLISHED\"},"
	"\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"A\",\"product\":\"B\",\"cpes\":["
	"\"cpe:/"
	"a:x:y:1\"],\"versions\":[{\"version\":\"1\",\"lessThan\":\"5.*\",\"status\":\"affected\"},"
	"{\"version\":\"2\",\"status\":\"unaffected\"}]},{\"packageName\":\"a:b\","
	"\"collectionURL\":"
	"\"https://repo.maven.apache.org/maven2\"}],\"metrics\":[{\"cvssV3_1\":{\"baseScore\":1}}],"
	"\"references\":[{\"url\":\"u\",\"tags\":[\"Patch\"]}],\"problemTypes\":[{\"descriptions\":"
	"[{"
	"\"cweId\":\"CWE-1\"}]}]},\"adp\":[{}]}}",
	NVD1 "\n{\"cve\":{\"id\":\"CVE-2024-0002\",\"vulnStatus\":\"x\",\"configurations\":[{"
	     "\"nodes\":[{"
	     "\"operator\":\"OR\",\"cpeMatch\":[{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:A:b:*"
	     ":*:*:*:*:*:*:*\","
	     "\"versionEndExcluding\":\"2\"},{\"criteria\":3}]}]}]}}\n",
	"cve,epss,percentile\nCVE-1999-0001,0.5,0.5\nbad\n",
	"{\"document\":{\"csaf_version\":\"2.0\",\"publisher\":{\"name\":\"A\"},\"tracking\":{"
	"\"id\":\"A-1\"}},\"product_tree\":{\"branches\":[{\"category\":\"vendor\",\"name\":\"A\","
	"\"branches\":[{\"category\":\"product_name\",\"name\":\"P\",\"branches\":[{"
	"\"category\":\"product_version\",\"name\":\"< 2\",\"product\":{\"product_id\":\"1\"}},{"
	"\"category\":\"product_version\",\"name\":\"l\",\"product\":{\"product_id\":\"2\","
	"\"product_identification_helper\":{\"purl\":\"pkg:rpm/redhat/l@1-2?epoch=1\"}}},{"
	"\"category\":\"service_pack\",\"name\":\"SP1\",\"product\":{\"product_id\":\"3\","
	"\"product_identification_helper\":{\"cpe\":\"cpe:/o:redhat:enterprise_linux:9\"}}}]}]}],"
	"\"relationships\":[{\"product_reference\":\"2\",\"relates_to_product_reference\":\"3\","
	"\"full_product_name\":{\"product_id\":\"4\"}}]},\"vulnerabilities\":[{\"cwe\":{\"id\":"
	"\"CWE-1\"},\"product_status\":{\"known_affected\":[\"1\",\"3\"],\"fixed\":[\"4\"]},"
	"\"remediations\":[{\"category\":\"vendor_fix\",\"details\":\"Update to V2\","
	"\"product_ids\":[\"1\"]}],\"threats\":[{\"category\":\"impact\",\"details\":\"Low\"}]},"
	"{}]}",
	"{\"p\":{\"CVE-2024-0001\":{\"releases\":{\"bookworm\":{\"status\":\"resolved\","
	"\"fixed_version\":\"1\",\"urgency\":\"high\"},\"x\":{\"status\":\"open\"}}}}}",
	"{\"distroversion\":\"v3.18\",\"urlprefix\":\"https://"
	"dl-cdn.alpinelinux.org\",\"packages\":["
	"{\"pkg\":{\"name\":\"p\",\"secfixes\":{\"1-r0\":[\"CVE-2024-0001\"]}}}]}",
	"{\"gem\":\"p\",\"cve\":\"2024-0001\",\"ghsa\":\"a-1\",\"title\":\"t\",\"date\":"
	"\"2024-01-01\",\"patched_versions\":[\"~> 1.2\"]}\n{\"engine\":\"ruby\",\"osvdb\":1,"
	"\"title\":\"t\",\"date\":\"2024-01-01\"}\n",
	"{\"branches\":{\"1\":{\"versions\":[\"<1.2\"]}},\"reference\":\"composer://a/b\",\"path\":"
	"\"x\"}",
	"[{\"cveID\":\"CVE-2024-0001\",\"dateReported\":\"17/01/"
	"25\"},{\"vulncheck_xdb\":[{\"xdb_url\":"
	"\"u\"}],\"cve\":[\"CVE-2024-0002\"]}]",
	"{\"result\":[{\"name\":\"d\",\"releases\":[{\"name\":\"1\",\"eolFrom\":\"2024-01-01\"}]}]"
	"}",
};

static enum tu_status read_once(struct reading *reading, struct tu_str text)
{
	struct tu_advisory_sink sink = {reading_take, reading_problem, reading};
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	struct tu_feed_summary summary = {0};
	enum tu_status status = TU_E_NOMEM;

	reading->err = (struct tu_error){0};
	if (reader)
		status =
			tu_advisory_read(reader, TU_STR("x"), text, &sink, &summary, &reading->err);
	tu_advisory_reader_free(reader);
	return status;
}

static void any_allocation_may_fail(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(documents); i++) {
		size_t len = strlen(documents[i]);
		char *text = calloc(1, len + TU_JSON_PADDING);
		enum tu_status status = TU_E_NOMEM;
		struct reading reading;
		size_t nth = 0;

		assert_non_null(text);
		memcpy(text, documents[i], len);
		tu_buf_init(&reading.text, 1 << 20);
		tu_buf_init(&reading.problems, 1 << 20);
		(void)tu_buf_reserve(&reading.text, 1 << 16);
		(void)tu_buf_reserve(&reading.problems, 1 << 16);
		while (status && nth < 100000) {
			tu_buf_clear(&reading.text);
			tu_buf_clear(&reading.problems);
			tu_fault_set(++nth);
			status = read_once(&reading, tu_str_of(text, len));
			tu_fault_set(0);
			assert_true(status == TU_OK || status == TU_E_NOMEM);
		}
		assert_int_equal(status, TU_OK);
		assert_true(nth > 3);
		reading_done(&reading);
		free(text);
	}
}

static void every_enumerator_has_a_word(void **state)
{
	(void)state;
	assert_string_equal(tu_source_name(TU_SOURCE_CVE_ADP), "CVE ADP");
	assert_string_equal(tu_feed_form_name(TU_FEED_KEV), "KEV");
	for (int i = TU_FEED_UNKNOWN; i < TU_FEED_COUNT_; i++)
		assert_true(tu_feed_form_name((enum tu_feed_form)i)[0] != '\0');
	for (int i = TU_SOURCE_UNKNOWN; i <= TU_SOURCE_FRIENDSOFPHP; i++)
		assert_true(tu_source_name((enum tu_source)i)[0] != '\0');
	assert_string_equal(tu_advisory_state_name(TU_ADVISORY_RESERVED), "reserved");
	assert_string_equal(tu_cvss_version_name(TU_CVSS_NONE), "");
	assert_string_equal(tu_cvss_version_name(TU_CVSS_4_0), "4.0");
	assert_string_equal(tu_source_name((enum tu_source)99), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_form_by_content),
		cmocka_unit_test(refuses_what_is_no_record),
		cmocka_unit_test(says_where_the_syntax_breaks),
		cmocka_unit_test(a_bad_line_is_a_problem_only),
		cmocka_unit_test(great_depth_is_refused),
		cmocka_unit_test(lists_without_end_stop_at_their_ceiling),
		cmocka_unit_test(titles_are_cut_between_characters),
		cmocka_unit_test(the_sink_may_end_the_reading),
		cmocka_unit_test(any_allocation_may_fail),
		cmocka_unit_test(every_enumerator_has_a_word),
	};

	return cmocka_run_group_tests_name("advisories", tests, NULL, NULL);
}
