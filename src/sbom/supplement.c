/*
 * Supplements: see <tutela/supplement.h> and docs/formats/supplement.md.
 *
 * YAML is written as JSON that keeps the lines (see rewrite.h), so both forms are read by one
 * walk and an error names the line of the file. Selectors go into one table; the components are
 * walked once and look themselves up in it.
 */
#include <tutela/supplement.h>

#include <stdio.h>

#include "base/intern.h"
#include "base/time.h"
#include "base/utf8.h"
#include "sbom/keys.h"
#include "sbom/rewrite.h"

#define KEY_MAX ((size_t)1 << 30) /* only memory may end a key: a long one must be found too */

enum {
	SHOWN = 80,
	/* Entries with one key: each component that has it asks them all. */
	ALIKE_MAX = 64
};

/* What an entry may state; the order is that of the table `fields`. */
enum field {
	FIELD_SUPPLIER,
	FIELD_CONTACT,
	FIELD_LICENCE,
	FIELD_VERSION,
	FIELD_PURL,
	FIELD_CPE,
	FIELD_SUPPORT,
	FIELD_SUPPORT_END,
	FIELD_INTERNAL,
	FIELD_COUNT
};

enum selector { BY_NONE, BY_PURL, BY_CPE, BY_REF, BY_NAME };

/* What a field did: the first component that it changed, and how many. */
struct effect {
	uint32_t first;
	uint32_t count;
	struct tu_str before; /* of the first one */
};

struct entry {
	struct tu_json at;
	enum selector by;
	struct tu_str selected; /* the selector's text */
	struct tu_str version; /* of a name, else empty */
	struct tu_purl purl;
	struct tu_cpe cpe;
	struct tu_str stated[FIELD_COUNT]; /* ptr NULL: not stated */
	struct effect effects[FIELD_COUNT];
	uint32_t next; /* with the same key, + 1 */
	uint32_t hits;
};

struct supplement {
	struct tu_arena *arena; /* of the result */
	struct tu_arena *scratch; /* given back at the end */
	struct tu_arena *moment; /* reset for each identifier */
	struct tu_error *err;
	TU_VEC(struct entry) entries; /* in scratch */
	struct tu_intern *keys;
	TU_VEC(uint32_t) first; /* by key: entry + 1 */
	struct tu_buf key;
	struct tu_str author;
	const struct tu_inventory **inventories;
	size_t count;
	const struct tu_inventory *inventory; /* the one at hand */
	struct tu_component *components; /* its copy */
	bool starved; /* an identifier could not be parsed for want of memory */
	TU_VEC(uint32_t) met; /* entries that select the component at hand */
};

static enum tu_status nomem(const struct supplement *s)
{
	return tu_fail(s->err, TU_E_NOMEM, 0, "out of memory while reading the supplement");
}

/* "line 12: <words>"; columns are those of the JSON and not told. */
static enum tu_status fail_at(
	const struct supplement *s, struct tu_json at, enum tu_status status, const char *words)
{
	size_t line, column;

	(void)tu_json_position(at, &line, &column);
	return tu_fail(s->err, status, 0, "line %zu: %s", line, words);
}

static enum tu_status fail_text(const struct supplement *s, struct tu_json at,
	enum tu_status status, const char *words, struct tu_str text)
{
	char message[SHOWN + 160];

	(void)snprintf(message, sizeof(message), "%s \"%.*s\"", words,
		TU_STR_FMT(tu_utf8_first(text, SHOWN)));
	return fail_at(s, at, status, message);
}

/* ---- identifiers; false: it is none, or memory is out (starved) ---- */

static bool parse_purl(
	struct supplement *s, struct tu_arena *arena, struct tu_str text, struct tu_purl *out_purl)
{
	enum tu_status status = tu_purl_parse(arena, text, out_purl, NULL);

	s->starved |= status == TU_E_NOMEM;
	return status == TU_OK;
}

