/*
 * SPDX 2.3: external references by clause 7.21 and the forms of annex F.
 *
 * What is not of its type's form is written in the category OTHER, which has any locator without
 * white space, and a CPE name that only is not in the standard's form as it is there.
 */
#include "sbom/write/spdx2.h"

#include <string.h>

#include <tutela/cpe.h>

#include "ident/lenient.h"

/* ---- forms of locators ---- */

static bool is_url(struct tu_str text)
{
	return tu_sbom__is_uri(text, false) && tu_str_search(text, TU_STR("://")) < text.len;
}

/* Two parts with one of this character between them. */
static bool is_pair(struct tu_str text, char between)
{
	size_t at = tu_str_find(text, between);

	return at > 0 && at + 1 < text.len &&
		tu_str_find(tu_str_from(text, at + 1), between) == text.len - at - 1;
}

static bool is_npm(struct tu_str text)
{
	return is_pair(text, '@');
}

static bool is_nuget(struct tu_str text)
{
	return is_pair(text, '/');
}

static bool is_bower(struct tu_str text)
{
	return is_pair(text, '#');
}

static bool is_maven(struct tu_str text)
{
	size_t at = tu_str_find(text, ':');
	struct tu_str rest = tu_str_from(text, at + 1);

	return at > 0 && (is_pair(rest, ':') || (rest.len && tu_str_find(rest, ':') == rest.len));
}

static bool is_hex(struct tu_str text, size_t len)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = tu_char_lower(text.ptr[i]);

		if (!tu_char_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
	}
	return text.len == len;
}

static bool skip_one_of(struct tu_str *text, const char *const *words)
{
	for (; *words; words++) {
		if (tu_str_skip(text, tu_str_c(*words)))
			return true;
	}
	return false;
}

static bool is_swh(struct tu_str text)
{
	static const char *const kinds[] = {"snp:", "rel:", "rev:", "dir:", "cnt:", NULL};

	return tu_str_skip(&text, TU_STR("swh:1:")) && skip_one_of(&text, kinds) &&
		is_hex(text, 40);
}

static bool is_gitoid(struct tu_str text)
{
	static const char *const kinds[] = {"blob:", "tree:", "commit:", "tag:", NULL};

	if (!tu_str_skip(&text, TU_STR("gitoid:")) || !skip_one_of(&text, kinds))
		return false;
	return tu_str_skip(&text, TU_STR("sha1:"))
		? is_hex(text, 40)
		: tu_str_skip(&text, TU_STR("sha256:")) && is_hex(text, 64);
}

/* "pkg:type/name"; more is the matter of those who read it. */
static bool is_purl(struct tu_str text)
{
	size_t slash = tu_str_find(text, '/');

	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ')
			return false;
	}
	return tu_str_starts(text, TU_STR("pkg:")) && slash > 4 && slash + 1 < text.len;
}

static bool is_swid(struct tu_str text)
{
	return tu_str_starts(text, TU_STR("swid:")) && tu_sbom__is_uri(text, false);
}

static bool is_cpe22(struct tu_str text)
{
	size_t colons = 0;

	if (!tu_str_skip(&text, TU_STR("cpe:/")))
		return false;
	if (text.len && text.ptr[0] != ':') {
		if (!strchr("aho", tu_char_lower(text.ptr[0])))
			return false;
		text = tu_str_from(text, 1);
	}
	for (size_t i = 0; i < text.len; i++) {
		colons += text.ptr[i] == ':';
		if (!tu_char_is_alnum(text.ptr[i]) && !memchr("._-~%:", text.ptr[i], 6))
			return false;
	}
	return colons <= 6 && (!text.len || text.ptr[0] == ':');
}

/* An attribute of a formatted string: NISTIR 7695, 6.2, without escapes that it does not need. */
static bool is_cpe_value(struct tu_str text)
{
	bool middle = false;

	if (tu_str_eq(text, TU_STR("*")) || tu_str_eq(text, TU_STR("-")))
		return true;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '*' || c == '?') {
			if (middle && i + 1 < text.len && text.ptr[i + 1] != '?')
				return false;
			continue;
		}
		if (c == '\\' && i + 1 < text.len &&
			memchr("\\*?!\"#$%&'()+,/:;<=>@[]^`{|}~", text.ptr[i + 1], 29))
			i++;
		else if (!tu_char_is_alnum(c) && !memchr("-._", c, 3))
			return false;
		middle = true;
	}
	return middle;
}

/* RFC 5646, as far as the form has it: "en", "en-US". */
static bool is_cpe_language(struct tu_str text)
{
	struct tu_str language = tu_str_first(text, tu_str_find(text, '-'));

	if (tu_str_eq(text, TU_STR("*")) || tu_str_eq(text, TU_STR("-")))
		return true;
	for (size_t i = 0; i < language.len; i++) {
		if (!tu_char_is_alpha(language.ptr[i]))
			return false;
	}
	return language.len >= 2 && language.len <= 3 && is_cpe_value(text);
}

