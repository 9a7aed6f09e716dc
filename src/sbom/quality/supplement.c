/*
 * Supplements: see <tutela/supplement.h> and docs/formats/supplement.md.
 *
 * YAML is written as JSON that keeps the lines (see rewrite.h), so both forms are read by one
 * walk and an error names the line of the file. Selectors go into one table; the components are
 * walked once and look themselves up in it.
 */
#include "sbom/quality/supplement.h"

#include <stdio.h>

#include "base/time.h"
#include "base/utf8.h"
#include "sbom/read/rewrite.h"

enum tu_status tu_supplement__nomem(const struct tu_supplement *s)
{
	return tu_no_memory(s->err);
}

/* Columns are those of the JSON and not reported. */
enum tu_status tu_supplement__fail(
	const struct tu_supplement *s, struct tu_json at, enum tu_status status, const char *words)
{
	struct tu_error_place place = {0};

	(void)tu_json_position(at, &place.line, &place.column);
	place.column = 0;
	return tu_fail_at(s->err, status, &place, "%s", words);
}

static enum tu_status fail_text(const struct tu_supplement *s, struct tu_json at,
	enum tu_status status, const char *words, struct tu_str text)
{
	char message[TU_SUPPLEMENT_SHOWN + 160];

	(void)snprintf(message, sizeof(message), "%s \"%.*s\"", words,
		TU_STR_FMT(tu_utf8_first(text, TU_SUPPLEMENT_SHOWN)));
	return tu_supplement__fail(s, at, status, message);
}

/* ---- identifiers; false: it is none, or memory is out (starved) ---- */

bool tu_supplement__parse_purl(struct tu_supplement *s, struct tu_arena *arena, struct tu_str text,
	struct tu_purl *out_purl)
{
	enum tu_status status = tu_purl_parse(arena, text, out_purl, NULL);

	s->starved |= status == TU_E_NOMEM;
	return status == TU_OK;
}

bool tu_supplement__parse_cpe(
	struct tu_supplement *s, struct tu_arena *arena, struct tu_str text, struct tu_cpe *out_cpe)
{
	enum tu_status status = tu_cpe_parse(arena, text, out_cpe, NULL);

	s->starved |= status == TU_E_NOMEM;
	return status == TU_OK;
}

static enum tu_status fail_identifier(
	const struct tu_supplement *s, struct tu_json at, const char *words, struct tu_str text)
{
	return s->starved ? tu_supplement__nomem(s) : fail_text(s, at, TU_E_SYNTAX, words, text);
}

/* ---- values ---- */

static enum tu_status check_date(
	struct tu_supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	int64_t ignored;

	*out_text = text;
	if (text.len == 10 && tu_time_parse(text, &ignored))
		return TU_OK;
	return fail_text(s, at, TU_E_SYNTAX, "a date as in 2028-12-31 is wanted, not", text);
}

static enum tu_status check_level(
	struct tu_supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	*out_text = tu_support_level(text);
	if (out_text->len)
		return TU_OK;
	return fail_text(s, at, TU_E_SYNTAX,
		"support is actively-maintained, no-longer-maintained or abandoned, not", text);
}

static enum tu_status check_purl(
	struct tu_supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	struct tu_purl purl;

	*out_text = text;
	tu_arena_reset(s->moment);
	if (tu_supplement__parse_purl(s, s->moment, text, &purl))
		return TU_OK;
	return fail_identifier(s, at, "not a package URL:", text);
}

static enum tu_status check_cpe(
	struct tu_supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text)
{
	struct tu_cpe cpe;

	*out_text = text;
	tu_arena_reset(s->moment);
	if (tu_supplement__parse_cpe(s, s->moment, text, &cpe))
		return TU_OK;
	return fail_identifier(s, at, "not a CPE:", text);
}

