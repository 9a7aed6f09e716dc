/*
 * Keys of threats, and their order by numbers. A key is RULE@ELEMENT@FLOW, so that rule and element
 * are compared with the "@" that follows them; where no id has a sign that is written in another
 * way, that is the order of the parts.
 */
#include <stdlib.h>
#include <string.h>

#include "threat/engine.h"

enum { PLACES_MAX = 1 << 23, RULES_MAX = 1 << 16 };

/* ---- a key ---- */

static bool is_plain(struct tu_str id)
{
	return tu_str_find(id, '@') == id.len && tu_str_find(id, '%') == id.len;
}

/* Bytes that the id takes in a key; it is written when `to` is there. */
static size_t put_id(struct tu_str id, char *to)
{
	size_t len = 0;

	if (is_plain(id)) {
		if (to && id.len)
			memcpy(to, id.ptr, id.len);
		return id.len;
	}
	for (size_t i = 0; i < id.len; i++) {
		const char *sign = id.ptr[i] == '@' ? "%40" : id.ptr[i] == '%' ? "%25" : NULL;

		if (to && sign)
			memcpy(to + len, sign, 3);
		else if (to)
			to[len] = id.ptr[i];
		len += sign ? 3 : 1;
	}
	return len;
}

bool tu_threat_key(const struct tu_engine *engine, struct tu_candidate *candidate)
{
	const struct tu_model *model = engine->graph.model;
	struct tu_spot spot = candidate->threat.spot;
	const struct tu_model_flow *flow = spot.is_flow ? &model->flows[spot.index] : NULL;
	/* each with the sign before it */
	const struct {
		const char *sign;
		struct tu_str id;
	} parts[] = {{"", candidate->rule->id}, {candidate->part.len ? ":" : "", candidate->part},
		{"@", model->elements[flow ? flow->to : spot.index].id},
		{"@", flow ? flow->id : (struct tu_str){0}}};
	size_t len = 0, done = 0;
	char *text;

	for (size_t i = 0; i < TU_COUNT(parts); i++)
		len += strlen(parts[i].sign) + put_id(parts[i].id, NULL);
	text = tu_arena_text(engine->arena, len);
	for (size_t i = 0; text && i < TU_COUNT(parts); i++) {
		if (*parts[i].sign)
			text[done++] = *parts[i].sign;
		done += put_id(parts[i].id, text + done);
	}
	candidate->threat.key = tu_str_of(text, len);
	return text != NULL;
}

/* ---- the order of keys ---- */

struct id {
	struct tu_str text;
	uint32_t index;
};

static int by_text(const void *left, const void *right)
{
	return tu_str_cmp(((const struct id *)left)->text, ((const struct id *)right)->text);
}

/* As if "@" followed. */
static int by_text_and_sign(const void *left, const void *right)
{
	const struct id *a = left, *b = right;
	size_t shorter = a->text.len < b->text.len ? a->text.len : b->text.len;
	int order = tu_str_cmp(tu_str_first(a->text, shorter), tu_str_first(b->text, shorter));

	if (order || a->text.len == b->text.len)
		return order;
	if (a->text.len < b->text.len)
		return '@' < (unsigned char)b->text.ptr[shorter] ? -1 : 1;
	return (unsigned char)a->text.ptr[shorter] < '@' ? -1 : 1;
}

/* Ranks by index; those of equal ids are equal. Sorts the list. */
static const uint32_t *rank(struct tu_arena *arena, struct id *ids, size_t count,
	int (*compare)(const void *, const void *))
{
	uint32_t *ranks = tu_arena_array(arena, count, sizeof(*ranks)), next = 0;

	if (count > 1)
		qsort(ids, count, sizeof(*ids), compare);
	for (size_t i = 0; ranks && i < count; i++) {
		next += i && !tu_str_eq(ids[i - 1].text, ids[i].text);
		ranks[ids[i].index] = next;
	}
	return ranks;
}

static size_t count_rules(const struct tu_threat_input *input)
{
	size_t count = 0;

	for (size_t p = 0; p < input->pack_count; p++)
		count += input->packs[p]->rule_count;
	return count;
}

/* Elements, then flows, then rules. */
static bool list_ids(const struct tu_engine *engine, struct id *ids)
{
	const struct tu_model *model = engine->input->model;
	bool plain = true;
	uint32_t order = 0;

	for (uint32_t i = 0; i < model->elements_count; i++, ids++) {
		*ids = (struct id){model->elements[i].id, i};
		plain &= is_plain(ids->text);
	}
	for (uint32_t i = 0; i < model->flows_count; i++, ids++) {
		*ids = (struct id){model->flows[i].id, i};
		plain &= is_plain(ids->text);
	}
	for (size_t p = 0; p < engine->input->pack_count; p++)
		for (size_t i = 0; i < engine->input->packs[p]->rule_count; i++, ids++)
			*ids = (struct id){engine->input->packs[p]->rules[i].id, order++};
	return plain;
}

bool tu_key_ranks_make(const struct tu_engine *engine, struct tu_key_ranks *out)
{
	const struct tu_model *model = engine->input->model;
	size_t elements = model->elements_count, flows = model->flows_count;
	size_t rules = count_rules(engine->input);
	struct id *ids;

	*out = (struct tu_key_ranks){0};
	if (elements >= PLACES_MAX || flows >= PLACES_MAX - 1 || rules >= RULES_MAX)
		return true;
	ids = tu_arena_array(engine->arena, elements + flows + rules, sizeof(*ids));
	if (!ids)
		return false;
	if (!list_ids(engine, ids))
		return true;
	out->elements = rank(engine->arena, ids, elements, by_text_and_sign);
	out->flows = rank(engine->arena, ids + elements, flows, by_text);
	out->rules = rank(engine->arena, ids + elements + flows, rules, by_text_and_sign);
	return out->elements && out->flows && out->rules;
}

uint64_t tu_key_rank(const struct tu_engine *engine, const struct tu_candidate *candidate)
{
	const struct tu_key_ranks *ranks = &engine->ranks;
	struct tu_spot spot = candidate->threat.spot;
	uint64_t rule;

	if (!ranks->rules)
		return 0;
	rule = (uint64_t)ranks->rules[candidate->order] << 48;
	if (candidate->part.len)
		return rule; /* ":" is before "@" */
	if (!spot.is_flow)
		return rule | (uint64_t)1 << 47 | (uint64_t)ranks->elements[spot.index] << 23;
	return rule | (uint64_t)1 << 47 |
		(uint64_t)ranks->elements[engine->graph.model->flows[spot.index].to] << 23 |
		(ranks->flows[spot.index] + 1);
}
