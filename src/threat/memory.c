/* Memory of a graph: memory.h. */
#include "threat/memory.h"

#include "base/hash.h"

enum { RECALL_SLOTS = 1 << 13, NAME_WORDS_MAX = 6, BEFORE_WORDS = 3 };

struct recall {
	const struct tu_condition *condition;
	struct tu_str text;
	enum tu_answer answer;
};

struct name {
	struct tu_str text; /* in normal form */
	uint32_t element;
};

struct tu_memory {
	struct tu_arena *arena;
	const struct tu_model *model;
	struct recall *recalls; /* a slot for each hash: the newer answer takes it */
	struct name *names; /* open addressing; NULL: not made yet */
	size_t name_mask;
	bool failed;
};

struct tu_memory *tu_memory_new(struct tu_arena *arena, const struct tu_model *model)
{
	struct tu_memory *memory = tu_arena_alloc(arena, sizeof(*memory));

	if (!memory)
		return NULL;
	memory->arena = arena;
	memory->model = model;
	memory->recalls = tu_arena_array(arena, RECALL_SLOTS, sizeof(*memory->recalls));
	return memory->recalls ? memory : NULL;
}

bool tu_memory_failed(const struct tu_memory *memory)
{
	return memory->failed;
}

/* ---- answers ---- */

static struct recall *slot_of(
	const struct tu_memory *memory, const struct tu_condition *condition, struct tu_str text)
{
	uint64_t hash = tu_hash_seeded(text, (uint64_t)(uintptr_t)condition);

	return &memory->recalls[hash & (RECALL_SLOTS - 1)];
}

bool tu_memory_recall(const struct tu_memory *memory, const struct tu_condition *condition,
	struct tu_str text, enum tu_answer *out_answer)
{
	const struct recall *slot = slot_of(memory, condition, text);

	if (slot->condition != condition || !tu_str_eq(slot->text, text))
		return false;
	*out_answer = slot->answer;
	return true;
}

void tu_memory_keep(struct tu_memory *memory, const struct tu_condition *condition,
	struct tu_str text, enum tu_answer answer)
{
	*slot_of(memory, condition, text) = (struct recall){condition, text, answer};
}

/* ---- names of elements ---- */

static struct name *place_of(const struct tu_memory *memory, struct tu_str text)
{
	size_t at = (size_t)tu_hash(text) & memory->name_mask;

	while (memory->names[at].text.len && !tu_str_eq(memory->names[at].text, text))
		at = (at + 1) & memory->name_mask;
	return &memory->names[at];
}

/* The first element of a name has it. */
static void add_name(struct tu_memory *memory, struct tu_str name, uint32_t element)
{
	struct tu_str text;
	struct name *place;

	memory->failed |= !tu_value_fold(memory->arena, name, &text);
	if (!text.len)
		return;
	place = place_of(memory, text);
	if (!place->text.len)
		*place = (struct name){text, element};
}

static bool make_names(struct tu_memory *memory)
{
	size_t size = 16;

	if (memory->names)
		return true;
	while (size < 4 * memory->model->elements_count)
		size *= 2;
	memory->names = tu_arena_array(memory->arena, size, sizeof(*memory->names));
	memory->failed |= !memory->names;
	if (!memory->names)
		return false;
	memory->name_mask = size - 1;
	for (uint32_t i = 0; i < memory->model->elements_count; i++)
		add_name(memory, memory->model->elements[i].id, i);
	for (uint32_t i = 0; i < memory->model->elements_count; i++)
		add_name(memory, memory->model->elements[i].name, i);
	return true;
}

static bool is_word_of(struct tu_str word, const char *const *list)
{
	for (size_t i = 0; list[i]; i++)
		if (tu_str_eq(word, tu_str_c(list[i])))
			return true;
	return false;
}

/* What may stand before a name without saying anything. */
static struct tu_str without_lead(struct tu_str text)
{
	static const char *const leads[] = {"the", "a", "an", "by", "on", "in", "from", "via", "of",
		"at", "with", "only", NULL};
	size_t end = tu_str_find(text, '-');

	while (end < text.len && is_word_of(tu_str_first(text, end), leads)) {
		text = tu_str_from(text, end + 1);
		end = tu_str_find(text, '-');
	}
	return text;
}

static void add(struct tu_named_elements *out, uint32_t element, bool exact)
{
	for (size_t i = 0; i < out->count; i++)
		if (out->at[i].element == element) {
			out->at[i].exact |= exact;
			return;
		}
	if (out->count < TU_NAMED_MAX)
		out->at[out->count++] = (struct tu_named_element){element, exact};
}

static bool add_exact(
	const struct tu_memory *memory, struct tu_str part, struct tu_named_elements *out)
{
	const struct name *place = place_of(memory, part);

	if (!place->text.len && without_lead(part).len < part.len)
		place = place_of(memory, without_lead(part));
	if (place->text.len)
		add(out, place->element, true);
	return place->text.len > 0;
}

/* "separate from the radio", "not the app": of the words before a name. */
static bool is_apart(struct tu_str before)
{
	static const char *const aparts[] = {"separate", "separated", "independent", "apart",
		"isolated", "other", "away", "protected", NULL};
	struct tu_str word;
	size_t words = 0;

	while (before.len && words++ < BEFORE_WORDS) {
		size_t dash = tu_str_rfind(tu_str_first(before, before.len - 1), '-');

		word = dash + 1 < before.len ? tu_str_from(before, dash + 1) : before;
		if (tu_str_ends(word, TU_STR("-")))
			word.len--;
		if (is_word_of(word, aparts) || tu_value_negates(word))
			return true;
		before = tu_str_first(before, dash + 1 < before.len ? dash + 1 : 0);
	}
	return false;
}

/* Each run of words of a clause that is a name. */
static void add_mentions(
	const struct tu_memory *memory, struct tu_str clause, struct tu_named_elements *out)
{
	for (size_t from = 0; from < clause.len;) {
		struct tu_str rest = tu_str_from(clause, from);
		size_t end = 0;

		for (size_t words = 0; words < NAME_WORDS_MAX && end < rest.len; words++) {
			const struct name *place;

			end += end ? 1 : 0;
			end += tu_str_find(tu_str_from(rest, end), '-');
			place = place_of(memory, tu_str_first(rest, end));
			if (place->text.len && !is_apart(tu_str_first(clause, from)))
				add(out, place->element, false);
		}
		from += tu_str_find(rest, '-') + 1;
	}
}

static void read_clause(
	const struct tu_memory *memory, struct tu_str clause, struct tu_named_elements *out)
{
	struct tu_str rest = clause;
	bool all = true;

	if (add_exact(memory, clause, out))
		return;
	while (rest.len) {
		size_t at = tu_str_search(rest, TU_STR("-and-"));
		bool found = add_exact(memory, tu_str_first(rest, at), out);

		all &= found;
		rest = tu_str_from(rest, at + (at < rest.len ? sizeof("-and-") - 1 : 0));
	}
	out->only &= all;
	if (!all)
		add_mentions(memory, clause, out);
}

void tu_memory_names(
	struct tu_memory *memory, const struct tu_value_text *text, struct tu_named_elements *out)
{
	out->count = 0;
	out->only = text->clause_count > 0;
	if (!make_names(memory)) {
		out->only = false;
		return;
	}
	for (size_t i = 0; i < text->clause_count; i++)
		read_clause(memory, text->clauses[i], out);
}

bool tu_memory_names_only(struct tu_memory *memory, const struct tu_value_text *text)
{
	struct tu_named_elements named;

	tu_memory_names(memory, text, &named);
	return named.only && named.count > 0;
}