static bool parse_cpe(
	struct supplement *s, struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe)
{
	enum tu_status status = tu_cpe_parse(arena, text, out_cpe, NULL);

	s->starved |= status == TU_E_NOMEM;
	return status == TU_OK;
}

static enum tu_status fail_identifier(
	const struct supplement *s, struct tu_json at, const char *words, struct tu_str text)
{
	return s->starved ? nomem(s) : fail_text(s, at, TU_E_SYNTAX, words, text);
}

/* ---- values ---- */

static const struct tu_str levels[] = {TU_STR_INIT("actively-maintained"),
	TU_STR_INIT("no-longer-maintained"), TU_STR_INIT("abandoned")};

bool tu_support_level_is_known(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(levels); i++)
		if (tu_str_eq(levels[i], word))
			return true;
	return false;
}

static enum tu_status check_date(
	struct supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	int64_t ignored;

	*out_text = text;
	if (text.len == 10 && tu_time_parse(text, &ignored))
		return TU_OK;
	return fail_text(s, at, TU_E_SYNTAX, "a date as in 2028-12-31 is wanted, not", text);
}

static enum tu_status check_level(
	struct supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	*out_text = text;
	if (tu_support_level_is_known(text))
		return TU_OK;
	return fail_text(s, at, TU_E_SYNTAX,
		"support is actively-maintained, no-longer-maintained or abandoned, not", text);
}

static enum tu_status check_purl(
	struct supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	struct tu_purl purl;

	*out_text = text;
	tu_arena_reset(s->moment);
	if (parse_purl(s, s->moment, text, &purl))
		return TU_OK;
	return fail_identifier(s, at, "not a package URL:", text);
}

static enum tu_status check_cpe(
	struct supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	struct tu_cpe cpe;

	*out_text = text;
	tu_arena_reset(s->moment);
	if (parse_cpe(s, s->moment, text, &cpe))
		return TU_OK;
	return fail_identifier(s, at, "not a CPE:", text);
}

static const struct {
	struct tu_str name;
	struct tu_str other; /* another spelling of the name */
	enum tu_status (*check)(struct supplement *s, struct tu_json at, struct tu_str text,
		struct tu_str *out_text);
	struct tu_str property; /* where it is kept, if not in a member of the component */
} fields[FIELD_COUNT] = {
	[FIELD_SUPPLIER] = {TU_STR_INIT("supplier"), {0}, NULL, {0}},
	[FIELD_CONTACT] = {TU_STR_INIT("contact"), {0}, NULL, {0}},
	[FIELD_LICENCE] = {TU_STR_INIT("licence"), TU_STR_INIT("license"), NULL, {0}},
	[FIELD_VERSION] = {TU_STR_INIT("version"), {0}, NULL, {0}},
	[FIELD_PURL] = {TU_STR_INIT("purl"), {0}, check_purl, {0}},
	[FIELD_CPE] = {TU_STR_INIT("cpe"), {0}, check_cpe, {0}},
	[FIELD_SUPPORT] = {TU_STR_INIT("support"), {0}, check_level,
		TU_STR_INIT(TU_PROPERTY_SUPPORT)},
	[FIELD_SUPPORT_END] = {TU_STR_INIT("end-of-support"), {0}, check_date,
		TU_STR_INIT(TU_PROPERTY_SUPPORT_END)},
	[FIELD_INTERNAL] = {TU_STR_INIT("internal"), {0}, NULL, TU_STR_INIT(TU_PROPERTY_INTERNAL)},
};

/* ---- entries ---- */

static enum tu_status read_text(
	const struct supplement *s, struct tu_json at, struct tu_str key, struct tu_str *out_text)
{
	*out_text = tu_json_str(at);
	if (out_text->len)
		return TU_OK;
	return fail_text(s, at, TU_E_SYNTAX, "a text is wanted (quote a number) for", key);
}

