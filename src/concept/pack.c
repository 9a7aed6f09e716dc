#include "concept/pack.h"

#include <stdlib.h>

#include "base/vec.h"

enum { PROPERTIES_MAX = 5000, WHY_MAX = 64 * 1024 };

const char tu_concept_emb3d_terms[] =
	"EMB3D, (c) The MITRE Corporation, https://emb3d.mitre.org. No licence text was beside the "
	"data. MITRE permits free use, also commercial, if its copyright line and licence go with "
	"every copy and MITRE is notified (EMB3D@mitre.org): read its terms before you copy from "
	"it.";

struct threat {
	struct tu_str id, text;
};

struct property {
	struct tu_str id, text, category, parent; /* ids of the file: "PID-11" */
	TU_VEC(struct threat) threats;
};

struct reading {
	struct tu_arena *arena;
	struct tu_json root;
	TU_VEC(struct property) list;
	struct tu_error *err;
};

static bool take(struct reading *r, struct tu_json value, struct tu_str *out_text)
{
	return tu_arena_dup(r->arena, tu_str_trim(tu_json_str(value)), out_text);
}

static enum tu_status add(struct reading *r, struct tu_json at, const struct property *property)
{
	if (!property->id.len || !property->text.len)
		return tu_json_fail(
			r->err, TU_E_SYNTAX, at, "a device property without an id or a text");
	if (r->list.count == PROPERTIES_MAX)
		return tu_json_fail(
			r->err, TU_E_LIMIT, at, "more than %d properties", PROPERTIES_MAX);
	return TU_VEC_PUSH_IN(r->arena, &r->list, *property) ? TU_OK : tu_no_memory(r->err);
}

/* ---- properties_threat_mappings.json ---- */

static bool is_mapping(struct tu_json root)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(root, TU_STR("properties")));
	struct tu_json first;

	return tu_json_is_array(tu_json_get(root, TU_STR("properties"))) &&
		tu_json_next_item(&items, &first) &&
		tu_str_starts(TU_JSON_STR(first, "id"), TU_STR("PID-"));
}

static enum tu_status read_mapping(struct reading *r)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(r->root, TU_STR("properties")));
	struct tu_json item, one;
	enum tu_status status = TU_OK;

	while (!status && tu_json_next_item(&items, &item)) {
		struct property p = {0};
		struct tu_json_iter threats = tu_json_iter(tu_json_get(item, TU_STR("threats")));
		bool fine = take(r, tu_json_get(item, TU_STR("id")), &p.id) &&
			take(r, tu_json_get(item, TU_STR("text")), &p.text) &&
			take(r, tu_json_get(item, TU_STR("category")), &p.category) &&
			take(r, tu_json_get(item, TU_STR("parentProp")), &p.parent);

		while (fine && tu_json_next_item(&threats, &one)) {
			struct threat threat;

			fine = take(r, tu_json_get(one, TU_STR("id")), &threat.id) &&
				take(r, tu_json_get(one, TU_STR("text")), &threat.text) &&
				TU_VEC_PUSH_IN(r->arena, &p.threats, threat);
		}
		status = fine ? add(r, item, &p) : tu_no_memory(r->err);
	}
	return status;
}

/* ---- STIX ---- */

#define STIX_PROPERTY TU_STR("x-mitre-emb3d-property")

static bool is_stix(struct tu_json root)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(root, TU_STR("objects")));
	struct tu_json item;

	if (!tu_str_eq(TU_JSON_STR(root, "type"), TU_STR("bundle")))
		return false;
	while (tu_json_next_item(&items, &item))
		if (tu_str_eq(TU_JSON_STR(item, "type"), STIX_PROPERTY))
			return true;
	return false;
}

static struct tu_json by_stix_id(const struct reading *r, struct tu_str id)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(r->root, TU_STR("objects")));
	struct tu_json item;

	while (tu_json_next_item(&items, &item))
		if (tu_str_eq(TU_JSON_STR(item, "id"), id))
			return item;
	return (struct tu_json){0};
}

