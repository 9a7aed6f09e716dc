/* What a target can hold is written, the rest is reported as a loss: rows of members of a document,
 * what is written for them, and the words of the loss. */
#include "read.h"

#define SERIAL "11111111-2222-4333-8444-555555555555"

struct row {
	const char *component; /* members of the one component, in single quotes */
	const char *document; /* more members of the document */
	enum tu_sbom_target target;
	const char *loss; /* words of a loss; NULL: there is none */
	const char *written; /* in double quotes, white space as it is; NULL: not looked for */
	const char *missing;
};

static struct tu_str with_quotes(struct tu_buf *buf, const struct row *row)
{
	tu_buf_init(buf, 1 << 16);
	tu_buf_printf(buf,
		"{'bomFormat':'CycloneDX','specVersion':'1.6',%s'components':[{'type':'library',"
		"'bom-ref':'a','name':'a'%s}]}",
		row->document, row->component);
	for (size_t i = 0; i < buf->len; i++) {
		if (buf->ptr[i] == '\'')
			buf->ptr[i] = '"';
	}
	return tu_buf_str(buf);
}

static bool has(struct tu_str text, const char *words)
{
	return tu_str_search(text, tu_str_c(words)) < text.len;
}

static bool is_lost_as(const struct row *row, const struct tu_sbom_losses *losses)
{
	for (size_t i = 0; row->loss && i < losses->count; i++) {
		if (has(losses->notes[i].message, row->loss))
			return true;
	}
	return !row->loss && losses->count == 0;
}

