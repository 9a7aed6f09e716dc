/*
 * FriendsOfPHP's security advisories (https://github.com/FriendsOfPHP/security-advisories), their
 * YAML as JSON: a Composer package and its branches, each with constraints that hold together.
 */
#include "advisory/reader.h"

/* Composer takes "<1.2" to end before the first pre-release: "1.2-dev". The version is 1.2. */
static struct tu_str without_dev(struct tu_str version)
{
	if (tu_str_ends(version, TU_STR("-dev")))
		version.len -= 4;
	return version;
}

/* One branch: [">=2.2", "<2.2.10"]. Constraints joined by a comma are one Composer requirement. */
static bool read_branch(
	struct tu_advisory_reader *r, struct tu_json branch, struct tu_versions *versions)
{
	struct tu_json list = tu_json_get(branch, TU_STR("versions"));
	struct tu_json_iter iter = tu_json_iter(list);
	const struct tu_range *range;
	enum tu_status status;
	struct tu_json item;
	struct tu_str text;

	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, tu_str_first(tu_json_str(list), TU_VERSION_MAX));
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &item)) {
		if (r->text.len)
			tu_buf_byte(&r->text, ',');
		tu_buf_str_add(&r->text, tu_advisory__version(r, item));
	}
	if (!tu_advisory__copy_text(r, &text))
		return false;
	status = tu_range_parse_native(r->arena, TU_SCHEME_COMPOSER, text, &range, NULL);
	if (status == TU_E_NOMEM)
		return false;
	if (status) {
		tu_advisory__problem(r, branch, "not constraints of versions");
		versions->otherwise = TU_COVERAGE_UNKNOWN;
		return true;
	}
	for (size_t i = 0; i < range->count; i++) {
		struct tu_span span = {TU_COVERAGE_AFFECTED, range->intervals[i]};

		if (!span.interval.hi.inclusive && versions->fixed.len == 0)
			versions->fixed = without_dev(span.interval.hi.text);
		if (!tu_advisory__add_span(r, &span))
			return false;
	}
	return true;
}

static bool read_branches(struct tu_advisory_reader *r, struct tu_json record, struct tu_str name)
{
	struct tu_json_iter iter = tu_json_iter(tu_json_get(record, TU_STR("branches")));
	const struct adv_ecosystem *composer = tu_advisory__ecosystem_of_type(TU_STR("composer"));
	struct tu_affected_package package = {
		.versions = {.scheme = TU_SCHEME_COMPOSER, .otherwise = TU_COVERAGE_UNAFFECTED}};
	struct tu_str key;
	struct tu_json branch;
	bool fine;

	if (!composer || !tu_advisory__ecosystem_name(r, composer, name, &package, &fine))
		return false;
	if (!fine) {
		tu_advisory__problem(
			r, tu_json_get(record, TU_STR("reference")), "not a package name");
		return true;
	}
	while (tu_json_next_member(&iter, &key, &branch)) {
		if (!read_branch(r, branch, &package.versions))
			return false;
	}
	return tu_advisory__take_spans(r, &package.versions) &&
		tu_advisory__add_package(r, &package);
}

/* Without a CVE the path of the file is all that names it: "symfony/http-kernel/2015-1.yaml". */
static bool own_id(struct tu_advisory_reader *r, struct tu_json record, struct tu_str *out_id)
{
	struct tu_str path = tu_str_first(TU_JSON_STR(record, "path"), ADV_ID_MAX - 8);

	if (tu_str_ends(path, TU_STR(".yaml")))
		path.len -= 5;
	tu_buf_clear(&r->text);
	tu_buf_c(&r->text, "FOP-");
	for (size_t i = 0; i < path.len; i++)
		tu_buf_byte(&r->text, tu_char_is_space(path.ptr[i]) ? '-' : path.ptr[i]);
	return tu_advisory__copy_text(r, out_id);
}

enum tu_status tu_advisory__friendsofphp(
	struct tu_advisory_reader *r, struct tu_json record, size_t line)
{
	struct tu_str id = TU_JSON_STR(record, "cve");
	struct tu_str name = TU_JSON_STR(record, "reference");
	struct tu_json reference = tu_json_get(record, TU_STR("reference"));

	tu_advisory__begin_record(r, record, (struct tu_str){"", 0}, line);
	if (!tu_advisory__is_cve_id(id) && !own_id(r, record, &id))
		return tu_advisory__no_memory(r);
	r->id = id;
	if (!tu_advisory__is_id(id) || id.len <= 4 || name.len > ADV_NAME_MAX ||
		!tu_str_skip(&name, TU_STR("composer://"))) {
		tu_advisory__skip(r, reference, "a record without a usable id or package");
		return TU_OK;
	}
	tu_advisory__begin(r, TU_SOURCE_FRIENDSOFPHP);
	r->draft.advisory.database = name;
	r->draft.advisory.title = tu_advisory__title(TU_JSON_STR(record, "title"));
	if (!read_branches(r, record, name) ||
		!tu_advisory__add_reference(
			r, tu_json_get(record, TU_STR("link")), (struct tu_str){"", 0}))
		return tu_advisory__no_memory(r);
	r->summary->records++;
	return tu_advisory__emit(r);
}
