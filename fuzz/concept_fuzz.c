/*
 * Any text as concept.yaml, as a model.yaml that lines are added to, and as a pack of questions:
 * reading never crashes, a refusal has words, what is read adds up, and what is added to stays.
 */
#include <stdlib.h>
#include <string.h>

#include "concept/lines.h"
#include "concept/pack.h"
#include "concept/seed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 64 << 20, NOW = 1800000000 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* The questions are the same for every input. */
static const struct tu_concept_catalogue *questions(void)
{
	static struct tu_concept_catalogue catalogue;
	static struct tu_arena *kept;
	const struct tu_concept_texts texts = tu_concept_built_in();

	if (!kept) {
		kept = tu_arena_new(ARENA_MAX);
		demand(kept && tu_concept_catalogue_read(kept, &texts, &catalogue, NULL) == TU_OK);
	}
	return &catalogue;
}

static void seed(struct tu_arena *arena, const struct tu_concept_state *state, struct tu_str model)
{
	const struct tu_concept_seeding seeding = {
		.arena = arena, .state = state, .model = model, .model_file = TU_STR("model.yaml")};
	struct tu_concept_seeded seeded = {0};
	struct tu_error err = {0};
	struct tu_buf out;

	tu_buf_init(&out, ARENA_MAX);
	if (tu_concept_seed_model(&seeding, &out, &seeded, &err) == TU_OK)
		demand(!out.len == !(seeded.zones + seeded.elements + seeded.flows));
	else
		demand(err.message[0]);
	tu_buf_clear(&out);
	if (tu_concept_seed_facts(&seeding, &out, &err) != TU_OK)
		demand(err.message[0]);
	tu_buf_done(&out);
}

static void read_record(struct tu_arena *arena, struct tu_str text)
{
	const struct tu_concept_source source = {{TU_STR("concept.yaml"), text}, questions(), NOW};
	struct tu_concept_record record = {0};
	struct tu_concept_state state;
	struct tu_error err = {0};
	size_t total;

	if (tu_concept_record_read(arena, &source, &record, &err) != TU_OK) {
		demand(err.message[0]);
		memset(&record, 0, sizeof(record));
	}
	if (tu_concept_state_make(arena, questions(), &record, &state, &err) != TU_OK)
		return;
	total = state.not_asked;
	for (size_t i = 0; i < TU_REPLY_COUNT_; i++)
		total += state.replies[i];
	demand(total == questions()->question_count);
	demand(state.inquiry_count == TU_INQUIRIES_MAX);
	seed(arena, &state, text);
}

/* Every line that was there is there, in order. */
static bool keeps_lines(struct tu_str before, struct tu_str after)
{
	struct tu_str line, other;

	while (before.len) {
		(void)tu_str_split(&before, '\n', &line);
		do {
			if (!after.len)
				return !line.len && !before.len;
			(void)tu_str_split(&after, '\n', &other);
		} while (!tu_str_eq(line, other));
	}
	return true;
}

static void add_line(struct tu_arena *arena, struct tu_str text)
{
	const struct tu_lines lines = {arena, TU_STR("f"), text};
	const struct tu_lines_new added = {TU_STR("answers"), TU_STR("- a: 1\n  b: 2\n"), 1};
	struct tu_error err = {0};
	struct tu_buf out;

	tu_buf_init(&out, ARENA_MAX);
	if (tu_lines_add(&lines, &added, &out, &err) == TU_OK)
		demand(keeps_lines(text, tu_buf_str(&out)));
	else
		demand(err.message[0]);
	tu_buf_done(&out);
}

static void read_pack(struct tu_arena *arena, struct tu_str text)
{
	const struct tu_json_limits limits = {.depth = 64};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_concept_catalogue catalogue = *questions();
	struct tu_concept_pack pack;
	struct tu_error err = {0};
	struct tu_json root;

	if (parser && tu_json_parse(parser, text, &limits, &root, NULL) == TU_OK) {
		if (tu_concept_pack_read(arena, root, &pack, &err) != TU_OK)
			demand(err.message[0]);
		else if (tu_concept_catalogue_extend(arena, &catalogue, &pack, &err) == TU_OK)
			demand(catalogue.question_count == catalogue.own_count + pack.count);
	}
	tu_json_parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	struct tu_str text = tu_str_of((const char *)data, size);

	if (!arena)
		return 0;
	read_record(arena, text);
	add_line(arena, text);
	read_pack(arena, text);
	tu_arena_free(arena);
	return 0;
}
