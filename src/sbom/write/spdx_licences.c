#include "sbom/write/spdx_licences.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "ident/licence.h"

/* ---- references ---- */

/* Is the id one that others have, or made to be so? Ids that differ only in the case of letters are
 * one to tools: annex D of SPDX 2.3 matches identifiers of licences so. */
static bool take_id(struct tu_spdx_licences *l, struct tu_str text, bool *out_taken)
{
	uint32_t before = tu_intern_count(l->ids);
	struct tu_buf lower;
	uint32_t id = 0;
	bool fine;

	tu_buf_init(&lower, SIZE_MAX / 2);
	for (size_t i = 0; i < text.len; i++)
		tu_buf_byte(&lower, tu_char_lower(text.ptr[i]));
	fine = !lower.failed && tu_intern_add(l->ids, tu_buf_str(&lower), &id);
	tu_buf_done(&lower);
	*out_taken = id < before;
	return fine;
}

/* Ids that the source may name are not for others. */
static bool reserve(struct tu_spdx_licences *l, struct tu_str text)
{
	struct tu_str word = TU_STR("LicenseRef-");

	for (;;) {
		size_t at = tu_str_search(text, word);
		size_t len = word.len;
		bool taken;

		if (at == text.len)
			return true;
		text = tu_str_from(text, at);
		while (len < text.len &&
			(tu_char_is_alnum(text.ptr[len]) || text.ptr[len] == '-' ||
				text.ptr[len] == '.'))
			len++;
		if (!take_id(l, tu_str_first(text, len), &taken))
			return false;
		text = tu_str_from(text, len);
	}
}

static bool reserve_all(struct tu_spdx_licences *l)
{
	const struct tu_inventory *inventory = l->w->inventory;
	const struct tu_licence *before = NULL;

	for (size_t i = 0; i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];

		if (c->licences == before) /* lists are shared */
			continue;
		before = c->licences;
		for (size_t k = 0; k < c->licence_count; k++) {
			if (!reserve(l, c->licences[k].text))
				return false;
		}
	}
	return true;
}

/* Those that the source explains; one that is explained twice is explained once. */
static bool take_stated(struct tu_spdx_licences *l)
{
	const struct tu_inventory *inventory = l->w->inventory;

	for (size_t i = 0; i < inventory->licence_text_count; i++) {
		const struct tu_licence_text *stated = &inventory->licence_texts[i];
		const struct tu_spdx_reference reference = {stated->id, stated->name, stated->text,
			stated->comment, stated->urls, stated->url_count};
		uint32_t before = tu_intern_count(l->used);
		uint32_t id;
		bool taken;

		if (!tu_licence_is_reference(stated->id)) {
			tu_sbom__lose(l->w, TU_LOSS_LICENCE_TEXT, NULL);
			continue;
		}
		if (!take_id(l, stated->id, &taken) || !tu_intern_add(l->used, stated->id, &id) ||
			(tu_intern_count(l->used) > before &&
				!TU_VEC_PUSH(&l->references, reference)))
			return false;
	}
	return true;
}

bool tu_spdx_licences_init(struct tu_spdx_licences *l, struct tu_sbom_writing *w)
{
	*l = (struct tu_spdx_licences){.w = w};
	l->ids = tu_intern_new(SIZE_MAX / 2);
	l->keys = tu_intern_new(SIZE_MAX / 2);
	l->used = tu_intern_new(SIZE_MAX / 2);
	l->explained = tu_intern_new(SIZE_MAX / 2);
	return l->ids && l->keys && l->used && l->explained && reserve_all(l) && take_stated(l);
}

void tu_spdx_licences_done(struct tu_spdx_licences *l)
{
	tu_intern_free(l->ids);
	tu_intern_free(l->keys);
	tu_intern_free(l->used);
	tu_intern_free(l->explained);
	TU_VEC_DONE(&l->references);
}

/* "Acme EULA, 2" → "LicenseRef-Acme-EULA-2"; what has no letter that an id may have is numbered. */
static void add_slug(struct tu_buf *out, struct tu_str name)
{
	enum { SLUG_MAX = 64 };
	size_t start;
	bool gap = false;

	tu_buf_c(out, "LicenseRef-");
	start = out->len;
	for (size_t i = 0; i < name.len && out->len - start < SLUG_MAX; i++) {
		bool fine = tu_char_is_alnum(name.ptr[i]) || name.ptr[i] == '.';

		if (fine && gap && out->len > start)
			tu_buf_byte(out, '-');
		if (fine)
			tu_buf_byte(out, name.ptr[i]);
		gap = !fine;
	}
	if (out->len == start)
		tu_buf_c(out, "tutela");
}

/* An id that nothing else has. */
static bool make_id(
	struct tu_spdx_licences *l, struct tu_str name, uint32_t key, struct tu_str *out_id)
{
	struct tu_buf text;
	size_t stem;
	bool made;
	bool taken;

