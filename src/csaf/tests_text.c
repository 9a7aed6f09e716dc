/* Tests of texts: languages, CWE, purls, hashes, categories, distribution, licences. */
#include <tutela/purl.h>

#include "base/utf8.h"
#include "csaf/tests.h"
#include "ident/registry.h"

/* ---- CWE ---- */

static struct tu_str next_field(struct tu_str *rest)
{
	struct tu_str field = {0};

	if (!tu_str_split(rest, '\t', &field))
		field = TU_STR("");
	return field;
}

/* Releases by their numbers: "4.9" before "4.10"; a third number counts too. */
static int compare_releases(struct tu_str a, struct tu_str b)
{
	struct tu_str part_a, part_b;
	int order = 0;

	for (int i = 0; i < 3 && !order; i++) {
		part_a = part_b = TU_STR("0");
		(void)tu_str_split(&a, '.', &part_a);
		(void)tu_str_split(&b, '.', &part_b);
		order = tu_str_cmp_digits(part_a, part_b);
	}
	return order;
}

/* The name that a weakness had in a release; `names` are those before and the release that ended
 * each. Without a release: any name that it ever had. */
static bool had_name(
	struct tu_str current, struct tu_str names, struct tu_str release, struct tu_str name)
{
	bool met = !release.len && tu_str_eq(name, current);

	while (names.len) {
		struct tu_str until = next_field(&names), former = next_field(&names);
		if (release.len && compare_releases(release, until) < 0)
			return tu_str_eq(name, former);
		met |= !release.len && tu_str_eq(name, former);
	}
	return met || (release.len && tu_str_eq(name, current));
}

static void check_cwe(struct tu_csaf *csaf, struct tu_json cwe, void *context)
{
	struct tu_str id = TU_JSON_STR(cwe, "id"), number = tu_str_from(id, 4);
	struct tu_str release = TU_JSON_STR(cwe, "version");
	struct tu_str entry, kind, since, name;
	char key[] = "0000000";

	(void)context;
	if (!tu_csaf_rule_holds(TU_CSAF_CWE, id))
		return;
	memcpy(key + 7 - number.len, number.ptr, number.len);
	if (!tu_registry_find(TU_REGISTRY_CWE, tu_str_c(key), &entry)) {
		tu_csaf_fail(csaf, cwe, "id", "there is no %.*s", TU_STR_FMT(id));
		return;
	}
	kind = next_field(&entry);
	since = next_field(&entry);
	name = next_field(&entry);
	if (!tu_str_eq(kind, TU_STR("weakness")))
		tu_csaf_fail(csaf, cwe, "id", "%.*s is a %.*s, not a weakness", TU_STR_FMT(id),
			TU_STR_FMT(kind));
	else if (release.len && compare_releases(release, since) < 0)
		tu_csaf_fail(csaf, cwe, "version", "%.*s came with release %.*s", TU_STR_FMT(id),
			TU_STR_FMT(since));
	else if (!had_name(name, entry, release, TU_JSON_STR(cwe, "name")))
		tu_csaf_fail(csaf, cwe, "name", "%.*s has another name; the newest is \"%.*s\"",
			TU_STR_FMT(id), TU_STR_FMT(tu_str_first(name, 160)));
}

TU_CSAF_TEST(6_1_11)
{
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/cwe", check_cwe, NULL);
	tu_csaf_each(csaf, csaf->vulnerabilities, "*/cwes/*", check_cwe, NULL);
}

TU_CSAF_TEST(6_3_4)
{
	struct tu_json vulnerability;

	TU_CSAF_EACH_VULNERABILITY(vulnerability, csaf)
	if (!tu_json_get(vulnerability, TU_STR("cwe")).doc &&
		!tu_json_get(vulnerability, TU_STR("cwes")).doc)
		tu_csaf_fail(csaf, vulnerability, NULL, "no CWE is given");
}

/* ---- languages ---- */

static void each_lang(struct tu_csaf *csaf,
	void (*check)(struct tu_csaf *csaf, struct tu_json lang, void *context))
{
	tu_csaf_each(csaf, csaf->document, "lang", check, NULL);
	tu_csaf_each(csaf, csaf->document, "source_lang", check, NULL);
}

