#include "vex/cve_request.h"

#include "base/utf8.h"

/* Of the schema. */
enum { TITLE_MAX = 256, WORDS_MAX = 4096, URL_MAX = 2048, VERSION_MAX = 1024, NAME_MAX = 512 };
enum { MISSING_MAX = 12 };

struct writing {
	const struct tu_cve_request *of;
	struct tu_json_writer *json;
	struct {
		const char *member, *why;
	} missing[MISSING_MAX];
	size_t missing_count;
};

static void misses(struct writing *w, const char *member, const char *why)
{
	if (w->missing_count == MISSING_MAX)
		return;
	w->missing[w->missing_count].member = member;
	w->missing[w->missing_count++].why = why;
}

/* Is there a text that fits, and that says nothing of how to reach somebody? */
static bool may_say(const struct writing *w, struct tu_str text, size_t max)
{
	struct tu_str reporter = tu_str_trim(w->of->reporter);

	if (!tu_str_trim(text).len || text.len > max || tu_utf8_invalid_at(text) < text.len ||
		tu_str_find(text, '@') < text.len)
		return false;
	for (size_t i = 0; reporter.len && i + reporter.len <= text.len; i++)
		if (tu_str_ieq((struct tu_str){text.ptr + i, reporter.len}, reporter))
			return false;
	return true;
}

static void add_words(struct writing *w, struct tu_str value)
{
	tu_json_open_object(w->json);
	tu_json_member_str(w->json, "lang", TU_STR("en"));
	tu_json_member_str(w->json, "value", value);
	tu_json_close_object(w->json);
}

static void add_descriptions(struct writing *w)
{
	bool said = may_say(w, w->of->title, WORDS_MAX);

	if (said && w->of->title.len <= TITLE_MAX)
		tu_json_member_str(w->json, "title", w->of->title);
	misses(w, "containers.cna.descriptions",
		said ? "there is no more than the title: what it is, where, what it leads to and "
		       "by whom, in English"
		     : "no title can be used: what it is, where, what it leads to and by whom, in "
		       "English");
	if (!said)
		return;
	tu_json_key(w->json, "descriptions");
	tu_json_open_array(w->json);
	add_words(w, w->of->title);
	tu_json_close_array(w->json);
}

/* ---- what is affected ---- */

static void add_versions(struct writing *w, const struct tu_cve_product *product)
{
	static const char *const words[] = {"unknown", "affected", "unaffected"};

	tu_json_key(w->json, "versions");
	tu_json_open_array(w->json);
	for (size_t i = 0; i < product->version_count; i++) {
		const struct tu_cve_version *one = &product->versions[i];

		if (!one->version.len || one->version.len > VERSION_MAX)
			continue;
		tu_json_open_object(w->json);
		tu_json_member_str(w->json, "version", one->version);
		tu_json_member_str(w->json, "status", tu_str_c(words[one->status]));
		tu_json_close_object(w->json);
	}
	tu_json_close_array(w->json);
}

static bool is_product(const struct tu_cve_product *product)
{
	return product->vendor.len && product->vendor.len <= NAME_MAX && product->product.len &&
		product->product.len <= VERSION_MAX * 2;
}

static void add_affected(struct writing *w)
{
	bool any = false, undecided = false;

	for (size_t i = 0; i < w->of->product_count; i++) {
		const struct tu_cve_product *product = &w->of->products[i];

		any = any || is_product(product);
		undecided = undecided || !product->version_count;
		for (size_t k = 0; k < product->version_count; k++)
			undecided = undecided || product->versions[k].status == TU_CVE_UNKNOWN;
	}
	if (!any) {
		misses(w, "containers.cna.affected", "no device is known");
		return;
	}
	if (undecided)
		misses(w, "containers.cna.affected.versions",
			"of releases that are unknown here nothing is decided");
	tu_json_key(w->json, "affected");
	tu_json_open_array(w->json);
	for (size_t i = 0; i < w->of->product_count; i++) {
		const struct tu_cve_product *product = &w->of->products[i];

		if (!is_product(product))
			continue;
		tu_json_open_object(w->json);
		tu_json_member_str(w->json, "vendor", product->vendor);
		tu_json_member_str(w->json, "product", product->product);
		tu_json_member_str(w->json, "defaultStatus", TU_STR("unknown"));
		if (product->version_count)
			add_versions(w, product);
		tu_json_close_object(w->json);
	}
	tu_json_close_array(w->json);
}

