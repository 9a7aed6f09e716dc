/* The tree of an SBOM as bytes: what is asked of it, and that damage is seen. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sbom/tree.h"
#include "sbom_kit.h"
#include "error_text.h"

enum { TEXT_MAX = 1 << 20 };

/* root: a, b, ring-1; a: shared; b: shared; ring-1: ring-2; ring-2: ring-1. lost: nothing names it.
 */
static const char document[] = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"metadata\":{"
			       "\"component\":{\"name\":\"root\","
			       "\"bom-ref\":\"r\"}},\"components\":[{\"name\":\"a\",\"bom-ref\":"
			       "\"a\"},{\"name\":\"b\",\"bom-ref\":\"b\"},"
			       "{\"name\":\"shared\",\"bom-ref\":\"s\"},{\"name\":\"ring-1\",\"bom-"
			       "ref\":\"1\"},{\"name\":\"ring-2\","
			       "\"bom-ref\":\"2\"},{\"name\":\"lost\",\"bom-ref\":\"l\"}],"
			       "\"dependencies\":[{\"ref\":\"r\",\"dependsOn\":"
			       "[\"a\",\"b\",\"1\"]},{\"ref\":\"a\",\"dependsOn\":[\"s\"]},{"
			       "\"ref\":\"b\",\"dependsOn\":[\"s\"]},{\"ref\":\"1\","
			       "\"dependsOn\":[\"2\"]},{\"ref\":\"2\",\"dependsOn\":[\"1\"]}]}";
enum { ROOT, A, B, SHARED, RING_1, RING_2, LOST, COUNT };

static void say(void *self, const struct tu_inventory *inventory, uint32_t component,
	enum tu_sbom_tree_text text, struct tu_buf *out)
{
	(void)self;
	if (text != TU_TREE_STATED)
		tu_buf_str_add(out, inventory->components[component].name);
}

static void say_notes(void *self, const struct tu_inventory *inventory, struct tu_buf *out)
{
	(void)inventory;
	tu_buf_c(out, self);
}

static void pack(struct reading *r, struct tu_buf *out)
{
	char notes[] = "notes";
	const struct tu_sbom_tree_words words = {say, say_notes, notes};

	tu_buf_init(out, TEXT_MAX);
	assert_non_null(read_text(r, tu_str_c(document)));
	assert_int_equal(tu_sbom_tree_pack(r->arena, r->inventory, &words, out, &r->err), TU_OK);
}

static void assert_list(struct tu_sbom_tree_list list, const uint32_t *want, uint32_t count)
{
	assert_int_equal(list.count, count);
	assert_memory_equal(list.at, want, count * sizeof(*want));
}

static void answers_what_is_where(void **state)
{
	struct reading *r = *state;
	const uint32_t all[] = {ROOT, SHARED, RING_1, LOST};
	struct tu_sbom_tree_count counts[4];
	struct tu_sbom_tree_list way;
	struct tu_sbom_tree tree;
	struct tu_buf bytes;

	pack(r, &bytes);
	assert_int_equal(tu_sbom_tree_open(tu_buf_str(&bytes), &tree, &r->err), TU_OK);
	assert_int_equal(tree.count, COUNT);
	assert_list(tu_sbom_tree_below(&tree, TU_NO_COMPONENT), (uint32_t[]){ROOT, LOST}, 2);
	assert_list(tu_sbom_tree_below(&tree, ROOT), (uint32_t[]){A, B, RING_1}, 3);
	assert_list(tu_sbom_tree_below(&tree, SHARED), (uint32_t[]){0}, 0);
	assert_int_equal(tu_sbom_tree_place(&tree, ROOT, RING_1), 2);
	assert_int_equal(tu_sbom_tree_place(&tree, A, RING_1), UINT32_MAX);
	assert_int_equal(tu_sbom_tree_count_below(r->arena, &tree,
				 (struct tu_sbom_tree_list){all, 4}, counts, &r->err),
		TU_OK);
	for (size_t i = 0; i < 4; i++) {
		static const uint32_t want[] = {5, 0, 1, 0};

		assert_int_equal(counts[i].count, want[i]);
		assert_true(counts[i].exact);
	}
	assert_int_equal(tu_sbom_tree_way(r->arena, &tree, SHARED, &way, &r->err), TU_OK);
	assert_list(way, (uint32_t[]){ROOT, A, SHARED}, 3);
	assert_int_equal(tu_sbom_tree_way(r->arena, &tree, RING_2, &way, &r->err), TU_OK);
	assert_list(way, (uint32_t[]){ROOT, RING_1, RING_2}, 3);
	assert_int_equal(tu_sbom_tree_find(&tree, TU_STR("ring"), 0), RING_1);
	assert_int_equal(tu_sbom_tree_find(&tree, TU_STR("ring"), RING_1 + 1), RING_2);
	assert_int_equal(tu_sbom_tree_find(&tree, TU_STR("ring"), RING_2 + 1), COUNT);
	assert_int_equal(tu_sbom_tree_find(&tree, TU_STR("rootab"), 0), COUNT);
	assert_text(tu_sbom_tree_text(&tree, LOST, TU_TREE_COMPONENT), "lost");
	assert_text(tu_sbom_tree_text(&tree, LOST, TU_TREE_STATED), "");
	assert_text(tu_sbom_tree_notes(&tree), "notes");
	tu_buf_done(&bytes);
}

/* Ask all that follows numbers of the bytes; a sanitizer sees what goes outside. */
static void ask_everything(struct tu_arena *arena, const struct tu_sbom_tree *tree)
{
	struct tu_sbom_tree_count count;
	struct tu_sbom_tree_list way;
	size_t sum = tu_sbom_tree_notes(tree).len;

	for (uint32_t i = 0; i < tree->count; i++) {
		assert_int_equal(tu_sbom_tree_count_below(arena, tree,
					 (struct tu_sbom_tree_list){&i, 1}, &count, NULL),
			TU_OK);
		assert_int_equal(tu_sbom_tree_way(arena, tree, i, &way, NULL), TU_OK);
		for (uint32_t k = 0; k < way.count; k++)
			assert_true(way.at[k] < tree->count);
		sum += tu_sbom_tree_text(tree, i, TU_TREE_FIND).len + count.count;
	}
	assert_true(tu_sbom_tree_find(tree, TU_STR("zz"), 0) <= tree->count || sum);
}

static void sees_damage(void **state)
{
	struct reading *r = *state;
	struct tu_sbom_tree tree;
	struct tu_buf bytes;

	pack(r, &bytes);
	for (size_t len = 0; len < bytes.len; len++)
		assert_int_equal(
			tu_sbom_tree_open(tu_str_of(bytes.ptr, len), &tree, NULL), TU_E_CORRUPT);
	for (size_t i = 0; i < bytes.len; i++) {
		static const unsigned char with[] = {0x01, 0x80, 0xff};

		for (size_t k = 0; k < sizeof(with); k++) {
			bytes.ptr[i] = (char)((unsigned char)bytes.ptr[i] ^ with[k]);
			if (tu_sbom_tree_open(tu_buf_str(&bytes), &tree, NULL) == TU_OK)
				ask_everything(r->arena, &tree);
			bytes.ptr[i] = (char)((unsigned char)bytes.ptr[i] ^ with[k]);
		}
	}
	tu_buf_done(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(answers_what_is_where, begin_reading, end_reading),
		cmocka_unit_test_setup_teardown(sees_damage, begin_reading, end_reading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