static bool is_cpe23(struct tu_str text)
{
	enum { PART, LANGUAGE = 6, ATTRIBUTES = 11 };
	size_t count = 0;

	if (!tu_str_skip(&text, TU_STR("cpe:2.3:")))
		return false;
	for (; count < ATTRIBUTES; count++) {
		size_t len = 0;
		struct tu_str value;

		while (len < text.len && text.ptr[len] != ':')
			len += text.ptr[len] == '\\' ? 2 : 1;
		value = tu_str_first(text, len);
		if (count == LANGUAGE ? !is_cpe_language(value) : !is_cpe_value(value))
			return false;
		if (count == PART && (value.len != 1 || !memchr("aho*-", value.ptr[0], 5)))
			return false;
		if (len >= text.len)
			return count + 1 == ATTRIBUTES;
		text = tu_str_from(text, len + 1);
	}
	return false;
}

/* Annex F; a type that is not here belongs to the category OTHER. */
enum { CPE22, CPE23, PURL }; /* the types that are written without being named in the document */
static const struct type {
	struct tu_str name;
	const char *category;
	bool (*fits)(struct tu_str locator);
} types[] = {
	[CPE22] = {TU_STR_INIT("cpe22Type"), "SECURITY", is_cpe22},
	[CPE23] = {TU_STR_INIT("cpe23Type"), "SECURITY", is_cpe23},
	[PURL] = {TU_STR_INIT("purl"), "PACKAGE-MANAGER", is_purl},
	{TU_STR_INIT("advisory"), "SECURITY", is_url},
	{TU_STR_INIT("fix"), "SECURITY", is_url},
	{TU_STR_INIT("url"), "SECURITY", is_url},
	{TU_STR_INIT("swid"), "SECURITY", is_swid},
	{TU_STR_INIT("maven-central"), "PACKAGE-MANAGER", is_maven},
	{TU_STR_INIT("npm"), "PACKAGE-MANAGER", is_npm},
	{TU_STR_INIT("nuget"), "PACKAGE-MANAGER", is_nuget},
	{TU_STR_INIT("bower"), "PACKAGE-MANAGER", is_bower},
	{TU_STR_INIT("swh"), "PERSISTENT-ID", is_swh},
	{TU_STR_INIT("gitoid"), "PERSISTENT-ID", is_gitoid},
};

static const struct type *type_named(struct tu_str name)
{
	for (size_t i = 0; i < TU_COUNT(types); i++) {
		if (tu_str_eq(types[i].name, name))
			return &types[i];
	}
	return NULL;
}

/* ---- writing ---- */

static void put_reference(struct tu_spdx2_writing *s, const char *category, struct tu_str type,
	struct tu_str locator, struct tu_str comment)
{
	const struct tu_spdx2_word words[] = {
		{"referenceCategory", tu_str_c(category)},
		{"referenceType", type},
		{"referenceLocator", locator},
	};

	tu_spdx2_open_item(s);
	tu_spdx2_put_words(s, "ExternalRef", " ", words, TU_COUNT(words));
	if (comment.len)
		tu_spdx2_put_text(s, "comment", "ExternalRefComment", comment);
	tu_spdx2_close_item(s);
}

static bool has_space(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] <= ' ')
			return true;
	}
	return false;
}

/* Any locator without white space; of a type that may have none an id is made. */
static void put_other(struct tu_spdx2_writing *s, struct tu_str type, struct tu_str locator,
	struct tu_str comment)
{
	struct tu_buf id;

	if (!locator.len || has_space(locator)) {
		tu_sbom__lose(s->w, TU_LOSS_REFERENCE, s->at);
		return;
	}
	tu_buf_init(&id, SIZE_MAX / 2);
	for (size_t i = 0; i < type.len; i++) {
		bool fine = tu_char_is_alnum(type.ptr[i]) || memchr("-.", type.ptr[i], 2);

		tu_buf_byte(&id, fine ? type.ptr[i] : '-');
	}
	if (!tu_sbom__is_uri(type, false) && !tu_str_eq(type, tu_buf_str(&id)))
		tu_sbom__lose(s->w, TU_LOSS_REFERENCE_TYPE, s->at);
	put_reference(s, "OTHER",
		tu_sbom__is_uri(type, false) ? type
			: id.len	     ? tu_buf_str(&id)
					     : TU_STR("other"),
		locator, comment);
	s->w->out->failed = s->w->out->failed || id.failed;
	tu_buf_done(&id);
}

static void put_typed(struct tu_spdx2_writing *s, const struct type *type, struct tu_str locator,
	struct tu_str comment)
{
	if (type->fits(locator)) {
		put_reference(s, type->category, type->name, locator, comment);
		return;
	}
	tu_sbom__lose(s->w, TU_LOSS_LOCATOR, s->at);
	put_other(s, type->name, locator, comment);
}

