/*
 * "versions" of a CVE record's affected item: rows of one version or of a range, with changes of
 * status inside it.
 */
#include "advisory/cve5.h"

#include "ident/distro_marks.h"

enum tu_scheme tu_advisory__cve5_scheme(struct tu_str version_type, bool *out_commits)
{
	static const struct {
		struct tu_str word;
		enum tu_scheme scheme;
		bool commits;
	} types[] = {
		{TU_STR_INIT("semver"), TU_SCHEME_SEMVER, false},
		{TU_STR_INIT("sem"), TU_SCHEME_SEMVER, false},
		{TU_STR_INIT("custom"), TU_SCHEME_GENERIC, false},
		{TU_STR_INIT("original_commit_for_fix"), TU_SCHEME_KERNEL, false},
		{TU_STR_INIT("git"), TU_SCHEME_NONE, true},
		{TU_STR_INIT("commit"), TU_SCHEME_NONE, true},
		{TU_STR_INIT("maven"), TU_SCHEME_MAVEN, false},
		{TU_STR_INIT("python"), TU_SCHEME_PYPI, false},
		{TU_STR_INIT("pep440"), TU_SCHEME_PYPI, false},
		{TU_STR_INIT("rpm"), TU_SCHEME_RPM, false},
		{TU_STR_INIT("deb"), TU_SCHEME_DEB, false},
		{TU_STR_INIT("dpkg"), TU_SCHEME_DEB, false},
		{TU_STR_INIT("apk"), TU_SCHEME_APK, false},
		{TU_STR_INIT("npm"), TU_SCHEME_NPM, false},
		{TU_STR_INIT("nuget"), TU_SCHEME_NUGET, false},
		{TU_STR_INIT("rubygems"), TU_SCHEME_GEM, false},
		{TU_STR_INIT("gem"), TU_SCHEME_GEM, false},
		{TU_STR_INIT("go"), TU_SCHEME_GOLANG, false},
		{TU_STR_INIT("cargo"), TU_SCHEME_CARGO, false},
		{TU_STR_INIT("composer"), TU_SCHEME_COMPOSER, false},
	};

	*out_commits = false;
	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_ieq(types[i].word, version_type)) {
			*out_commits = types[i].commits;
			return types[i].scheme;
		}
	}
	return TU_SCHEME_GENERIC;
}

