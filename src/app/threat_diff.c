/*
 * Both models are written in the neutral form and read as trees: whatever the form has is compared,
 * and a member that is added to models one day is compared, too, without a line here.
 */
#include "app/threat_diff.h"

#include <stdlib.h>

#include "base/yaml.h"
#include "base/vec.h"
#include "threat/write/write.h"

enum { TEXT_MAX_BYTES = 64 << 20 };

struct diff {
	struct tu_arena *arena;
	TU_VEC(struct tu_model_change) changes;
	TU_VEC(struct tu_threat_change) threats;
	bool failed;
};

const char *tu_change_name(enum tu_change_kind kind)
{
	static const char *const names[] = {"added", "removed", "changed"};

	return names[kind];
}

/* ---- models ---- */

static const struct tu_yaml *tree_of(struct diff *d, const struct tu_model *model)
{
	struct tu_model_export export = {.arena = d->arena, .form = TU_MODEL_FORM_NEUTRAL};
	const struct tu_yaml *root = NULL;
	struct tu_error err;
	struct tu_buf text;

	tu_buf_init(&text, TEXT_MAX_BYTES);
	if (tu_model_write(model, &export, &text, &err) ||
		tu_yaml_parse(d->arena, TU_STR("model"), tu_buf_str(&text),
			&(struct tu_yaml_limits){.bytes = TEXT_MAX_BYTES, .nodes = 4000000}, &root,
			&err))
		d->failed = true;
	tu_buf_done(&text);
	return root;
}

static bool is_words(struct tu_str member)
{
	static const char *const words[] = {"name", "title", "description", "situation",
		"intended_use", "deployment", "boundary", "manufacturer", "version", "reference"};

	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_eq(member, tu_str_c(words[i])))
			return true;
	return false;
}

static int by_text(const void *left, const void *right)
{
	return tu_str_cmp(*(const struct tu_str *)left, *(const struct tu_str *)right);
}

/* A list of words in the order of the alphabet: theirs means nothing. */
static void add_words(struct diff *d, const struct tu_yaml *list, struct tu_buf *json)
{
	struct tu_str *words = tu_arena_array(d->arena, list->count, sizeof(*words));
	size_t count = 0;

	if (!words) {
		d->failed = true;
		return;
	}
	for (const struct tu_yaml *at = list->first; at; at = at->next)
		words[count++] = at->text;
	if (count > 1)
		qsort(words, count, sizeof(*words), by_text);
	tu_buf_byte(json, '[');
	for (size_t i = 0; i < count; i++) {
		tu_buf_c(json, i ? "," : "");
		tu_json_quote(words[i], json);
	}
	tu_buf_byte(json, ']');
}

/* A scalar as it is, a list or map as JSON; empty for NULL. */
static struct tu_str text_of(struct diff *d, const struct tu_yaml *node)
{
	struct tu_str text = {"", 0};
	struct tu_buf json;

	if (!node)
		return text;
	if (node->kind == TU_YAML_SCALAR)
		return node->text;
	tu_buf_init(&json, TEXT_MAX_BYTES);
	if (node->kind == TU_YAML_LIST && (!node->first || node->first->kind == TU_YAML_SCALAR))
		add_words(d, node, &json);
	else
		tu_yaml_to_json(node, &json);
	if (json.failed || !tu_arena_dup(d->arena, tu_buf_str(&json), &text))
		d->failed = true;
	tu_buf_done(&json);
	return text;
}

static void add(struct diff *d, struct tu_model_change change)
{
	if (!TU_VEC_PUSH_IN(d->arena, &d->changes, change))
		d->failed = true;
}

static void compare_member(struct diff *d, struct tu_model_change place,
	const struct tu_yaml *before, const struct tu_yaml *after)
{
	place.before = text_of(d, before);
	place.after = text_of(d, after);
	place.words = is_words(place.member);
	if (!before != !after || !tu_str_eq(place.before, place.after))
		add(d, place);
}

/* Lists of things with ids are compared by these. */
static bool has_things(const struct tu_yaml *node)
{
	return node && node->kind == TU_YAML_LIST &&
		(!node->first || tu_yaml_get(node->first, TU_STR("id")));
}

