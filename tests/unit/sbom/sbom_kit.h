/*
 * For tests of the SBOM readers: small documents written with ' for ", and what came of them.
 * Include after <cmocka.h>.
 */
#ifndef TEST_SBOM_KIT_H
#define TEST_SBOM_KIT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tutela/sbom.h>
#include "error_text.h"

struct reading {
	struct tu_arena *arena;
	const struct tu_inventory *inventory; /* NULL: refused */
	struct tu_error err;
};

static inline int begin_reading(void **state)
{
	struct reading *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->arena = tu_arena_new(0);
	assert_non_null(r->arena);
	*state = r;
	return 0;
}

static inline int end_reading(void **state)
{
	struct reading *r = *state;

	tu_arena_free(r->arena);
	free(r);
	return 0;
}

/* Read a text as it is; NULL when it was refused, r->err then says why. */
static inline const struct tu_inventory *read_text(struct reading *r, struct tu_str text)
{
	enum tu_status status;

	r->inventory = NULL;
	r->err = (struct tu_error){0};
	status = tu_sbom_read(r->arena, text, false, NULL, &r->inventory, &r->err);
	assert_int_equal(status, r->err.status);
	assert_int_equal(status == TU_OK, r->inventory != NULL);
	return r->inventory;
}

/* With a NUL behind it; the caller's to free. */
static inline char *copy_of(struct tu_str text)
{
	char *copy = malloc(text.len + 1);

	assert_non_null(copy);
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	return copy;
}

/* The same with ' for ". */
static inline const struct tu_inventory *try_quoted(struct reading *r, const char *quoted)
{
	char *text = copy_of(tu_str_c(quoted));
	const struct tu_inventory *inventory;

	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	inventory = read_text(r, tu_str_c(text));
	free(text); /* nothing in the inventory may point into it */
	return inventory;
}

static inline const struct tu_inventory *read_quoted(struct reading *r, const char *quoted)
{
	const struct tu_inventory *inventory = try_quoted(r, quoted);

	if (!inventory)
		fail_msg("refused: %s: %s", error_text(&r->err), quoted);
	return inventory;
}

/* A quoted text between two others. */
static inline const struct tu_inventory *read_between(
	struct reading *r, const char *before, const char *quoted, const char *after)
{
	char text[16384];
	int len = snprintf(text, sizeof(text), "%s%s%s", before, quoted, after);

	assert_in_range(len, 1, sizeof(text) - 1);
	return read_quoted(r, text);
}

/* A document from its members. */
static inline const struct tu_inventory *read_cyclonedx(struct reading *r, const char *members)
{
	return read_between(r, "{'bomFormat': 'CycloneDX', 'specVersion': '1.6', ", members, "}");
}

static inline const struct tu_inventory *read_spdx(struct reading *r, const char *members)
{
	return read_between(
		r, "{'spdxVersion': 'SPDX-2.3', 'SPDXID': 'SPDXRef-DOCUMENT', ", members, "}");
}

static inline const struct tu_component *only_component(const struct tu_inventory *inventory)
{
	assert_int_equal(inventory->component_count, 1);
	return &inventory->components[0];
}

/* A CycloneDX component, a SPDX package from its members. */
static inline const struct tu_component *read_component(struct reading *r, const char *members)
{
	return only_component(read_between(r,
		"{'bomFormat': 'CycloneDX', 'specVersion': '1.6', "
		"'components': [{'name': 'thing', ",
		members, "}]}"));
}

static inline const struct tu_component *read_package(struct reading *r, const char *members)
{
	return only_component(
		read_between(r, "{'spdxVersion': 'SPDX-2.3', 'packages': [{", members, "}]}"));
}

/* cmocka compares strings that end in NUL. */
#define assert_text(view, want) \
	do { \
		struct tu_str text_ = (view); \
		char *shown_; \
\
		assert_non_null(text_.ptr); \
		shown_ = copy_of(text_); \
		assert_string_equal(shown_, want); \
		free(shown_); \
	} while (0)

static inline void show_notes(const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->note_count; i++)
		print_message("note: %.*s: %.*s (%zu)\n", TU_STR_FMT(inventory->notes[i].pointer),
			TU_STR_FMT(inventory->notes[i].message), inventory->notes[i].count);
}

static inline void assert_note(const struct tu_inventory *inventory, const char *pointer,
	const char *message, size_t count)
{
	for (size_t i = 0; i < inventory->note_count; i++) {
		const struct tu_sbom_note *note = &inventory->notes[i];

		if (tu_str_eq(note->pointer, tu_str_c(pointer)) &&
			tu_str_eq(note->message, tu_str_c(message)) && note->count == count)
			return;
	}
	show_notes(inventory);
	fail_msg("no note: %s: %s (%zu)", pointer, message, count);
}

static inline void assert_notes(const struct tu_inventory *inventory, size_t count)
{
	if (inventory->note_count != count)
		show_notes(inventory);
	assert_int_equal(inventory->note_count, count);
}

static inline void assert_relationship(const struct tu_inventory *inventory, size_t index,
	uint32_t from, enum tu_relation relation, uint32_t to)
{
	assert_true(index < inventory->relationship_count);
	assert_int_equal(inventory->relationships[index].from, from);
	assert_int_equal(inventory->relationships[index].relation, relation);
	assert_int_equal(inventory->relationships[index].to, to);
}

static inline void assert_pointer(
	const struct tu_inventory *inventory, size_t index, const char *want)
{
	struct tu_buf pointer;

	tu_buf_init(&pointer, 4096);
	tu_component_pointer(inventory, &inventory->components[index], &pointer);
	assert_text(tu_buf_str(&pointer), want);
	tu_buf_done(&pointer);
}

#define READING_TEST(test) cmocka_unit_test_setup_teardown(test, begin_reading, end_reading)

#endif
