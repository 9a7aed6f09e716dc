/*
 * ruby-advisory-db (https://github.com/rubysec/ruby-advisory-db), its YAML as JSON. A version is
 * affected unless a requirement of "patched_versions" or "unaffected_versions" contains it.
 */
#include "advisory/reader.h"

/* What is no gem: implementations of the language and its package manager. */
static const struct {
	struct tu_str name;
	struct tu_str vendor;
	struct tu_str product;
} programs[] = {
	{TU_STR_INIT("ruby"), TU_STR_INIT("ruby-lang"), TU_STR_INIT("ruby")},
	{TU_STR_INIT("jruby"), TU_STR_INIT("jruby"), TU_STR_INIT("jruby")},
	{TU_STR_INIT("rubygems"), TU_STR_INIT("rubygems"), TU_STR_INIT("rubygems")},
	{TU_STR_INIT("mruby"), TU_STR_INIT("mruby"), TU_STR_INIT("mruby")},
	{TU_STR_INIT("mrubyc"), TU_STR_INIT("mrubyc"), TU_STR_INIT("mrubyc")},
	{TU_STR_INIT("rbx"), TU_STR_INIT("rubinius"), TU_STR_INIT("rubinius")},
};

static bool add_ranges(struct tu_advisory_reader *r, struct tu_json item, bool patched,
	struct tu_versions *versions)
{
	const struct tu_range *range;
	enum tu_status status = tu_range_parse_native(
		r->arena, versions->scheme, tu_advisory__version(r, item), &range, NULL);

	if (status == TU_E_NOMEM)
		return false;
	if (status) {
		tu_advisory__problem(r, item, "not a requirement of versions");
		/* What would have cleared versions is not known: those that nothing else clears
		 * stay open. */
		versions->otherwise = TU_COVERAGE_UNKNOWN;
		return true;
	}
	for (size_t i = 0; i < range->count; i++) {
		struct tu_span span = {TU_COVERAGE_UNAFFECTED, range->intervals[i]};

		if (patched && versions->fixed.len == 0)
			versions->fixed = span.interval.lo.text;
		if (!tu_advisory__add_span(r, &span))
			return false;
	}
	return true;
}

static bool read_versions(
	struct tu_advisory_reader *r, struct tu_json record, struct tu_versions *versions)
{
	static const struct {
		struct tu_str key;
		bool patched;
	} lists[] = {{TU_STR_INIT("patched_versions"), true},
		{TU_STR_INIT("unaffected_versions"), false}};

	versions->otherwise = TU_COVERAGE_AFFECTED;
	for (size_t i = 0; i < TU_COUNT(lists); i++) {
		struct tu_json list = tu_json_get(record, lists[i].key);
		struct tu_json_iter iter = tu_json_iter(list);
		struct tu_json item;

		if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
			tu_advisory__problem(r, list, "not an array");
		while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
			if (!add_ranges(r, item, lists[i].patched, versions))
				return false;
		}
	}
	return tu_advisory__take_spans(r, versions);
}

static bool add_program(struct tu_advisory_reader *r, struct tu_json record, struct tu_str name)
{
	struct tu_affected_product product = {
		.vulnerable = true, .versions = {.scheme = TU_SCHEME_GEM}};
	size_t i = 0;

	while (i < TU_COUNT(programs) && !tu_str_eq(programs[i].name, name))
		i++;
	if (i == TU_COUNT(programs)) {
		tu_advisory__problem(r, record, "neither a gem nor a program that is known");
		return true;
	}
	tu_advisory__cpe_any(&product.cpe);
	product.cpe.attr[TU_CPE_PART] = TU_STR("a");
	product.cpe.attr[TU_CPE_VENDOR] = programs[i].vendor;
	product.cpe.attr[TU_CPE_PRODUCT] = programs[i].product;
	return read_versions(r, record, &product.versions) && tu_advisory__add_product(r, &product);
}

static bool add_affected(struct tu_advisory_reader *r, struct tu_json record)
{
	struct tu_str gem = tu_advisory__text(r, tu_json_get(record, TU_STR("gem")), ADV_NAME_MAX);
	struct tu_affected_package package = {.type = TU_STR("gem"), .name = gem};
	struct tu_str name = TU_JSON_STR(record, "engine");

	if (name.len == 0)
		name = TU_JSON_STR(record, "library");
	r->draft.advisory.database = gem.len ? gem : name;
	if (gem.len == 0)
		return add_program(r, record, name);
	package.versions.scheme = TU_SCHEME_GEM;
	return read_versions(r, record, &package.versions) && tu_advisory__add_package(r, &package);
}