const struct tu_supplement_name tu_supplement__names[TU_FIELD_COUNT] = {
	[TU_FIELD_SUPPLIER] = {TU_STR_INIT("supplier"), {0}},
	[TU_FIELD_CONTACT] = {TU_STR_INIT("contact"), {0}},
	[TU_FIELD_LICENCE] = {TU_STR_INIT("licence"), {0}},
	[TU_FIELD_VERSION] = {TU_STR_INIT("version"), {0}},
	[TU_FIELD_PURL] = {TU_STR_INIT("purl"), {0}},
	[TU_FIELD_CPE] = {TU_STR_INIT("cpe"), {0}},
	[TU_FIELD_SUPPORT] = {TU_STR_INIT("support"), TU_STR_INIT(TU_PROPERTY_SUPPORT)},
	[TU_FIELD_SUPPORT_END] = {TU_STR_INIT("end-of-support"),
		TU_STR_INIT(TU_PROPERTY_SUPPORT_END)},
	[TU_FIELD_SUPPORT_WHY] = {TU_STR_INIT("support-justification"),
		TU_STR_INIT(TU_PROPERTY_SUPPORT_JUSTIFICATION)},
	[TU_FIELD_INTERNAL] = {TU_STR_INIT("internal"), TU_STR_INIT(TU_PROPERTY_INTERNAL)},
};

/* Where not every text will do. */
static enum tu_status (*const checks[TU_FIELD_COUNT])(
	struct tu_supplement *s, struct tu_json at, struct tu_str text, struct tu_str *out_text) = {
	[TU_FIELD_PURL] = check_purl,
	[TU_FIELD_CPE] = check_cpe,
	[TU_FIELD_SUPPORT] = check_level,
	[TU_FIELD_SUPPORT_END] = check_date,
};

/* ---- entries ---- */

static enum tu_status read_text(const struct tu_supplement *s, struct tu_json at, struct tu_str key,
	struct tu_str *out_text)
{
	*out_text = tu_json_str(at);
	if (out_text->len)
		return TU_OK;
	return fail_text(s, at, TU_E_SYNTAX, "a text is wanted (quote a number) for", key);
}

static enum tu_status read_flag(const struct tu_supplement *s, struct tu_json at, struct tu_str key,
	struct tu_str *out_text)
{
	if (tu_json_type(at) != TU_JSON_BOOL)
		return fail_text(s, at, TU_E_SYNTAX, "true or false is wanted for", key);
	*out_text = tu_json_true(at) ? TU_STR("true") : TU_STR("false");
	return TU_OK;
}

static enum tu_status read_field(struct tu_supplement *s, struct tu_str key, struct tu_json at,
	struct tu_supplement_entry *entry)
{
	enum tu_status status;
	struct tu_str text;
	size_t i = 0;

	if (tu_str_eq(key, TU_STR("license")))
		key = TU_STR("licence");
	while (i < TU_FIELD_COUNT && !tu_str_eq(tu_supplement__names[i].name, key))
		i++;
	if (i == TU_FIELD_COUNT)
		return fail_text(s, at, TU_E_SYNTAX, "an entry has no member", key);
	status = i == TU_FIELD_INTERNAL ? read_flag(s, at, key, &text)
					: read_text(s, at, key, &text);
	if (!status && checks[i])
		status = checks[i](s, at, text, &text);
	if (!status && !tu_arena_dup(s->arena, text, &entry->stated[i]))
		status = tu_supplement__nomem(s);
	return status;
}

static enum tu_status read_by(struct tu_supplement *s, struct tu_str key, struct tu_json at,
	struct tu_supplement_entry *entry)
{
	static const struct {
		struct tu_str name;
		enum tu_supplement_selector by;
	} words[] = {{TU_STR_INIT("purl"), TU_SELECT_PURL}, {TU_STR_INIT("cpe"), TU_SELECT_CPE},
		{TU_STR_INIT("ref"), TU_SELECT_REF}, {TU_STR_INIT("name"), TU_SELECT_NAME}};
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
		if (entry->by != TU_SELECT_NONE)
			return tu_supplement__fail(s, at, TU_E_SYNTAX,
				"select by one of purl, cpe, ref and name, not by two");
		entry->by = words[i].by;
		entry->selected = text;
		return TU_OK;
	}
	return fail_text(s, at, TU_E_SYNTAX, "select by purl, cpe, ref or name, not by", key);
}