static void compare_maps(struct diff *d, struct tu_model_change place, const struct tu_yaml *before,
	const struct tu_yaml *after);

/* "facts.debug": each fact is a member of its own. */
static void compare_facts(struct diff *d, struct tu_model_change place,
	const struct tu_yaml *before, const struct tu_yaml *after)
{
	static const struct tu_yaml none = {.kind = TU_YAML_MAP};
	size_t first = d->changes.count;

	compare_maps(d, place, before ? before : &none, after ? after : &none);
	for (size_t i = first; i < d->changes.count; i++) {
		struct tu_model_change *change = &d->changes.at[i];
		struct tu_buf name;

		tu_buf_init(&name, 4096);
		tu_buf_printf(&name, "facts.%.*s", TU_STR_FMT(change->member));
		change->words = false;
		if (name.failed || !tu_arena_dup(d->arena, tu_buf_str(&name), &change->member))
			d->failed = true;
		tu_buf_done(&name);
	}
}

/* A list of things with ids is compared by these, elsewhere: of the model itself alone. */
static void compare_value(struct diff *d, struct tu_model_change place,
	const struct tu_yaml *before, const struct tu_yaml *after)
{
	const struct tu_yaml *one = before ? before : after;

	place.member = one->key;
	if (tu_str_eq(one->key, TU_STR("facts")) && place.id.len)
		compare_facts(d, place, before, after);
	else if (place.id.len || !has_things(one))
		compare_member(d, place, before, after);
}

static void compare_maps(struct diff *d, struct tu_model_change place, const struct tu_yaml *before,
	const struct tu_yaml *after)
{
	place.kind = TU_CHANGE_CHANGED;
	for (const struct tu_yaml *at = before->first; at; at = at->next)
		compare_value(d, place, at, tu_yaml_get(after, at->key));
	for (const struct tu_yaml *at = after->first; at; at = at->next)
		if (!tu_yaml_get(before, at->key))
			compare_value(d, place, NULL, at);
}

/* The things of a list by their ids. */
struct thing {
	struct tu_str id;
	const struct tu_yaml *node;
};

struct things {
	struct thing *at;
	size_t count;
};

static int by_id(const void *left, const void *right)
{
	const struct thing *a = left, *b = right;
	int order = tu_str_cmp(a->id, b->id);

	return order ? order
		     : (a->node->index > b->node->index) - (a->node->index < b->node->index);
}

static struct things index_of(struct diff *d, const struct tu_yaml *list)
{
	struct things things = {0};

	if (!list || !list->count)
		return things;
	things.at = tu_arena_array(d->arena, list->count, sizeof(*things.at));
	d->failed |= !things.at;
	for (const struct tu_yaml *at = list->first; things.at && at; at = at->next)
		things.at[things.count++] =
			(struct thing){text_of(d, tu_yaml_get(at, TU_STR("id"))), at};
	if (things.count > 1)
		qsort(things.at, things.count, sizeof(*things.at), by_id);
	return things;
}