static enum tu_status read_flag(
	const struct supplement *s, struct tu_json at, struct tu_str key, struct tu_str *out_text)
{
	if (tu_json_type(at) != TU_JSON_BOOL)
		return fail_text(s, at, TU_E_SYNTAX, "true or false is wanted for", key);
	*out_text = tu_json_true(at) ? TU_STR("true") : TU_STR("false");
	return TU_OK;
}

static enum tu_status read_field(
	struct supplement *s, struct tu_str key, struct tu_json at, struct entry *entry)
{
	enum tu_status status;
	struct tu_str text;
	size_t i = 0;

	while (i < FIELD_COUNT && !tu_str_eq(fields[i].name, key) &&
		!(fields[i].other.len && tu_str_eq(fields[i].other, key)))
		i++;
	if (i == FIELD_COUNT)
		return fail_text(s, at, TU_E_SYNTAX, "an entry has no member", key);
	status = i == FIELD_INTERNAL ? read_flag(s, at, key, &text) : read_text(s, at, key, &text);
	if (!status && fields[i].check)
		status = fields[i].check(s, at, text, &text);
	if (!status && !tu_arena_dup(s->arena, text, &entry->stated[i]))
		status = nomem(s);
	return status;
}

static enum tu_status read_by(
	struct supplement *s, struct tu_str key, struct tu_json at, struct entry *entry)
{
	static const struct {
		struct tu_str name;
		enum selector by;
	} words[] = {{TU_STR_INIT("purl"), BY_PURL}, {TU_STR_INIT("cpe"), BY_CPE},
		{TU_STR_INIT("ref"), BY_REF}, {TU_STR_INIT("name"), BY_NAME}};
	struct tu_str text;
	enum tu_status status = read_text(s, at, key, &text);

	if (status)
		return status;
	if (tu_str_eq(key, TU_STR("version"))) {
		entry->version = text;
		return TU_OK;
	}
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (!tu_str_eq(words[i].name, key))
			continue;
		if (entry->by != BY_NONE)
			return fail_at(s, at, TU_E_SYNTAX,
				"select by one of purl, cpe, ref and name, not by two");
		entry->by = words[i].by;
		entry->selected = text;
		return TU_OK;
	}
	return fail_text(s, at, TU_E_SYNTAX, "select by purl, cpe, ref or name, not by", key);
}

static enum tu_status read_select(struct supplement *s, struct tu_json at, struct entry *entry)
{
	struct tu_json_iter iter = tu_json_iter(at);
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key;

	if (!tu_json_is_object(at))
		return fail_at(s, at, TU_E_SYNTAX, "select holds purl, cpe, ref or name");
	while (!status && tu_json_next_member(&iter, &key, &value))
		status = read_by(s, key, value, entry);
	if (!status && entry->by == BY_NONE)
		status = fail_at(s, at, TU_E_SYNTAX, "select holds purl, cpe, ref or name");
	if (!status && entry->version.len && entry->by != BY_NAME)
		status = fail_at(s, at, TU_E_SYNTAX,
			"select: version goes with name; a purl or CPE has its own");
	return status;
}

/* The key of a selector into s->key, and what else must agree into the entry. */
static enum tu_status key_selector(struct supplement *s, struct entry *entry)
{
	tu_buf_clear(&s->key);
	switch (entry->by) {
	case BY_PURL:
		if (!parse_purl(s, s->scratch, entry->selected, &entry->purl) ||
			!tu_sbom__purl_key(s->moment, entry->selected, &s->key))
			return s->key.failed
				? nomem(s)
				: fail_identifier(s, entry->at,
					  "select: not a package URL:", entry->selected);
		break;
	case BY_CPE:
		if (!parse_cpe(s, s->scratch, entry->selected, &entry->cpe))
			return fail_identifier(s, entry->at, "select: not a CPE:", entry->selected);
		if (!tu_sbom__cpe_key(&entry->cpe, &s->key))
			return fail_at(s, entry->at, TU_E_SYNTAX,
				"select: the CPE leaves part, vendor or product open");
		break;
	case BY_REF:
		tu_buf_byte(&s->key, 'r');
		tu_buf_str_add(&s->key, entry->selected);
		break;
	case BY_NAME:
	case BY_NONE:
	default:
		tu_sbom__name_key(TU_STR(""), entry->selected, &s->key);
		break;
	}
	return TU_OK;
}

