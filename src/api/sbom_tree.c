/*
 * The tree of an SBOM in pieces: what is in a component, a search, the paths to one.
 *
 * What is in what is laid out once (sbom/tree.h) and kept in cache/ by the digest of the document,
 * so that a page of 300,000 components reads the page alone. A component is named by the beginning
 * of that digest and its number: where the release has another SBOM, there is no such node.
 */
#include <tutela/supplement.h>

#include "api/columns.h"
#include "api/stored.h"
#include "app/sbom_paths.h"
#include "base/hex.h"
#include "base/vec.h"
#include "sbom/tree.h"
#include "service/kept.h"
#include "show/json_parts.h"
#include "show/sbom_text.h"

#define TREE_MAX ((size_t)4 << 30)

enum {
	PAGE = 100,
	HITS = 20,
	HITS_MAX = 100, /* as the document says */
	STEPS_MAX = 256, /* of a way that are handed out */
	WORTH = 10000, /* components from which on it is laid out when the SBOM comes */
	ID_BYTES = 8, /* of the digest, in the name of a node */
	ID_HEX = 2 * ID_BYTES,
	TEXT_MAX = 200 /* bytes that are searched for */
};

/* ---- laying out ---- */

static const char *const acknowledgements[] = {[TU_ACK_UNSTATED] = "unstated",
	[TU_ACK_DECLARED] = "declared",
	[TU_ACK_CONCLUDED] = "concluded"};

void tu_api_sbom_stated(struct tu_json_writer *json, const struct tu_component *c)
{
	tu_api_member_or_null(json, "supplier", c->supplier);
	tu_json_key(json, "licences");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->licence_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "text", c->licences[i].text);
		tu_json_member_str(
			json, "by", tu_str_c(acknowledgements[c->licences[i].acknowledgement]));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
	tu_api_member_or_null(json, "support", tu_component_support(c));
	tu_api_member_or_null(json, "support_end", tu_component_support_end(c));
}

static void write_find(const struct tu_component *c, struct tu_buf *out)
{
	const struct tu_str parts[] = {c->group, c->name, c->version, c->purl, c->ref};

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		for (size_t k = 0; k < parts[i].len; k++)
			tu_buf_byte(out, tu_char_lower(parts[i].ptr[k]));
		tu_buf_byte(out, '\n');
	}
}

static void write_text(void *self, const struct tu_inventory *inventory, uint32_t component,
	enum tu_sbom_tree_text text, struct tu_buf *out)
{
	const struct tu_component *c = &inventory->components[component];
	struct tu_json_writer json = tu_json_writer(out, false);

	(void)self;
	if (text == TU_TREE_FIND) {
		write_find(c, out);
	} else if (text == TU_TREE_COMPONENT) {
		tu_json_component(&json, inventory, c);
	} else {
		tu_json_open_object(&json);
		tu_json_member_str(&json, "kind", tu_str_c(tu_component_kind_name(c->kind)));
		tu_api_sbom_stated(&json, c);
		tu_json_close_object(&json);
	}
}

/* The members "notes" and "notes_left_out" of an object, as an object. */
static void write_notes(void *self, const struct tu_inventory *inventory, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	(void)self;
	tu_json_open_object(&json);
	tu_json_notes(&json, inventory);
	tu_json_close_object(&json);
}

static enum tu_status pack(struct tu_arena *arena, const struct tu_inventory *inventory,
	struct tu_buf *out, struct tu_error *err)
{
	const struct tu_sbom_tree_words words = {.component = write_text, .notes = write_notes};

	return tu_sbom_tree_pack(arena, inventory, &words, out, err);
}

void tu_api_sbom_tree_ready(struct tu_api_call *call, const struct tu_inventory *inventory,
	const uint8_t digest[TU_SHA256_BYTES])
{
	struct tu_service_kept kept = {.kind = "tree"};
	struct tu_arena *arena;
	struct tu_buf out;

	memcpy(kept.digest, digest, sizeof(kept.digest));
	if (inventory->component_count < WORTH || !(arena = tu_arena_new(TU_SBOM_MEMORY_MAX)))
		return;
	tu_buf_init(&out, TREE_MAX);
	if (pack(arena, inventory, &out, NULL) == TU_OK)
		(void)!tu_service_kept_put(call->service, &kept, tu_buf_str(&out), NULL);
	tu_buf_done(&out);
	tu_arena_free(arena);
}

/* ---- opening ---- */