/* ---- weaknesses, scores, references, thanks ---- */

static bool is_cwe(struct tu_str text)
{
	struct tu_str number = tu_str_from(text, 4);

	if (!tu_str_starts(text, TU_STR("CWE-")) || !number.len || number.ptr[0] == '0')
		return false;
	for (size_t i = 0; i < number.len; i++)
		if (!tu_char_is_digit(number.ptr[i]))
			return false;
	return true;
}

static bool is_first_cwe(const struct tu_cve_request *of, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tu_str_eq(of->cwes[i], of->cwes[at]))
			return false;
	return is_cwe(of->cwes[at]);
}

static void add_cwe(struct writing *w, struct tu_str cwe)
{
	tu_json_open_object(w->json);
	tu_json_key(w->json, "descriptions");
	tu_json_open_array(w->json);
	tu_json_open_object(w->json);
	tu_json_member_str(w->json, "lang", TU_STR("en"));
	tu_json_member_str(w->json, "description", cwe);
	tu_json_member_str(w->json, "cweId", cwe);
	tu_json_member_str(w->json, "type", TU_STR("CWE"));
	tu_json_close_object(w->json);
	tu_json_close_array(w->json);
	tu_json_close_object(w->json);
}

static void add_weaknesses(struct writing *w)
{
	bool any = false;

	for (size_t i = 0; i < w->of->cwe_count; i++) {
		if (!is_first_cwe(w->of, i))
			continue;
		if (!any) {
			tu_json_key(w->json, "problemTypes");
			tu_json_open_array(w->json);
		}
		any = true;
		add_cwe(w, w->of->cwes[i]);
	}
	if (any)
		tu_json_close_array(w->json);
	else
		misses(w, "containers.cna.problemTypes", "no CWE is stated");
}

static const struct {
	enum tu_cvss_version version;
	const char *key, *word;
} kinds[] = {{TU_CVSS_4_0, "cvssV4_0", "4.0"}, {TU_CVSS_3_1, "cvssV3_1", "3.1"},
	{TU_CVSS_3_0, "cvssV3_0", "3.0"}};

static struct tu_str severity_of(uint8_t tenths)
{
	return tenths == 0    ? TU_STR("NONE")
		: tenths < 40 ? TU_STR("LOW")
		: tenths < 70 ? TU_STR("MEDIUM")
		: tenths < 90 ? TU_STR("HIGH")
			      : TU_STR("CRITICAL");
}

/* The first of a version that has a vector and its score. */
static const struct tu_score *score_of(
	const struct tu_cve_request *of, enum tu_cvss_version version)
{
	for (size_t i = 0; i < of->score_count; i++)
		if (of->scores[i].version == version && of->scores[i].vector.len &&
			of->scores[i].base_tenths <= 100)
			return &of->scores[i];
	return NULL;
}

static void add_metrics(struct writing *w)
{
	bool any = false;

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		const struct tu_score *score = score_of(w->of, kinds[i].version);

		if (!score)
			continue;
		if (!any) {
			tu_json_key(w->json, "metrics");
			tu_json_open_array(w->json);
		}
		any = true;
		tu_json_open_object(w->json);
		tu_json_member_str(w->json, "format", TU_STR("CVSS"));
		tu_json_key(w->json, kinds[i].key);
		tu_json_open_object(w->json);
		tu_json_member_str(w->json, "version", tu_str_c(kinds[i].word));
		tu_json_member_str(w->json, "vectorString", score->vector);
		tu_json_key(w->json, "baseScore");
		tu_json_add_number(w->json, score->base_tenths / 10.0);
		tu_json_member_str(w->json, "baseSeverity", severity_of(score->base_tenths));
		tu_json_close_object(w->json);
		tu_json_close_object(w->json);
	}
	if (any)
		tu_json_close_array(w->json);
	else
		misses(w, "containers.cna.metrics", "no CVSS vector with its score is stated");
}

