#include "portfolio/identity.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/vec.h"
#include "match/keys.h"

#define TEXT_MAX ((size_t)256 << 20)

/* How much of a component is said. */
enum saying { WITHOUT_VERSION, NAME_AND_VERSION, ALL };

/* ---- a component without its version ---- */

static struct tu_str bare_purl(struct tu_str purl)
{
	size_t at;

	purl = tu_str_first(purl, tu_str_find(purl, '#'));
	purl = tu_str_first(purl, tu_str_find(purl, '?'));
	at = tu_str_rfind(purl, '@');
	return at < purl.len && tu_str_find(tu_str_from(purl, at), '/') + at == purl.len
		? tu_str_first(purl, at)
		: purl;
}

/* Up to the end of the n-th part between colons that are not escaped. */
static struct tu_str cpe_parts(struct tu_str cpe, unsigned parts)
{
	for (size_t i = 0; i < cpe.len; i++) {
		if (cpe.ptr[i] == '\\')
			i++;
		else if (cpe.ptr[i] == ':' && --parts == 0)
			return tu_str_first(cpe, i);
	}
	return cpe;
}

static void add_bare_cpe(struct tu_json_writer *json, struct tu_str cpe)
{
	bool formatted = tu_str_istarts(cpe, TU_STR("cpe:2.3:"));
	size_t start = tu_json_open_text(json);

	tu_buf_str_add(json->buf, cpe_parts(cpe, formatted ? 5 : 4));
	if (formatted)
		tu_buf_c(json->buf, ":*:*:*:*:*:*:*:*");
	tu_json_close_text(json, start);
}

/* ---- writing ---- */

static void write_cpes(
	struct tu_json_writer *json, const struct tu_component *c, enum saying saying)
{
	if (!c->cpe_count)
		return;
	tu_json_key(json, "cpes");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->cpe_count; i++) {
		if (saying == ALL)
			tu_json_add_str(json, c->cpes[i]);
		else
			add_bare_cpe(json, c->cpes[i]);
	}
	tu_json_close_array(json);
}

static void write_properties(struct tu_json_writer *json, const struct tu_component *c)
{
	bool opened = false;

	for (size_t i = 0; i < c->property_count; i++) {
		if (!tu_match__reads_property(c->properties[i].name))
			continue;
		if (!opened) {
			tu_json_key(json, "properties");
			tu_json_open_array(json);
		}
		opened = true;
		tu_json_add_str(json, c->properties[i].name);
		tu_json_add_str(json, c->properties[i].value);
	}
	if (opened)
		tu_json_close_array(json);
}

static void write_component(
	struct tu_json_writer *json, const struct tu_component *c, enum saying saying)
{
	tu_json_open_object(json);
	tu_json_member_opt(json, "kind", tu_str_c(tu_component_kind_name(c->kind)));
	tu_json_member_opt(json, "group", c->group);
	tu_json_member_opt(json, "name", c->name);
	if (saying != WITHOUT_VERSION)
		tu_json_member_opt(json, "version", c->version);
	if (saying != NAME_AND_VERSION) {
		tu_json_member_opt(json, "purl", saying == ALL ? c->purl : bare_purl(c->purl));
		write_cpes(json, c, saying);
	}
	if (saying == ALL)
		write_properties(json, c);
	tu_json_close_object(json);
}

/* ---- what is beside ---- */

struct texts {
	TU_VEC(struct tu_str) list;
};

static bool add_text(struct tu_identities *set, const struct tu_component *c, enum saying saying,
	struct texts *texts)
{
	struct tu_json_writer json;
	struct tu_buf text;
	struct tu_str copy;
	bool ok;

	tu_buf_init(&text, TEXT_MAX);
	json = tu_json_writer(&text, false);
	write_component(&json, c, saying);
	ok = !text.failed && tu_arena_dup(set->arena, tu_buf_str(&text), &copy) &&
		TU_VEC_PUSH_IN(set->arena, &texts->list, copy);
	tu_buf_done(&text);
	return ok;
}

