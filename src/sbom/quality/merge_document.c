#include "sbom/quality/merge_document.h"

#include <stdlib.h>

void tu_merge_document_done(struct tu_merge_document *d)
{
	tu_intern_free(d->licence_ids);
	tu_sbom__licence_index_done(&d->own);
}

bool tu_merge_document_begin(struct tu_merge_document *d, const struct tu_inventory *inventory)
{
	tu_sbom__licence_index_done(&d->own);
	return tu_sbom__licence_index(d->arena, inventory, &d->own);
}

/* ---- licences by reference ---- */

static const struct tu_licence_text *text_named(const struct tu_merge_document *d, struct tu_str id)
{
	uint32_t at = d->licence_ids ? tu_intern_find(d->licence_ids, id) : TU_INTERN_NONE;

	return at == TU_INTERN_NONE ? NULL : &d->licence_texts.at[at];
}

static bool same_text(const struct tu_licence_text *a, const struct tu_licence_text *b)
{
	return tu_str_eq(a->text, b->text) && tu_str_eq(a->name, b->name);
}

/* "LicenseRef-doc2-1" for the second document's "LicenseRef-1". */
static void write_own_id(struct tu_str id, size_t input, struct tu_buf *out)
{
	(void)tu_str_skip(&id, TU_STR("LicenseRef-"));
	tu_buf_printf(out, "LicenseRef-doc%zu-%.*s", input + 1, TU_STR_FMT(id));
}

static bool add_text(struct tu_merge_document *d, const struct tu_licence_text *text, size_t input)
{
	const struct tu_licence_text *known = text_named(d, text->id);
	struct tu_licence_text copy = *text;
	struct tu_buf id;
	uint32_t at;
	bool fine;

	if (known && same_text(known, text))
		return true;
	tu_buf_init(&id, 1 << 20);
	if (known)
		write_own_id(text->id, input, &id);
	fine = !id.failed && (!known || tu_arena_dup(d->arena, tu_buf_str(&id), &copy.id));
	tu_buf_done(&id);
	if (!d->licence_ids)
		d->licence_ids = tu_intern_new((size_t)1 << 31);
	if (!fine || !d->licence_ids || !tu_intern_add(d->licence_ids, copy.id, &at))
		return false;
	return at < d->licence_texts.count || TU_VEC_PUSH_IN(d->arena, &d->licence_texts, copy);
}

static bool is_id_byte(char c)
{
	return tu_char_is_alnum(c) || c == '-' || c == '.';
}

static void write_word(
	const struct tu_merge_document *d, size_t input, struct tu_str word, struct tu_buf *out)
{
	const struct tu_licence_text *known = text_named(d, word);
	const struct tu_licence_text *own = tu_sbom__licence_text(&d->own, word);

	if (own && known && !same_text(own, known))
		write_own_id(word, input, out);
	else
		tu_buf_str_add(out, word);
}

/* Ids of this document that another one uses otherwise, replaced. */
static void write_expression(
	const struct tu_merge_document *d, size_t input, struct tu_str text, struct tu_buf *out)
{
	for (size_t at = 0; at < text.len;) {
		size_t end = at;

		while (end < text.len && is_id_byte(text.ptr[end]))
			end++;
		write_word(d, input, tu_str_of(text.ptr + at, end - at), out);
		if (end < text.len)
			tu_buf_byte(out, text.ptr[end++]);
		at = end;
	}
}

static bool names_reference(const struct tu_licence *licence)
{
	return licence->kind != TU_LICENCE_NAME &&
		tu_str_search(licence->text, TU_STR("LicenseRef-")) < licence->text.len;
}

static struct tu_licence *copy_licences(struct tu_merge_document *d, struct tu_component *component)
{
	struct tu_licence *copies =
		tu_arena_array(d->arena, component->licence_count, sizeof(*copies));

	if (copies)
		memcpy(copies, component->licences, component->licence_count * sizeof(*copies));
	return copies;
}

bool tu_merge_document_licences(
	struct tu_merge_document *d, size_t input, struct tu_component *component)
{
	struct tu_licence *copies = NULL;
	struct tu_buf text;
	bool fine = true;