static bool take_relation(struct reading *r, struct tu_json relation, struct property *p)
{
	struct tu_str kind = TU_JSON_STR(relation, "relationship_type");
	struct tu_json target = by_stix_id(r, TU_JSON_STR(relation, "target_ref"));
	struct threat threat;

	if (tu_str_eq(kind, TU_STR("subproperty-of")))
		return take(
			r, tu_json_get(target, TU_STR("x_mitre_emb3d_property_id")), &p->parent);
	if (!tu_str_eq(kind, TU_STR("relates-to")))
		return true;
	return take(r, tu_json_get(target, TU_STR("x_mitre_emb3d_threat_id")), &threat.id) &&
		take(r, tu_json_get(target, TU_STR("name")), &threat.text) &&
		(!threat.id.len || TU_VEC_PUSH_IN(r->arena, &p->threats, threat));
}

static enum tu_status read_stix_property(struct reading *r, struct tu_json object)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(r->root, TU_STR("objects")));
	struct tu_str id = TU_JSON_STR(object, "id");
	struct property p = {0};
	struct tu_json item;
	bool fine = take(r, tu_json_get(object, TU_STR("x_mitre_emb3d_property_id")), &p.id) &&
		take(r, tu_json_get(object, TU_STR("name")), &p.text) &&
		take(r, tu_json_get(object, TU_STR("category")), &p.category);

	while (fine && tu_json_next_item(&items, &item))
		if (tu_str_eq(TU_JSON_STR(item, "source_ref"), id))
			fine = take_relation(r, item, &p);
	return fine ? add(r, object, &p) : tu_no_memory(r->err);
}

static enum tu_status read_stix(struct reading *r)
{
	struct tu_json_iter items = tu_json_iter(tu_json_get(r->root, TU_STR("objects")));
	struct tu_json item;
	enum tu_status status = TU_OK;

	while (!status && tu_json_next_item(&items, &item))
		if (tu_str_eq(TU_JSON_STR(item, "type"), STIX_PROPERTY))
			status = read_stix_property(r, item);
	return status;
}

static const struct {
	bool (*is)(struct tu_json root);
	enum tu_status (*read)(struct reading *r);
} forms[] = {{is_mapping, read_mapping}, {is_stix, read_stix}};

bool tu_concept_pack_is(struct tu_json root)
{
	for (size_t i = 0; i < TU_COUNT(forms); i++)
		if (forms[i].is(root))
			return true;
	return false;
}

/* ---- questions ---- */

/* A parent's id is the beginning of its children's: it comes first. */
static int compare_properties(const void *a, const void *b)
{
	return tu_str_cmp(((const struct property *)a)->id, ((const struct property *)b)->id);
}

static int compare_threats(const void *a, const void *b)
{
	return tu_str_cmp(((const struct threat *)a)->id, ((const struct threat *)b)->id);
}

static bool pack_id(struct reading *r, struct tu_str id, struct tu_str *out_id)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, 64 * 1024);
	tu_buf_c(&text, "emb3d/");
	tu_buf_str_add(&text, id);
	fine = !text.failed && tu_arena_dup(r->arena, tu_buf_str(&text), out_id);
	tu_buf_done(&text);
	return fine;
}

static bool explain(struct reading *r, const struct property *p, struct tu_str *out_why)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, WHY_MAX);
	tu_buf_printf(&text, "EMB3D, %.*s: ", TU_STR_FMT(p->category));
	for (size_t i = 0; i < p->threats.count; i++)
		tu_buf_printf(&text, "%s%.*s %.*s", i ? "; " : "", TU_STR_FMT(p->threats.at[i].id),
			TU_STR_FMT(p->threats.at[i].text));
	tu_buf_c(&text, p->threats.count ? "." : "no threat by itself; further questions follow.");
	fine = !text.failed && tu_arena_dup(r->arena, tu_buf_str(&text), out_why);
	tu_buf_done(&text);
	return fine;
}

