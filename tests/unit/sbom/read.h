/*
 * Reading a document in a test: what every test of a format needs.
 */
#ifndef TESTS_UNIT_SBOM_READ_H
#define TESTS_UNIT_SBOM_READ_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <tutela/sbom.h>

#include "base/fault.h"
#include "error_text.h"

struct reading {
	struct tu_arena *arena;
	const struct tu_inventory *inventory;
	enum tu_status status;
	struct tu_error err;
};

static inline struct reading read_with(struct tu_str text, const struct tu_sbom_limits *limits)
{
	struct reading reading = {.arena = tu_arena_new(0)};

	assert_non_null(reading.arena);
	reading.status =
		tu_sbom_read(reading.arena, text, false, limits, &reading.inventory, &reading.err);
	return reading;
}

/* Read what must be readable. */
static inline struct reading read_good(struct tu_str text, enum tu_sbom_format format)
{
	struct reading reading = read_with(text, NULL);

	if (reading.status)
		print_message("%s\n", error_text(&reading.err));
	assert_int_equal(reading.status, TU_OK);
	assert_int_equal(reading.inventory->format, format);
	return reading;
}

static inline void reading_done(struct reading *reading)
{
	tu_arena_free(reading->arena);
}

/* Must be refused, with these words in the message. */
static inline void assert_refused(struct tu_str text, enum tu_status status, const char *words)
{
	struct reading reading = read_with(text, NULL);
	struct tu_str message = tu_str_c(error_text(&reading.err));

	if (tu_str_search(message, tu_str_c(words)) == message.len)
		print_message("said: %s\n", error_text(&reading.err));
	assert_int_equal(reading.status, status);
	assert_true(tu_str_search(message, tu_str_c(words)) < message.len);
	assert_null(reading.inventory);
	reading_done(&reading);
}

static inline void assert_text(struct tu_str text, const char *expected)
{
	if (!tu_str_eq(text, tu_str_c(expected)))
		print_message("\"%.*s\", expected \"%s\"\n", TU_STR_FMT(text), expected);
	assert_true(tu_str_eq(text, tu_str_c(expected)));
}

static inline const struct tu_component *named(const struct reading *reading, const char *name)
{
	for (size_t i = 0; i < reading->inventory->component_count; i++) {
		if (tu_str_eq(reading->inventory->components[i].name, tu_str_c(name)))
			return &reading->inventory->components[i];
	}
	fail_msg("no component %s", name);
	exit(1); /* not reached; the compiler cannot know */
}

static inline bool has_note(const struct reading *reading, const char *words)
{
	for (size_t i = 0; i < reading->inventory->note_count; i++) {
		struct tu_str message = reading->inventory->notes[i].message;

		if (tu_str_search(message, tu_str_c(words)) < message.len)
			return true;
	}
	return false;
}

static inline bool is_related(
	const struct reading *reading, const char *from, enum tu_relation relation, const char *to)
{
	const struct tu_inventory *inventory = reading->inventory;
	const struct tu_component *first = named(reading, from);
	const struct tu_component *second = named(reading, to);

	for (size_t i = 0; i < inventory->relationship_count; i++) {
		const struct tu_relationship *r = &inventory->relationships[i];

		if (r->from != TU_NO_COMPONENT && &inventory->components[r->from] == first &&
			&inventory->components[r->to] == second && r->relation == relation)
			return true;
	}
	return false;
}

/* Each allocation of the reading fails once: it must say so and leave nothing behind. */
static inline void assert_survives_faults(struct tu_str text)
{
	enum { MORE_THAN_ENOUGH = 100000 };

	for (size_t nth = 1; nth < MORE_THAN_ENOUGH; nth++) {
		struct tu_arena *arena = tu_arena_new(0);
		const struct tu_inventory *inventory = NULL;
		struct tu_error err = {0};
		enum tu_status status;

		assert_non_null(arena);
		tu_fault_set(nth);
		status = tu_sbom_read(arena, text, false, NULL, &inventory, &err);
		tu_fault_set(0);
		tu_arena_free(arena);
		if (status == TU_OK)
			return;
		if (status != TU_E_NOMEM)
			print_message("allocation %zu: %s\n", nth, error_text(&err));
		assert_int_equal(status, TU_E_NOMEM);
		assert_null(inventory);
	}
	fail_msg("allocations have no end");
}

#endif