	tu_buf_init(&text, 256);
	add_slug(&text, name);
	stem = text.len;
	made = take_id(l, tu_buf_str(&text), &taken);
	for (uint32_t number = key + 1; made && taken; number++) {
		text.len = stem;
		tu_buf_printf(&text, "-%u", (unsigned)number + 1);
		made = take_id(l, tu_buf_str(&text), &taken);
	}
	made = made && !text.failed && tu_arena_dup(l->w->arena, tu_buf_str(&text), out_id);
	tu_buf_done(&text);
	return made;
}

/* Room for the ids of all keys. */
static bool has_room(struct tu_spdx_licences *l, size_t count)
{
	size_t room = l->made_room ? l->made_room * 2 : 16;
	struct tu_str *more;

	if (count <= l->made_room)
		return true;
	more = tu_arena_array(l->w->arena, room, sizeof(*more));
	if (!more)
		return false;
	for (size_t i = 0; i < l->made_room; i++)
		more[i] = l->made[i];
	l->made = more;
	l->made_room = room;
	return true;
}

/* The licence's own text; one that is encoded otherwise than for its bytes is no text here. */
static bool content_of(
	struct tu_spdx_licences *l, const struct tu_licence *licence, struct tu_str *out_text)
{
	struct tu_str encoded = licence->content;
	size_t padding = tu_str_ends(encoded, TU_STR("==")) ? 2
		: tu_str_ends(encoded, TU_STR("="))	    ? 1
							    : 0;
	size_t len = encoded.len / 4 * 3 - (encoded.len / 4 ? padding : 0);
	uint8_t *bytes;

	*out_text = encoded;
	if (!licence->encoding.len)
		return true;
	bytes = tu_arena_array(l->w->arena, len, 1);
	if (!bytes)
		return false;
	*out_text = tu_str_of((const char *)bytes, len);
	if (tu_str_eq(licence->encoding, TU_STR("base64")) && tu_base64_read(encoded, bytes, len) &&
		tu_utf8_invalid_at(*out_text) == len)
		return true;
	tu_sbom__lose(l->w, TU_LOSS_LICENCE_TEXT, l->at);
	*out_text = TU_STR("");
	return true;
}

static bool add_made(struct tu_spdx_licences *l, struct tu_str name,
	const struct tu_licence *licence, uint32_t key)
{
	struct tu_spdx_reference reference = {.name = name};
	uint32_t id;

	if (!has_room(l, (size_t)key + 1) || !make_id(l, name, key, &reference.id) ||
		!tu_intern_add(l->used, reference.id, &id))
		return false;
	reference.text = TU_STR("");
	reference.comment = TU_STR("");
	if (licence && !content_of(l, licence, &reference.text))
		return false;
	if (licence && licence->url.len) {
		reference.urls = &licence->url;
		reference.url_count = 1;
	}
	l->made[key] = reference.id;
	return TU_VEC_PUSH(&l->references, reference);
}

/* The reference for a name; `licence` has its text, or is NULL. Two texts of one name are two. */
static bool reference_for(struct tu_spdx_licences *l, struct tu_str name,
	const struct tu_licence *licence, struct tu_str *out_id)
{
	uint32_t before = tu_intern_count(l->keys);
	struct tu_buf key;
	uint32_t number = 0;
	bool added;

	tu_buf_init(&key, SIZE_MAX / 2);
	tu_buf_str_add(&key, name);
	tu_buf_byte(&key, '\0');
	if (licence) {
		tu_buf_str_add(&key, licence->content);
		tu_buf_byte(&key, '\0');
		tu_buf_str_add(&key, licence->url);
	}
	added = !key.failed && tu_intern_add(l->keys, tu_buf_str(&key), &number) &&
		(number < before || add_made(l, name, licence, number));
	tu_buf_done(&key);
	if (!added)
		return false;
	*out_id = l->made[number];
	tu_sbom__lose(l->w, TU_LOSS_LICENCE_REF, l->at);
	return true;
}

/* An operand that is not on the list: a reference of the source, or one that is made. */
static bool add_operand(void *context, struct tu_str word, struct tu_buf *out)
{
	struct tu_spdx_licences *l = context;
	struct tu_str id = word;
	uint32_t number;

	/* A licence of another document cannot be named: that document is not listed. */
	if (!tu_str_starts(word, TU_STR("LicenseRef-")) || !tu_licence_is_reference(word)) {
		if (!reference_for(l, word, NULL, &id))
			return false;
	} else if (!tu_intern_add(l->used, word, &number)) {
		return false;
	}
	tu_buf_str_add(out, id);
	return true;
}

void tu_spdx_licences_close(struct tu_spdx_licences *l)
{
	bool fine = true;
	uint32_t id;

	for (size_t i = 0; fine && i < l->references.count; i++)
		fine = tu_intern_add(l->explained, l->references.at[i].id, &id);
	for (uint32_t i = 0; fine && i < tu_intern_count(l->used); i++) {
		struct tu_spdx_reference reference = {.id = tu_intern_str(l->used, i)};

		if (tu_intern_find(l->explained, reference.id) != TU_INTERN_NONE)
			continue;
		reference.name = reference.text = reference.comment = TU_STR("");
		fine = tu_intern_add(l->explained, reference.id, &id) &&
			TU_VEC_PUSH(&l->references, reference);
		tu_sbom__lose(l->w, TU_LOSS_LICENCE_UNEXPLAINED, NULL);
	}
	l->w->out->failed = l->w->out->failed || !fine;
}

