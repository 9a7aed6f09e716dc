/*
 * Applying a supplement: components look themselves up among the selectors, once each.
 */
#include "sbom/quality/supplement.h"

#include <stdio.h>

#include "base/utf8.h"
#include "sbom/details.h"

/* ---- application ---- */

static struct tu_str text_before(const struct tu_component *c, enum tu_supplement_field field)
{
	switch (field) {
	case TU_FIELD_SUPPLIER:
		return c->supplier;
	case TU_FIELD_CONTACT:
		return c->contact;
	case TU_FIELD_LICENCE:
		return c->licence_count ? c->licences[0].text : TU_STR("");
	case TU_FIELD_VERSION:
		return c->version;
	case TU_FIELD_PURL:
		return c->purl;
	case TU_FIELD_CPE:
		return c->cpe_count ? c->cpes[0] : TU_STR("");
	case TU_FIELD_SUPPORT:
	case TU_FIELD_SUPPORT_END:
	case TU_FIELD_SUPPORT_WHY:
	case TU_FIELD_INTERNAL:
	case TU_FIELD_COUNT:
	default:
		return tu_component_property(c, tu_supplement__names[field].property);
	}
}

/* A list of one. */
static bool set_list(struct tu_supplement *s, struct tu_str text, const struct tu_str **out_list,
	size_t *out_count)
{
	struct tu_str *list = tu_arena_array(s->arena, 1, sizeof(*list));

	if (!list)
		return false;
	list[0] = text;
	*out_list = list;
	*out_count = 1;
	return true;
}

static bool set_licence(struct tu_supplement *s, struct tu_str text, struct tu_component *c)
{
	struct tu_licence *licence = tu_arena_alloc(s->arena, sizeof(*licence));

	if (!licence)
		return false;
	*licence = (struct tu_licence){.text = text,
		.kind = tu_sbom__spdx_licence_kind(text),
		.acknowledgement = TU_ACK_CONCLUDED,
		.content = {"", 0},
		.content_type = {"", 0},
		.encoding = {"", 0},
		.url = {"", 0}};
	c->licences = licence;
	c->licence_count = 1;
	return true;
}

/* The supplement's statement is first: that is the one which is found. */
static bool set_property(
	struct tu_supplement *s, struct tu_component *c, struct tu_str name, struct tu_str value)
{
	struct tu_property *list = tu_arena_array(s->arena, c->property_count + 1, sizeof(*list));

	if (!list)
		return false;
	list[0] = (struct tu_property){name, value};
	if (c->property_count)
		memcpy(list + 1, c->properties, c->property_count * sizeof(*list));
	c->properties = list;
	c->property_count++;
	return true;
}

static bool keep(struct tu_supplement *s, struct tu_str *text)
{
	bool kept = !s->key.failed && tu_arena_dup(s->arena, tu_buf_str(&s->key), text);

	tu_buf_clear(&s->key);
	return kept;
}

/* A corrected version applies to the identifiers too: they are what is looked up. */
static bool correct_purl(struct tu_supplement *s, struct tu_component *c, struct tu_str version)
{
	struct tu_purl purl;

	tu_arena_reset(s->moment);
	if (!c->purl.len || !tu_supplement__parse_purl(s, s->moment, c->purl, &purl) ||
		!purl.version.len)
		return !s->starved;
	purl.version = version;
	tu_buf_clear(&s->key);
	tu_purl_write(&purl, &s->key);
	return keep(s, &c->purl);
}

static bool correct_cpe(struct tu_supplement *s, struct tu_str *text, struct tu_str version)
{
	struct tu_buf plain;
	struct tu_cpe cpe;
	bool kept;

	tu_arena_reset(s->moment);
	if (!tu_supplement__parse_cpe(s, s->moment, *text, &cpe) ||
		tu_str_eq(cpe.attr[TU_CPE_VERSION], TU_STR("*")))
		return !s->starved;
	tu_buf_init(&plain, TU_SUPPLEMENT_KEY_MAX);
	tu_cpe_attr_from_plain(version, &plain);
	cpe.attr[TU_CPE_VERSION] = tu_buf_str(&plain);
	tu_buf_clear(&s->key);
	tu_cpe_write(&cpe, &s->key);
	kept = !plain.failed && keep(s, text);
	tu_buf_done(&plain);
	return kept;
}

