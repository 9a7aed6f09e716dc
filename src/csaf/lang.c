/* Language tags (RFC 5646) and licence expressions (SPDX 3.0.1, annex B). */
#include "csaf/csaf.h"
#include "ident/registry.h"

/* ---- language tags ---- */

/* A tag being taken apart: the subtag at hand and what is behind it. */
struct tag {
	struct tu_str rest;
	struct tu_str subtag; /* empty at the end */
	struct tu_str unknown; /* the first subtag that the registry does not have */
	struct tu_str private_; /* the first one that is reserved for private use */
	bool malformed;
};

static void step(struct tag *tag)
{
	if (!tu_str_split(&tag->rest, '-', &tag->subtag)) {
		tag->subtag = TU_STR("");
		return;
	}
	tag->malformed |= tag->subtag.len == 0 || tag->subtag.len > 8;
	for (size_t i = 0; i < tag->subtag.len; i++)
		tag->malformed |= !tu_char_is_alnum(tag->subtag.ptr[i]);
}

static bool alpha(struct tu_str s, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_alpha(s.ptr[i]))
			return false;
	return s.len == len;
}

static bool digits(struct tu_str s, size_t len)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_digit(s.ptr[i]))
			return false;
	return s.len == len;
}

static void keep_first(struct tu_str *slot, struct tu_str s)
{
	if (!slot->len)
		*slot = s;
}

static void look_up(struct tag *tag, const char *kind)
{
	if (!tu_registry_has(TU_REGISTRY_LANGUAGES, kind, tag->subtag))
		keep_first(&tag->unknown, tag->subtag);
}

/* Letters from `low` to `high`, which are in lower case and of one length. */
static bool within(struct tu_str s, const char *low, const char *high)
{
	char lower[8];

	if (s.len != strlen(low) || s.len > sizeof(lower))
		return false;
	for (size_t i = 0; i < s.len; i++)
		lower[i] = tu_char_lower(s.ptr[i]);
	return memcmp(lower, low, s.len) >= 0 && memcmp(lower, high, s.len) <= 0;
}

static void take_language(struct tag *tag)
{
	struct tu_str s = tag->subtag;

	if (s.len < 2 || !alpha(s, s.len)) {
		tag->malformed = true;
		return;
	}
	if (within(s, "qaa", "qtz"))
		keep_first(&tag->private_, s);
	else
		look_up(tag, "language");
	step(tag);
	for (int i = 0; i < 3 && s.len <= 3 && alpha(tag->subtag, 3); i++) {
		look_up(tag, "extlang");
		step(tag);
	}
}

static void take_script(struct tag *tag)
{
	if (!alpha(tag->subtag, 4))
		return;
	if (within(tag->subtag, "qaaa", "qabx"))
		keep_first(&tag->private_, tag->subtag);
	else
		look_up(tag, "script");
	step(tag);
}

static void take_region(struct tag *tag)
{
	struct tu_str s = tag->subtag;

	if (!alpha(s, 2) && !digits(s, 3))
		return;
	if (within(s, "qm", "qz") || within(s, "xa", "xz") || tu_str_ieq(s, TU_STR("AA")) ||
		tu_str_ieq(s, TU_STR("ZZ")))
		keep_first(&tag->private_, s);
	else
		look_up(tag, "region");
	step(tag);
}

static bool is_variant(struct tu_str s)
{
	return s.len >= 5 || (s.len == 4 && tu_char_is_digit(s.ptr[0]));
}

static bool is_private_mark(struct tu_str s)
{
	return s.len == 1 && tu_char_lower(s.ptr[0]) == 'x';
}

static void take_extensions(struct tag *tag)
{
	while (tag->subtag.len == 1 && !is_private_mark(tag->subtag)) {
		size_t count = 0;
		for (step(tag); tag->subtag.len >= 2; step(tag))
			count++;
		tag->malformed |= count == 0;
	}
}

static void take_private(struct tag *tag)
{
	size_t count = 0;

	if (!is_private_mark(tag->subtag))
		return;
	keep_first(&tag->private_, tag->subtag);
	for (step(tag); tag->subtag.len; step(tag))
		count++;
	tag->malformed |= count == 0;
}

static struct tag take_apart(struct tu_str text)
{
	struct tag tag = {.rest = text};

	step(&tag);
	if (!is_private_mark(tag.subtag)) {
		take_language(&tag);
		take_script(&tag);
		take_region(&tag);
		for (; is_variant(tag.subtag); step(&tag))
			look_up(&tag, "variant");
		take_extensions(&tag);
	}
	take_private(&tag);
	tag.malformed |= tag.subtag.len != 0;
	return tag;
}