/* Entries with one key are a list in their order. */
static enum tu_status index_entry(struct supplement *s, uint32_t index)
{
	enum tu_status status = key_selector(s, &s->entries.at[index]);
	uint32_t id;
	uint32_t *link;
	size_t alike = 0;

	if (status)
		return status;
	if (s->key.failed || !tu_intern_add(s->keys, tu_buf_str(&s->key), &id))
		return nomem(s);
	if (id == s->first.count && !TU_VEC_PUSH(&s->first, 0))
		return nomem(s);
	link = &s->first.at[id];
	for (; *link; alike++)
		link = &s->entries.at[*link - 1].next;
	if (alike >= ALIKE_MAX)
		return fail_at(s, s->entries.at[index].at, TU_E_LIMIT,
			"more than 64 entries select by the same");
	*link = index + 1;
	return TU_OK;
}

static enum tu_status read_entry(struct supplement *s, struct tu_json at)
{
	struct tu_json_iter iter = tu_json_iter(at);
	struct entry entry = {.at = at};
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key;

	if (!tu_json_is_object(at))
		return fail_at(s, at, TU_E_SYNTAX, "an entry is a list of members");
	while (!status && tu_json_next_member(&iter, &key, &value)) {
		if (tu_str_eq(key, TU_STR("select")))
			status = read_select(s, value, &entry);
		else if (!tu_str_eq(key, TU_STR("comment")))
			status = read_field(s, key, value, &entry);
	}
	if (!status && entry.by == BY_NONE)
		status = fail_at(s, at, TU_E_SYNTAX, "an entry without select");
	if (!status && s->entries.count == TU_SUPPLEMENT_ENTRIES_MAX)
		status = fail_at(s, at, TU_E_LIMIT, "more entries than are read");
	if (status)
		return status;
	if (!TU_VEC_PUSH_IN(s->scratch, &s->entries, entry))
		return nomem(s);
	return index_entry(s, (uint32_t)s->entries.count - 1);
}

/* ---- the file ---- */

static enum tu_status read_entries(struct supplement *s, struct tu_json at)
{
	struct tu_json_iter iter = tu_json_iter(at);
	enum tu_status status = TU_OK;
	struct tu_json item;

	if (!tu_json_is_array(at))
		return fail_at(s, at, TU_E_SYNTAX, "components is a list");
	while (!status && tu_json_next_item(&iter, &item))
		status = read_entry(s, item);
	return status;
}

static enum tu_status read_document(struct supplement *s, struct tu_json at)
{
	struct tu_json_iter iter = tu_json_iter(at);
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key, text;

	while (!status && tu_json_next_member(&iter, &key, &value)) {
		if (!tu_str_eq(key, TU_STR("author")))
			return fail_text(s, value, TU_E_SYNTAX, "the document has no member", key);
		status = read_text(s, value, key, &text);
		if (!status && !tu_arena_dup(s->arena, text, &s->author))
			status = nomem(s);
	}
	return status;
}

static enum tu_status read_root(struct supplement *s, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(root);
	struct tu_json version = tu_json_get(root, TU_STR("tutela-supplement"));
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key;
	uint64_t number;

	if (!tu_str_eq(tu_json_str(version), TU_STR("1")) &&
		!(tu_json_u64(version, 1, &number) && number == 1))
		return fail_at(s, root, TU_E_UNSUPPORTED,
			"no supplement: it begins with \"tutela-supplement: 1\"");
	while (!status && tu_json_next_member(&iter, &key, &value)) {
		if (tu_str_eq(key, TU_STR("components")))
			status = read_entries(s, value);
		else if (tu_str_eq(key, TU_STR("document")))
			status = read_document(s, value);
		else if (!tu_str_eq(key, TU_STR("tutela-supplement")) &&
			!tu_str_eq(key, TU_STR("comment")))
			status =
				fail_text(s, value, TU_E_SYNTAX, "a supplement has no member", key);
	}
	return status;
}