static bool is_commit(struct tu_str text)
{
	if (text.len != 40)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (!tu_char_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return true;
}

/* ---- rows ---- */

struct row {
	struct tu_json at;
	enum tu_coverage coverage;
	struct tu_str version;
	struct tu_str limit; /* lessThan or lessThanOrEqual; empty: one version */
	bool inclusive;
	struct tu_json changes;
};

struct rows {
	enum tu_scheme scheme;
	struct tu_str fixed;
	bool default_affected;
	bool has_commits;
	bool has_versions;
	bool writes_before; /* whose "X, lessThan X" means "before X" … */
	bool before_only; /* … and who wrote one */
	size_t empty; /* affected ranges without anything in them */
	size_t others; /* all other rows */
};

static enum tu_coverage read_status(struct tu_advisory_reader *r, struct tu_json value)
{
	static const struct {
		struct tu_str word;
		enum tu_coverage coverage;
	} statuses[] = {
		{TU_STR_INIT("affected"), TU_COVERAGE_AFFECTED},
		{TU_STR_INIT("unaffected"), TU_COVERAGE_UNAFFECTED},
		{TU_STR_INIT("unknown"), TU_COVERAGE_UNKNOWN},
	};

	for (size_t i = 0; i < TU_COUNT(statuses); i++) {
		if (tu_str_ieq(tu_json_str(value), statuses[i].word))
			return statuses[i].coverage;
	}
	if (tu_json_type(value) > TU_JSON_NULL)
		tu_advisory__problem(r, value, "not a status");
	return TU_COVERAGE_UNKNOWN;
}

/* "<= 4.4.11" in the place of an end says twice what the key says. */
static struct tu_str without_comparator(struct tu_str text)
{
	while (text.len &&
		(text.ptr[0] == '<' || text.ptr[0] == '>' || text.ptr[0] == '=' ||
			text.ptr[0] == ' '))
		text = tu_str_from(text, 1);
	return text;
}

static struct row read_row(struct tu_advisory_reader *r, struct tu_json object)
{
	struct row row = {.at = object, .inclusive = false};
	struct tu_json less = tu_json_get(object, TU_STR("lessThan"));
	struct tu_json or_equal = tu_json_get(object, TU_STR("lessThanOrEqual"));

	row.coverage = read_status(r, tu_json_get(object, TU_STR("status")));
	row.version = tu_advisory__version(r, tu_json_get(object, TU_STR("version")));
	row.limit = without_comparator(tu_advisory__version(r, less));
	if (row.limit.len == 0) {
		row.limit = without_comparator(tu_advisory__version(r, or_equal));
		row.inclusive = row.limit.len > 0;
	}
	if (tu_advisory__says_nothing(row.limit))
		row.limit = (struct tu_str){"", 0};
	row.changes = tu_json_get(object, TU_STR("changes"));
	return row;
}

static bool add_span(struct tu_advisory_reader *r, enum tu_coverage coverage, struct tu_bound lo,
	struct tu_bound hi)
{
	struct tu_span span = {coverage, {lo, hi}};

	return tu_advisory__add_span(r, &span);
}

static struct tu_bound below(struct tu_bound bound)
{
	bound.inclusive = false;
	return bound;
}

/* A range, cut where its status changes. */
static bool add_range(struct tu_advisory_reader *r, struct rows *rows, const struct row *row)
{
	struct tu_json_iter iter = tu_json_iter(row->changes);
	enum tu_coverage coverage = row->coverage;
	struct tu_bound lo, hi, at;
	struct tu_json change;
	bool commits;

	if (!tu_advisory__cve5_low(r, rows->scheme, without_comparator(row->version), true, &lo) ||
		!tu_advisory__cve5_high(r, rows->scheme, row->limit, row->inclusive, &hi))
		return false;
	while (tu_json_is_array(row->changes) && tu_json_next_item(&iter, &change)) {
		struct tu_str version = tu_advisory__version(r, tu_json_get(change, TU_STR("at")));

		commits = tu_str_find(version, ' ') < version.len || is_commit(version);
		if (version.len == 0 || commits)
			continue;
		if (!tu_advisory__bound(r, rows->scheme, version, true, &at) ||
			!add_span(r, coverage, lo, below(at)))
			return false;
		coverage = read_status(r, tu_json_get(change, TU_STR("status")));
		if (coverage == TU_COVERAGE_UNAFFECTED && rows->fixed.len == 0)
			rows->fixed = version;
		lo = at;
	}
	return add_span(r, coverage, lo, hi);
}

/* "1.2*" may begin 1.25 as well: left open. "1.0*" begins no other number. */
static bool add_longer_numbers(
	struct tu_advisory_reader *r, const struct rows *rows, const struct row *row)
{
	struct tu_span span = {.coverage = TU_COVERAGE_UNKNOWN};
	struct tu_str stem = row->version;
	struct tu_str text;
	size_t at;

	if (row->coverage != TU_COVERAGE_AFFECTED || !tu_str_ends(stem, TU_STR("*")))
		return true;
	stem.len--;
	at = stem.len;
	while (at && tu_char_is_digit(stem.ptr[at - 1]))
		at--;
	if (at == stem.len || stem.ptr[at] == '0')
		return true;
	tu_buf_clear(&r->text);
	tu_buf_printf(&r->text, "%.*s0", TU_STR_FMT(stem));
	if (!tu_advisory__copy_text(r, &text) ||
		!tu_advisory__bound(r, rows->scheme, text, true, &span.interval.lo))
		return false;
	tu_buf_clear(&r->text);
	tu_buf_printf(&r->text, "%.*s9.*", TU_STR_FMT(stem));
	return tu_advisory__copy_text(r, &text) &&
		tu_advisory__cve5_high(r, rows->scheme, text, true, &span.interval.hi) &&
		tu_advisory__add_span(r, &span);
}

/* One version, or words in its place. */
static bool add_single(struct tu_advisory_reader *r, struct rows *rows, const struct row *row)
{
	struct tu_span span = {.coverage = row->coverage};
	bool done;

	if (tu_advisory__says_all(row->version))
		return tu_advisory__add_span(r, &span);
	if (!tu_advisory__cve5_range_words(r, rows->scheme, row->version, &span.interval, &done))
		return false;
	if (!done && !tu_advisory__single(r, rows->scheme, row->version, &span.interval))
		return false;
	if (rows->fixed.len == 0 && row->coverage == TU_COVERAGE_AFFECTED &&
		span.interval.hi.text.len && !span.interval.hi.inclusive)
		rows->fixed = span.interval.hi.text;
	return tu_advisory__add_span(r, &span) && add_longer_numbers(r, rows, row);
}

bool tu_advisory__cve5_words(struct tu_advisory_reader *r, enum tu_scheme scheme,
	struct tu_str words, enum tu_coverage coverage, struct tu_str *out_fixed)
{
	struct rows rows = {.scheme = scheme, .fixed = *out_fixed};
	struct row row = {.coverage = coverage, .version = words};
	bool ok = add_single(r, &rows, &row);

	*out_fixed = rows.fixed;
	return ok;
}

/* The first fixed version: where an affected range ends, or, where everything is affected by
 * default, where an unaffected one begins. */
static void note_fixed(struct rows *rows, const struct row *row)
{
	bool wild = row->limit.len && row->limit.ptr[row->limit.len - 1] == '*';

	if (rows->fixed.len || row->limit.len == 0)
		return;
	if (row->coverage == TU_COVERAGE_AFFECTED && !row->inclusive && !wild && !row->changes.doc)
		rows->fixed = row->limit;
	if (row->coverage == TU_COVERAGE_UNAFFECTED && rows->default_affected && wild &&
		!tu_advisory__says_nothing(row->version) && !tu_str_eq(row->version, TU_STR("0")))
		rows->fixed = row->version;
}

static bool row_is_commit(struct tu_json object)
{
	bool commits;

	(void)tu_advisory__cve5_scheme(TU_JSON_STR(object, "versionType"), &commits);
	return commits || is_commit(TU_JSON_STR(object, "version"));
}

/* Google's records write the fixed version at both ends, which is no version by the schema. */
static void read_before(struct rows *rows, struct row *row)
{
	if (!rows->writes_before || row->coverage != TU_COVERAGE_AFFECTED || row->inclusive ||
		row->limit.len == 0 || !tu_str_eq(row->version, row->limit))
		return;
	row->version = TU_STR("0");
	rows->before_only = true;
}

/* "version X, lessThan X": by the schema nothing, but whoever wrote it meant something, and most
 * likely "before X". What is before X is left open; X and what is after it is neither. */
static bool add_empty(
	struct tu_advisory_reader *r, struct rows *rows, const struct row *row, bool *out_done)
{
	struct tu_span span = {.coverage = TU_COVERAGE_UNKNOWN};
	struct tu_bound lo;

	*out_done = false;
	if (row->coverage != TU_COVERAGE_AFFECTED || row->inclusive || row->limit.len == 0 ||
		row->changes.doc)
		return true;
	if (!tu_advisory__cve5_low(r, rows->scheme, without_comparator(row->version), true, &lo) ||
		!tu_advisory__cve5_high(r, rows->scheme, row->limit, false, &span.interval.hi))
		return false;
	if (lo.key.len == 0 || !tu_str_eq(lo.key, span.interval.hi.key))
		return true;
	*out_done = true;
	rows->empty++;
	return rows->default_affected || tu_advisory__add_span(r, &span);
}

static bool add_row(struct tu_advisory_reader *r, struct rows *rows, struct tu_json object)
{
	struct row row;
	bool empty;

	if (!tu_json_is_object(object)) {
		tu_advisory__problem(r, object, "not an object");
		return true;
	}
	if (row_is_commit(object)) {
		rows->has_commits = true;
		return true;
	}
	row = read_row(r, object);
	if (row.limit.len == 0 && tu_advisory__says_nothing(row.version))
		return true;
	rows->has_versions = true;
	read_before(rows, &row);
	if (!add_empty(r, rows, &row, &empty))
		return false;
	if (empty)
		return true;
	rows->others++;
	note_fixed(rows, &row);
	return row.limit.len ? add_range(r, rows, &row) : add_single(r, rows, &row);
}

static bool add_rows(struct tu_advisory_reader *r, struct rows *rows, struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json object;

	r->draft.spans.count = 0;
	rows->fixed = (struct tu_str){"", 0};
	rows->empty = rows->others = 0;
	while (tu_json_is_array(list) && tu_json_next_item(&iter, &object)) {
		if (!add_row(r, rows, object))
			return false;
	}
	return true;
}

/* The scheme that the rows of versions agree in; where they do not, the generic one. */
static enum tu_scheme choose_scheme(struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	enum tu_scheme chosen = TU_SCHEME_NONE;
	struct tu_json object;
	bool commits;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &object)) {
		struct tu_str type = TU_JSON_STR(object, "versionType");
		enum tu_scheme scheme = tu_advisory__cve5_scheme(type, &commits);

		if (commits || type.len == 0)
			continue;
		if (chosen != TU_SCHEME_NONE && chosen != scheme)
			return TU_SCHEME_GENERIC;
		chosen = scheme;
	}
	return chosen == TU_SCHEME_NONE ? TU_SCHEME_GENERIC : chosen;
}

