/*
 * Reading a design model: what the readers of all forms share.
 *
 * A form is a list of sections, each a list of maps with ids that becomes a list of struct
 * tu_model. Ids are declared before anything is read, so that a reference may come before what it
 * names. A mistake in our own form is an error; one in a foreign form is a loss, where the model
 * can do without (tu_form.forgive).
 */
#ifndef TU_THREAT_READ_READING_H
#define TU_THREAT_READ_READING_H

#include <tutela/model.h>

#include "base/vec.h"
#include "device/form.h"

/* What ids name; elements and flows share one space. */
enum tu_named {
	TU_NAMED_ZONE,
	TU_NAMED_STATE,
	TU_NAMED_ASSET,
	TU_NAMED_SPOT,
	TU_NAMED_CONTROL,
	TU_NAMED_COMPONENT,
	TU_NAMED_CREDENTIAL,
	TU_NAMED_ASSUMPTION,
	TU_NAMED_ENTRY,
	TU_NAMED_VIEW,
	TU_NAMED_COUNT_
};

/* A map from ids to what they name. Zeroed: empty. */
struct tu_name {
	struct tu_str id; /* ptr NULL: free */
	struct tu_spot spot;
};

struct tu_names {
	struct tu_name *slots;
	size_t mask, count;
};

/* False: no memory. `*out_new` false: the id is there already and stays what it was. */
TU_NODISCARD bool tu_names_add(struct tu_names *names, struct tu_arena *arena, struct tu_str id,
	struct tu_spot spot, bool *out_new);
/* NULL: nothing has this id. */
const struct tu_spot *tu_names_find(const struct tu_names *names, struct tu_str id);

struct tu_reading {
	struct tu_form form; /* its context is this reading */
	struct tu_model *model;
	struct tu_names names[TU_NAMED_COUNT_];
	TU_VEC(struct tu_model_loss) losses; /* in the arena */
	bool keys_only; /* forgive unknown keys, not values */
};

/* One list of the file and of the model. */
struct tu_section {
	const char *key; /* in the file */
	const char *what; /* "flow": for messages */
	enum tu_named named;
	bool is_flow;
	size_t size; /* of an item */
	size_t list, count; /* offsets in struct tu_model */
	size_t id, place; /* offsets in an item */
	const struct tu_fields *fields;
	void (*begin)(void *item); /* what applies where nothing is stated; NULL: zeros */
	/* After the fields, for what needs all of them; NULL. */
	enum tu_status (*finish)(struct tu_form *form, const struct tu_yaml *node, void *item);
};

struct tu_sections {
	const struct tu_section *at;
	size_t count;
};

/* Declare all ids of all sections, then read them in order. `root` is the map with the lists. */
TU_NODISCARD enum tu_status tu_reading_sections(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_sections *sections);
/* Zones that are in themselves. */
TU_NODISCARD enum tu_status tu_reading_check_zones(
	struct tu_reading *reading, const struct tu_yaml *zones);
/* "hazards" and "assets" of a foreign form: an empty list of hazards is a statement. */
TU_NODISCARD enum tu_status tu_reading_assets(
	struct tu_reading *reading, const struct tu_yaml *hazards, const struct tu_yaml *assets);
/* Make the assets of a device known by their ids. */
TU_NODISCARD enum tu_status tu_reading_know_assets(struct tu_reading *reading);

static inline struct tu_reading *tu_reading_of(struct tu_form *form)
{
	return form->context;
}

/* ---- losses ---- */

/* Forgive what is in the form's error, as "lost" (a key) or "question" (a value). */
enum tu_status tu_reading_forgive(
	struct tu_form *form, const struct tu_yaml *node, enum tu_mistake mistake);
/* Record a loss; `kind` is static. */
TU_NODISCARD enum tu_status tu_reading_lose(struct tu_form *form, const struct tu_yaml *node,
	const char *kind, const char *fmt, ...) TU_PRINTF(4, 5);

/* ---- values ---- */

TU_NODISCARD enum tu_status tu_reading_reference(
	struct tu_form *form, const struct tu_yaml *node, enum tu_named named, uint32_t *out_index);
TU_NODISCARD enum tu_status tu_reading_references(struct tu_form *form, const struct tu_yaml *node,
	enum tu_named named, struct tu_indexes *out_indexes);
TU_NODISCARD enum tu_status tu_reading_element(
	struct tu_form *form, const struct tu_yaml *node, uint32_t *out_index);
TU_NODISCARD enum tu_status tu_reading_elements(
	struct tu_form *form, const struct tu_yaml *node, struct tu_indexes *out_indexes);
/* Elements and flows, by their ids. */
TU_NODISCARD enum tu_status tu_reading_spots(
	struct tu_form *form, const struct tu_yaml *node, struct tu_spots *out_spots);
/* A whole number from `min`, of at most twelve digits. */
TU_NODISCARD enum tu_status tu_reading_number(
	struct tu_form *form, const struct tu_yaml *node, uint64_t min, uint64_t *out_number);
/* One of the words, kept as text in the table's spelling. */
TU_NODISCARD enum tu_status tu_reading_word_text(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, struct tu_str *out_text);
/* Words as bits: a list, or one word. */
TU_NODISCARD enum tu_status tu_reading_bits(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, uint32_t *out_bits);
/* What says that nothing is known becomes what is not stated. */
void tu_reading_stated(struct tu_str *text);

/* ---- facts ---- */

/* Add all members of a map, or one node by its key: texts, true and false as yes and no, lists of
 * texts with commas. What says nothing is not added; a name twice is an error. */
TU_NODISCARD enum tu_status tu_reading_facts(
	struct tu_form *form, const struct tu_yaml *map, struct tu_model_facts *facts);
TU_NODISCARD enum tu_status tu_reading_fact(
	struct tu_form *form, const struct tu_yaml *node, struct tu_model_facts *facts);

#endif