/* In the standard's form, where the name can be understood at all. */
static bool put_canonical_cpe(struct tu_spdx2_writing *s, struct tu_str name)
{
	struct tu_cpe cpe;
	struct tu_error fault;
	struct tu_buf text;
	enum tu_status status = tu_cpe_read(s->w->arena, name, &cpe, &fault);
	bool fits = false;

	if (status == TU_E_NOMEM)
		s->w->out->failed = true;
	if (status)
		return false;
	tu_buf_init(&text, SIZE_MAX / 2);
	tu_cpe_write(&cpe, &text);
	fits = !text.failed && is_cpe23(tu_buf_str(&text));
	if (fits) {
		tu_sbom__lose(s->w, TU_LOSS_CPE, s->at);
		put_reference(s, "SECURITY", TU_STR("cpe23Type"), tu_buf_str(&text), TU_STR(""));
	}
	tu_buf_done(&text);
	return fits;
}

static void put_cpe(struct tu_spdx2_writing *s, struct tu_str name)
{
	const struct type *type = &types[tu_str_istarts(name, TU_STR("cpe:/")) ? CPE22 : CPE23];

	if (type->fits(name) || !put_canonical_cpe(s, name))
		put_typed(s, type, name, TU_STR(""));
}

/* Annex F.2.3: a URI of the scheme swid. What a URI cannot hold is escaped. */
static void put_swid(struct tu_spdx2_writing *s, struct tu_str tag)
{
	struct tu_buf locator;

	if (!tag.len)
		return;
	tu_buf_init(&locator, SIZE_MAX / 2);
	tu_buf_c(&locator, "swid:");
	for (size_t i = 0; i < tag.len; i++) {
		char c = tag.ptr[i];

		if (tu_char_is_alnum(c) || (c && strchr("-._~!$&'()*+,;=:@/?", c)))
			tu_buf_byte(&locator, c);
		else
			tu_buf_printf(&locator, "%%%02X", (unsigned)(unsigned char)c);
	}
	put_reference(s, "SECURITY", TU_STR("swid"), tu_buf_str(&locator), TU_STR(""));
	s->w->out->failed = s->w->out->failed || locator.failed;
	tu_buf_done(&locator);
}

const struct tu_sbom_reference *tu_spdx2_reference_of(
	const struct tu_component *c, struct tu_str type)
{
	for (size_t i = 0; c->detail && i < c->detail->reference_count; i++) {
		const struct tu_sbom_reference *reference = &c->detail->references[i];

		if (!reference->category.len && tu_str_eq(reference->type, type))
			return reference;
	}
	return NULL;
}

/* A CycloneDX advisory is a reference of SPDX's own; the other types are in OTHER. */
static void put_stated(struct tu_spdx2_writing *s, const struct tu_sbom_reference *reference)
{
	struct tu_str name =
		!reference->category.len && tu_str_eq(reference->type, TU_STR("advisories"))
		? TU_STR("advisory")
		: reference->type;
	const struct type *type = type_named(name);

	if (reference->hash_count)
		tu_sbom__lose(s->w, TU_LOSS_REFERENCE_HASH, s->at);
	if (type && !tu_str_eq(reference->category, TU_STR("OTHER")))
		put_typed(s, type, reference->url, reference->comment);
	else
		put_other(s, name, reference->url, reference->comment);
}

/* The references that are written as the package's locations; NULL: none. */
struct locations {
	const struct tu_sbom_reference *at[2];
};

static struct locations locations_of(const struct tu_component *c)
{
	static const struct {
		struct tu_str type;
		enum tu_text_kind kind;
	} rows[] = {
		{TU_STR_INIT("website"), TU_TEXT_HOMEPAGE},
		{TU_STR_INIT("distribution"), TU_TEXT_DOWNLOAD},
	};
	struct locations locations = {{NULL, NULL}};

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const struct tu_sbom_reference *first = tu_spdx2_reference_of(c, rows[i].type);

		if (first && !tu_sbom_detail_text(c->detail, rows[i].kind).len &&
			tu_sbom__is_uri(first->url, false) && !first->comment.len &&
			!first->hash_count)
			locations.at[i] = first;
	}
	return locations;
}

void tu_spdx2_references(struct tu_spdx2_writing *s, const struct tu_component *c)
{
	const struct tu_sbom_detail *detail = c->detail;
	const struct locations locations = locations_of(c);

	if (!c->purl.len && !c->cpe_count && !c->swid.len && !(detail && detail->reference_count))
		return;
	tu_spdx2_open_list(s, "externalRefs");
	if (has_space(c->purl))
		tu_sbom__lose(s->w, TU_LOSS_PURL, c);
	else if (c->purl.len)
		put_typed(s, &types[PURL], c->purl, TU_STR(""));
	for (size_t i = 0; i < c->cpe_count; i++)
		put_cpe(s, c->cpes[i]);
	put_swid(s, c->swid);
	for (size_t i = 0; detail && i < detail->reference_count; i++) {
		const struct tu_sbom_reference *reference = &detail->references[i];

		if (reference != locations.at[0] && reference != locations.at[1])
			put_stated(s, reference);
	}
	tu_spdx2_close_list(s);
}