size_t tu_spdx_licences_find(const struct tu_spdx_licences *l, struct tu_str id)
{
	uint32_t number = tu_intern_find(l->explained, id);

	return number == TU_INTERN_NONE ? l->references.count : number;
}

/* ---- what a component's licences say ---- */

/* An id may come as a name; an expression of ids is one, whatever the source calls it. */
static bool is_expression(const struct tu_licence *licence)
{
	struct tu_licence_entry entry;

	if (licence->content.len && licence->kind == TU_LICENCE_NAME)
		return false;
	if (licence->kind != TU_LICENCE_NAME)
		return tu_licence_is_expression(licence->text);
	return tu_licence_find(licence->text, &entry) || tu_licence_is_reference(licence->text) ||
		(tu_str_find(licence->text, ' ') < licence->text.len &&
			tu_licence_is_expression(licence->text));
}

static void lose_text(struct tu_spdx_licences *l, const struct tu_licence *licence)
{
	if (licence->content.len || licence->url.len)
		tu_sbom__lose(l->w, TU_LOSS_LICENCE_TEXT, l->at);
}

static bool add_licence(
	struct tu_spdx_licences *l, const struct tu_licence *licence, struct tu_buf *out)
{
	struct tu_licence_writing writing = {.operand = add_operand, .context = l};
	struct tu_str id;

	if (is_expression(licence) && tu_licence_write(licence->text, &writing, out)) {
		lose_text(l, licence);
		if (writing.replaced)
			tu_sbom__lose(l->w, TU_LOSS_LICENCE_DEPRECATED, l->at);
		return true;
	}
	if (!reference_for(l, licence->text, licence, &id))
		return false;
	tu_buf_str_add(out, id);
	return true;
}

static bool is_wanted(const struct tu_licence *licence, enum tu_acknowledgement acknowledgement)
{
	if (tu_str_eq(licence->text, TU_STR("NOASSERTION")))
		return false;
	return licence->acknowledgement == acknowledgement ||
		(licence->acknowledgement == TU_ACK_UNSTATED && acknowledgement == TU_ACK_DECLARED);
}

static bool says_none(const struct tu_licence *licence)
{
	return tu_str_eq(licence->text, TU_STR("NONE"));
}

/* Documents name a few; a look at the first ones is enough. */
static bool is_said(
	const struct tu_component *c, size_t index, enum tu_acknowledgement acknowledgement)
{
	enum { LOOK_MAX = 64 };

	for (size_t i = 0; i < index && i < LOOK_MAX; i++) {
		if (is_wanted(&c->licences[i], acknowledgement) &&
			!c->licences[index].content.len &&
			tu_str_ieq(c->licences[i].text, c->licences[index].text))
			return true;
	}
	return false;
}

static bool joins(struct tu_str expression)
{
	return tu_str_search(expression, TU_STR(" OR ")) < expression.len ||
		tu_str_search(expression, TU_STR(" AND ")) < expression.len;
}

/* One of several that all apply. */
static bool add_part(struct tu_spdx_licences *l, const struct tu_licence *licence, bool alone,
	struct tu_buf *out)
{
	struct tu_buf part;
	bool added;

	tu_buf_init(&part, SIZE_MAX / 2);
	added = add_licence(l, licence, &part) && !part.failed;
	if (added) {
		bool enclosed = !alone && joins(tu_buf_str(&part));

		tu_buf_c(out, enclosed ? "(" : "");
		tu_buf_str_add(out, tu_buf_str(&part));
		tu_buf_c(out, enclosed ? ")" : "");
	}
	tu_buf_done(&part);
	return added;
}

bool tu_spdx_licences_say(struct tu_spdx_licences *l, const struct tu_component *c,
	enum tu_acknowledgement acknowledgement, struct tu_buf *out)
{
	size_t count = 0;
	size_t said = 0;
	bool none = false;

	l->at = c;
	for (size_t i = 0; i < c->licence_count; i++) {
		bool wanted = is_wanted(&c->licences[i], acknowledgement);

		none = none || (wanted && says_none(&c->licences[i]));
		count += wanted && !says_none(&c->licences[i]);
	}
	for (size_t i = 0; i < c->licence_count; i++) {
		const struct tu_licence *licence = &c->licences[i];

		if (!is_wanted(licence, acknowledgement) || says_none(licence) ||
			is_said(c, i, acknowledgement))
			continue;
		if (licence->acknowledgement == TU_ACK_UNSTATED)
			tu_sbom__lose(l->w, TU_LOSS_LICENCE_DECLARED, c);
		tu_buf_c(out, said++ ? " AND " : "");
		if (!add_part(l, licence, count == 1, out))
			l->w->out->failed = true;
	}
	if (none && count)
		tu_sbom__lose(l->w, TU_LOSS_LICENCE, c);
	else if (none)
		tu_buf_c(out, "NONE");
	return count > 0 || none;
}