static enum tu_status read_select(
	struct tu_supplement *s, struct tu_json at, struct tu_supplement_entry *entry)
{
	struct tu_json_iter iter = tu_json_iter(at);
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key;

	if (!tu_json_is_object(at))
		return tu_supplement__fail(
			s, at, TU_E_SYNTAX, "select expects purl, cpe, ref or name");
	while (!status && tu_json_next_member(&iter, &key, &value))
		status = read_by(s, key, value, entry);
	if (!status && entry->by == TU_SELECT_NONE)
		status = tu_supplement__fail(
			s, at, TU_E_SYNTAX, "select expects purl, cpe, ref or name");
	if (!status && entry->version.len && entry->by != TU_SELECT_NAME)
		status = tu_supplement__fail(s, at, TU_E_SYNTAX,
			"select: version goes with name; a purl or CPE has its own");
	return status;
}

/* The key of a selector into s->key, and what else must agree into the entry. */
static enum tu_status key_selector(struct tu_supplement *s, struct tu_supplement_entry *entry)
{
	tu_buf_clear(&s->key);
	switch (entry->by) {
	case TU_SELECT_PURL:
		if (!tu_supplement__parse_purl(s, s->scratch, entry->selected, &entry->purl) ||
			!tu_key_purl_text(s->moment, entry->selected, &s->key))
			return s->key.failed
				? tu_supplement__nomem(s)
				: fail_identifier(s, entry->at,
					  "select: not a package URL:", entry->selected);
		break;
	case TU_SELECT_CPE:
		if (!tu_supplement__parse_cpe(s, s->scratch, entry->selected, &entry->cpe))
			return fail_identifier(s, entry->at, "select: not a CPE:", entry->selected);
		if (!tu_key_cpe(&entry->cpe, &s->key))
			return tu_supplement__fail(s, entry->at, TU_E_SYNTAX,
				"select: the CPE leaves part, vendor or product open");
		break;
	case TU_SELECT_REF:
		tu_buf_byte(&s->key, 'r');
		tu_buf_str_add(&s->key, entry->selected);
		break;
	case TU_SELECT_NAME:
	case TU_SELECT_NONE:
	default:
		tu_key_name(TU_STR(""), entry->selected, &s->key);
		break;
	}
	return TU_OK;
}

/* Entries with one key are a list in their order. */
static enum tu_status index_entry(struct tu_supplement *s, uint32_t index)
{
	enum tu_status status = key_selector(s, &s->entries.at[index]);
	uint32_t id;
	uint32_t *link;
	size_t alike = 0;

	if (status)
		return status;
	if (s->key.failed || !tu_intern_add(s->keys, tu_buf_str(&s->key), &id))
		return tu_supplement__nomem(s);
	if (id == s->first.count && !TU_VEC_PUSH(&s->first, 0))
		return tu_supplement__nomem(s);
	link = &s->first.at[id];
	for (; *link; alike++)
		link = &s->entries.at[*link - 1].next;
	if (alike >= TU_SUPPLEMENT_ALIKE_MAX)
		return tu_supplement__fail(s, s->entries.at[index].at, TU_E_LIMIT,
			"more than 64 entries select by the same");
	*link = index + 1;
	return TU_OK;
}

static enum tu_status read_entry(struct tu_supplement *s, struct tu_json at)
{
	struct tu_json_iter iter = tu_json_iter(at);
	struct tu_supplement_entry entry = {.at = at};
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key;

	if (!tu_json_is_object(at))
		return tu_supplement__fail(s, at, TU_E_SYNTAX, "an entry is a list of members");
	while (!status && tu_json_next_member(&iter, &key, &value)) {
		if (tu_str_eq(key, TU_STR("select")))
			status = read_select(s, value, &entry);
		else if (!tu_str_eq(key, TU_STR("comment")))
			status = read_field(s, key, value, &entry);
	}
	if (!status && entry.by == TU_SELECT_NONE)
		status = tu_supplement__fail(s, at, TU_E_SYNTAX, "an entry without select");
	if (!status && s->entries.count == TU_SUPPLEMENT_ENTRIES_MAX)
		status = tu_supplement__fail(s, at, TU_E_LIMIT, "more entries than are read");
	if (status)
		return status;
	if (!TU_VEC_PUSH_IN(s->scratch, &s->entries, entry))
		return tu_supplement__nomem(s);
	return index_entry(s, (uint32_t)s->entries.count - 1);
}