static void check_lang(struct tu_csaf *csaf, struct tu_json lang, void *context)
{
	struct tu_str subtag = {0};

	(void)context;
	if (tu_csaf_lang_check(tu_json_str(lang), &subtag) == TU_CSAF_LANG_UNKNOWN)
		tu_csaf_fail(csaf, lang, NULL, "the registry has no subtag \"%.*s\" in this place",
			TU_STR_FMT(subtag));
}

TU_CSAF_TEST(6_1_12)
{
	each_lang(csaf, check_lang);
}

static void check_private(struct tu_csaf *csaf, struct tu_json lang, void *context)
{
	struct tu_str subtag;

	(void)context;
	if (tu_csaf_lang_private(tu_json_str(lang), &subtag))
		tu_csaf_fail(
			csaf, lang, NULL, "subtag \"%.*s\" is for private use", TU_STR_FMT(subtag));
}

TU_CSAF_TEST(6_2_14)
{
	each_lang(csaf, check_private);
}

static void check_default(struct tu_csaf *csaf, struct tu_json lang, void *context)
{
	(void)context;
	if (tu_str_ieq(tu_json_str(lang), TU_STR("i-default")))
		tu_csaf_fail(csaf, lang, NULL, "i-default is used");
}

TU_CSAF_TEST(6_2_15)
{
	each_lang(csaf, check_default);
}

TU_CSAF_TEST(6_2_12)
{
	if (!tu_json_get(csaf->document, TU_STR("lang")).doc)
		tu_csaf_fail(csaf, csaf->document, "lang", "the document states no language");
}

TU_CSAF_TEST(6_1_15)
{
	struct tu_json publisher = tu_json_get(csaf->document, TU_STR("publisher"));

	if (tu_str_eq(TU_JSON_STR(publisher, "category"), TU_STR("translator")) &&
		!tu_json_get(csaf->document, TU_STR("source_lang")).doc)
		tu_csaf_fail(csaf, csaf->document, "source_lang",
			"a translator states the language of the source");
}

TU_CSAF_TEST(6_1_28)
{
	struct tu_str lang = TU_JSON_STR(csaf->document, "lang");

	if (lang.len && tu_str_ieq(lang, TU_JSON_STR(csaf->document, "source_lang")))
		tu_csaf_fail(csaf, csaf->document, "source_lang",
			"is the language of the document: there is nothing to translate");
}

/* ---- the category ---- */

/* White space, dashes and low lines of Unicode: categories Zs, Pd and Pc, and control blanks. */
static bool is_joint(uint32_t point)
{
	static const uint32_t ranges[][2] = {{0x09, 0x0d}, {0x20, 0x20}, {0x2d, 0x2d}, {0x5f, 0x5f},
		{0x85, 0x85}, {0xa0, 0xa0}, {0xad, 0xad}, {0x332, 0x333}, {0x58a, 0x58a},
		{0x5be, 0x5be}, {0x1400, 0x1400}, {0x1680, 0x1680}, {0x1806, 0x1806},
		{0x2000, 0x200d}, {0x2010, 0x2015}, {0x2017, 0x2017}, {0x2028, 0x2029},
		{0x202f, 0x202f}, {0x203f, 0x2040}, {0x2054, 0x2054}, {0x205f, 0x2060},
		{0x207b, 0x207b}, {0x208b, 0x208b}, {0x2212, 0x2212}, {0x2e17, 0x2e17},
		{0x2e1a, 0x2e1a}, {0x2e3a, 0x2e3b}, {0x2e40, 0x2e40}, {0x2e5d, 0x2e5d},
		{0x3000, 0x3000}, {0x301c, 0x301c}, {0x3030, 0x3030}, {0x30a0, 0x30a0},
		{0xfe31, 0xfe34}, {0xfe4d, 0xfe4f}, {0xfe58, 0xfe58}, {0xfe63, 0xfe63},
		{0xfeff, 0xfeff}, {0xff0d, 0xff0d}, {0xff3f, 0xff3f}, {0x10ead, 0x10ead}};

	for (size_t i = 0; i < TU_COUNT(ranges); i++)
		if (point >= ranges[i][0] && point <= ranges[i][1])
			return true;
	return false;
}

/* Without joints, in lower case; cut where it is longer than any name. */
static struct tu_str bare(struct tu_str text, char out[64])
{
	size_t len = 0;
	uint32_t point;

	while (len < 63 && tu_utf8_next(&text, &point))
		if (!is_joint(point))
			out[len++] = point < 0x80 ? tu_char_lower((char)point) : '?';
	return tu_str_of(out, len);
}