struct tree {
	struct tu_api_call *call;
	struct tu_service_kept kept; /* what is mapped */
	struct tu_buf made; /* or made for this call, where it cannot be kept */
	struct tu_sbom_tree is;
};

static void close_tree(struct tree *t)
{
	tu_service_kept_close(&t->kept);
	tu_buf_done(&t->made);
}

static enum tu_status make(struct tree *t, struct tu_error *err)
{
	struct tu_api_sbom sbom;
	enum tu_status status = tu_api_sbom_open(t->call, t->call->path[0], &sbom, err);

	if (status == TU_OK)
		status = pack(sbom.arena, sbom.inventory, &t->made, err);
	if (status == TU_OK) {
		memcpy(t->kept.digest, sbom.stored.document.digest, sizeof(t->kept.digest));
		(void)!tu_service_kept_put(t->call->service, &t->kept, tu_buf_str(&t->made), NULL);
		status = tu_sbom_tree_open(tu_buf_str(&t->made), &t->is, err);
	}
	tu_api_sbom_close(&sbom);
	return status;
}

/* That of the release in the path, in the scope of who asks. End it with close_tree(). */
static enum tu_status open_tree(struct tu_api_call *call, struct tree *t, struct tu_error *err)
{
	struct tu_sbom_stored stored = {.release = call->path[0], .scope = &call->who.scope};
	enum tu_status status = tu_sbom_which(tu_api_store(call), &call->act, &stored, err);

	*t = (struct tree){.call = call, .kept = {.kind = "tree"}};
	tu_buf_init(&t->made, TREE_MAX);
	if (status == TU_E_NOTFOUND && !stored.missing)
		return tu_api_unknown(err, "release");
	if (status != TU_OK)
		return status;
	memcpy(t->kept.digest, stored.document.digest, sizeof(t->kept.digest));
	if (tu_service_kept_open(call->service, &t->kept) &&
		tu_sbom_tree_open(t->kept.bytes, &t->is, NULL) == TU_OK)
		return TU_OK;
	tu_service_kept_close(&t->kept);
	return make(t, err);
}

/* ---- the name of a node ---- */

static void write_name(struct tu_json_writer *json, const struct tree *t, uint32_t component)
{
	const size_t start = tu_json_open_text(json);

	tu_hex_write(t->kept.digest, ID_BYTES, json->buf);
	tu_buf_printf(json->buf, "-%u", component);
	tu_json_close_text(json, start);
}

static enum tu_status read_name(
	const struct tree *t, struct tu_str name, uint32_t *out_component, struct tu_error *err)
{
	uint8_t digest[ID_BYTES];
	uint64_t number = 0;

	if (name.len < ID_HEX + 2 || name.ptr[ID_HEX] != '-' ||
		!tu_hex_read_lower(tu_str_first(name, ID_HEX), digest, ID_BYTES) ||
		memcmp(digest, t->kept.digest, ID_BYTES) != 0 ||
		!tu_str_to_u64(tu_str_from(name, ID_HEX + 1), UINT32_MAX, &number) ||
		number >= t->is.count)
		return tu_api_unknown(err, "component");
	*out_component = (uint32_t)number;
	return TU_OK;
}

static void write_which(struct tu_json_writer *json, const struct tree *t)
{
	size_t start;

	tu_json_key(json, "sbom");
	start = tu_json_open_text(json);
	tu_hex_write(t->kept.digest, TU_SHA256_BYTES, json->buf);
	tu_json_close_text(json, start);
}

static void write_name_or_null(
	struct tu_json_writer *json, const struct tree *t, const char *key, uint32_t component)
{
	tu_json_key_str(json, tu_str_c(key));
	if (component == TU_NO_COMPONENT)
		tu_json_add_null(json);
	else
		write_name(json, t, component);
}

static void write_total(struct tu_json_writer *json, const char *key, uint32_t count, bool exact)
{
	tu_json_key_str(json, tu_str_c(key));
	tu_json_open_object(json);
	tu_json_member_int(json, "count", count);
	tu_json_member_bool(json, "exact", exact);
	tu_json_close_object(json);
}

static void write_next(struct tu_json_writer *json, uint64_t next, bool more)
{
	tu_json_key(json, "next");
	if (more)
		tu_json_add_int(json, (int64_t)next);
	else
		tu_json_add_null(json);
}

/* ---- nodes ---- */

