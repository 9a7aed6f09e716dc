/*
 * The words in which people write ranges and ends of ranges into the place of a version: "5.x",
 * "1.4 and prior", "1.0 to 1.5".
 */
#include "advisory/cve5.h"

static bool is_word(struct tu_str text, const struct tu_str *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (tu_str_ieq(text, words[i]))
			return true;
	}
	return false;
}

/* Words in the place of a version that say nothing of it. */
bool tu_advisory__says_nothing(struct tu_str text)
{
	static const struct tu_str words[] = {TU_STR_INIT("n/a"), TU_STR_INIT("-"),
		TU_STR_INIT("unspecified"), TU_STR_INIT("unknown"), TU_STR_INIT("various"),
		TU_STR_INIT("none"), TU_STR_INIT("na"), TU_STR_INIT("not applicable"),
		TU_STR_INIT("see references"), TU_STR_INIT("see advisory"), TU_STR_INIT("tbd")};

	return text.len == 0 || is_word(text, words, TU_COUNT(words));
}

bool tu_advisory__says_all(struct tu_str text)
{
	static const struct tu_str words[] = {TU_STR_INIT("*"), TU_STR_INIT("all"),
		TU_STR_INIT("any"), TU_STR_INIT("all versions"), TU_STR_INIT("all version"),
		TU_STR_INIT("any version")};

	return is_word(text, words, TU_COUNT(words));
}

/* ---- ends ---- */

/* "5.10.*", "5.x": any number in the last place. `*out_stem`: what comes before it. */
static bool is_wild(struct tu_str text, struct tu_str *out_stem)
{
	static const struct tu_str marks[] = {
		TU_STR_INIT(".*"), TU_STR_INIT(".x"), TU_STR_INIT(".X"), TU_STR_INIT("*")};

	for (size_t i = 0; i < TU_COUNT(marks); i++) {
		if (text.len > marks[i].len && tu_str_ends(text, marks[i])) {
			*out_stem = tu_str_first(text, text.len - marks[i].len);
			return true;
		}
	}
	return false;
}

/* The upper end of "5.10.*": keeps its text, and its key is that of a number above all others. */
static bool wild_bound(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	struct tu_str stem, struct tu_bound *out_bound)
{
	struct tu_str top;

	tu_buf_clear(&r->text);
	tu_buf_str_add(&r->text, stem);
	tu_buf_c(&r->text, ".4294967295");
	if (!tu_advisory__copy_text(r, &top) ||
		!tu_advisory__bound(r, scheme, top, true, out_bound))
		return false;
	out_bound->text = text;
	return true;
}

bool tu_advisory__cve5_high(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound)
{
	struct tu_str stem;

	if (tu_str_eq(text, TU_STR("*")))
		text = (struct tu_str){"", 0};
	if (is_wild(text, &stem))
		return wild_bound(r, scheme, text, stem, out_bound);
	return tu_advisory__bound(r, scheme, text, inclusive, out_bound);
}

/* "0" is the beginning of all versions (the schema's own convention). */
bool tu_advisory__cve5_low(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	bool inclusive, struct tu_bound *out_bound)
{
	struct tu_str stem;

	if (tu_str_eq(text, TU_STR("0")) || tu_advisory__says_nothing(text) ||
		tu_advisory__says_all(text))
		text = (struct tu_str){"", 0};
	if (is_wild(text, &stem))
		text = stem;
	return tu_advisory__bound(r, scheme, text, inclusive, out_bound);
}

/* ---- words that make a range ---- */

enum part { NO_PART, LOW, LOW_EXCLUSIVE, HIGH, HIGH_EXCLUSIVE, EXACT };

struct phrase {
	struct tu_str words;
	enum part part;
};