/* ---- application ---- */

static struct tu_str text_before(const struct tu_component *c, enum field field)
{
	switch (field) {
	case FIELD_SUPPLIER:
		return c->supplier;
	case FIELD_CONTACT:
		return c->contact;
	case FIELD_LICENCE:
		return c->licence_count ? c->licences[0] : TU_STR("");
	case FIELD_VERSION:
		return c->version;
	case FIELD_PURL:
		return c->purl;
	case FIELD_CPE:
		return c->cpe_count ? c->cpes[0] : TU_STR("");
	case FIELD_SUPPORT:
	case FIELD_SUPPORT_END:
	case FIELD_INTERNAL:
	case FIELD_COUNT:
	default:
		return tu_component_property(c, fields[field].property);
	}
}

/* A list of one. */
static bool set_list(
	struct supplement *s, struct tu_str text, const struct tu_str **out_list, size_t *out_count)
{
	struct tu_str *list = tu_arena_array(s->arena, 1, sizeof(*list));

	if (!list)
		return false;
	list[0] = text;
	*out_list = list;
	*out_count = 1;
	return true;
}

/* The supplement's statement stands first: that is the one which is found. */
static bool set_property(
	struct supplement *s, struct tu_component *c, struct tu_str name, struct tu_str value)
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

static bool keep(struct supplement *s, struct tu_str *text)
{
	bool kept = !s->key.failed && tu_arena_dup(s->arena, tu_buf_str(&s->key), text);

	tu_buf_clear(&s->key);
	return kept;
}

/* A corrected version holds in the identifiers too: they are what is looked up. */
static bool correct_purl(struct supplement *s, struct tu_component *c, struct tu_str version)
{
	struct tu_purl purl;

	tu_arena_reset(s->moment);
	if (!c->purl.len || !parse_purl(s, s->moment, c->purl, &purl) || !purl.version.len)
		return !s->starved;
	purl.version = version;
	tu_buf_clear(&s->key);
	tu_purl_write(&purl, &s->key);
	return keep(s, &c->purl);
}

static bool correct_cpe(struct supplement *s, struct tu_str *text, struct tu_str version)
{
	struct tu_buf plain;
	struct tu_cpe cpe;
	bool kept;

	tu_arena_reset(s->moment);
	if (!parse_cpe(s, s->moment, *text, &cpe) ||
		tu_str_eq(cpe.attr[TU_CPE_VERSION], TU_STR("*")))
		return !s->starved;
	tu_buf_init(&plain, KEY_MAX);
	tu_cpe_attr_from_plain(version, &plain);
	cpe.attr[TU_CPE_VERSION] = tu_buf_str(&plain);
	tu_buf_clear(&s->key);
	tu_cpe_write(&cpe, &s->key);
	kept = !plain.failed && keep(s, text);
	tu_buf_done(&plain);
	return kept;
}

static bool set_version(struct supplement *s, struct tu_component *c, struct tu_str version)
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

static bool set_field(
	struct supplement *s, struct tu_component *c, enum field field, struct tu_str text)
{
	switch (field) {
	case FIELD_SUPPLIER:
		c->supplier = text;
		return true;
	case FIELD_CONTACT:
		c->contact = text;
		return true;
	case FIELD_LICENCE:
		return set_list(s, text, &c->licences, &c->licence_count);
	case FIELD_VERSION:
		return set_version(s, c, text);
	case FIELD_PURL:
		c->purl = text;
		return true;
	case FIELD_CPE:
		return set_list(s, text, &c->cpes, &c->cpe_count);
	case FIELD_SUPPORT:
	case FIELD_SUPPORT_END:
	case FIELD_INTERNAL:
	case FIELD_COUNT:
	default:
		return set_property(s, c, fields[field].property, text);
	}
}

