#include "read.h"
#include "error_text.h"

#define HEAD \
	"<?xml version='1.0'?>\n<bom xmlns='http://cyclonedx.org/schema/bom/1.6' " \
	"serialNumber='urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79'>"

static const struct tu_str whole = TU_STR_INIT(HEAD
	"<metadata><timestamp>2024-01-02T03:04:05Z</timestamp>"
	"<tools><tool><vendor>v</vendor><name>maker</name><version>2</version></tool></tools>"
	"<component type='firmware' bom-ref='fw'><name>pump</name><version>7</version></component>"
	"</metadata><components>"
	"<component type='library' bom-ref='a'><supplier><name>ACME</name></supplier>"
	"<group>org.acme</group><name> lib </name><version>1.0</version><scope>optional</scope>"
	"<hashes><hash alg='SHA-1'>AB12000000000000000000000000000000000000</hash></hashes>"
	"<licenses><license><id>MIT</id></license><expression>A OR B</expression></licenses>"
	"<cpe>cpe:2.3:a:acme:lib:1.0:*:*:*:*:*:*:*</cpe><purl>pkg:maven/org.acme/lib@1.0</purl>"
	"<swid tagId='tag-1' name='lib'/>"
	"<pedigree><patches><patch type='backport'><diff><url>http://p</url></diff><resolves>"
	"<issue type='security'><id>CVE-2020-1</id></issue></resolves></patch></patches></pedigree>"
	"<properties><property name='k'>v</property></properties>"
	"<components><component type='file'><name>inner</name></component></components>"
	"<wonder/></component>"
	"<component type='library' bom-ref='b'><name>other</name></component>"
	"</components>"
	"<dependencies><dependency ref='fw'><dependency ref='a'/><dependency ref='b'/>"
	"</dependency><dependency ref='a'><provides ref='b'/></dependency></dependencies>"
	"<vulnerabilities><vulnerability><id>CVE-2021-2</id><analysis><state>not_affected</state>"
	"<justification>code_not_present</justification><detail>why</detail></analysis>"
	"<affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities>"
	"</bom>");

static void everything_is_read(void **state)
{
	struct reading r = read_good(whole, TU_SBOM_CYCLONEDX_XML);
	const struct tu_component *lib = named(&r, "lib");

	(void)state;
	assert_text(r.inventory->spec_version, "1.6");
	assert_text(r.inventory->serial, "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79");
	assert_text(r.inventory->created, "2024-01-02T03:04:05Z");
	assert_text(r.inventory->tools[0], "maker 2");
	assert_int_equal(r.inventory->component_count, 4);
	assert_text(r.inventory->components[r.inventory->subject].name, "pump");
	assert_int_equal(lib->scope, TU_SCOPE_OPTIONAL);
	assert_text(lib->supplier, "ACME");
	assert_text(lib->purl, "pkg:maven/org.acme/lib@1.0");
	assert_text(lib->swid, "tag-1");
	assert_text(lib->hashes[0].value, "ab12000000000000000000000000000000000000");
	assert_int_equal(lib->licence_count, 2);
	assert_text(lib->resolved[0].id, "CVE-2020-1");
	assert_text(lib->resolved[0].detail, "http://p");
	assert_text(tu_component_property(lib, TU_STR("k")), "v");
	assert_ptr_equal(&r.inventory->components[named(&r, "inner")->parent], lib);
	assert_true(is_related(&r, "pump", TU_REL_DEPENDS_ON, "other"));
	assert_true(is_related(&r, "lib", TU_REL_PROVIDES, "other"));
	assert_true(has_note(&r, "not understood: element of a component: wonder"));
	reading_done(&r);
}

static void statements_name_their_component(void **state)
{
	struct reading r = read_good(whole, TU_SBOM_CYCLONEDX_XML);
	const struct tu_vex_claim *statement = &r.inventory->claims[0];

	(void)state;
	assert_int_equal(r.inventory->claim_count, 1);
	assert_text(statement->vulnerability, "CVE-2021-2");
	assert_int_equal(statement->status, TU_CLAIM_NOT_AFFECTED);
	assert_text(statement->justification, "code_not_present");
	assert_int_equal(statement->products[0].component_count, 1);
	assert_text(r.inventory->components[statement->products[0].components[0]].name, "lib");
	reading_done(&r);
}