static bool set_version(struct tu_supplement *s, struct tu_component *c, struct tu_str version)
{
	struct tu_str *cpes = tu_arena_array(s->arena, c->cpe_count, sizeof(*cpes));

	if (!cpes || !correct_purl(s, c, version))
		return false;
	for (size_t i = 0; i < c->cpe_count; i++) {
		cpes[i] = c->cpes[i];
		if (!correct_cpe(s, &cpes[i], version))
			return false;
	}
	c->cpes = c->cpe_count ? cpes : NULL;
	c->version = version;
	return true;
}

static bool set_field(struct tu_supplement *s, struct tu_component *c,
	enum tu_supplement_field field, struct tu_str text)
{
	switch (field) {
	case TU_FIELD_SUPPLIER:
		c->supplier = text;
		return tu_sbom__set_supplier(s->arena, c);
	case TU_FIELD_CONTACT:
		c->contact = text;
		return tu_sbom__set_supplier(s->arena, c);
	case TU_FIELD_LICENCE:
		return set_licence(s, text, c);
	case TU_FIELD_VERSION:
		return set_version(s, c, text);
	case TU_FIELD_PURL:
		c->purl = text;
		return true;
	case TU_FIELD_CPE:
		return set_list(s, text, &c->cpes, &c->cpe_count);
	case TU_FIELD_SUPPORT:
	case TU_FIELD_SUPPORT_END:
	case TU_FIELD_SUPPORT_WHY:
	case TU_FIELD_INTERNAL:
	case TU_FIELD_COUNT:
	default:
		return set_property(s, c, tu_supplement__names[field].property, text);
	}
}

static enum tu_status apply_entry(
	struct tu_supplement *s, struct tu_supplement_entry *entry, uint32_t index)
{
	struct tu_component *c = &s->components[index];

	entry->hits++;
	for (int field = 0; field < TU_FIELD_COUNT; field++) {
		struct tu_str before = text_before(c, (enum tu_supplement_field)field);
		struct tu_supplement_effect *effect = &entry->effects[field];

		if (!entry->stated[field].ptr || tu_str_eq(before, entry->stated[field]))
			continue;
		if (effect->count++ == 0) {
			effect->first = index;
			effect->before = before;
		}
		if (!set_field(s, c, (enum tu_supplement_field)field, entry->stated[field]))
			return tu_supplement__nomem(s);
	}
	return TU_OK;
}

/* ---- selection ---- */

static bool purl_agrees(const struct tu_supplement_entry *entry, const struct tu_purl *purl)
{
	if (entry->purl.version.len && !tu_str_eq(entry->purl.version, purl->version))
		return false;
	if (entry->purl.subpath.len && !tu_str_eq(entry->purl.subpath, purl->subpath))
		return false;
	for (size_t i = 0; i < entry->purl.qualifier_count; i++) {
		const struct tu_purl_qualifier *want = &entry->purl.qualifiers[i];

		if (!tu_str_eq(tu_purl_qualifier(purl, want->key), want->value))
			return false;
	}
	return true;
}

/* Components as the document has them are asked, so that one entry's correction does not hide them
 * from the next. */
static bool selects(struct tu_supplement *s, const struct tu_supplement_entry *entry,
	const struct tu_component *c, size_t cpe)
{
	struct tu_cpe target;
	struct tu_purl purl;
	enum tu_cpe_relation relation;

	switch (entry->by) {
	case TU_SELECT_PURL:
		tu_arena_reset(s->moment);
		return tu_supplement__parse_purl(s, s->moment, c->purl, &purl) &&
			purl_agrees(entry, &purl);
	case TU_SELECT_CPE:
		tu_arena_reset(s->moment);
		if (!tu_supplement__parse_cpe(s, s->moment, c->cpes[cpe], &target))
			return false;
		relation = tu_cpe_compare(&entry->cpe, &target);
		return relation == TU_CPE_EQUAL || relation == TU_CPE_SUPERSET;
	case TU_SELECT_NAME:
		return entry->version.len == 0 || tu_str_eq(entry->version, c->version);
	case TU_SELECT_REF:
	case TU_SELECT_NONE:
	default:
		return true;
	}
}

/* A component may meet an entry by several keys; it is changed once. */
static bool has_met(const struct tu_supplement *s, uint32_t entry)
{
	for (size_t i = 0; i < s->met.count; i++)
		if (s->met.at[i] == entry)
			return true;
	return false;
}

/* Look the key up in the table; false: out of memory. */
static bool meet(struct tu_supplement *s, const struct tu_component *c, size_t cpe)
{
	uint32_t id;

	if (s->key.failed)
		return false;
	id = tu_intern_find(s->keys, tu_buf_str(&s->key));
	if (id == TU_INTERN_NONE)
		return true;
	for (uint32_t at = s->first.at[id]; at && !s->starved; at = s->entries.at[at - 1].next) {
		if (!has_met(s, at - 1) && selects(s, &s->entries.at[at - 1], c, cpe) &&
			!TU_VEC_PUSH(&s->met, at - 1))
			return false;
	}
	return !s->starved;
}