static bool is_placed(const struct tu_bound *bound)
{
	return bound->text.len == 0 || bound->key.len > 0;
}

static bool all_ordered(const struct tu_advisory_reader *r)
{
	for (size_t i = 0; i < r->draft.spans.count; i++) {
		if (!is_placed(&r->draft.spans.at[i].interval.lo) ||
			!is_placed(&r->draft.spans.at[i].interval.hi))
			return false;
	}
	return true;
}

bool tu_advisory__cve5_has_versions(struct tu_json item)
{
	struct tu_json list = tu_json_get(item, TU_STR("versions"));
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json object;

	while (tu_json_is_array(list) && tu_json_next_item(&iter, &object)) {
		if (!row_is_commit(object))
			return true;
	}
	return false;
}

/* A product's versions are upstream's: a distribution's say nothing of them, neither where a fix
 * is nor where it is missing. */
static void doubt_packaged(struct tu_advisory_reader *r, struct tu_versions *versions)
{
	struct tu_span *spans = r->draft.spans.at;
	bool packaged = false;

	for (size_t i = 0; i < r->draft.spans.count; i++)
		packaged |= tu_distro_is_version(spans[i].interval.lo.text) ||
			tu_distro_is_version(spans[i].interval.hi.text);
	if (!packaged)
		return;
	for (size_t i = 0; i < r->draft.spans.count; i++)
		spans[i].coverage = TU_COVERAGE_UNKNOWN;
	if (versions->otherwise == TU_COVERAGE_UNAFFECTED)
		versions->otherwise = TU_COVERAGE_UNKNOWN;
	versions->fixed = (struct tu_str){"", 0};
}