static enum tu_status apply_entry(struct supplement *s, struct entry *entry, uint32_t index)
{
	struct tu_component *c = &s->components[index];

	entry->hits++;
	for (int field = 0; field < FIELD_COUNT; field++) {
		struct tu_str before = text_before(c, (enum field)field);
		struct effect *effect = &entry->effects[field];

		if (!entry->stated[field].ptr || tu_str_eq(before, entry->stated[field]))
			continue;
		if (effect->count++ == 0) {
			effect->first = index;
			effect->before = before;
		}
		if (!set_field(s, c, (enum field)field, entry->stated[field]))
			return nomem(s);
	}
	return TU_OK;
}

/* ---- selection ---- */

static bool purl_agrees(const struct entry *entry, const struct tu_purl *purl)
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
static bool selects(
	struct supplement *s, const struct entry *entry, const struct tu_component *c, size_t cpe)
{
	struct tu_cpe target;
	struct tu_purl purl;
	enum tu_cpe_relation relation;

	switch (entry->by) {
	case BY_PURL:
		tu_arena_reset(s->moment);
		return parse_purl(s, s->moment, c->purl, &purl) && purl_agrees(entry, &purl);
	case BY_CPE:
		tu_arena_reset(s->moment);
		if (!parse_cpe(s, s->moment, c->cpes[cpe], &target))
			return false;
		relation = tu_cpe_compare(&entry->cpe, &target);
		return relation == TU_CPE_EQUAL || relation == TU_CPE_SUPERSET;
	case BY_NAME:
		return entry->version.len == 0 || tu_str_eq(entry->version, c->version);
	case BY_REF:
	case BY_NONE:
	default:
		return true;
	}
}

/* A component may meet an entry by several keys; it is changed once. */
static bool has_met(const struct supplement *s, uint32_t entry)
{
	for (size_t i = 0; i < s->met.count; i++)
		if (s->met.at[i] == entry)
			return true;
	return false;
}

/* Look the key up in the table; false: out of memory. */
static bool meet(struct supplement *s, const struct tu_component *c, size_t cpe)
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

static bool meet_cpe(struct supplement *s, const struct tu_component *c, size_t i)
{
	struct tu_cpe cpe;

	tu_arena_reset(s->moment);
	tu_buf_clear(&s->key);
	if (!parse_cpe(s, s->moment, c->cpes[i], &cpe))
		return !s->starved;
	return !tu_sbom__cpe_key(&cpe, &s->key) || meet(s, c, i);
}

static bool meet_all(struct supplement *s, const struct tu_component *c)
{
	s->met.count = 0;
	tu_buf_clear(&s->key);
	if ((tu_sbom__purl_key(s->moment, c->purl, &s->key) && !meet(s, c, 0)) || s->key.failed)
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
	tu_sbom__name_key(TU_STR(""), c->name, &s->key);
	return meet(s, c, 0);
}

/* Into the order of the file; there are few. */
static void sort_met(struct supplement *s)
{
	for (size_t i = 1; i < s->met.count; i++) {
		uint32_t entry = s->met.at[i];
		size_t k = i;

		for (; k > 0 && s->met.at[k - 1] > entry; k--)
			s->met.at[k] = s->met.at[k - 1];
		s->met.at[k] = entry;
	}
}

static enum tu_status apply_all(struct supplement *s)
{
	enum tu_status status = TU_OK;

	for (uint32_t i = 0; !status && i < s->inventory->component_count; i++) {
		if (!meet_all(s, &s->inventory->components[i]))
			return nomem(s);
		sort_met(s);
		for (size_t k = 0; !status && k < s->met.count; k++)
			status = apply_entry(s, &s->entries.at[s->met.at[k]], i);
	}
	return status;
}