static int compare(const void *a, const void *b)
{
	const struct tu_str *x = a, *y = b;

	return tu_str_cmp(*x, *y);
}

/* Sorted, each once, with commas. */
static bool join(struct tu_identities *set, struct texts *texts, struct tu_str *out)
{
	struct tu_buf text;
	bool ok;

	if (texts->list.count)
		qsort(texts->list.at, texts->list.count, sizeof(*texts->list.at), compare);
	tu_buf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < texts->list.count; i++) {
		if (i && tu_str_eq(texts->list.at[i], texts->list.at[i - 1]))
			continue;
		if (i)
			tu_buf_byte(&text, ',');
		tu_buf_str_add(&text, texts->list.at[i]);
	}
	ok = !text.failed && tu_arena_dup(set->arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return ok;
}

/* The operating system that gives the inventory its distribution: the first with a version, as the
 * matcher has it. */
static const struct tu_component *distribution(const struct tu_identities *set)
{
	for (size_t i = 0; set->distro.len && i < set->inventory->component_count; i++) {
		const struct tu_component *c = &set->inventory->components[i];

		if (c->kind == TU_KIND_OPERATING_SYSTEM && c->name.len && c->version.len)
			return c;
	}
	return NULL;
}

static bool compose(struct tu_identities *set, const bool *systems, struct tu_str *out_plain,
	struct tu_str *out_release)
{
	const struct tu_component *os = distribution(set);
	struct texts texts = {0};
	bool ok = true;

	for (size_t i = 0; ok && i < set->inventory->component_count; i++)
		ok = (systems && !systems[i]) ||
			add_text(set, &set->inventory->components[i], WITHOUT_VERSION, &texts);
	ok = ok && join(set, &texts, out_plain);
	if (ok && os)
		ok = add_text(set, os, NAME_AND_VERSION, &texts);
	return ok && join(set, &texts, out_release);
}

enum tu_status tu_identities_begin(struct tu_identities *set, struct tu_arena *arena,
	const struct tu_kb *kb, const struct tu_inventory *inventory, struct tu_str distro)
{
	bool *systems = tu_arena_array(arena, inventory->component_count, sizeof(*systems));

	*set = (struct tu_identities){.arena = arena, .inventory = inventory, .distro = distro};
	if (!systems || !tu_match__find_systems(kb, inventory, systems) ||
		!compose(set, systems, &set->systems, &set->systems_release))
		return TU_E_NOMEM;
	return TU_OK;
}

enum tu_status tu_identity_of(struct tu_identities *set, uint32_t component, bool release,
	bool whole, struct tu_identity *out)
{
	struct tu_json_writer json;
	struct tu_buf text;
	bool ok;

	if (whole && !set->everything.ptr &&
		!compose(set, NULL, &set->everything, &set->everything_release))
		return TU_E_NOMEM;
	tu_buf_init(&text, TEXT_MAX);
	json = tu_json_writer(&text, false);
	tu_json_open_object(&json);
	tu_json_key(&json, "component");
	write_component(&json, &set->inventory->components[component], ALL);
	tu_json_close_object(&json);
	text.len -= text.len > 0; /* the brace: "beside" is composed already */
	tu_buf_c(&text, ",\"beside\":[");
	if (whole)
		tu_buf_str_add(&text, release ? set->everything_release : set->everything);
	else
		tu_buf_str_add(&text, release ? set->systems_release : set->systems);
	tu_buf_c(&text, "]}");
	ok = !text.failed && tu_arena_dup(set->arena, tu_buf_str(&text), &out->text) &&
		tu_sha256(out->text, out->key) == TU_OK;
	tu_buf_done(&text);
	return ok ? TU_OK : TU_E_NOMEM;
}

/* ---- reading ---- */

static bool dup_member(
	struct tu_arena *arena, struct tu_json object, const char *name, struct tu_str *out)
{
	return tu_arena_dup(arena, tu_json_str(tu_json_get(object, tu_str_c(name))), out);
}

