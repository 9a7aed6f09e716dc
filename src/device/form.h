/*
 * Forms: maps of a YAML file read into structs by a table of fields.
 *
 * A table says which keys there are, of which form, and where in the struct the value goes. What a
 * map says beyond its table is an error that lists the keys; what it does not say stays as the
 * caller has set it: the default.
 */
#ifndef TU_DEVICE_FORM_H
#define TU_DEVICE_FORM_H

#include <tutela/device.h>

#include "base/yaml.h"

/* A word of the file and the value of the enum that it stands for. */
struct tu_word {
	const char *name;
	int value;
};

struct tu_words {
	const struct tu_word *at;
	size_t count;
};

enum tu_field_form {
	TU_FIELD_TEXT, /* struct tu_str */
	TU_FIELD_TEXTS, /* struct tu_texts: a list, or one text */
	TU_FIELD_BOOL, /* bool */
	TU_FIELD_NUMBER, /* uint32_t up to `max` */
	TU_FIELD_DATE, /* int64_t: a date, or a time with its zone */
	TU_FIELD_TIME, /* int64_t: a time with its zone */
	TU_FIELD_WORD, /* an enum, by `words` */
	TU_FIELD_FORM, /* a map read by `fields` into the struct at the offset */
	TU_FIELD_OTHER /* by `read` */
};

struct tu_form;

struct tu_field {
	const char *key;
	enum tu_field_form form;
	size_t offset;
	bool needed;
	uint32_t max; /* NUMBER */
	const struct tu_words *words; /* WORD */
	const struct tu_fields *fields; /* FORM */
	/* OTHER: `target` is the struct that the field table is about. */
	enum tu_status (*read)(struct tu_form *form, const struct tu_yaml *node, void *target);
};

struct tu_fields {
	const struct tu_field *at;
	size_t count;
};

enum tu_mistake { TU_MISTAKE_KEY, TU_MISTAKE_VALUE };

/* One reading: where it allocates, how it complains, what it is about. */
struct tu_form {
	struct tu_arena *arena;
	struct tu_str file;
	struct tu_error *err;
	void *context; /* the device, for names that fields refer to */
	const struct tu_zone_names *zones; /* or NULL */
	/* What a foreign form says and we cannot read, in a key that is not known or a value that
	 * is not needed, is in `err`: TU_OK passes over it, as if it were not stated. NULL: every
	 * mistake is an error; otherwise `err` must not be NULL. */
	enum tu_status (*forgive)(
		struct tu_form *form, const struct tu_yaml *node, enum tu_mistake mistake);
};

/* Read a map. Fields are read in the order of the table, so that a field may refer to what one
 * above it has defined. */
TU_NODISCARD enum tu_status tu_form_read(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_fields *fields, void *target);

/* The items of a list: an array of `size` bytes each in the arena; one that is no list is an
 * error. `*out_count` items. */
TU_NODISCARD enum tu_status tu_form_list(struct tu_form *form, const struct tu_yaml *node,
	size_t size, void **out_items, size_t *out_count);

TU_NODISCARD enum tu_status tu_form_text(
	struct tu_form *form, const struct tu_yaml *node, struct tu_str *out_text);
TU_NODISCARD enum tu_status tu_form_texts(
	struct tu_form *form, const struct tu_yaml *node, struct tu_texts *out_texts);
TU_NODISCARD enum tu_status tu_form_word(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, int *out_value);
/* A date ("2026-01-31", the beginning of that day in UTC) or a time; `time_only` refuses the
 * former. A time without zone is refused: it could be a day off. */
TU_NODISCARD enum tu_status tu_form_time(
	struct tu_form *form, const struct tu_yaml *node, bool time_only, int64_t *out_seconds);
TU_NODISCARD enum tu_status tu_form_number(
	struct tu_form *form, const struct tu_yaml *node, uint32_t max, uint32_t *out_number);
/* "0.25" with up to `places` decimals, in the last place ("0.25" of 6 is 250000), up to `max`: by
 * its digits, never by a binary number. */
bool tu_form_decimal(struct tu_str text, uint32_t places, uint32_t max, uint32_t *out_value);
/* A component selector: a map, or a text: a name, or "pkg:…", "cpe:…", "ref:…", "path:…". */
TU_NODISCARD enum tu_status tu_form_selector(
	struct tu_form *form, const struct tu_yaml *node, struct tu_selector *out_selector);
TU_NODISCARD enum tu_status tu_form_selectors(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_selector **out_selectors, size_t *out_count);

enum tu_status tu_form_no_memory(struct tu_form *form);
struct tu_place tu_form_place(const struct tu_yaml *node);

/* A time as people give it, with its zone ("2026-01-31T12:00Z", "…+02:00"); false otherwise. */
bool tu_time_is_zoned(struct tu_str text);
/* Is its second the 60th, which only a leap second is? */
bool tu_time_is_leap(struct tu_str text);

/* By name, ASCII case folded, '-', '_' and space alike; false when there is none. */
bool tu_words_find(const struct tu_words *words, struct tu_str name, int *out_value);
/* "" when there is none. */
const char *tu_words_name(const struct tu_words *words, int value);

/* The words of the files, in words.c. */
extern const struct tu_words tu_words_harm;
extern const struct tu_words tu_words_privacy;
extern const struct tu_words tu_words_risk;
extern const struct tu_words tu_words_lifecycle;
extern const struct tu_words tu_words_function;
extern const struct tu_words tu_words_interface;
extern const struct tu_words tu_words_control;
extern const struct tu_words tu_words_status;
extern const struct tu_words tu_words_justification;
extern const struct tu_words tu_words_remedy;

#endif