bool tu_advisory__cve5_versions(struct tu_advisory_reader *r, struct tu_json item,
	enum tu_scheme scheme, struct tu_versions *out_versions, enum adv_cve5_rows *out_rows)
{
	struct tu_json list = tu_json_get(item, TU_STR("versions"));
	enum tu_coverage otherwise = read_status(r, tu_json_get(item, TU_STR("defaultStatus")));
	struct rows rows = {.default_affected = otherwise == TU_COVERAGE_AFFECTED,
		.writes_before = tu_str_ieq(TU_JSON_STR(item, "vendor"), TU_STR("Google"))};

	if (tu_json_type(list) > TU_JSON_NULL && !tu_json_is_array(list))
		tu_advisory__problem(r, list, "not an array");
	rows.scheme = scheme ? scheme : choose_scheme(list);
	if (!add_rows(r, &rows, list))
		return false;
	/* The type is often only hoped for: what is not of its scheme may still have an order. */
	if (!scheme && rows.scheme != TU_SCHEME_GENERIC && !all_ordered(r)) {
		rows.scheme = TU_SCHEME_GENERIC;
		if (!add_rows(r, &rows, list))
			return false;
	}
	if ((rows.before_only || (rows.empty && !rows.others)) && otherwise == TU_COVERAGE_UNKNOWN)
		otherwise = TU_COVERAGE_UNAFFECTED;
	*out_rows = rows.has_versions ? ADV_ROWS_VERSIONS
		: rows.has_commits    ? ADV_ROWS_COMMITS
				      : ADV_ROWS_NONE;
	*out_versions = (struct tu_versions){
		.scheme = rows.scheme, .otherwise = otherwise, .fixed = rows.fixed};
	if (!scheme)
		doubt_packaged(r, out_versions);
	return tu_advisory__settle_spans(r) && tu_advisory__take_spans(r, out_versions);
}