static enum tu_component_kind kind_of(struct tu_str name)
{
	unsigned kind = 0;

	while (kind <= TU_KIND_OTHER &&
		!tu_str_eq(tu_str_c(tu_component_kind_name((enum tu_component_kind)kind)), name))
		kind++;
	return kind <= TU_KIND_OTHER ? (enum tu_component_kind)kind : TU_KIND_UNKNOWN;
}

static bool read_texts(struct tu_arena *arena, struct tu_json list, const struct tu_str **out_at,
	size_t *out_count)
{
	struct tu_json_iter iter = tu_json_iter(list);
	size_t count = 0;
	struct tu_str *at;
	struct tu_json item;

	while (tu_json_next_item(&iter, &item))
		count++;
	at = tu_arena_array(arena, count, sizeof(*at));
	iter = tu_json_iter(list);
	for (size_t i = 0; at && i < count && tu_json_next_item(&iter, &item); i++)
		if (!tu_arena_dup(arena, tu_json_str(item), &at[i]))
			return false;
	*out_at = at;
	*out_count = count;
	return at != NULL;
}

static bool read_component(struct tu_arena *arena, struct tu_json object, struct tu_component *c)
{
	const struct tu_str *pairs;
	struct tu_property *properties;
	size_t count;

	c->parent = TU_NO_COMPONENT;
	c->kind = kind_of(tu_json_str(tu_json_get(object, TU_STR("kind"))));
	if (!dup_member(arena, object, "group", &c->group) ||
		!dup_member(arena, object, "name", &c->name) ||
		!dup_member(arena, object, "version", &c->version) ||
		!dup_member(arena, object, "purl", &c->purl) ||
		!read_texts(arena, tu_json_get(object, TU_STR("cpes")), &c->cpes, &c->cpe_count) ||
		!read_texts(arena, tu_json_get(object, TU_STR("properties")), &pairs, &count))
		return false;
	properties = tu_arena_array(arena, count / 2, sizeof(*properties));
	for (size_t i = 0; properties && i < count / 2; i++)
		properties[i] = (struct tu_property){pairs[2 * i], pairs[2 * i + 1]};
	c->properties = properties;
	c->property_count = count / 2;
	return properties != NULL;
}

static bool read_all(struct tu_arena *arena, struct tu_json root, struct tu_inventory *inventory)
{
	struct tu_json beside = tu_json_get(root, TU_STR("beside")), item;
	struct tu_json_iter iter = tu_json_iter(beside);
	struct tu_component *list;
	size_t count = 1, at = 1;

	while (tu_json_next_item(&iter, &item))
		count++;
	list = tu_arena_array(arena, count, sizeof(*list));
	iter = tu_json_iter(beside);
	while (list && at < count && tu_json_next_item(&iter, &item))
		if (!read_component(arena, item, &list[at++]))
			return false;
	inventory->subject = TU_NO_COMPONENT;
	inventory->components = list;
	inventory->component_count = count;
	return list && read_component(arena, tu_json_get(root, TU_STR("component")), &list[0]);
}

enum tu_status tu_identity_read(struct tu_arena *arena, struct tu_str text,
	const struct tu_inventory **out_inventory, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_inventory *inventory = tu_arena_alloc(arena, sizeof(*inventory));
	struct tu_json root;
	enum tu_status status;

	if (!parser || !inventory)
		status = tu_no_memory(err);
	else if ((status = tu_json_parse(parser, text, NULL, &root, err)) == TU_E_SYNTAX ||
		(status == TU_OK && !tu_json_is_object(tu_json_get(root, TU_STR("component")))))
		status = tu_fail(
			err, TU_E_CORRUPT, 0, "a component's identity is damaged in the database");
	else if (status == TU_OK && !read_all(arena, root, inventory))
		status = tu_no_memory(err);
	tu_json_parser_free(parser);
	if (status != TU_OK)
		return status;
	*out_inventory = inventory;
	return TU_OK;
}