/* The extension of the time before 1.4: the vulnerability stands in its component. */
static void extension_vulnerabilities(void **state)
{
	struct reading r = read_good(
		TU_STR("<bom xmlns='http://cyclonedx.org/schema/bom/1.2' "
		       "xmlns:v='http://cyclonedx.org/schema/ext/vulnerability/1.0'><components>"
		       "<component type='library'><name>x</name><v:vulnerabilities>"
		       "<v:vulnerability ref='u1'><v:id>CVE-1</v:id></v:vulnerability>"
		       "<v:vulnerability ref='u2'><v:id>CVE-2</v:id></v:vulnerability>"
		       "</v:vulnerabilities></component></components></bom>"),
		TU_SBOM_CYCLONEDX_XML);

	(void)state;
	assert_int_equal(r.inventory->claim_count, 2);
	assert_int_equal(r.inventory->claims[1].products[0].component_count, 1);
	reading_done(&r);
}

static void versions_by_namespace(void **state)
{
	char text[200];

	(void)state;
	for (int minor = 0; minor <= 7; minor++) {
		struct reading r;

		(void)snprintf(text, sizeof(text),
			"<q:bom xmlns:q='http://cyclonedx.org/schema/bom/1.%d'/>", minor);
		r = read_good(tu_str_c(text), TU_SBOM_CYCLONEDX_XML);
		assert_int_equal(r.inventory->spec_version.ptr[2], '0' + minor);
		reading_done(&r);
	}
	assert_refused(TU_STR("<bom xmlns='http://cyclonedx.org/schema/bom/2.0'/>"),
		TU_E_UNSUPPORTED, "versions 1.0 to 1.7 are read");
}

static void bad_input_is_refused_with_its_place(void **state)
{
	(void)state;
	assert_refused(TU_STR("<!DOCTYPE bom [<!ENTITY a 'b'>]>\n<bom "
			      "xmlns='http://cyclonedx.org/schema/bom/1.6'>&a;</bom>"),
		TU_E_SYNTAX, "line 1, column 27: declares the entity");
	assert_refused(TU_STR(HEAD "\n<components>\n<component></bom>"), TU_E_SYNTAX, "line 4");
	assert_refused(TU_STR("<html/>"), TU_E_UNSUPPORTED, "XML of an unknown kind");
	assert_refused(TU_STR("<"), TU_E_SYNTAX, "line 1, column");
}

static void second_elements_are_noted(void **state)
{
	struct reading r = read_good(TU_STR(HEAD "<components><component><name>a</name>"
						 "<name>b</name></component></components></bom>"),
		TU_SBOM_CYCLONEDX_XML);

	(void)state;
	assert_text(r.inventory->components[0].name, "a");
	assert_true(has_note(&r, "may come only once: name"));
	reading_done(&r);
}

/* Millions of siblings cost time, not memory: a ceiling on components is met and told. */
static void siblings_meet_the_ceiling(void **state)
{
	const struct tu_sbom_limits limits = {.components = 1000};
	struct reading r;
	struct tu_buf text;

	(void)state;
	tu_buf_init(&text, 1 << 24);
	tu_buf_c(&text, HEAD "<components>");
	for (int i = 0; i < 2000; i++)
		tu_buf_c(&text, "<component><name>a</name></component>");
	tu_buf_c(&text, "</components></bom>");
	r = read_with(tu_buf_str(&text), &limits);
	assert_int_equal(r.status, TU_E_LIMIT);
	assert_non_null(strstr(error_text(&r.err), "limit of 1000"));
	assert_null(strstr(error_text(&r.err), "column"));
	reading_done(&r);
	tu_buf_done(&text);
}

static void memory_may_run_out(void **state)
{
	(void)state;
	assert_survives_faults(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(statements_name_their_component),
		cmocka_unit_test(extension_vulnerabilities),
		cmocka_unit_test(versions_by_namespace),
		cmocka_unit_test(bad_input_is_refused_with_its_place),
		cmocka_unit_test(second_elements_are_noted),
		cmocka_unit_test(siblings_meet_the_ceiling),
		cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
