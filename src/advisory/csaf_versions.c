/*
 * Versions of CSAF products. The standard wants a vers string or one version; authors write what
 * people write. What no rule here understands becomes a version without place in the order, so
 * that matching says undecided.
 */
#include "advisory/csaf.h"
#include "advisory/cve5.h"

/* ---- comparators ---- */

enum comparator { NO_COMPARATOR, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL };

static enum comparator take_comparator(struct tu_str *s)
{
	static const struct {
		struct tu_str sign;
		enum comparator comparator;
	} signs[] = {
		{TU_STR_INIT("<="), LESS_EQUAL},
		{TU_STR_INIT(">="), GREATER_EQUAL},
		{TU_STR_INIT("\xe2\x89\xa4"), LESS_EQUAL},
		{TU_STR_INIT("\xe2\x89\xa5"), GREATER_EQUAL},
		{TU_STR_INIT("<"), LESS},
		{TU_STR_INIT(">"), GREATER},
		{TU_STR_INIT("=="), EQUAL},
		{TU_STR_INIT("="), EQUAL},
	};

	for (size_t i = 0; i < TU_COUNT(signs); i++) {
		if (tu_str_skip(s, signs[i].sign)) {
			*s = tu_str_trim(*s);
			return signs[i].comparator;
		}
	}
	return NO_COMPARATOR;
}

/* "All BIOS versions < V1.0": words without a number before the first comparator say nothing. */
static struct tu_str without_words(struct tu_str text)
{
	for (size_t i = 0; i < text.len && !tu_char_is_digit(text.ptr[i]); i++) {
		if (strchr("<>=\xe2", text.ptr[i]))
			return tu_str_from(text, i);
	}
	return text;
}

/* The version up to the next comparator or separator. */
static struct tu_str take_version(struct tu_str *s)
{
	size_t end = 0;
	struct tu_str version;

	while (end < s->len && !strchr("<>=|,;&", s->ptr[end]) && s->ptr[end] != '\xe2')
		end++;
	version = tu_str_trim(tu_str_first(*s, end));
	*s = tu_str_from(*s, end);
	while (s->len && strchr("|,;& ", s->ptr[0]))
		*s = tu_str_from(*s, 1);
	if (version.len > 4 && tu_str_ieq(tu_str_from(version, version.len - 4), TU_STR(" and")))
		version = tu_str_trim(tu_str_first(version, version.len - 4));
	return version;
}

static bool add_span(
	struct tu_advisory_reader *r, enum tu_coverage coverage, const struct tu_interval *interval)
{
	struct tu_span span = {coverage, *interval};

	return tu_advisory__add_span(r, &span);
}

/* Lower and upper ends come in pairs; a lower one without an upper one is open above. */
struct pairs {
	struct tu_interval interval;
	bool begun;
};

static bool add_constraint(struct tu_advisory_reader *r, struct pairs *p,
	enum comparator comparator, struct tu_str version, enum tu_coverage coverage,
	struct csaf_versions *out)
{
	bool low = comparator == GREATER || comparator == GREATER_EQUAL;
	bool inclusive = comparator == GREATER_EQUAL || comparator == LESS_EQUAL;
	struct tu_bound bound;

	if (!(low ? tu_advisory__cve5_low : tu_advisory__cve5_high)(
		    r, out->scheme, version, inclusive || comparator == EQUAL, &bound))
		return false;
	if (low && p->begun && !add_span(r, coverage, &p->interval))
		return false;
	if (low) {
		p->interval = (struct tu_interval){.lo = bound};
		p->begun = true;
		return true;
	}
	if (comparator == EQUAL)
		p->interval.lo = bound;
	p->interval.hi = bound;
	p->begun = false;
	if (comparator == LESS)
		out->fixed = version;
	if (!add_span(r, coverage, &p->interval))
		return false;
	p->interval = (struct tu_interval){0};
	return true;
}

