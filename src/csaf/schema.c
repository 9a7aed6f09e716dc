/*
 * The schema of CSAF 2.0 and 2.1 as one table: what is a member of what, of which form, in which
 * version. Source: csaf_json_schema.json of CSAF 2.0 and csaf.json of CSAF 2.1 (OASIS). The objects
 * of CVSS and SSVC have their own tests (6.1.8, 6.1.46).
 */
#include "base/json_writer.h"
#include "csaf/csaf.h"

enum form { TEXT, TEXTS, OBJECT, OBJECTS, FREE };

struct shape;

struct field {
	const char *name;
	uint8_t in; /* versions that have the member */
	uint8_t required; /* versions that demand it */
	enum form form;
	enum tu_csaf_rule rule; /* TEXT, TEXTS */
	const char *words; /* TEXT: what it may be, with blanks between; NULL: the rule alone */
	const struct shape *shape; /* OBJECT, OBJECTS */
	uint8_t unique; /* versions in which items must differ */
	uint8_t least; /* items; 0 counts as 1 */
};

struct shape {
	const struct field *fields;
	size_t count;
	uint8_t members; /* at least so many */
};

#define NO 0
#define V20 TU_CSAF_20
#define V21 TU_CSAF_21
#define ALL TU_CSAF_BOTH
#define SHAPE(name, members) \
	static const struct shape name = {name##_fields, TU_COUNT(name##_fields), members}

/* Items of x_extensions; 6.1.60.1 looks at them. */
static const struct field extension_fields[] = {
	{"$schema", ALL, ALL, TEXT, TU_CSAF_URI},
	{"category", ALL, ALL, TEXT, TU_CSAF_TEXT, "essential significant supplementary"},
	{"content", ALL, ALL, FREE},
	{"critical", ALL, ALL, FREE},
};
SHAPE(extension, 0);

static const struct field acknowledgment_fields[] = {
	{"names", ALL, NO, TEXTS, TU_CSAF_TEXT},
	{"organization", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"summary", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"urls", ALL, NO, TEXTS, TU_CSAF_URI},
};
SHAPE(acknowledgment, 1);

static const struct field note_fields[] = {
	{"audience", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"category", ALL, ALL, TEXT, TU_CSAF_TEXT,
		"description details faq general legal_disclaimer other summary"},
	{"group_ids", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = V21},
	{"product_ids", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = V21},
	{"text", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"title", ALL, NO, TEXT, TU_CSAF_TEXT},
};
SHAPE(note, 0);

static const struct field reference_fields[] = {
	{"category", ALL, NO, TEXT, TU_CSAF_TEXT, "external self"},
	{"summary", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"url", ALL, ALL, TEXT, TU_CSAF_URI},
};
SHAPE(reference, 0);

/* ---- products ---- */

static const struct field file_hash_fields[] = {
	{"algorithm", V20, V20, TEXT, TU_CSAF_TEXT},
	{"algorithm", V21, V21, TEXT, TU_CSAF_ALGORITHM},
	{"value", V20, V20, TEXT, TU_CSAF_HASH},
	{"value", V21, V21, TEXT, TU_CSAF_HASH_LOWER},
};
SHAPE(file_hash, 0);

static const struct field hash_fields[] = {
	{"file_hashes", ALL, ALL, OBJECTS, .shape = &file_hash, .unique = V21},
	{"filename", ALL, ALL, TEXT, TU_CSAF_TEXT},
};
SHAPE(hash, 0);

static const struct field generic_uri_fields[] = {
	{"namespace", ALL, ALL, TEXT, TU_CSAF_URI},
	{"uri", ALL, ALL, TEXT, TU_CSAF_URI},
};
SHAPE(generic_uri, 0);

static const struct field helper_fields[] = {
	{"cpe", ALL, NO, TEXT, TU_CSAF_CPE},
	{"hashes", ALL, NO, OBJECTS, .shape = &hash, .unique = V21},
	{"model_numbers", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"purl", V20, NO, TEXT, TU_CSAF_PURL},
	{"purls", V21, NO, TEXTS, TU_CSAF_PURL_LOWER, .unique = V21},
	{"sbom_urls", ALL, NO, TEXTS, TU_CSAF_URI, .unique = V21},
	{"serial_numbers", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"skus", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = V21},
	{"x_generic_uris", ALL, NO, OBJECTS, .shape = &generic_uri, .unique = V21},
};
SHAPE(helper, 1);

static const struct field product_fields[] = {
	{"name", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"product_id", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"product_identification_helper", ALL, NO, OBJECT, .shape = &helper},
	{"x_extensions", V21, NO, FREE},
};
SHAPE(product, 0);

static const struct shape branch;
static const struct field branch_fields[] = {
	{"branches", ALL, NO, OBJECTS, .shape = &branch},
	{"category", V20, V20, TEXT, TU_CSAF_TEXT,
		"architecture host_name language legacy patch_level product_family product_name "
		"product_version product_version_range service_pack specification vendor"},
	{"category", V21, V21, TEXT, TU_CSAF_TEXT,
		"architecture host_name language patch_level platform product_family product_name "
		"product_version product_version_range service_pack specification vendor"},
	{"name", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"product", ALL, NO, OBJECT, .shape = &product},
};
SHAPE(branch, 3);

static const struct field group_fields[] = {
	{"group_id", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"product_ids", ALL, ALL, TEXTS, TU_CSAF_TEXT, .unique = ALL, .least = 2},
	{"summary", ALL, NO, TEXT, TU_CSAF_TEXT},
};
SHAPE(group, 0);

static const char relations[] = "default_component_of external_component_of installed_on "
				"installed_with optional_component_of";

static const struct field relationship_fields[] = {
	{"category", ALL, ALL, TEXT, TU_CSAF_TEXT, relations},
	{"full_product_name", ALL, ALL, OBJECT, .shape = &product},
	{"product_reference", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"relates_to_product_reference", ALL, ALL, TEXT, TU_CSAF_TEXT},
};
SHAPE(relationship, 0);

static const struct field subpath_fields[] = {
	{"category", ALL, ALL, TEXT, TU_CSAF_TEXT, relations},
	{"next_product_reference", ALL, ALL, TEXT, TU_CSAF_TEXT},
};
SHAPE(subpath, 0);

static const struct field product_path_fields[] = {
	{"beginning_product_reference", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"full_product_name", ALL, ALL, OBJECT, .shape = &product},
	{"subpaths", ALL, ALL, OBJECTS, .shape = &subpath},
};
SHAPE(product_path, 0);

static const struct field tree_fields[] = {
	{"branches", ALL, NO, OBJECTS, .shape = &branch},
	{"full_product_names", ALL, NO, OBJECTS, .shape = &product},
	{"product_groups", ALL, NO, OBJECTS, .shape = &group},
	{"product_paths", V21, NO, OBJECTS, .shape = &product_path},
	{"relationships", V20, NO, OBJECTS, .shape = &relationship},
};
SHAPE(tree, 1);

/* ---- the document ---- */

static const struct field severity_fields[] = {
	{"namespace", ALL, NO, TEXT, TU_CSAF_URI},
	{"text", ALL, ALL, TEXT, TU_CSAF_TEXT},
};
SHAPE(severity, 0);

static const struct field sharing_fields[] = {
	{"id", ALL, ALL, TEXT, TU_CSAF_UUID},
	{"name", ALL, NO, TEXT, TU_CSAF_TEXT},
};
SHAPE(sharing, 0);

static const struct field tlp_fields[] = {
	{"label", V20, V20, TEXT, TU_CSAF_TEXT, "AMBER GREEN RED WHITE"},
	{"label", V21, V21, TEXT, TU_CSAF_TEXT, "AMBER AMBER+STRICT CLEAR GREEN RED"},
	{"url", ALL, NO, TEXT, TU_CSAF_URI},
};
SHAPE(tlp, 0);

static const struct field distribution_fields[] = {
	{"sharing_group", V21, NO, OBJECT, .shape = &sharing},
	{"text", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"tlp", ALL, V21, OBJECT, .shape = &tlp},
};
SHAPE(distribution, 1);

static const struct field publisher_fields[] = {
	{"category", V20, V20, TEXT, TU_CSAF_TEXT,
		"coordinator discoverer other translator user vendor"},
	{"category", V21, V21, TEXT, TU_CSAF_TEXT,
		"coordinator discoverer multiplier other translator user vendor"},
	{"contact_details", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"issuing_authority", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"name", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"namespace", ALL, ALL, TEXT, TU_CSAF_URI},
};
SHAPE(publisher, 0);

static const struct field engine_fields[] = {
	{"name", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"version", ALL, NO, TEXT, TU_CSAF_TEXT},
};
SHAPE(engine, 0);

static const struct field generator_fields[] = {
	{"date", ALL, NO, TEXT, TU_CSAF_DATE},
	{"engine", ALL, ALL, OBJECT, .shape = &engine},
};
SHAPE(generator, 0);

static const struct field revision_fields[] = {
	{"date", ALL, ALL, TEXT, TU_CSAF_DATE},
	{"legacy_version", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"number", ALL, ALL, TEXT, TU_CSAF_VERSION},
	{"summary", ALL, ALL, TEXT, TU_CSAF_TEXT},
};
SHAPE(revision, 0);

static const struct field tracking_fields[] = {
	{"aliases", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"current_release_date", ALL, ALL, TEXT, TU_CSAF_DATE},
	{"generator", ALL, NO, OBJECT, .shape = &generator},
	{"id", ALL, ALL, TEXT, TU_CSAF_TRIMMED},
	{"initial_release_date", ALL, ALL, TEXT, TU_CSAF_DATE},
	{"revision_history", ALL, ALL, OBJECTS, .shape = &revision},
	{"status", ALL, ALL, TEXT, TU_CSAF_TEXT, "draft final interim"},
	{"version", ALL, ALL, TEXT, TU_CSAF_VERSION},
};
SHAPE(tracking, 0);

static const struct field document_fields[] = {
	{"acknowledgments", ALL, NO, OBJECTS, .shape = &acknowledgment},
	{"aggregate_severity", ALL, NO, OBJECT, .shape = &severity},
	{"category", ALL, ALL, TEXT, TU_CSAF_CATEGORY},
	{"csaf_version", ALL, ALL, TEXT, TU_CSAF_TEXT, "2.0 2.1"},
	{"distribution", ALL, V21, OBJECT, .shape = &distribution},
	{"lang", ALL, NO, TEXT, TU_CSAF_LANG},
	{"license_expression", V21, NO, TEXT, TU_CSAF_TEXT},
	{"notes", ALL, NO, OBJECTS, .shape = &note},
	{"publisher", ALL, ALL, OBJECT, .shape = &publisher},
	{"references", ALL, NO, OBJECTS, .shape = &reference},
	{"source_lang", ALL, NO, TEXT, TU_CSAF_LANG},
	{"title", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"tracking", ALL, ALL, OBJECT, .shape = &tracking},
	{"x_extensions", V21, NO, FREE},
};
SHAPE(document, 0);

/* ---- vulnerabilities ---- */

static const struct field cwe_fields[] = {
	{"id", ALL, ALL, TEXT, TU_CSAF_CWE},
	{"name", V20, V20, TEXT, TU_CSAF_TEXT},
	{"name", V21, V21, TEXT, TU_CSAF_CATEGORY},
	{"version", V21, V21, TEXT, TU_CSAF_CWE_VERSION},
};
SHAPE(cwe, 0);

static const struct field exploitation_fields[] = {
	{"date", ALL, ALL, TEXT, TU_CSAF_DATE},
	{"exploitation_date", ALL, ALL, TEXT, TU_CSAF_DATE},
	{"group_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"product_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
};
SHAPE(exploitation, 3);

static const struct field flag_fields[] = {
	{"date", ALL, NO, TEXT, TU_CSAF_DATE},
	{"group_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"label", ALL, ALL, TEXT, TU_CSAF_TEXT,
		"component_not_present inline_mitigations_already_exist "
		"vulnerable_code_cannot_be_controlled_by_adversary "
		"vulnerable_code_not_in_execute_path vulnerable_code_not_present"},
	{"product_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
};
SHAPE(flag, 0);

static const struct field vulnerability_id_fields[] = {
	{"group_ids", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"product_ids", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"system_name", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"text", ALL, ALL, TEXT, TU_CSAF_TEXT},
};
SHAPE(vulnerability_id, 0);

static const struct field involvement_fields[] = {
	{"contact", V21, NO, TEXT, TU_CSAF_TEXT},
	{"date", ALL, NO, TEXT, TU_CSAF_DATE},
	{"group_ids", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"party", ALL, ALL, TEXT, TU_CSAF_TEXT, "coordinator discoverer other user vendor"},
	{"product_ids", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"status", ALL, ALL, TEXT, TU_CSAF_TEXT,
		"completed contact_attempted disputed in_progress not_contacted open"},
	{"summary", ALL, NO, TEXT, TU_CSAF_TEXT},
};
SHAPE(involvement, 0);

static const struct field epss_fields[] = {
	{"percentile", ALL, ALL, TEXT, TU_CSAF_FRACTION},
	{"probability", ALL, ALL, TEXT, TU_CSAF_FRACTION},
	{"timestamp", ALL, ALL, TEXT, TU_CSAF_DATE},
};
SHAPE(epss, 0);

static const struct field metric_content_fields[] = {
	{"cvss_v2", ALL, NO, FREE},
	{"cvss_v3", ALL, NO, FREE},
	{"cvss_v4", ALL, NO, FREE},
	{"epss", ALL, NO, OBJECT, .shape = &epss},
	{"qualitative_severity_rating", ALL, NO, TEXT, TU_CSAF_TEXT,
		"critical high low medium none"},
	{"ssvc_v2", ALL, NO, FREE},
	{"x_extensions", ALL, NO, FREE},
};
SHAPE(metric_content, 1);

static const struct field metric_fields[] = {
	{"content", ALL, ALL, OBJECT, .shape = &metric_content},
	{"products", ALL, ALL, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"source", ALL, NO, TEXT, TU_CSAF_URI},
};
SHAPE(metric, 0);

static const struct field status_fields[] = {
	{"first_affected", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"first_fixed", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"fixed", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"known_affected", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"known_not_affected", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"last_affected", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"recommended", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"under_investigation", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"unknown", V21, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
};
SHAPE(status, 1);

static const struct field restart_fields[] = {
	{"category", ALL, ALL, TEXT, TU_CSAF_TEXT,
		"connected dependencies machine none parent service system vulnerable_component "
		"zone"},
	{"details", ALL, NO, TEXT, TU_CSAF_TEXT},
};
SHAPE(restart, 0);

static const struct field remediation_fields[] = {
	{"category", V20, V20, TEXT, TU_CSAF_TEXT,
		"mitigation no_fix_planned none_available vendor_fix workaround"},
	{"category", V21, V21, TEXT, TU_CSAF_TEXT,
		"fix_planned mitigation no_fix_planned none_available optional_patch vendor_fix "
		"workaround"},
	{"date", ALL, NO, TEXT, TU_CSAF_DATE},
	{"details", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"entitlements", ALL, NO, TEXTS, TU_CSAF_TEXT},
	{"group_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"product_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"restart_required", ALL, NO, OBJECT, .shape = &restart},
	{"url", ALL, NO, TEXT, TU_CSAF_URI},
};
SHAPE(remediation, 0);

static const struct field score_fields[] = {
	{"cvss_v2", ALL, NO, FREE},
	{"cvss_v3", ALL, NO, FREE},
	{"products", ALL, ALL, TEXTS, TU_CSAF_TEXT, .unique = ALL},
};
SHAPE(score, 2);

static const struct field threat_fields[] = {
	{"category", ALL, ALL, TEXT, TU_CSAF_TEXT, "exploit_status impact target_set"},
	{"date", ALL, NO, TEXT, TU_CSAF_DATE},
	{"details", ALL, ALL, TEXT, TU_CSAF_TEXT},
	{"group_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
	{"product_ids", ALL, NO, TEXTS, TU_CSAF_TEXT, .unique = ALL},
};
SHAPE(threat, 0);

static const struct field vulnerability_fields[] = {
	{"acknowledgments", ALL, NO, OBJECTS, .shape = &acknowledgment},
	{"cve", ALL, NO, TEXT, TU_CSAF_CVE},
	{"cwe", V20, NO, OBJECT, .shape = &cwe},
	{"cwes", V21, NO, OBJECTS, .shape = &cwe, .unique = V21},
	{"disclosure_date", V21, NO, TEXT, TU_CSAF_DATE},
	{"discovery_date", ALL, NO, TEXT, TU_CSAF_DATE},
	{"first_known_exploitation_dates", V21, NO, OBJECTS, .shape = &exploitation, .unique = V21},
	{"flags", ALL, NO, OBJECTS, .shape = &flag, .unique = ALL},
	{"ids", ALL, NO, OBJECTS, .shape = &vulnerability_id, .unique = ALL},
	{"involvements", ALL, NO, OBJECTS, .shape = &involvement, .unique = ALL},
	{"metrics", V21, NO, OBJECTS, .shape = &metric, .unique = V21},
	{"notes", ALL, NO, OBJECTS, .shape = &note},
	{"product_status", ALL, NO, OBJECT, .shape = &status},
	{"references", ALL, NO, OBJECTS, .shape = &reference},
	{"release_date", V20, NO, TEXT, TU_CSAF_DATE},
	{"remediations", ALL, NO, OBJECTS, .shape = &remediation},
	{"scores", V20, NO, OBJECTS, .shape = &score},
	{"threats", ALL, NO, OBJECTS, .shape = &threat},
	{"title", ALL, NO, TEXT, TU_CSAF_TEXT},
	{"x_extensions", V21, NO, FREE},
};
SHAPE(vulnerability, 1);

static const struct field root_fields[] = {
	{"$schema", V20, NO, TEXT, TU_CSAF_URI},
	{"$schema", V21, V21, TEXT, TU_CSAF_TEXT,
		"https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json"},
	{"document", ALL, ALL, OBJECT, .shape = &document},
	{"product_tree", ALL, NO, OBJECT, .shape = &tree},
	{"vulnerabilities", ALL, NO, OBJECTS, .shape = &vulnerability},
	{"x_extensions", V21, NO, FREE},
};
SHAPE(root, 0);

/* ---- the walk ---- */

static void check_object(struct tu_csaf *csaf, struct tu_json value, const struct shape *shape);

static const struct field *field_of(
	const struct tu_csaf *csaf, const struct shape *shape, struct tu_str name)
{
	for (size_t i = 0; i < shape->count; i++)
		if ((shape->fields[i].in & csaf->version) &&
			tu_str_eq(name, tu_str_c(shape->fields[i].name)))
			return &shape->fields[i];
	return NULL;
}

static bool is_word(struct tu_str text, const char *words)
{
	struct tu_str rest = tu_str_c(words), word;

	while (tu_str_split(&rest, ' ', &word))
		if (tu_str_eq(word, text))
			return true;
	return false;
}

static bool expect(struct tu_csaf *csaf, struct tu_json value, enum tu_json_type type)
{
	if (tu_json_type(value) == type)
		return true;
	tu_csaf_fail(csaf, value, NULL, "expected %s, found %s", tu_json_type_name(type),
		tu_json_type_name(tu_json_type(value)));
	return false;
}

static void check_text(struct tu_csaf *csaf, struct tu_json value, const struct field *field)
{
	struct tu_str text = tu_json_str(value);

	if (!expect(csaf, value, TU_JSON_STRING))
		return;
	if (!tu_csaf_rule_holds(field->rule, text))
		tu_csaf_fail(csaf, value, NULL, "\"%.*s\": expected %s",
			TU_STR_FMT(tu_str_first(text, 80)), tu_csaf_rule_name(field->rule));
	else if (field->words && !is_word(text, field->words))
		tu_csaf_fail(csaf, value, NULL, "\"%.*s\" is none of: %s",
			TU_STR_FMT(tu_str_first(text, 80)), field->words);
}

/* Equal values give equal texts, whatever the order of their members. */
static void canonical(struct tu_json value, struct tu_json_writer *out, int depth)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json item;
	struct tu_str key, last = {0}, next;
	double number;

	if (tu_json_is_array(value) && depth < 64) {
		tu_json_open_array(out);
		while (tu_json_next_item(&iter, &item))
			canonical(item, out, depth + 1);
		tu_json_close_array(out);
	} else if (tu_json_is_object(value) && depth < 64 && tu_json_count(value) <= 64) {
		tu_json_open_object(out);
		for (;;) { /* the next key in order: objects here are small */
			bool found = false;
			iter = tu_json_iter(value);
			while (tu_json_next_member(&iter, &key, &item))
				if ((!last.ptr || tu_str_cmp(key, last) > 0) &&
					(!found || tu_str_cmp(key, next) < 0)) {
					next = key;
					found = true;
				}
			if (!found)
				break;
			tu_json_quote(next, out->buf);
			canonical(tu_json_get(value, next), out, depth + 1);
			last = next;
		}
		tu_json_close_object(out);
	} else if (tu_json_is_string(value)) {
		tu_json_add_str(out, tu_json_str(value));
	} else if (tu_json_number(value, &number)) {
		tu_json_add_number(out, number);
	} else {
		tu_json_add_bool(out, tu_json_true(value));
	}
}

static bool is_new(struct tu_csaf *csaf, struct tu_intern *seen, struct tu_json item)
{
	uint32_t before = tu_intern_count(seen), id = 0;
	struct tu_json_writer writer;
	struct tu_buf text;
	bool fine;

	if (tu_json_is_string(item)) {
		fine = tu_intern_add(seen, tu_json_str(item), &id);
	} else {
		tu_buf_init(&text, 64 << 20);
		writer = tu_json_writer(&text, false);
		canonical(item, &writer, 0);
		fine = !text.failed && tu_intern_add(seen, tu_buf_str(&text), &id);
		tu_buf_done(&text);
	}
	if (!fine)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	return !fine || id >= before;
}

static void check_unique(struct tu_csaf *csaf, struct tu_json list)
{
	struct tu_intern *seen;
	struct tu_json item;

	if (tu_json_count(list) < 2)
		return;
	seen = tu_intern_new((size_t)1 << 30);
	if (!seen)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	TU_CSAF_EACH(item, list)
	if (csaf->status == TU_OK && !is_new(csaf, seen, item))
		tu_csaf_fail(csaf, item, NULL, "stands in the list already");
	tu_intern_free(seen);
}

static void check_list(struct tu_csaf *csaf, struct tu_json value, const struct field *field)
{
	size_t least = field->least ? field->least : 1;
	struct tu_json item;

	if (!expect(csaf, value, TU_JSON_ARRAY))
		return;
	if (tu_json_count(value) < least)
		tu_csaf_fail(csaf, value, NULL, "at least %zu item%s expected", least,
			least == 1 ? "" : "s");
	TU_CSAF_EACH(item, value)
	{
		if (csaf->status)
			return;
		if (field->form == TEXTS)
			check_text(csaf, item, field);
		else
			check_object(csaf, item, field->shape);
	}
	if (field->unique & csaf->version)
		check_unique(csaf, value);
}

static void check_field(struct tu_csaf *csaf, struct tu_json value, const struct field *field)
{
	switch (field->form) {
	case TEXT:
		check_text(csaf, value, field);
		break;
	case OBJECT:
		check_object(csaf, value, field->shape);
		break;
	case TEXTS:
	case OBJECTS:
		check_list(csaf, value, field);
		break;
	case FREE:
		break;
	}
}

void tu_csaf_additional(struct tu_csaf *csaf, struct tu_json value, struct tu_str key)
{
	const struct tu_csaf_test *running = csaf->test;
	size_t told = csaf->test_problems;

	csaf->test = &tu_csaf_additional_test;
	csaf->test_problems = csaf->additional;
	tu_csaf_fail(csaf, value, NULL, "the schema has no member \"%.*s\" here",
		TU_STR_FMT(tu_str_first(key, 80)));
	csaf->additional = csaf->test_problems;
	csaf->test = running;
	csaf->test_problems = told;
}

/* 2.0 leaves further members to an optional test; 2.1 forbids them. */
static void unknown_member(struct tu_csaf *csaf, struct tu_json value, struct tu_str key)
{
	if (csaf->version == TU_CSAF_20)
		tu_csaf_additional(csaf, value, key);
	else
		tu_csaf_fail(csaf, value, NULL, "the schema has no member \"%.*s\" here",
			TU_STR_FMT(tu_str_first(key, 80)));
}

static void check_object(struct tu_csaf *csaf, struct tu_json value, const struct shape *shape)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json member;
	struct tu_str key;
	size_t members = 0;

	if (!expect(csaf, value, TU_JSON_OBJECT))
		return;
	for (; !csaf->status && tu_json_next_member(&iter, &key, &member); members++) {
		const struct field *field = field_of(csaf, shape, key);
		if (field)
			check_field(csaf, member, field);
		else
			unknown_member(csaf, member, key);
	}
	for (size_t i = 0; i < shape->count; i++)
		if ((shape->fields[i].required & csaf->version) &&
			!tu_json_get(value, tu_str_c(shape->fields[i].name)).doc)
			tu_csaf_fail(csaf, value, NULL, "required member \"%s\" is missing",
				shape->fields[i].name);
	if (members < shape->members)
		tu_csaf_fail(csaf, value, NULL, "at least %d member%s expected", shape->members,
			shape->members == 1 ? "" : "s");
	if (shape == &branch && members > shape->members)
		tu_csaf_fail(csaf, value, NULL,
			"a branch has a category, a name and either branches or a product");
}

void tu_csaf_check_schema(struct tu_csaf *csaf)
{
	check_object(csaf, csaf->root, &root);
}

void tu_csaf_check_extension(struct tu_csaf *csaf, struct tu_json value)
{
	struct tu_json content = tu_json_get(value, TU_STR("content"));
	struct tu_json critical = tu_json_get(value, TU_STR("critical"));

	check_object(csaf, value, &extension);
	if (content.doc && (!tu_json_is_object(content) || !tu_json_count(content)))
		tu_csaf_fail(csaf, content, NULL, "expected an object that is not empty");
	if (critical.doc && tu_json_type(critical) != TU_JSON_BOOL)
		tu_csaf_fail(csaf, critical, NULL, "expected a boolean");
}