enum tu_csaf_lang_answer tu_csaf_lang_check(struct tu_str text, struct tu_str *out_subtag)
{
	struct tag tag;

	if (tu_str_ieq(text, TU_STR("i-default")) || tu_str_ieq(text, TU_STR("i-mingo")))
		return TU_CSAF_LANG_FINE;
	tag = take_apart(text);
	if (out_subtag)
		*out_subtag = tag.unknown;
	if (tag.malformed)
		return TU_CSAF_LANG_MALFORMED;
	return tag.unknown.len ? TU_CSAF_LANG_UNKNOWN : TU_CSAF_LANG_FINE;
}

bool tu_csaf_lang_private(struct tu_str text, struct tu_str *out_subtag)
{
	struct tag tag = take_apart(text);

	*out_subtag = tag.private_;
	return !tag.malformed && tag.private_.len > 0;
}

/* ---- licence expressions ---- */

enum { NESTING_MAX = 64 };

struct expression {
	struct tu_str rest;
	bool unlisted;
};

static void skip_blanks(struct expression *e)
{
	while (e->rest.len && e->rest.ptr[0] == ' ')
		e->rest = tu_str_from(e->rest, 1);
}

static struct tu_str word(struct expression *e)
{
	struct tu_str s = e->rest;
	size_t len = 0;

	while (len < s.len && (tu_char_is_alnum(s.ptr[len]) || strchr("-.+:", s.ptr[len])))
		len++;
	e->rest = tu_str_from(s, len);
	return tu_str_first(s, len);
}

/* A keyword, in upper or in lower case, with what an expression needs behind it. */
static bool keyword(struct expression *e, const char *upper, const char *lower)
{
	struct expression ahead = *e;
	struct tu_str found;

	skip_blanks(&ahead);
	found = word(&ahead);
	if (!tu_str_eq(found, tu_str_c(upper)) && !tu_str_eq(found, tu_str_c(lower)))
		return false;
	*e = ahead;
	return true;
}

static bool idstring(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!tu_char_is_alnum(s.ptr[i]) && !strchr("-.", s.ptr[i]))
			return false;
	return s.len > 0;
}

/* Licences of AboutCode's list are written LicenseRef-scancode-…: taken as listed. */
static bool reference(struct expression *e, struct tu_str s, struct tu_str prefix, bool *out_fits)
{
	if (!tu_str_istarts(s, prefix))
		return false;
	*out_fits = tu_str_skip(&s, prefix) && idstring(s);
	e->unlisted |= !tu_str_starts(s, TU_STR("scancode-"));
	return true;
}

static bool simple(struct expression *e)
{
	struct tu_str s;
	bool fine;

	skip_blanks(e);
	s = word(e);
	if (tu_str_istarts(s, TU_STR("DocumentRef-")))
		return false;
	if (reference(e, s, TU_STR("LicenseRef-"), &fine))
		return fine;
	if (tu_str_ends(s, TU_STR("+")))
		s.len--;
	if (!tu_registry_has(TU_REGISTRY_SPDX, "licence", s))
		e->unlisted = true;
	return idstring(s);
}

static bool exception(struct expression *e)
{
	struct tu_str s;
	bool fine;

	skip_blanks(e);
	s = word(e);
	if (reference(e, s, TU_STR("AdditionRef-"), &fine))
		return fine;
	if (!tu_registry_has(TU_REGISTRY_SPDX, "exception", s))
		e->unlisted = true;
	return idstring(s);
}

static bool compound(struct expression *e, int depth);

static bool term(struct expression *e, int depth)
{
	skip_blanks(e);
	if (depth > NESTING_MAX)
		return false;
	if (tu_str_skip(&e->rest, TU_STR("("))) {
		if (!compound(e, depth + 1))
			return false;
		skip_blanks(e);
		return tu_str_skip(&e->rest, TU_STR(")"));
	}
	if (!simple(e))
		return false;
	return !keyword(e, "WITH", "with") || exception(e);
}

static bool compound(struct expression *e, int depth)
{
	do {
		if (!term(e, depth))
			return false;
	} while (keyword(e, "AND", "and") || keyword(e, "OR", "or"));
	return true;
}

bool tu_csaf_licence_check(struct tu_str text, bool *out_unlisted)
{
	struct expression e = {.rest = text};
	bool fine = compound(&e, 0);

	skip_blanks(&e);
	*out_unlisted = e.unlisted;
	return fine && !e.rest.len;
}