static void check(const struct row *row)
{
	const struct tu_sbom_write_options options = {.tool = TU_STR("tool 1"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = TU_STR("urn:uuid:" SERIAL)};
	struct tu_sbom_losses losses;
	struct tu_error err = {0};
	struct tu_sink out;
	struct tu_buf text;
	struct reading r = read_good(with_quotes(&text, row), TU_SBOM_CYCLONEDX_JSON);

	tu_sink_init_memory(&out, 1 << 20);
	assert_int_equal(
		tu_sbom_write(r.arena, r.inventory, row->target, &options, &out, &losses, &err),
		TU_OK);
	if (!is_lost_as(row, &losses) ||
		(row->written && !has(tu_buf_str(&out.buf), row->written)) ||
		(row->missing && has(tu_buf_str(&out.buf), row->missing))) {
		for (size_t i = 0; i < losses.count; i++)
			print_message("loss: %.*s\n", TU_STR_FMT(losses.notes[i].message));
		fail_msg("%s%s as %s:\n%.*s", row->document, row->component,
			tu_sbom_target_name(row->target), TU_STR_FMT(tu_buf_str(&out.buf)));
	}
	tu_sink_done(&out);
	reading_done(&r);
	tu_buf_done(&text);
}

#define EACH(rows) \
	for (size_t i = 0; i < TU_COUNT(rows); i++) \
	check(&(rows)[i])
#define JSON_16 TU_SBOM_TO_CYCLONEDX_16_JSON
#define JSON_17 TU_SBOM_TO_CYCLONEDX_17_JSON
#define XML_16 TU_SBOM_TO_CYCLONEDX_16_XML
#define SPDX_3 TU_SBOM_TO_SPDX_301_JSON

static void a_licence_that_is_no_licence_is_a_name(void **state)
{
	static const char neither[] = "neither an id nor an expression";
	static const struct row rows[] = {
		{",'licenses':[{'expression':'(invalid'}]", "", JSON_16, neither,
			"\"name\": \"(invalid\"", "\"expression\""},
		{",'licenses':[{'expression':'MIT OR'}]", "", XML_16, neither,
			"<name>MIT OR</name>", "<expression"},
		{",'licenses':[{'expression':'GPL-3+ with exception'},{'expression':'MIT'}]", "",
			JSON_17, neither, "\"name\": \"GPL-3+ with exception\"", NULL},
		{",'licenses':[{'license':{'id':'Our own'}}]", "", JSON_16, neither,
			"\"name\": \"Our own\"", "\"id\""},
		{",'licenses':[{'license':{'name':'(invalid'}}]", "", JSON_16, NULL,
			"\"name\": \"(invalid\"", NULL},
		{",'licenses':[{'expression':'( MIT OR ISC )'}]", "", JSON_16, NULL,
			"\"expression\": \"( MIT OR ISC )\"", NULL},
	};

	(void)state;
	EACH(rows);
}

/* CycloneDX 1.6 has one author as a text, and a list of people. */
static void an_author_stays_in_the_member_it_came_in(void **state)
{
	static const char kind[] = "whether a name is that of a person";
	static const struct row rows[] = {
		{",'authors':[{'name':'Doe'}],'author':'Roe et al.'", "", JSON_16, NULL,
			"\"author\": \"Roe et al.\"", "\"name\": \"Roe et al.\""},
		{",'author':'Roe','authors':[{'name':'Doe'}]", "", JSON_17, NULL,
			"\"author\": \"Roe\",\n      \"authors\"", NULL},
		{",'authors':[{'name':'Doe'}],'author':'Roe'", "", XML_16, NULL,
			"</authors>\n      <author>Roe</author>", NULL},
		{",'author':'Roe','authors':[{'name':'Doe'}]", "", XML_16, kind, "<name>Roe</name>",
			"<author>Roe"},
		{",'author':'Roe'", "", XML_16, NULL, "<author>Roe</author>", "<authors>"},
	};

	(void)state;
	EACH(rows);
}

/* The document is written with a serial number of its own. */
static void a_link_to_another_document_leads_into_no_other(void **state)
{
#define ABOUT(ref, serial) \
	"", \
		serial "'vulnerabilities':[{'id':'CVE-2026-0001','analysis':{'state':" \
		       "'not_affected'},'affects':[{'ref':'" ref "'}]}],"
	static const char lost[] = "lost: statements";
	static const struct row rows[] = {
		{ABOUT("urn:cdx:" SERIAL "/1#a", ""), JSON_16, lost, NULL, "urn:cdx:"},
		{ABOUT("urn:cdx:" SERIAL "/1", ""), XML_16, lost, NULL, "urn:cdx:"},
		{ABOUT("urn:cdx:" SERIAL "/2#a", ""), JSON_16, NULL, "urn:cdx:" SERIAL "/2#a",
			NULL},
		{ABOUT("urn:cdx:00000000-2222-4333-8444-555555555555/1#a", ""), JSON_16, NULL,
			"urn:cdx:00000000-2222-4333-8444-555555555555/1#a", NULL},
		/* Into the document as it was: what is found is named, what is not is lost. */
		{ABOUT("urn:cdx:00000000-2222-4333-8444-555555555555/1#a",
			 "'serialNumber':'urn:uuid:00000000-2222-4333-8444-555555555555',"),
			JSON_16, NULL, "\"ref\": \"a\"", "urn:cdx:"},
		{ABOUT("urn:cdx:00000000-2222-4333-8444-555555555555/1#b",
			 "'serialNumber':'urn:uuid:00000000-2222-4333-8444-555555555555',"),
			JSON_16, lost, NULL, "urn:cdx:"},
	};

	(void)state;
	EACH(rows);
}

static void a_document_without_serial_number_keeps_its_version(void **state)
{
	static const struct row rows[] = {
		{"", "'version':2,", JSON_16, NULL, "\"version\": 2", NULL},
		{"", "'version':7,", XML_16, NULL, "version=\"7\"", NULL},
		/* Another document by its serial number: the first of its own. */
		{"", "'serialNumber':'urn:uuid:00000000-2222-4333-8444-555555555555','version':2,",
			JSON_16, NULL, "\"version\": 1", NULL},
	};

	(void)state;
	EACH(rows);
}

/* Tools match the ids of licences whatever the case of their letters is. */
static void ids_that_differ_in_case_are_made_apart(void **state)
{
#define NAMES(first, second) \
	",'licenses':[{'license':{'name':'" first "'}}, {'license':{'name':'" second "','text':{" \
	"'content':'words'}}}]", \
		""
	static const char made[] = "not on the list of SPDX";
	static const struct row rows[] = {
		{NAMES("GPL-3-with-bison-exception", "GPL-3-WITH-Bison-exception"),
			TU_SBOM_TO_SPDX_23_JSON, made,
			"\"LicenseRef-GPL-3-with-bison-exception AND "
			"LicenseRef-GPL-3-WITH-Bison-exception-3\"",
			NULL},
		{NAMES("Our Terms", "our terms"), TU_SBOM_TO_SPDX_23_TAG_VALUE, made,
			"LicenseID: LicenseRef-our-terms-3", "LicenseID: LicenseRef-our-terms\n"},
		{NAMES("Our Terms", "our rules"), TU_SBOM_TO_SPDX_23_TAG_VALUE, made,
			"LicenseID: LicenseRef-our-rules\n", NULL},
	};

	(void)state;
	EACH(rows);
}

static void a_reference_to_nowhere_is_lost(void **state)
{
	static const struct row rows[] = {
		{",'externalReferences':[{'type':'vcs','url':''}]", "", SPDX_3,
			"lost: an external reference", NULL, "\"externalRef\""},
		{",'externalReferences':[{'type':'website','url':''},{'type':'vcs','url':"
		 "'https://example.org/v'}]",
			"", SPDX_3, "lost: an external reference", "\"https://example.org/v\"",
			"\"altWebPage\""},
	};

	(void)state;
	EACH(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_licence_that_is_no_licence_is_a_name),
		cmocka_unit_test(an_author_stays_in_the_member_it_came_in),
		cmocka_unit_test(a_link_to_another_document_leads_into_no_other),
		cmocka_unit_test(a_document_without_serial_number_keeps_its_version),
		cmocka_unit_test(ids_that_differ_in_case_are_made_apart),
		cmocka_unit_test(a_reference_to_nowhere_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