/* Most likely a slip: what it was meant for stays as it is, and that must be seen. */
static enum tu_status check_hits(struct supplement *s)
{
	char message[SHOWN + 160];
	size_t missed = 0;
	const struct entry *first = NULL;

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
		TU_STR_FMT(tu_utf8_first(first->selected, SHOWN)), first->version.len ? "@" : "",
		TU_STR_FMT(tu_utf8_first(first->version, SHOWN)));
	(void)fail_at(s, first->at, TU_E_NOTFOUND, message);
	if (missed > 1 && s->err) {
		struct tu_error more = *s->err;

		return tu_fail(s->err, TU_E_NOTFOUND, 0, "%s, nor by %zu more entries",
			more.message, missed - 1);
	}
	return TU_E_NOTFOUND;
}

/* ---- notes ---- */

static bool write_note(
	struct supplement *s, const struct entry *entry, int field, struct tu_sbom_note *out_note)
{
	const struct effect *effect = &entry->effects[field];
	struct tu_buf words;
	bool kept;

	tu_buf_init(&words, KEY_MAX);
	tu_component_pointer(s->inventory, &s->inventory->components[effect->first], &words);
	kept = !words.failed && tu_arena_dup(s->arena, tu_buf_str(&words), &out_note->pointer);
	tu_buf_clear(&words);
	tu_buf_printf(&words, "supplement, entry %zu (%.*s): %.*s \"%.*s\"",
		(size_t)(entry - s->entries.at) + 1,
		TU_STR_FMT(tu_utf8_first(entry->selected, SHOWN)), TU_STR_FMT(fields[field].name),
		TU_STR_FMT(tu_utf8_first(entry->stated[field], SHOWN)));
	if (effect->before.len)
		tu_buf_printf(&words, " in place of \"%.*s\"",
			TU_STR_FMT(tu_utf8_first(effect->before, SHOWN)));
	out_note->count = effect->count;
	kept = kept && !words.failed &&
		tu_arena_dup(s->arena, tu_buf_str(&words), &out_note->message);
	tu_buf_done(&words);
	return kept;
}

static bool write_author_note(struct supplement *s, struct tu_sbom_note *out_note)
{
	struct tu_buf words;
	bool kept;

	tu_buf_init(&words, KEY_MAX);
	tu_buf_printf(
		&words, "supplement: author \"%.*s\"", TU_STR_FMT(tu_utf8_first(s->author, SHOWN)));
	*out_note = (struct tu_sbom_note){.pointer = {"", 0}, .count = 1};
	kept = !words.failed && tu_arena_dup(s->arena, tu_buf_str(&words), &out_note->message);
	tu_buf_done(&words);
	return kept;
}

static size_t count_effects(const struct supplement *s)
{
	size_t count = 0;

	for (size_t i = 0; i < s->entries.count; i++)
		for (int field = 0; field < FIELD_COUNT; field++)
			count += s->entries.at[i].effects[field].count > 0;
	return count;
}

static enum tu_status add_notes(struct supplement *s, struct tu_inventory *inventory)
{
	size_t count = inventory->note_count;
	struct tu_sbom_note *notes =
		tu_arena_array(s->arena, count + count_effects(s) + 1, sizeof(*notes));

	if (!notes)
		return nomem(s);
	if (count)
		memcpy(notes, inventory->notes, count * sizeof(*notes));
	for (size_t i = 0; i < s->entries.count; i++) {
		const struct entry *entry = &s->entries.at[i];

		for (int field = 0; field < FIELD_COUNT; field++) {
			if (entry->effects[field].count == 0)
				continue;
			if (!write_note(s, entry, field, &notes[count++]))
				return nomem(s);
		}
	}
	if (s->author.len && !write_author_note(s, &notes[count++]))
		return nomem(s);
	inventory->notes = notes;
	inventory->note_count = count;
	return TU_OK;
}

static enum tu_status add_author(struct supplement *s, struct tu_inventory *inventory)
{
	struct tu_str *authors;