/* The parent among the properties before `index`. */
static bool take_parent(struct reading *r, size_t index, struct tu_concept_question *question)
{
	struct tu_concept_condition *condition;

	for (size_t i = 0; i < index; i++) {
		if (!tu_str_eq(r->list.at[i].id, r->list.at[index].parent))
			continue;
		condition = tu_arena_alloc(r->arena, sizeof(*condition));
		if (!condition)
			return false;
		*condition = (struct tu_concept_condition){(uint32_t)i, TU_REPLY_NO};
		question->pointless = (struct tu_concept_conditions){condition, 1};
	}
	return true;
}

static bool make_question(struct reading *r, size_t index, struct tu_concept_question *question)
{
	struct property *p = &r->list.at[index];
	struct tu_str *threats = tu_arena_array(r->arena, p->threats.count, sizeof(*threats));

	if (!threats)
		return false;
	if (p->threats.count)
		qsort(p->threats.at, p->threats.count, sizeof(*p->threats.at), compare_threats);
	for (size_t i = 0; i < p->threats.count; i++)
		threats[i] = p->threats.at[i].id;
	question->subject = TU_STR("pack");
	question->text = p->text;
	question->yes.threats = (struct tu_texts){threats, p->threats.count};
	return pack_id(r, p->id, &question->id) && explain(r, p, &question->why) &&
		take_parent(r, index, question);
}

static enum tu_status check_ids(struct reading *r)
{
	for (size_t i = 1; i < r->list.count; i++)
		if (tu_str_eq(r->list.at[i - 1].id, r->list.at[i].id))
			return tu_fail(r->err, TU_E_SYNTAX, 0, "a second property \"%.*s\"",
				TU_STR_FMT(tu_str_first(r->list.at[i].id, 40)));
	return TU_OK;
}

enum tu_status tu_concept_pack_read(struct tu_arena *arena, struct tu_json root,
	struct tu_concept_pack *out_pack, struct tu_error *err)
{
	struct reading r = {.arena = arena, .root = root, .err = err};
	struct tu_concept_question *questions;
	enum tu_status status = TU_OK;
	size_t form = 0;

	while (form < TU_COUNT(forms) && !forms[form].is(root))
		form++;
	if (form == TU_COUNT(forms))
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "no pack of questions");
	status = forms[form].read(&r);
	if (status == TU_OK)
		qsort(r.list.at, r.list.count, sizeof(*r.list.at), compare_properties);
	if (status == TU_OK)
		status = check_ids(&r);
	if (status != TU_OK)
		return status;
	questions = tu_arena_array(arena, r.list.count, sizeof(*questions));
	for (size_t i = 0; questions && i < r.list.count; i++)
		if (!make_question(&r, i, &questions[i]))
			return tu_no_memory(err);
	if (!questions)
		return tu_no_memory(err);
	*out_pack =
		(struct tu_concept_pack){.record = {.id = TU_STR("emb3d"),
						 .title = TU_STR("MITRE EMB3D, device properties"),
						 .questions = (uint32_t)r.list.count},
			.questions = questions,
			.count = r.list.count};
	return TU_OK;
}

/* Conditions of the pack's questions count from its first one. */
static bool shift(struct tu_arena *arena, struct tu_concept_question *question, size_t by)
{
	struct tu_concept_condition *list =
		tu_arena_array(arena, question->pointless.count, sizeof(*list));

	for (size_t i = 0; list && i < question->pointless.count; i++) {
		list[i] = question->pointless.at[i];
		list[i].question += (uint32_t)by;
	}
	question->pointless.at = list;
	return list != NULL;
}

enum tu_status tu_concept_catalogue_extend(struct tu_arena *arena,
	struct tu_concept_catalogue *catalogue, const struct tu_concept_pack *pack,
	struct tu_error *err)
{
	size_t before = catalogue->question_count, count = before + pack->count;
	struct tu_concept_question *list = tu_arena_array(arena, count, sizeof(*list));

	if (!list)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		list[i] = i < before ? catalogue->questions[i] : pack->questions[i - before];
		if (i >= before && !shift(arena, &list[i], before))
			return tu_no_memory(err);
	}
	catalogue->questions = list;
	catalogue->question_count = count;
	catalogue->pack = pack->record.id;
	return TU_OK;
}