static bool meet_cpe(struct tu_supplement *s, const struct tu_component *c, size_t i)
{
	struct tu_cpe cpe;

	tu_arena_reset(s->moment);
	tu_buf_clear(&s->key);
	if (!tu_supplement__parse_cpe(s, s->moment, c->cpes[i], &cpe))
		return !s->starved;
	return !tu_key_cpe(&cpe, &s->key) || meet(s, c, i);
}

static bool meet_all(struct tu_supplement *s, const struct tu_component *c)
{
	s->met.count = 0;
	tu_buf_clear(&s->key);
	if ((tu_key_purl_text(s->moment, c->purl, &s->key) && !meet(s, c, 0)) || s->key.failed)
		return false;
	for (size_t i = 0; i < c->cpe_count; i++)
		if (!meet_cpe(s, c, i))
			return false;
	tu_buf_clear(&s->key);
	tu_buf_byte(&s->key, 'r');
	tu_buf_str_add(&s->key, c->ref);
	if (!meet(s, c, 0))
		return false;
	tu_buf_clear(&s->key);
	tu_key_name(TU_STR(""), c->name, &s->key);
	return meet(s, c, 0);
}

/* Into the order of the file; there are few. */
static void sort_met(struct tu_supplement *s)
{
	for (size_t i = 1; i < s->met.count; i++) {
		uint32_t entry = s->met.at[i];
		size_t k = i;

		for (; k > 0 && s->met.at[k - 1] > entry; k--)
			s->met.at[k] = s->met.at[k - 1];
		s->met.at[k] = entry;
	}
}

static enum tu_status apply_all(struct tu_supplement *s)
{
	enum tu_status status = TU_OK;

	for (uint32_t i = 0; !status && i < s->inventory->component_count; i++) {
		if (!meet_all(s, &s->inventory->components[i]))
			return tu_supplement__nomem(s);
		sort_met(s);
		for (size_t k = 0; !status && k < s->met.count; k++)
			status = apply_entry(s, &s->entries.at[s->met.at[k]], i);
	}
	return status;
}

/* Most likely a mistake: the component it was meant for stays unchanged, and that must be visible.
 */
static enum tu_status check_hits(struct tu_supplement *s)
{
	char message[TU_SUPPLEMENT_SHOWN + 160];
	size_t missed = 0;
	const struct tu_supplement_entry *first = NULL;
	enum tu_status status;

	for (size_t i = 0; i < s->entries.count; i++) {
		if (s->entries.at[i].hits)
			continue;
		if (missed++ == 0)
			first = &s->entries.at[i];
	}
	if (!first)
		return TU_OK;
	(void)snprintf(message, sizeof(message),
		"no component of the SBOM is selected by \"%.*s%s%.*s\"",
		TU_STR_FMT(tu_utf8_first(first->selected, TU_SUPPLEMENT_SHOWN)),
		first->version.len ? "@" : "",
		TU_STR_FMT(tu_utf8_first(first->version, TU_SUPPLEMENT_SHOWN)));
	status = tu_supplement__fail(s, first->at, TU_E_NOTFOUND, message);
	if (missed > 1 && s->err) {
		const struct tu_error_place place = {.line = s->err->line};

		return tu_fail_at(s->err, TU_E_NOTFOUND, &place, "%s, nor by %zu more entries",
			message, missed - 1);
	}
	return status;
}

/* ---- notes ---- */

static bool write_note(struct tu_supplement *s, const struct tu_supplement_entry *entry, int field,
	struct tu_sbom_note *out_note)
{
	const struct tu_supplement_effect *effect = &entry->effects[field];
	struct tu_buf words;
	bool kept;

	tu_buf_init(&words, TU_SUPPLEMENT_KEY_MAX);
	tu_component_pointer(s->inventory, &s->inventory->components[effect->first], &words);
	kept = !words.failed && tu_arena_dup(s->arena, tu_buf_str(&words), &out_note->pointer);
	tu_buf_clear(&words);
	tu_buf_printf(&words, "supplement, entry %zu (%.*s): %.*s \"%.*s\"",
		(size_t)(entry - s->entries.at) + 1,
		TU_STR_FMT(tu_utf8_first(entry->selected, TU_SUPPLEMENT_SHOWN)),
		TU_STR_FMT(tu_supplement__names[field].name),
		TU_STR_FMT(tu_utf8_first(entry->stated[field], TU_SUPPLEMENT_SHOWN)));
	if (effect->before.len)
		tu_buf_printf(&words, " in place of \"%.*s\"",
			TU_STR_FMT(tu_utf8_first(effect->before, TU_SUPPLEMENT_SHOWN)));
	out_note->count = effect->count;
	kept = kept && !words.failed &&
		tu_arena_dup(s->arena, tu_buf_str(&words), &out_note->message);
	tu_buf_done(&words);
	return kept;
}