/* Before a version. Longer ones first where one begins with another. */
static const struct phrase before[] = {
	{TU_STR_INIT(">="), LOW},
	{TU_STR_INIT("<="), HIGH},
	{TU_STR_INIT(">"), LOW_EXCLUSIVE},
	{TU_STR_INIT("<"), HIGH_EXCLUSIVE},
	{TU_STR_INIT("=="), EXACT},
	{TU_STR_INIT("="), EXACT},
	{TU_STR_INIT("all versions <="), HIGH},
	{TU_STR_INIT("all versions <"), HIGH_EXCLUSIVE},
	{TU_STR_INIT("all versions prior to "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("all versions before "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("versions prior to "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("versions before "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("prior to version "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("prior to "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("before version "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("before "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("earlier than "), HIGH_EXCLUSIVE},
	{TU_STR_INIT("up to and including "), HIGH},
	{TU_STR_INIT("up to "), HIGH},
	{TU_STR_INIT("through "), HIGH},
};

/* After a version. */
static const struct phrase behind[] = {
	{TU_STR_INIT(" and prior versions"), HIGH},
	{TU_STR_INIT(" and earlier versions"), HIGH},
	{TU_STR_INIT(" and prior"), HIGH},
	{TU_STR_INIT(" and earlier"), HIGH},
	{TU_STR_INIT(" and below"), HIGH},
	{TU_STR_INIT(" and before"), HIGH},
	{TU_STR_INIT(" or earlier"), HIGH},
	{TU_STR_INIT(" and later"), LOW},
	{TU_STR_INIT(" and above"), LOW},
	{TU_STR_INIT(" and newer"), LOW},
};

static enum part take_phrase(struct tu_str *text)
{
	for (size_t i = 0; i < TU_COUNT(before); i++) {
		if (tu_str_istarts(*text, before[i].words)) {
			*text = tu_str_trim(tu_str_from(*text, before[i].words.len));
			return before[i].part;
		}
	}
	for (size_t i = 0; i < TU_COUNT(behind); i++) {
		size_t len = text->len - behind[i].words.len;

		if (text->len > behind[i].words.len &&
			tu_str_ieq(tu_str_from(*text, len), behind[i].words)) {
			*text = tu_str_trim(tu_str_first(*text, len));
			return behind[i].part;
		}
	}
	return NO_PART;
}

static bool set_part(struct tu_advisory_reader *r, enum tu_scheme scheme, enum part part,
	struct tu_str version, struct tu_interval *interval)
{
	if (part == LOW || part == LOW_EXCLUSIVE)
		return tu_advisory__cve5_low(r, scheme, version, part == LOW, &interval->lo);
	if (part == EXACT)
		return tu_advisory__single(r, scheme, version, interval);
	return tu_advisory__cve5_high(r, scheme, version, part == HIGH, &interval->hi);
}

/* ">= 1.0, < 2.0", "1.4 and prior". `*out_done` false: not such words. */
static bool read_phrases(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	struct tu_interval *interval, bool *out_done)
{
	struct tu_str rest = text;
	struct tu_str part;
	bool parts = false;

	*interval = (struct tu_interval){0};
	*out_done = false;
	while (rest.len && tu_str_split(&rest, ',', &part)) {
		struct tu_str version = tu_str_trim(part);
		enum part kind = take_phrase(&version);

		if (kind == NO_PART || version.len == 0)
			return true;
		if (!set_part(r, scheme, kind, version, interval))
			return false;
		parts = true;
	}
	*out_done = parts;
	return true;
}

/* "1.0 to 1.5", "1.0 - 1.5" */
static bool read_from_to(struct tu_advisory_reader *r, enum tu_scheme scheme, struct tu_str text,
	struct tu_interval *interval, bool *out_done)
{
	static const struct tu_str joints[] = {
		TU_STR_INIT(" to "), TU_STR_INIT(" through "), TU_STR_INIT(" - ")};

	*out_done = false;
	for (size_t i = 0; i < TU_COUNT(joints); i++) {
		size_t at = tu_str_isearch(text, joints[i]);
		struct tu_str lo = tu_str_trim(tu_str_first(text, at));
		struct tu_str hi = tu_str_trim(tu_str_from(text, at + joints[i].len));

		if (at == text.len || tu_str_find(lo, ' ') < lo.len ||
			tu_str_find(hi, ' ') < hi.len)
			continue;
		if (!tu_advisory__cve5_low(r, scheme, lo, true, &interval->lo) ||
			!tu_advisory__cve5_high(r, scheme, hi, true, &interval->hi))
			return false;
		*out_done = interval->lo.key.len && interval->hi.key.len;
		return true;
	}
	return true;
}

bool tu_advisory__cve5_range_words(struct tu_advisory_reader *r, enum tu_scheme scheme,
	struct tu_str text, struct tu_interval *interval, bool *out_done)
{
	struct tu_str stem;

	if (!read_phrases(r, scheme, text, interval, out_done))
		return false;
	if (!*out_done && !read_from_to(r, scheme, text, interval, out_done))
		return false;
	if (*out_done || !is_wild(text, &stem))
		return true;
	if (!tu_advisory__cve5_low(r, scheme, stem, true, &interval->lo) ||
		!tu_advisory__cve5_high(r, scheme, text, true, &interval->hi))
		return false;
	*out_done = interval->lo.key.len && interval->hi.key.len;
	return true;
}