TU_CSAF_TEST(6_1_26)
{
	static const struct {
		const char *name;
		uint8_t versions;
	} names[] = {{"informationaladvisory", TU_CSAF_BOTH},
		{"securityincidentresponse", TU_CSAF_BOTH}, {"securityadvisory", TU_CSAF_BOTH},
		{"vex", TU_CSAF_BOTH}, {"deprecatedsecurityadvisory", TU_CSAF_21},
		{"withdrawn", TU_CSAF_21}, {"superseded", TU_CSAF_21}};
	struct tu_str category = TU_JSON_STR(csaf->document, "category"), text;
	char buffer[64];

	if (csaf->profile != TU_CSAF_BASE || tu_str_eq(category, TU_STR("csaf_base")))
		return;
	text = bare(category, buffer);
	if (tu_str_istarts(category, TU_STR("csaf_"))) {
		tu_csaf_fail(csaf, csaf->document, "category", "the prefix csaf_ is reserved");
		return;
	}
	(void)tu_str_skip(&text, TU_STR("csaf"));
	for (size_t i = 0; i < TU_COUNT(names); i++)
		if ((names[i].versions & csaf->version) && tu_str_eq(text, tu_str_c(names[i].name)))
			tu_csaf_fail(csaf, csaf->document, "category",
				"\"%.*s\" is the name of a profile",
				TU_STR_FMT(tu_str_first(category, 80)));
}

/* ---- distribution ---- */

static struct tu_json tlp_of(const struct tu_csaf *csaf)
{
	return tu_json_get(tu_json_get(csaf->document, TU_STR("distribution")), TU_STR("tlp"));
}

static struct tu_json sharing_of(const struct tu_csaf *csaf)
{
	return tu_json_get(
		tu_json_get(csaf->document, TU_STR("distribution")), TU_STR("sharing_group"));
}

static bool is_max(struct tu_str id)
{
	return tu_str_eq(id, TU_STR("ffffffff-ffff-ffff-ffff-ffffffffffff"));
}

static bool is_nil(struct tu_str id)
{
	return tu_str_eq(id, TU_STR("00000000-0000-0000-0000-000000000000"));
}

TU_CSAF_TEST(6_2_10)
{
	if (!TU_JSON_STR(tlp_of(csaf), "label").len)
		tu_csaf_fail(csaf, csaf->document, "distribution/tlp/label", "no TLP label");
}

TU_CSAF_TEST(6_1_38)
{
	struct tu_json group = sharing_of(csaf);

	if (is_max(TU_JSON_STR(group, "id")) &&
		!tu_str_eq(TU_JSON_STR(tlp_of(csaf), "label"), TU_STR("CLEAR")))
		tu_csaf_fail(csaf, group, "id", "the max UUID is for TLP:CLEAR alone");
}

TU_CSAF_TEST(6_1_39)
{
	struct tu_json group = sharing_of(csaf);
	struct tu_str id = TU_JSON_STR(group, "id");

	if (!group.doc || is_max(id) ||
		!tu_str_eq(TU_JSON_STR(tlp_of(csaf), "label"), TU_STR("CLEAR")))
		return;
	if (!is_nil(id) || !tu_str_eq(TU_JSON_STR(csaf->tracking, "status"), TU_STR("draft")))
		tu_csaf_fail(csaf, group, "id", "TLP:CLEAR has the max UUID as its sharing group");
}

TU_CSAF_TEST(6_1_40)
{
	struct tu_json group = sharing_of(csaf);
	struct tu_str id = TU_JSON_STR(group, "id"), name = TU_JSON_STR(group, "name");

	if ((tu_str_eq(name, TU_STR("Public")) && !is_max(id)) ||
		(tu_str_eq(name, TU_STR("No sharing allowed")) && !is_nil(id)))
		tu_csaf_fail(csaf, group, "name", "\"%.*s\" is reserved for another id",
			TU_STR_FMT(name));
}

TU_CSAF_TEST(6_1_41)
{
	struct tu_json group = sharing_of(csaf);
	struct tu_str id = TU_JSON_STR(group, "id");
	struct tu_str wanted = is_max(id) ? TU_STR("Public")
		: is_nil(id)		  ? TU_STR("No sharing allowed")
					  : TU_STR("");

	if (wanted.len && !tu_str_eq(TU_JSON_STR(group, "name"), wanted))
		tu_csaf_fail(csaf, group, "name", "the name that belongs to this id is \"%.*s\"",
			TU_STR_FMT(wanted));
}