static bool is_url(struct tu_str url)
{
	for (size_t i = 0; i < url.len; i++)
		if (url.ptr[i] <= ' ' || url.ptr[i] == '"' || url.ptr[i] == '<' ||
			url.ptr[i] == '>')
			return false;
	return url.len <= URL_MAX &&
		(tu_str_starts(url, TU_STR("https://")) || tu_str_starts(url, TU_STR("http://")));
}

static bool is_first_url(const struct tu_cve_request *of, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tu_str_eq(of->references[i].url, of->references[at].url))
			return false;
	return is_url(of->references[at].url);
}

static void add_references(struct writing *w)
{
	bool any = false;

	for (size_t i = 0; i < w->of->reference_count; i++) {
		if (!is_first_url(w->of, i))
			continue;
		if (!any) {
			tu_json_key(w->json, "references");
			tu_json_open_array(w->json);
		}
		any = true;
		tu_json_open_object(w->json);
		tu_json_member_str(w->json, "url", w->of->references[i].url);
		tu_json_close_object(w->json);
	}
	if (any)
		tu_json_close_array(w->json);
	else
		misses(w, "containers.cna.references", "no address of an advisory is known");
}

static void add_credits(struct writing *w)
{
	if (!w->of->credit.len)
		return;
	if (!may_say(w, w->of->credit, WORDS_MAX)) {
		misses(w, "containers.cna.credits",
			"whom to thank has a contact in it: ask them for the words");
		return;
	}
	tu_json_key(w->json, "credits");
	tu_json_open_array(w->json);
	add_words(w, w->of->credit);
	tu_json_close_array(w->json);
}

/* ---- the whole ---- */

/* CVE-YYYY-N…, four digits or more. */
static bool is_cve(struct tu_str id)
{
	enum { YEAR = 4, NUMBER = 9, NUMBER_MIN = 4, NUMBER_MAX = 19 };

	if (!tu_str_starts(id, TU_STR("CVE-")) || id.len < NUMBER + NUMBER_MIN ||
		id.len > NUMBER + NUMBER_MAX || id.ptr[NUMBER - 1] != '-')
		return false;
	for (size_t i = YEAR; i < id.len; i++)
		if (i != NUMBER - 1 && !tu_char_is_digit(id.ptr[i]))
			return false;
	return true;
}

static void add_metadata(struct writing *w)
{
	tu_json_key(w->json, "cveMetadata");
	tu_json_open_object(w->json);
	if (is_cve(w->of->id))
		tu_json_member_str(w->json, "cveId", w->of->id);
	else
		misses(w, "cveMetadata.cveId", "the CNA gives it");
	tu_json_member_str(w->json, "state", TU_STR("PUBLISHED"));
	tu_json_close_object(w->json);
	misses(w, "cveMetadata.assignerOrgId", "the CNA's own");
	misses(w, "containers.cna.providerMetadata", "the CNA's own");
}

static void add_missing(struct writing *w)
{
	tu_json_key(w->json, "missing");
	tu_json_open_array(w->json);
	for (size_t i = 0; i < w->missing_count; i++) {
		tu_json_open_object(w->json);
		tu_json_member_str(w->json, "member", tu_str_c(w->missing[i].member));
		tu_json_member_str(w->json, "why", tu_str_c(w->missing[i].why));
		tu_json_close_object(w->json);
	}
	tu_json_close_array(w->json);
}

void tu_cve_request_write(const struct tu_cve_request *request, struct tu_json_writer *json)
{
	struct writing w = {.of = request, .json = json};

	tu_json_open_object(json);
	tu_json_key(json, "record");
	tu_json_open_object(json);
	tu_json_member_str(json, "dataType", TU_STR("CVE_RECORD"));
	tu_json_member_str(json, "dataVersion", TU_STR("5.1"));
	add_metadata(&w);
	tu_json_key(json, "containers");
	tu_json_open_object(json);
	tu_json_key(json, "cna");
	tu_json_open_object(json);
	add_descriptions(&w);
	add_affected(&w);
	add_weaknesses(&w);
	add_metrics(&w);
	add_references(&w);
	add_credits(&w);
	tu_json_close_object(json);
	tu_json_close_object(json);
	tu_json_close_object(json);
	add_missing(&w);
	tu_json_close_object(json);
}
