/*
 * Memory of a graph: what a list of words once answered about a text, and the names of elements.
 *
 * A large model says the same few words of many elements: each is read once for each member of a
 * condition. Elements are named by their ids and names; the table is made when first asked.
 */
#ifndef TU_THREAT_MEMORY_H
#define TU_THREAT_MEMORY_H

#include "threat/condition.h"

/* NULL: out of memory. */
TU_NODISCARD struct tu_memory *tu_memory_new(struct tu_arena *arena, const struct tu_model *model);

bool tu_memory_recall(const struct tu_memory *memory, const struct tu_condition *condition,
	struct tu_str text, enum tu_answer *out_answer);
/* `text` must live as long as the memory. */
void tu_memory_keep(struct tu_memory *memory, const struct tu_condition *condition,
	struct tu_str text, enum tu_answer answer);

enum { TU_NAMED_MAX = 16 };

/* An element that a text names. */
struct tu_named_element {
	uint32_t element;
	bool exact; /* the clause, or a side of its "and", is this name; else it is within it */
};

struct tu_named_elements {
	struct tu_named_element at[TU_NAMED_MAX];
	size_t count;
	bool only; /* the text says nothing else */
};

/* "ui, com", "the network process and the app", "same memory as the radio"; not "separate from the
 * radio". */
void tu_memory_names(
	struct tu_memory *memory, const struct tu_value_text *text, struct tu_named_elements *out);
bool tu_memory_names_only(struct tu_memory *memory, const struct tu_value_text *text);
/* Out of memory at some time: names were not found. */
bool tu_memory_failed(const struct tu_memory *memory);

#endif
