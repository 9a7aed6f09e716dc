#include <tutela/cpe.h>

#include "base/utf8.h"

enum value { ANY, NA, TEXT, PATTERN };

/* An unquoted wildcard is at an end of a value only. */
static bool has_wildcard(struct tu_str attr)
{
	for (size_t i = 0; i < attr.len; i++) {
		if (attr.ptr[i] == '\\')
			i++;
		else if (attr.ptr[i] == '*' || attr.ptr[i] == '?')
			return true;
	}
	return false;
}

static enum value value_of(struct tu_str attr)
{
	if (attr.len == 0 || tu_str_eq(attr, TU_STR("*")))
		return ANY;
	if (tu_str_eq(attr, TU_STR("-")))
		return NA;
	return has_wildcard(attr) ? PATTERN : TEXT;
}

/* ---- patterns ---- */

struct pattern {
	size_t before, after; /* "?" at the start and at the end: one character each */
	bool open_before, open_after; /* "*" at the start, at the end */
	struct tu_str body;
};

/* Bytes of the character at the start of `s`, which is not empty: with its backslash. */
static size_t character_len(struct tu_str s)
{
	size_t len = tu_utf8_len(s);

	if (s.ptr[0] == '\\' && s.len > 1)
		return 2;
	return len ? len : 1;
}

/* Is the last byte of `s` a wildcard, that is: has it an even number of backslashes before it? */
static bool ends_in_wildcard(struct tu_str s, char wildcard)
{
	size_t backslashes = 0;

	if (s.len == 0 || s.ptr[s.len - 1] != wildcard)
		return false;
	while (backslashes + 1 < s.len && s.ptr[s.len - 2 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

static struct pattern pattern_of(struct tu_str attr)
{
	struct pattern p = {.body = attr};

	p.open_before = tu_str_skip(&p.body, TU_STR("*"));
	while (tu_str_skip(&p.body, TU_STR("?")))
		p.before++;
	p.open_after = ends_in_wildcard(p.body, '*');
	p.body.len -= p.open_after;
	while (ends_in_wildcard(p.body, '?')) {
		p.after++;
		p.body.len--;
	}
	return p;
}

static bool skip_characters(struct tu_str *s, size_t count)
{
	for (; count > 0; count--) {
		if (s->len == 0)
			return false;
		*s = tu_str_from(*s, character_len(*s));
	}
	return true;
}

static bool body_fits(const struct pattern *p, struct tu_str text)
{
	if (!tu_str_skip(&text, p->body) || !skip_characters(&text, p->after))
		return false;
	return p->open_after || text.len == 0;
}

static bool covers(struct tu_str pattern, struct tu_str text)
{
	struct pattern p = pattern_of(pattern);

	if (!skip_characters(&text, p.before))
		return false;
	while (!body_fits(&p, text)) {
		if (!p.open_before || !skip_characters(&text, 1))
			return false;
	}
	return true;
}

/* ---- relations ---- */

/* NISTIR 7696, table 6-2; {TEXT, PATTERN} against TEXT is looked at closer. */
static const uint8_t relations[][4] = {
	[ANY] = {[ANY] = TU_CPE_EQUAL, [NA] = TU_CPE_SUPERSET, [TEXT] = TU_CPE_SUPERSET},
	[NA] = {[ANY] = TU_CPE_SUBSET, [NA] = TU_CPE_EQUAL, [TEXT] = TU_CPE_DISJOINT},
	[TEXT] = {[ANY] = TU_CPE_SUBSET, [NA] = TU_CPE_DISJOINT, [TEXT] = TU_CPE_EQUAL},
	[PATTERN] = {[ANY] = TU_CPE_SUBSET, [NA] = TU_CPE_DISJOINT, [TEXT] = TU_CPE_SUPERSET},
};

enum tu_cpe_relation tu_cpe_attr_compare(struct tu_str source, struct tu_str target)
{
	enum value from = value_of(source);
	enum value to = value_of(target);

	if (from == TEXT && to == TEXT && !tu_str_eq(source, target))
		return TU_CPE_DISJOINT;
	if (from == PATTERN && to == TEXT && !covers(source, target))
		return TU_CPE_DISJOINT;
	return (enum tu_cpe_relation)relations[from][to];
}

static bool is_open(const struct tu_cpe *cpe)
{
	return value_of(cpe->attr[TU_CPE_VENDOR]) == ANY &&
		value_of(cpe->attr[TU_CPE_PRODUCT]) == ANY;
}

/* NISTIR 7696, table 6-4. Where neither all subsets nor all supersets hold there is no relation. */
enum tu_cpe_relation tu_cpe_compare(const struct tu_cpe *source, const struct tu_cpe *target)
{
	size_t seen[TU_CPE_SUPERSET + 1] = {0};

	if (is_open(source) || is_open(target))
		return TU_CPE_UNDEFINED;
	for (size_t i = 0; i < TU_CPE_ATTRS; i++)
		seen[tu_cpe_attr_compare(source->attr[i], target->attr[i])]++;
	if (seen[TU_CPE_DISJOINT])
		return TU_CPE_DISJOINT;
	if (seen[TU_CPE_EQUAL] == TU_CPE_ATTRS)
		return TU_CPE_EQUAL;
	if (seen[TU_CPE_SUBSET] + seen[TU_CPE_EQUAL] == TU_CPE_ATTRS)
		return TU_CPE_SUBSET;
	if (seen[TU_CPE_SUPERSET] + seen[TU_CPE_EQUAL] == TU_CPE_ATTRS)
		return TU_CPE_SUPERSET;
	return TU_CPE_UNDEFINED;
}