	if (!d->licence_texts.count || !d->own.ids)
		return true;
	for (size_t i = 0; fine && i < component->licence_count; i++) {
		if (!names_reference(&component->licences[i]))
			continue;
		if (!copies)
			copies = copy_licences(d, component);
		if (!copies)
			return false;
		component->licences = copies;
		tu_buf_init(&text, 1 << 24);
		write_expression(d, input, copies[i].text, &text);
		fine = !text.failed && tu_arena_dup(d->arena, tu_buf_str(&text), &copies[i].text);
		tu_buf_done(&text);
	}
	return fine;
}

/* ---- what is lost ---- */

static bool lose(struct tu_merge_document *d, size_t input, struct tu_str what)
{
	struct tu_sbom_note note = {.pointer = {"", 0}, .count = 1};
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text, "lost: %.*s of document %zu", TU_STR_FMT(what), input + 1);
	fine = !text.failed && tu_arena_dup(d->arena, tu_buf_str(&text), &note.message) &&
		TU_VEC_PUSH_IN(d->arena, &d->unkept, note);
	tu_buf_done(&text);
	return fine;
}

/* What is said of the document itself is not said of the merged one. */
static bool lose_own(
	struct tu_merge_document *d, const struct tu_inventory *inventory, size_t input)
{
	const struct tu_sbom_detail *detail = inventory->detail;
	const struct {
		size_t count;
		struct tu_str what;
	} own[] = {
		{inventory->phase.len, TU_STR("the phase")},
		{inventory->licence_count, TU_STR("the licence")},
		{inventory->property_count, TU_STR("the properties")},
		{detail ? detail->maker_count : 0, TU_STR("the supplier")},
		{detail ? detail->reference_count : 0, TU_STR("the external references")},
		{detail ? detail->text_count : 0, TU_STR("the comments")},
	};

	for (size_t i = 0; i < TU_COUNT(own); i++) {
		if (own[i].count && !lose(d, input, own[i].what))
			return false;
	}
	for (size_t i = 0; detail && i < detail->kept_count; i++) {
		if (!lose(d, input, detail->kept[i].name))
			return false;
	}
	return true;
}

static bool add_unkept(
	struct tu_merge_document *d, const struct tu_inventory *inventory, size_t input)
{
	for (size_t i = 0; i < inventory->unkept_count; i++) {
		struct tu_sbom_note note = inventory->unkept[i];
		struct tu_buf text;
		bool fine;

		tu_buf_init(&text, (size_t)1 << 30);
		tu_buf_printf(&text, "document %zu: %.*s", input + 1, TU_STR_FMT(note.pointer));
		fine = !text.failed && tu_arena_dup(d->arena, tu_buf_str(&text), &note.pointer) &&
			TU_VEC_PUSH_IN(d->arena, &d->unkept, note);
		tu_buf_done(&text);
		if (!fine)
			return false;
	}
	return true;
}

/* ---- the whole ---- */

bool tu_merge_document_add(struct tu_merge_document *d, const struct tu_inventory *inventory,
	size_t input, const uint32_t *map)
{
	for (size_t i = 0; i < inventory->leaf_count; i++) {
		if (!TU_VEC_PUSH_IN(d->arena, &d->leaves, map[inventory->leaves[i]]))
			return false;
	}
	for (size_t i = 0; i < inventory->licence_text_count; i++) {
		if (!add_text(d, &inventory->licence_texts[i], input))
			return false;
	}
	d->newest = d->newest || tu_str_eq(inventory->spec_version, TU_STR("1.7"));
	return add_unkept(d, inventory, input) && lose_own(d, inventory, input);
}

static int by_index(const void *a, const void *b)
{
	const uint32_t *x = a;
	const uint32_t *y = b;

	return (*x > *y) - (*x < *y);
}

void tu_merge_document_close(struct tu_merge_document *d, struct tu_inventory *merged)
{
	size_t kept = 0;

	if (d->leaves.count)
		qsort(d->leaves.at, d->leaves.count, sizeof(*d->leaves.at), by_index);
	for (size_t i = 0; i < d->leaves.count; i++) {
		if (!kept || d->leaves.at[kept - 1] != d->leaves.at[i])
			d->leaves.at[kept++] = d->leaves.at[i];
	}
	merged->leaves = d->leaves.at;
	merged->leaf_count = kept;
	merged->licence_texts = d->licence_texts.at;
	merged->licence_text_count = d->licence_texts.count;
	merged->unkept = d->unkept.at;
	merged->unkept_count = d->unkept.count;
	merged->spec_version = d->newest ? TU_STR("1.7") : TU_STR("1.6");
}