/* "cve": "2014-2322", "ghsa": "hgmw-…", "osvdb": 104365 */
static bool composed(
	struct tu_advisory_reader *r, const char *prefix, struct tu_json value, struct tu_str *out)
{
	struct tu_str text = tu_str_first(tu_json_str(value), ADV_ID_MAX);
	uint64_t number = 0;

	*out = (struct tu_str){"", 0};
	tu_buf_clear(&r->text);
	tu_buf_c(&r->text, prefix);
	if (text.len)
		tu_buf_str_add(&r->text, text);
	else if (tu_json_u64(value, UINT64_MAX, &number))
		tu_buf_printf(&r->text, "%llu", (unsigned long long)number);
	else
		return true;
	return tu_advisory__copy_text(r, out);
}

/* The first id of those that it has names it, the others are aliases. */
static bool read_ids(struct tu_advisory_reader *r, struct tu_json record)
{
	static const struct {
		struct tu_str key;
		const char *prefix;
	} kinds[] = {{TU_STR_INIT("cve"), "CVE-"}, {TU_STR_INIT("ghsa"), "GHSA-"},
		{TU_STR_INIT("osvdb"), "OSVDB-"}};

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		struct tu_str id;

		if (!composed(r, kinds[i].prefix, tu_json_get(record, kinds[i].key), &id))
			return false;
		if (!tu_advisory__is_id(id))
			continue;
		if (r->draft.advisory.id.len == 0)
			r->draft.advisory.id = id;
		else if (!TU_VEC_PUSH(&r->draft.aliases, id))
			return false;
	}
	return true;
}

/* 9.8, or in YAML "9.8": 98. False for what is no score. */
static bool read_tenths(struct tu_json value, uint8_t *out_tenths)
{
	struct tu_str text = tu_json_str(value);
	struct tu_str whole = tu_str_first(text, tu_str_find(text, '.'));
	uint64_t units, tenths = 0;
	double base;

	if (tu_json_number(value, &base)) {
		*out_tenths = base >= 0 && base <= 10 ? (uint8_t)(base * 10 + 0.5) : 0xff;
		return *out_tenths != 0xff;
	}
	if (!tu_str_to_u64(whole, 10, &units) ||
		(whole.len < text.len &&
			!tu_str_to_u64(tu_str_from(text, whole.len + 1), 9, &tenths)))
		return false;
	*out_tenths = (uint8_t)(units * 10 + tenths);
	return *out_tenths <= 100;
}

static bool read_scores(struct tu_advisory_reader *r, struct tu_json record)
{
	static const struct {
		struct tu_str key;
		enum tu_cvss_version version;
	} kinds[] = {{TU_STR_INIT("cvss_v2"), TU_CVSS_2}, {TU_STR_INIT("cvss_v3"), TU_CVSS_3_1},
		{TU_STR_INIT("cvss_v4"), TU_CVSS_4_0}};

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		struct tu_score score = {.version = kinds[i].version, .scorer = TU_STR("RubySec")};

		if (!read_tenths(tu_json_get(record, kinds[i].key), &score.base_tenths))
			continue;
		if (!tu_advisory__add_score(r, score))
			return false;
	}
	return true;
}

static bool read_record(struct tu_advisory_reader *r, struct tu_json record)
{
	struct tu_json date = tu_json_get(record, TU_STR("date"));

	r->draft.advisory.title = tu_advisory__title(TU_JSON_STR(record, "title"));
	r->draft.advisory.published = tu_advisory__time(r, date);
	r->draft.advisory.modified = r->draft.advisory.published;
	return add_affected(r, record) && read_scores(r, record) &&
		tu_advisory__add_reference(
			r, tu_json_get(record, TU_STR("url")), (struct tu_str){"", 0});
}

enum tu_status tu_advisory__rubysec(
	struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	tu_advisory__begin_record(r, record, (struct tu_str){"", 0}, line);
	tu_advisory__begin(r, TU_SOURCE_RUBYSEC);
	if (!read_ids(r, record))
		return tu_advisory__no_memory(r);
	if (r->draft.advisory.id.len == 0) {
		tu_advisory__skip(r, record, "a record without a usable id");
		return TU_OK;
	}
	r->id = r->draft.advisory.id;
	if (!read_record(r, record))
		return tu_advisory__no_memory(r);
	r->summary->records++;
	return tu_advisory__emit(r);
}