/* ">= 1.0 | < 2.0", "All versions < V5". `*out_done` false: not so written, nothing was added. */
static bool read_constraints(struct tu_advisory_reader *r, struct tu_str text,
	enum tu_coverage coverage, struct csaf_versions *out, bool *out_done)
{
	struct pairs pairs = {0};
	size_t before = r->draft.spans.count;

	*out_done = false;
	text = without_words(text);
	while (text.len) {
		enum comparator comparator = take_comparator(&text);
		struct tu_str version = take_version(&text);

		if (comparator == NO_COMPARATOR || version.len == 0) {
			r->draft.spans.count = before;
			return true;
		}
		if (!tu_str_eq(version, TU_STR("*")) &&
			!add_constraint(r, &pairs, comparator, version, coverage, out))
			return false;
		*out_done = true;
	}
	return !pairs.begun || add_span(r, coverage, &pairs.interval);
}

/* ---- vers strings ---- */

/* A vers string of a scheme that can be read. `*out_done` false: it is not. */
static bool read_vers(struct tu_advisory_reader *r, struct tu_str text, enum tu_coverage coverage,
	struct csaf_versions *out, bool *out_done)
{
	const struct tu_range *range;
	enum tu_status status = tu_range_parse(r->arena, text, &range, NULL);

	*out_done = false;
	if (status == TU_E_NOMEM)
		return false;
	if (status || range->scheme == TU_SCHEME_NONE || range->count > ADV_SPANS_MAX)
		return true;
	*out_done = true;
	out->scheme = range->scheme;
	for (size_t i = 0; i < range->count; i++) {
		const struct tu_interval *interval = &range->intervals[i];

		if (interval->lo.text.len == 0 && interval->hi.text.len == 0)
			out->all = true;
		else if (!add_span(r, coverage, interval))
			return false;
		if (!interval->hi.inclusive && interval->hi.text.len)
			out->fixed = interval->hi.text;
	}
	return true;
}

/* "vers:all/", "vers:generic/": words follow. */
static struct tu_str without_prefix(struct tu_str text)
{
	struct tu_str rest = text;

	if (!tu_str_skip(&rest, TU_STR("vers:")))
		return text;
	return tu_str_trim(tu_str_from(rest, tu_str_find(rest, '/') + 1));
}

static bool says_all(struct tu_str text)
{
	static const struct tu_str words[] = {TU_STR_INIT(""), TU_STR_INIT("*"), TU_STR_INIT("all"),
		TU_STR_INIT("all versions"), TU_STR_INIT("any"), TU_STR_INIT("all/*"),
		TU_STR_INIT("any version"), TU_STR_INIT("all version"),
		TU_STR_INIT("all firmware versions"), TU_STR_INIT("(all versions)")};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_ieq(text, words[i]))
			return true;
	}
	return false;
}

/* "4.4 | 6.0": alternatives, each in words. */
static bool read_alternatives(struct tu_advisory_reader *r, struct tu_str text,
	enum tu_coverage coverage, struct csaf_versions *out)
{
	struct tu_str part;

	while (text.len && tu_str_split(&text, '|', &part)) {
		struct tu_str fixed = {"", 0};

		part = tu_str_trim(part);
		if (part.len && !tu_advisory__cve5_words(r, out->scheme, part, coverage, &fixed))
			return false;
		if (fixed.len)
			out->fixed = fixed;
	}
	return true;
}

bool tu_advisory__csaf_read_versions(struct tu_advisory_reader *r, struct tu_str words,
	enum tu_coverage coverage, struct csaf_versions *out_versions)
{
	bool done = false;

	words = tu_str_trim(words);
	if (tu_str_starts(words, TU_STR("vers:")) &&
		!read_vers(r, words, coverage, out_versions, &done))
		return false;
	words = without_prefix(words);
	if (done || says_all(words)) {
		out_versions->all |= !done;
		return true;
	}
	if (!read_constraints(r, words, coverage, out_versions, &done))
		return false;
	return done || read_alternatives(r, words, coverage, out_versions);
}