static void write_said(struct tu_json_writer *json, const struct tree *t, uint32_t component)
{
	tu_json_key(json, "component");
	tu_json_add_raw(json, tu_sbom_tree_text(&t->is, component, TU_TREE_COMPONENT));
	tu_json_key(json, "stated");
	tu_json_add_raw(json, tu_sbom_tree_text(&t->is, component, TU_TREE_STATED));
}

static void write_node(struct tu_json_writer *json, const struct tree *t, uint32_t component,
	uint32_t place, struct tu_sbom_tree_count below)
{
	const struct tu_sbom_above *above = &t->is.above;

	tu_json_open_object(json);
	tu_json_key(json, "node");
	write_name(json, t, component);
	tu_json_member_int(json, "position", (int64_t)place + 1);
	write_said(json, t, component);
	tu_json_member_bool(json, "root", (above->outermost[component] & TU_SBOM_IS_ROOT) != 0);
	tu_json_member_int(
		json, "parents", above->starts[component + 1] - above->starts[component]);
	tu_json_member_int(json, "children", tu_sbom_tree_below(&t->is, component).count);
	write_total(json, "below", below.count, below.exact);
	tu_json_close_object(json);
}

static enum tu_status write_page(
	const struct tree *t, uint32_t parent, struct tu_json_writer *json, struct tu_error *err)
{
	const struct tu_sbom_tree_list all = tu_sbom_tree_below(&t->is, parent);
	const int64_t asked = tu_api_query_int(t->call, "from", 0);
	const uint32_t from = asked < all.count ? (uint32_t)asked : all.count;
	const uint32_t limit = (uint32_t)tu_api_query_int(t->call, "limit", PAGE);
	const uint32_t count = all.count - from < limit ? all.count - from : limit;
	struct tu_sbom_tree_count *below =
		tu_arena_array(t->call->arena, (size_t)count + 1, sizeof(*below));
	enum tu_status status = below ? TU_OK : tu_no_memory(err);

	if (status == TU_OK)
		status = tu_sbom_tree_count_below(t->call->arena, &t->is,
			(struct tu_sbom_tree_list){all.at + from, count}, below, err);
	if (status != TU_OK)
		return status;
	tu_json_member_int(json, "from", from);
	tu_json_key(json, "items");
	tu_json_open_array(json);
	for (uint32_t i = 0; i < count; i++)
		write_node(json, t, all.at[from + i], from + i, below[i]);
	tu_json_close_array(json);
	write_next(json, (uint64_t)from + count, from + count < all.count);
	write_total(json, "total", all.count, true);
	return TU_OK;
}

static void write_kept_notes(struct tu_json_writer *json, const struct tree *t)
{
	tu_json_key(json, "reader");
	tu_json_add_raw(json, tu_sbom_tree_notes(&t->is));
}

enum tu_status tu_api_get_sbom_tree(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	const struct tu_str node = tu_api_query(call, "node");
	uint32_t parent = TU_NO_COMPONENT;
	struct tree t;
	enum tu_status status = open_tree(call, &t, err);

	if (status == TU_OK && tu_api_query_given(call, "node"))
		status = read_name(&t, node, &parent, err);
	if (status == TU_OK) {
		tu_json_open_object(json);
		write_which(json, &t);
		tu_json_member_int(json, "components", t.is.count);
		write_name_or_null(json, &t, "subject", t.is.subject);
		write_name_or_null(json, &t, "node", parent);
		status = write_page(&t, parent, json, err);
		if (status == TU_OK && parent == TU_NO_COMPONENT &&
			tu_api_query_int(call, "from", 0) == 0)
			write_kept_notes(json, &t);
		tu_json_close_object(json);
	}
	close_tree(&t);
	return status;
}

/* ---- a search ---- */

/* The steps of all ways of a page, one after the other, so that they are counted at once. */
struct hits {
	TU_VEC(uint32_t) steps;
	uint32_t ends[HITS_MAX]; /* of each way */
	bool cut[HITS_MAX]; /* it is longer than is handed out */
	size_t count, most;
	uint32_t total;
	int64_t next; /* -1: there are no more */
};

static enum tu_status add_hit(
	const struct tree *t, uint32_t component, struct hits *hits, struct tu_error *err)
{
	struct tu_sbom_tree_list way;
	enum tu_status status = tu_sbom_tree_way(t->call->arena, &t->is, component, &way, err);

	for (uint32_t i = 0; status == TU_OK && i < way.count && i < STEPS_MAX; i++)
		if (!TU_VEC_PUSH_IN(t->call->arena, &hits->steps, way.at[i]))
			status = tu_no_memory(err);
	if (status != TU_OK)
		return status;
	hits->cut[hits->count] = way.count > STEPS_MAX;
	hits->ends[hits->count++] = (uint32_t)hits->steps.count;
	return TU_OK;
}