TU_CSAF_TEST(6_2_11)
{
	struct tu_json reference;
	struct tu_buf name;
	bool found = false;

	tu_buf_init(&name, 1 << 20);
	tu_buf_byte(&name, '/');
	tu_csaf_file_name(TU_JSON_STR(csaf->tracking, "id"), &name);
	TU_CSAF_EACH(reference, tu_json_get(csaf->document, TU_STR("references")))
	{
		struct tu_str url = TU_JSON_STR(reference, "url");
		found |= tu_str_eq(TU_JSON_STR(reference, "category"), TU_STR("self")) &&
			tu_str_starts(url, TU_STR("https://")) &&
			tu_str_ends(url, tu_buf_str(&name));
	}
	if (name.failed)
		tu_csaf_out_of(csaf, TU_E_NOMEM);
	else if (!found)
		tu_csaf_fail(csaf, csaf->document, "references",
			"no reference of category self whose https URL ends in %.*s",
			TU_STR_FMT(tu_str_first(tu_buf_str(&name), 120)));
	tu_buf_done(&name);
}

/* ---- order of keys ---- */

static void check_order(struct tu_csaf *csaf, struct tu_json value)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json item;
	struct tu_str key, before = {0};

	if (tu_json_is_array(value))
		while (!csaf->status && tu_json_next_item(&iter, &item))
			check_order(csaf, item);
	if (!tu_json_is_object(value))
		return;
	while (!csaf->status && tu_json_next_member(&iter, &key, &item)) {
		if (before.ptr && tu_str_cmp(before, key) > 0)
			tu_csaf_fail(csaf, item, NULL, "the key must come before \"%.*s\"",
				TU_STR_FMT(tu_str_first(before, 80)));
		before = key;
		check_order(csaf, item);
	}
}

TU_CSAF_TEST(6_2_13)
{
	check_order(csaf, csaf->root);
}

/* ---- licences ---- */

TU_CSAF_TEST(6_1_54)
{
	struct tu_json licence = tu_json_get(csaf->document, TU_STR("license_expression"));
	bool unlisted;

	if (licence.doc && !tu_csaf_licence_check(tu_json_str(licence), &unlisted))
		tu_csaf_fail(
			csaf, licence, NULL, "is not an SPDX licence expression that CSAF allows");
}

TU_CSAF_TEST(6_1_55)
{
	struct tu_json licence = tu_json_get(csaf->document, TU_STR("license_expression"));
	struct tu_json note, found = {0};
	bool unlisted = false;
	size_t count = 0;

	if (!tu_json_is_string(licence) || !tu_csaf_is_english(csaf))
		return;
	(void)tu_csaf_licence_check(tu_json_str(licence), &unlisted);
	if (!unlisted)
		return;
	TU_CSAF_EACH(note, tu_json_get(csaf->document, TU_STR("notes")))
	if (tu_str_eq(TU_JSON_STR(note, "title"), TU_STR("License"))) {
		found = note;
		count++;
	}
	if (count != 1)
		tu_csaf_fail(csaf, csaf->document, "notes",
			"a licence that is on no list needs one note titled \"License\"; there are "
			"%zu",
			count);
	else if (!tu_str_eq(TU_JSON_STR(found, "category"), TU_STR("legal_disclaimer")))
		tu_csaf_fail(csaf, found, "category",
			"the category of \"License\" is "
			"legal_disclaimer");
}

/* ---- extensions ---- */

static const char *const extension_places[] = {
	"x_extensions/*",
	"document/x_extensions/*",
	"vulnerabilities/*/x_extensions/*",
	"vulnerabilities/*/metrics/*/content/x_extensions/*",
};

static void check_extension(struct tu_csaf *csaf, struct tu_json value, void *context)
{
	(void)context;
	tu_csaf_check_extension(csaf, value);
}

TU_CSAF_TEST(6_1_60_1)
{
	for (size_t i = 0; i < TU_COUNT(extension_places); i++)
		tu_csaf_each(csaf, csaf->root, extension_places[i], check_extension, NULL);
	for (size_t i = 0; i < csaf->product_tree.products.count; i++)
		tu_csaf_each(csaf, csaf->product_tree.products.at[i].value, "x_extensions/*",
			check_extension, NULL);
}
