/* A large document, which is read in slices, comes out as the same document read as a whole. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom/slices.h"
#include "sbom_kit.h"
#include "error_text.h"

enum { MANY = 6000, TEXT_MAX = 8 << 20 };

/* A component of some 200 bytes, with all that could mislead a cutter: brackets, quotes and
 * backslashes in texts. */
static void add_component(struct tu_buf *out, int i)
{
	tu_buf_printf(out,
		"%s{\"name\": \"c%d\", \"bom-ref\": \"r%d\", \"version\": \"\\\\\\\"]}[{,\", "
		"\"x%d\": "
		"[[], {}, [{\"]\": \"}\"}]], \"description\": \"%0*d\", \"components\": "
		"[{\"name\": \"n%d\"}]}",
		i ? ",\n" : "", i, i, i % 3, 100 + i % 17, 0, i);
}

static void add_document(struct tu_buf *out, int components)
{
	tu_buf_c(out, "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [");
	for (int i = 0; i < components; i++)
		add_component(out, i);
	tu_buf_c(out, "], \"dependencies\": [");
	for (int i = 0; i + 1 < components; i++)
		tu_buf_printf(out, "%s{\"ref\": \"r%d\", \"dependsOn\": [\"r%d\"]}", i ? "," : "",
			i, i + 1);
	tu_buf_c(out, "]}");
}

static void reads_a_large_document_in_slices(void **state)
{
	const struct tu_inventory *inventory;
	struct tu_buf text;

	tu_buf_init(&text, TEXT_MAX);
	add_document(&text, MANY);
	assert_true(tu_sbom__worth_slicing(text.len));
	inventory = read_text(*state, tu_buf_str(&text));
	tu_buf_done(&text); /* nothing points into it */
	assert_non_null(inventory);
	assert_int_equal(inventory->component_count, 2 * MANY);
	for (size_t i = 0; i < MANY; i++) {
		char want[64];

		(void)snprintf(want, sizeof(want), "c%zu", i);
		assert_text(inventory->components[2 * i].name, want);
		(void)snprintf(want, sizeof(want), "/components/%zu/components/0", i);
		assert_pointer(inventory, 2 * i + 1, want);
		assert_text(inventory->components[2 * i].version, "\\\"]}[{,");
	}
	assert_int_equal(inventory->relationship_count, MANY - 1);
	assert_relationship(inventory, MANY - 2, 2 * (MANY - 2), TU_REL_DEPENDS_ON, 2 * (MANY - 1));
	assert_notes(inventory, 3);
	assert_note(inventory, "/components/2/x2", "not understood: member of a component: x2",
		MANY / 3);
}

/* The version of component `i`, in the document or as it is read: a quote and brackets after an
 * even or odd number of backslashes, which come to stand at every place of a block of 64 bytes. */
static void add_escapes(struct tu_buf *out, int i, bool encoded)
{
	const char *slash = encoded ? "\\\\" : "\\";

	tu_buf_printf(out, "%0*d", 1 + i % 67, 0);
	for (int k = 0; k < i / 67 % 5; k++)
		tu_buf_c(out, slash);
	tu_buf_c(out, encoded ? "\\\"]}{[\\n" : "\"]}{[\n");
	for (int k = 0; k < i / 335 % 4; k++)
		tu_buf_c(out, slash);
}

static void finds_the_ends_of_texts_with_escapes(void **state)
{
	const struct tu_inventory *inventory;
	struct tu_buf text, want;

	tu_buf_init(&text, TEXT_MAX);
	tu_buf_init(&want, TEXT_MAX);
	tu_buf_c(&text,
		"{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": [");
	for (int i = 0; i < MANY; i++) {
		tu_buf_printf(&text, "%s{\"name\": \"c%d\", \"version\": \"", i ? "," : "", i);
		add_escapes(&text, i, true);
		tu_buf_c(&text, "\", \"hashes\": []}");
	}
	tu_buf_c(&text, "]}");
	assert_true(tu_sbom__worth_slicing(text.len));
	inventory = read_text(*state, tu_buf_str(&text));
	assert_non_null(inventory);
	assert_int_equal(inventory->component_count, MANY);
	for (int i = 0; i < MANY; i++) {
		tu_buf_clear(&want);
		add_escapes(&want, i, false);
		assert_true(tu_str_eq(inventory->components[i].version, tu_buf_str(&want)));
	}
	tu_buf_done(&text);
	tu_buf_done(&want);
}

/* Where a fault stands is told as if the document had been read whole. */
static void tells_where_a_fault_in_a_slice_is(void **state)
{
	static const struct {
		const char *instead; /* of the last '{"ref"' */
		const char *message;
	} cases[] = {
		{"[\"ref\"", "line"},
		{"}\"ref\"", "line"},
		{"{,ref\"", "line"},
		{"{\"r\xff\"", "UTF-8"},
		{"{\"re\x01\"", "control character"},
	};

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct reading *r = *state;
		struct tu_buf text;

		tu_buf_init(&text, TEXT_MAX);
		add_document(&text, MANY);
		memcpy(text.ptr + tu_str_search(tu_buf_str(&text), TU_STR("{\"ref\": \"r5998\"")),
			cases[i].instead, strlen(cases[i].instead));
		assert_null(read_text(r, tu_buf_str(&text)));
		assert_int_equal(r->err.status, TU_E_SYNTAX);
		assert_non_null(strstr(error_text(&r->err), "line 6000, column "));
		assert_non_null(strstr(error_text(&r->err), cases[i].message));
		assert_true(r->err.offset > text.len - 200);
		tu_buf_done(&text);
	}
}

static void refuses_a_large_document_with_two_lists_of_one_name(void **state)
{
	struct reading *r = *state;
	struct tu_buf text;

	tu_buf_init(&text, TEXT_MAX);
	add_document(&text, MANY);
	text.len--;
	tu_buf_c(&text, ", \"component\\u0073\": []}");
	assert_null(read_text(r, tu_buf_str(&text)));
	assert_int_equal(r->err.status, TU_E_SYNTAX);
	assert_non_null(strstr(error_text(&r->err), "the key \"components\" occurs twice"));
	tu_buf_done(&text);
}

/* The ceiling on depth counts from the document's root, in a slice too. */
static void counts_depth_through_slices(void **state)
{
	enum { DEPTH = 256 };
	struct reading *r = *state;

	for (int over = 0; over <= 1; over++) {
		struct tu_buf text;

		tu_buf_init(&text, TEXT_MAX);
		add_document(&text, MANY);
		text.len -= strlen("]}");
		tu_buf_c(&text, ", {\"ref\": \"r0\", \"x\": ");
		for (int i = 0; i < DEPTH - 3 + over; i++)
			tu_buf_byte(&text, '[');
		tu_buf_byte(&text, '1'); /* an empty container takes no level */
		for (int i = 0; i < DEPTH - 3 + over; i++)
			tu_buf_byte(&text, ']');
		tu_buf_c(&text, "}]}");
		assert_int_equal(read_text(r, tu_buf_str(&text)) == NULL, over);
		if (over)
			assert_int_equal(r->err.status, TU_E_LIMIT);
		tu_buf_done(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING_TEST(reads_a_large_document_in_slices),
		READING_TEST(finds_the_ends_of_texts_with_escapes),
		READING_TEST(tells_where_a_fault_in_a_slice_is),
		READING_TEST(refuses_a_large_document_with_two_lists_of_one_name),
		READING_TEST(counts_depth_through_slices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