/* The first with the id; NULL: none. */
static const struct tu_yaml *find(const struct things *things, struct tu_str id)
{
	size_t low = 0, high = things->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tu_str_cmp(things->at[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < things->count && tu_str_eq(things->at[low].id, id) ? things->at[low].node
									: NULL;
}

static void compare_lists(struct diff *d, struct tu_str key, const struct tu_yaml *before,
	const struct tu_yaml *after)
{
	const struct things old = index_of(d, before), new = index_of(d, after);

	for (const struct tu_yaml *at = before ? before->first : NULL; at; at = at->next) {
		struct tu_str id = text_of(d, tu_yaml_get(at, TU_STR("id")));
		const struct tu_yaml *other = find(&new, id);
		struct tu_model_change place = {.kind = TU_CHANGE_REMOVED, .list = key, .id = id};

		if (other)
			compare_maps(d, place, at, other);
		else
			add(d, place);
	}
	for (const struct tu_yaml *at = after ? after->first : NULL; at; at = at->next) {
		struct tu_str id = text_of(d, tu_yaml_get(at, TU_STR("id")));

		if (!find(&old, id))
			add(d,
				(struct tu_model_change){
					.kind = TU_CHANGE_ADDED, .list = key, .id = id});
	}
}

static void compare_models(
	struct diff *d, const struct tu_model *before, const struct tu_model *after)
{
	const struct tu_yaml *a = tree_of(d, before), *b = tree_of(d, after);

	if (d->failed)
		return;
	compare_maps(d, (struct tu_model_change){0}, a, b);
	for (const struct tu_yaml *at = b->first; at; at = at->next)
		if (has_things(at))
			compare_lists(d, at->key, tu_yaml_get(a, at->key), at);
}

/* ---- threats ---- */

static int by_key(const void *left, const void *right)
{
	const struct tu_threat *const *a = left, *const *b = right;

	return tu_str_cmp((*a)->key, (*b)->key);
}

static const struct tu_threat **sorted(struct diff *d, const struct tu_threats *threats)
{
	const struct tu_threat **list = tu_arena_array(d->arena, threats->count, sizeof(*list));

	if (!list) {
		d->failed = true;
		return NULL;
	}
	for (size_t i = 0; i < threats->count; i++)
		list[i] = &threats->at[i];
	if (threats->count > 1)
		qsort(list, threats->count, sizeof(*list), by_key);
	return list;
}

/* What was never more than considered is no change when it comes or goes. */
static bool matters(const struct tu_threat *threat)
{
	return threat && threat->outcome != TU_THREAT_NOT_APPLICABLE;
}

static void compare_threat(
	struct diff *d, const struct tu_threat *before, const struct tu_threat *after)
{
	struct tu_threat_change change = {TU_CHANGE_CHANGED, before, after, false, false, false};

	if (!matters(before) && !matters(after))
		return;
	if (!matters(before))
		change.kind = TU_CHANGE_ADDED;
	else if (!matters(after))
		change.kind = TU_CHANGE_REMOVED;
	if (before && after) {
		change.outcome = before->outcome != after->outcome;
		change.severity =
			before->severity != after->severity || before->privacy != after->privacy;
		change.reach = before->reach != after->reach;
		if (!change.outcome && !change.severity && !change.reach)
			return;
	}
	if (!TU_VEC_PUSH_IN(d->arena, &d->threats, change))
		d->failed = true;
}

static void compare_threats(
	struct diff *d, const struct tu_threats *before, const struct tu_threats *after)
{
	const struct tu_threat **a = sorted(d, before), **b = sorted(d, after);
	size_t i = 0, j = 0;

	while (!d->failed && (i < before->count || j < after->count)) {
		int order = i == before->count ? 1
			: j == after->count    ? -1
					       : tu_str_cmp(a[i]->key, b[j]->key);

		compare_threat(d, order <= 0 ? a[i] : NULL, order >= 0 ? b[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

/* The same questions about the same places? */
static bool same_questions(const struct tu_model_side *a, const struct tu_model_side *b)
{
	if (a->threats.question_count != b->threats.question_count)
		return false;
	for (size_t i = 0; i < a->threats.question_count; i++) {
		const struct tu_threat_question *x = &a->threats.questions[i];
		const struct tu_threat_question *y = &b->threats.questions[i];

		if (x->spot.is_flow != y->spot.is_flow || x->spot.index != y->spot.index ||
			!tu_str_eq(x->subject, y->subject))
			return false;
	}
	return true;
}

enum tu_status tu_model_compare(struct tu_arena *arena, const struct tu_model_side *before,
	const struct tu_model_side *after, struct tu_model_diff *out, struct tu_error *err)
{
	struct diff d = {.arena = arena};
	bool words_only = true;

	compare_models(&d, before->model, after->model);
	compare_threats(&d, &before->threats, &after->threats);
	if (d.failed)
		return tu_no_memory(err);
	for (size_t i = 0; i < d.changes.count; i++)
		words_only = words_only && d.changes.at[i].words;
	*out = (struct tu_model_diff){d.changes.at, d.changes.count, d.threats.at, d.threats.count,
		before->threats.question_count, after->threats.question_count,
		words_only && !d.threats.count && same_questions(before, after)};
	return TU_OK;
}