	if (!s->author.len)
		return TU_OK;
	authors = tu_arena_array(s->arena, inventory->author_count + 1, sizeof(*authors));
	if (!authors)
		return nomem(s);
	if (inventory->author_count)
		memcpy(authors, inventory->authors, inventory->author_count * sizeof(*authors));
	authors[inventory->author_count++] = s->author;
	inventory->authors = authors;
	return TU_OK;
}

static enum tu_status merge(struct supplement *s, const struct tu_inventory **out_inventory)
{
	size_t count = s->inventory->component_count;
	struct tu_inventory *merged = tu_arena_alloc(s->arena, sizeof(*merged));
	enum tu_status status;

	s->components = tu_arena_array(s->arena, count, sizeof(*s->components));
	if (!merged || !s->components)
		return nomem(s);
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

static void forget_effects(struct supplement *s)
{
	for (size_t i = 0; i < s->entries.count; i++)
		memset(s->entries.at[i].effects, 0, sizeof(s->entries.at[i].effects));
}

static enum tu_status merge_all(struct supplement *s)
{
	const struct tu_inventory **merged = tu_arena_array(s->scratch, s->count, sizeof(*merged));
	enum tu_status status = merged ? TU_OK : nomem(s);

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

/* ---- the whole ---- */

static enum tu_status read_json(struct supplement *s, struct tu_str text)
{
	const struct tu_json_limits limits = {.depth = 16, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status;

	if (!parser)
		return nomem(s);
	status = tu_json_parse(parser, text, &limits, &root, s->err);
	if (!status)
		status = read_root(s, root);
	if (!status)
		status = merge_all(s);
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status read_yaml(struct supplement *s, struct tu_str text)
{
	const struct tu_sbom_limits limits = {.bytes = TU_SUPPLEMENT_BYTES_MAX, .depth = 16};
	struct tu_sbom_rewrite rewrite;
	enum tu_status status;

	if (!tu_sbom__rewrite_init(&rewrite, &limits, s->err)) {
		tu_sbom__rewrite_done(&rewrite);
		return nomem(s);
	}
	status = tu_sbom__rewrite_spdx_yaml(&rewrite, text);
	if (!status && rewrite.priors.count)
		status = tu_fail(s->err, TU_E_SYNTAX, 0, "%.*s: a second document",
			TU_STR_FMT(rewrite.priors.at[0].place));
	if (!status && rewrite.json.len == 0)
		status = tu_fail(s->err, TU_E_UNSUPPORTED, 0,
			"line 1: no supplement: it begins with \"tutela-supplement: 1\"");
	if (!status)
		status = read_json(s, tu_buf_str(&rewrite.json));
	tu_sbom__rewrite_done(&rewrite);
	return status;
}

static enum tu_status apply(struct supplement *s, struct tu_str text)
{
	struct tu_str begin = tu_str_trim(text);

	if (!s->scratch || !s->moment || !s->keys)
		return nomem(s);
	if (text.len > TU_SUPPLEMENT_BYTES_MAX)
		return tu_fail(s->err, TU_E_LIMIT, 0, "the supplement is longer than %d bytes",
			TU_SUPPLEMENT_BYTES_MAX);
	if (tu_str_starts(begin, TU_STR("{")))
		return read_json(s, text);
	return read_yaml(s, text);
}

enum tu_status tu_supplement_apply(struct tu_arena *arena, struct tu_str text,
	const struct tu_inventory **inventories, size_t count, struct tu_error *err)
{
	struct supplement s = {
		.arena = arena,
		.scratch = tu_arena_new(0),
		.moment = tu_arena_new(1 << 20),
		.err = err,
		.keys = tu_intern_new(TU_SUPPLEMENT_BYTES_MAX * (size_t)2),
		.inventories = inventories,
		.count = count,
	};
	enum tu_status status;

	tu_buf_init(&s.key, KEY_MAX);
	status = apply(&s, text);
	tu_buf_done(&s.key);
	TU_VEC_DONE(&s.first);
	TU_VEC_DONE(&s.met);
	tu_intern_free(s.keys);
	tu_arena_free(s.moment);
	tu_arena_free(s.scratch);
	return status;
}