/* ---- the file ---- */

static enum tu_status read_entries(struct tu_supplement *s, struct tu_json at)
{
	struct tu_json_iter iter = tu_json_iter(at);
	enum tu_status status = TU_OK;
	struct tu_json item;

	if (!tu_json_is_array(at))
		return tu_supplement__fail(s, at, TU_E_SYNTAX, "components is a list");
	while (!status && tu_json_next_item(&iter, &item))
		status = read_entry(s, item);
	return status;
}

static enum tu_status read_document(struct tu_supplement *s, struct tu_json at)
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
			status = tu_supplement__nomem(s);
	}
	return status;
}

static enum tu_status read_root(struct tu_supplement *s, struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(root);
	struct tu_json version = tu_json_get(root, TU_STR("tutela-supplement"));
	enum tu_status status = TU_OK;
	struct tu_json value;
	struct tu_str key;
	uint64_t number;

	if (!tu_str_eq(tu_json_str(version), TU_STR("1")) &&
		!(tu_json_u64(version, 1, &number) && number == 1))
		return tu_supplement__fail(s, root, TU_E_UNSUPPORTED,
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

/* ---- the whole ---- */

static enum tu_status read_json(struct tu_supplement *s, struct tu_str text)
{
	const struct tu_json_limits limits = {.depth = 16, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_json root;
	enum tu_status status;

	if (!parser)
		return tu_supplement__nomem(s);
	status = tu_json_parse(parser, text, &limits, &root, s->err);
	if (!status)
		status = read_root(s, root);
	if (!status)
		status = tu_supplement__merge(s);
	tu_json_parser_free(parser);
	return status;
}

static enum tu_status read_yaml(struct tu_supplement *s, struct tu_str text)
{
	const struct tu_sbom_limits limits = {.bytes = TU_SUPPLEMENT_BYTES_MAX, .depth = 16};
	struct tu_sbom_rewrite rewrite;
	enum tu_status status;

	if (!tu_sbom__rewrite_init(&rewrite, &limits, s->err)) {
		tu_sbom__rewrite_done(&rewrite);
		return tu_supplement__nomem(s);
	}
	status = tu_sbom__rewrite_spdx_yaml(&rewrite, text);
	if (!status && rewrite.priors.count)
		status = tu_fail(s->err, TU_E_SYNTAX, 0, "%.*s: a second document",
			TU_STR_FMT(rewrite.priors.at[0].place));
	if (!status && rewrite.json.len == 0)
		status = tu_fail_at(s->err, TU_E_UNSUPPORTED, &(struct tu_error_place){.line = 1},
			"not a supplement: one begins with \"tutela-supplement: 1\"");
	if (!status)
		status = read_json(s, tu_buf_str(&rewrite.json));
	tu_sbom__rewrite_done(&rewrite);
	return status;
}

static enum tu_status apply(struct tu_supplement *s, struct tu_str text)
{
	struct tu_str begin = tu_str_trim(text);

	if (!s->scratch || !s->moment || !s->keys)
		return tu_supplement__nomem(s);
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
	struct tu_supplement s = {
		.arena = arena,
		.scratch = tu_arena_new(0),
		.moment = tu_arena_new(1 << 20),
		.err = err,
		.keys = tu_intern_new(TU_SUPPLEMENT_BYTES_MAX * (size_t)2),
		.inventories = inventories,
		.count = count,
	};
	enum tu_status status;

	tu_buf_init(&s.key, TU_SUPPLEMENT_KEY_MAX);
	status = apply(&s, text);
	tu_buf_done(&s.key);
	TU_VEC_DONE(&s.first);
	TU_VEC_DONE(&s.met);
	tu_intern_free(s.keys);
	tu_arena_free(s.moment);
	tu_arena_free(s.scratch);
	return status;
}