static bool write_author_note(struct tu_supplement *s, struct tu_sbom_note *out_note)
{
	struct tu_buf words;
	bool kept;

	tu_buf_init(&words, TU_SUPPLEMENT_KEY_MAX);
	tu_buf_printf(&words, "supplement: author \"%.*s\"",
		TU_STR_FMT(tu_utf8_first(s->author, TU_SUPPLEMENT_SHOWN)));
	*out_note = (struct tu_sbom_note){.pointer = {"", 0}, .count = 1};
	kept = !words.failed && tu_arena_dup(s->arena, tu_buf_str(&words), &out_note->message);
	tu_buf_done(&words);
	return kept;
}

static size_t count_effects(const struct tu_supplement *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->entries.count; i++)
		for (int field = 0; field < TU_FIELD_COUNT; field++)
			count += s->entries.at[i].effects[field].count > 0;
	return count;
}

static enum tu_status add_notes(struct tu_supplement *s, struct tu_inventory *inventory)
{
	size_t count = inventory->note_count;
	struct tu_sbom_note *notes =
		tu_arena_array(s->arena, count + count_effects(s) + 1, sizeof(*notes));

	if (!notes)
		return tu_supplement__nomem(s);
	if (count)
		memcpy(notes, inventory->notes, count * sizeof(*notes));
	for (size_t i = 0; i < s->entries.count; i++) {
		const struct tu_supplement_entry *entry = &s->entries.at[i];

		for (int field = 0; field < TU_FIELD_COUNT; field++) {
			if (entry->effects[field].count == 0)
				continue;
			if (!write_note(s, entry, field, &notes[count++]))
				return tu_supplement__nomem(s);
		}
	}
	if (s->author.len && !write_author_note(s, &notes[count++]))
		return tu_supplement__nomem(s);
	inventory->notes = notes;
	inventory->note_count = count;
	return TU_OK;
}

static enum tu_status add_author(struct tu_supplement *s, struct tu_inventory *inventory)
{
	struct tu_party *authors;

	if (!s->author.len)
		return TU_OK;
	authors = tu_arena_array(s->arena, inventory->author_count + 1, sizeof(*authors));
	if (!authors)
		return tu_supplement__nomem(s);
	if (inventory->author_count)
		memcpy(authors, inventory->authors, inventory->author_count * sizeof(*authors));
	authors[inventory->author_count++] =
		(struct tu_party){.role = TU_ROLE_AUTHOR, .name = s->author};
	inventory->authors = authors;
	return TU_OK;
}

static enum tu_status merge(struct tu_supplement *s, const struct tu_inventory **out_inventory)
{
	size_t count = s->inventory->component_count;
	struct tu_inventory *merged = tu_arena_alloc(s->arena, sizeof(*merged));
	enum tu_status status;

	s->components = tu_arena_array(s->arena, count, sizeof(*s->components));
	if (!merged || !s->components)
		return tu_supplement__nomem(s);
	if (count)
		memcpy(s->components, s->inventory->components, count * sizeof(*s->components));
	*merged = *s->inventory;
	status = apply_all(s);
	if (!status)
		status = add_notes(s, merged);
	if (!status)
		status = add_author(s, merged);
	merged->components = count ? s->components : NULL;
	if (!status)
		*out_inventory = merged;
	return status;
}

static void forget_effects(struct tu_supplement *s)
{
	for (size_t i = 0; i < s->entries.count; i++)
		memset(s->entries.at[i].effects, 0, sizeof(s->entries.at[i].effects));
}

enum tu_status tu_supplement__merge(struct tu_supplement *s)
{
	const struct tu_inventory **merged = tu_arena_array(s->scratch, s->count, sizeof(*merged));
	enum tu_status status = merged ? TU_OK : tu_supplement__nomem(s);

	for (size_t i = 0; !status && i < s->count; i++) {
		s->inventory = s->inventories[i];
		forget_effects(s);
		status = merge(s, &merged[i]);
	}
	if (!status)
		status = check_hits(s);
	for (size_t i = 0; !status && i < s->count; i++)
		s->inventories[i] = merged[i];
	return status;
}