static enum tu_status search(const struct tree *t, struct hits *hits, struct tu_error *err)
{
	const int64_t from = tu_api_query_int(t->call, "from", 0);
	const struct tu_str asked = tu_api_query(t->call, "q");
	char text[TEXT_MAX];
	const struct tu_str small = tu_str_first((struct tu_str){text, asked.len}, sizeof(text));
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < small.len; i++)
		text[i] = tu_char_lower(asked.ptr[i]);
	for (uint32_t at = 0; status == TU_OK; at++, hits->total++) {
		at = tu_sbom_tree_find(&t->is, small, at);
		if (at >= t->is.count)
			break;
		if (at >= from && hits->count < hits->most)
			status = add_hit(t, at, hits, err);
		else if (at >= from && hits->next < 0)
			hits->next = at;
	}
	return status;
}

static void write_way(struct tu_json_writer *json, const struct tree *t, const struct hits *hits,
	size_t hit, const struct tu_sbom_tree_count *below)
{
	const uint32_t begin = hit ? hits->ends[hit - 1] : 0;
	uint32_t parent = TU_NO_COMPONENT;

	tu_json_open_object(json);
	tu_json_key(json, "way");
	tu_json_open_array(json);
	for (uint32_t i = begin; i < hits->ends[hit]; i++) {
		const uint32_t step = hits->steps.at[i];

		write_node(json, t, step, tu_sbom_tree_place(&t->is, parent, step), below[i]);
		parent = step;
	}
	tu_json_close_array(json);
	tu_json_member_bool(json, "cut", hits->cut[hit]);
	tu_json_close_object(json);
}

static enum tu_status write_hits(
	const struct tree *t, struct tu_json_writer *json, struct tu_error *err)
{
	struct hits hits = {.most = (size_t)tu_api_query_int(t->call, "limit", HITS), .next = -1};
	struct tu_sbom_tree_count *below = NULL;
	enum tu_status status = search(t, &hits, err);

	if (status == TU_OK &&
		!(below = tu_arena_array(t->call->arena, hits.steps.count + 1, sizeof(*below))))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_sbom_tree_count_below(t->call->arena, &t->is,
			(struct tu_sbom_tree_list){hits.steps.at, (uint32_t)hits.steps.count},
			below, err);
	if (status != TU_OK)
		return status;
	tu_json_key(json, "items");
	tu_json_open_array(json);
	for (size_t i = 0; i < hits.count; i++)
		write_way(json, t, &hits, i, below);
	tu_json_close_array(json);
	write_next(json, (uint64_t)hits.next, hits.next >= 0);
	write_total(json, "total", hits.total, true);
	return TU_OK;
}

enum tu_status tu_api_search_sbom_tree(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	struct tree t;
	enum tu_status status = open_tree(call, &t, err);

	if (status == TU_OK) {
		tu_json_open_object(json);
		write_which(json, &t);
		status = write_hits(&t, json, err);
		tu_json_close_object(json);
	}
	close_tree(&t);
	return status;
}

/* ---- why is it in there ---- */

struct pathing {
	const struct tree *tree;
	struct tu_json_writer *json;
};

static void write_path(void *self, const uint32_t *path, size_t length)
{
	const struct pathing *p = self;

	tu_json_open_array(p->json);
	for (size_t i = length; i-- > 0;)
		tu_json_add_raw(
			p->json, tu_sbom_tree_text(&p->tree->is, path[i], TU_TREE_COMPONENT));
	tu_json_close_array(p->json);
}

enum tu_status tu_api_get_sbom_tree_node(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_json_writer *json = tu_api_json(call);
	uint32_t component = TU_NO_COMPONENT;
	struct tree t;
	struct pathing p = {&t, json};
	enum tu_status status = open_tree(call, &t, err);

	if (status == TU_OK)
		status = read_name(&t, call->path[1], &component, err);
	if (status == TU_OK) {
		bool more;

		tu_json_open_object(json);
		write_name_or_null(json, &t, "node", component);
		write_said(json, &t, component);
		tu_json_key(json, "paths");
		tu_json_open_array(json);
		more = tu_sbom_paths_of(&t.is.above, component, write_path, &p);
		tu_json_close_array(json);
		tu_json_member_bool(json, "more", more);
		tu_json_close_object(json);
	}
	close_tree(&t);
	return status;
}
