/* An inventory as bytes and back: nothing is lost. */
#include "flat_kit.h"

#include "base/sha256.h"

/* ---- every field has a row ---- */

static void cover(const struct tu_flat_shape *shape, unsigned char *covered)
{
	for (size_t i = 0; i < shape->field_count; i++) {
		const struct tu_flat_field *field = &shape->fields[i];
		size_t size = sizeof(void *);

		if (field->kind == TU_FLAT_TEXT || field->kind == TU_FLAT_JSON)
			size = sizeof(struct tu_str);
		else if (field->kind == TU_FLAT_BOOL)
			size = sizeof(bool);
		else if (field->kind == TU_FLAT_SIZE)
			size = sizeof(size_t);
		else if (field->kind == TU_FLAT_U32 || field->kind == TU_FLAT_ENUM ||
			field->kind == TU_FLAT_INDEX || field->kind == TU_FLAT_PARENT)
			size = sizeof(uint32_t);
		if (field->count_at)
			memset(covered + field->count_at, 1, sizeof(size_t));
		for (size_t k = 0; k < size; k++) {
			assert_int_equal(covered[field->at + k], 0);
			covered[field->at + k] = 1;
		}
	}
}

/* Bytes without a row are only such as align what follows them. */
static void assert_covered(const struct tu_flat_shape *shape)
{
	unsigned char covered[1024] = {0};
	size_t run = 0;

	assert_true(shape->size < sizeof(covered));
	cover(shape, covered);
	for (size_t i = 0; i < shape->size; i++) {
		run = covered[i] ? 0 : run + 1;
		if (run >= sizeof(void *) || (run && run == sizeof(int) && i % 8 == 3))
			fail_msg("%s: byte %zu is in no row", shape->name, i);
	}
}

static void assert_all_covered(const struct tu_flat_shape *shape)
{
	assert_covered(shape);
	for (size_t i = 0; i < shape->field_count; i++) {
		if (shape->fields[i].of && shape->fields[i].of != shape)
			assert_all_covered(shape->fields[i].of);
	}
}

static void test_rows(void **state)
{
	(void)state;
	assert_all_covered(&tu_flat_inventory);
}

/* ---- there and back ---- */

static void test_every_field(void **state)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *with_above = NULL;
	struct tu_inventory *inventory = filled(arena);

	(void)state;
	assert_int_equal(inventory->component_count, 2);
	assert_int_equal(inventory->claims[1].products[1].parts[0].version_count, 2);
	assert_round(arena, inventory);
	assert_int_equal(tu_sbom_find_above(arena, inventory, &with_above, NULL), TU_OK);
	assert_round(arena, with_above);
	*inventory = (struct tu_inventory){.subject = TU_NO_COMPONENT};
	assert_round(arena, inventory);
	tu_arena_free(arena);
}

static void test_a_document(void **state)
{
	struct reading r = read_good(document, TU_SBOM_CYCLONEDX_JSON);
	const struct tu_inventory *again = NULL;
	struct tu_buf packed;

	(void)state;
	assert_round(r.arena, r.inventory);
	pack(r.inventory, &packed);
	assert_int_equal(
		tu_inventory_unpack(r.arena, tu_buf_str(&packed), NULL, &again, NULL), TU_OK);
	assert_int_equal(again->component_count, 4);
	assert_text(again->components[2].name, "inner");
	assert_int_equal(again->components[2].parent, 1);
	assert_text(
		again->components[1].detail->kept[0].json, "{\"copyright\":[{\"text\":\"me\"}]}");
	assert_int_equal(again->claims[0].status, TU_CLAIM_NOT_AFFECTED);
	assert_int_equal(again->note_count, r.inventory->note_count);
	assert_true(packed.len < document.len);
	tu_buf_done(&packed);
	reading_done(&r);
}

/* No text of an inventory has a NUL, whatever the document escapes. */
static void test_nul(void **state)
{
	struct reading r = read_good(
		TU_STR("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\","
		       "\"metadata\":{\"tools\":[{\"name\":\"t\\u0000\"}]},\"components\":"
		       "[{\"name\":\"a\\u0000b\",\"version\":\"1\\u0000\",\"odd\\u0000\":1,"
		       "\"evidence\":{\"copyright\":[{\"text\":\"\\u0000\"}]}}]}"),
		TU_SBOM_CYCLONEDX_JSON);

	(void)state;
	assert_text(r.inventory->components[0].name,
		"a\xef\xbf\xbd"
		"b");
	assert_text(r.inventory->components[0].version, "1\xef\xbf\xbd");
	assert_text(r.inventory->tools[0], "t\xef\xbf\xbd");
	assert_true(has_note(&r, "NUL characters in a text, each replaced by U+FFFD"));
	assert_true(has_note(&r, "member of a component: odd\xef\xbf\xbd"));
	assert_text(r.inventory->components[0].detail->kept[0].json,
		"{\"copyright\":[{\"text\":\"\\u0000\"}]}");
	assert_round(r.arena, r.inventory);
	reading_done(&r);
}

/* Packed inventories are kept: a table or an enumeration that changed makes another form. When this
 * fails, count TU_FLAT_VERSION and both magics up, then take the new digest. */
static void test_version(void **state)
{
	static const char digest[] =
		"669e97967a78feb80ca76f3bb344c9369a9dab383c31bcb0772ca97a3f3c0d76";
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	unsigned char got[32];
	struct tu_buf packed, hex;

	(void)state;
	pack(filled(arena), &packed);
	assert_int_equal(packed.ptr[TU_FLAT_MAGIC_VERSION], '0' + TU_FLAT_VERSION);
	assert_int_equal(tu_sha256(tu_buf_str(&packed), got), TU_OK);
	tu_buf_init(&hex, 128);
	tu_sha256_write(got, &hex);
	assert_text(tu_buf_str(&hex), digest);
	tu_buf_done(&packed);
	tu_buf_done(&hex);
	tu_arena_free(arena);
}

/* ---- one component ---- */

static void test_a_component(void **state)
{
	struct reading r = read_good(document, TU_SBOM_CYCLONEDX_JSON);
	struct tu_component placed = r.inventory->components[2];
	const struct tu_component *again = NULL;
	struct flat_difference difference = {0};
	struct tu_buf first, second;

	(void)state;
	tu_buf_init(&first, PACKED_MAX);
	tu_buf_init(&second, PACKED_MAX);
	assert_int_equal(tu_component_pack(&placed, &first, NULL), TU_OK);
	placed.parent = TU_NO_COMPONENT;
	placed.ordinal = 0;
	assert_int_equal(tu_component_pack(&placed, &second, NULL), TU_OK);
	/* the place is not written */
	assert_true(tu_str_eq(tu_buf_str(&first), tu_buf_str(&second)));
	assert_int_equal(
		tu_component_unpack(r.arena, tu_buf_str(&first), NULL, &again, NULL), TU_OK);
	assert_true(flat_same(&tu_flat_component, &placed, again, &difference));
	/* one form is not the other */
	assert_int_equal(tu_inventory_unpack(r.arena, tu_buf_str(&first), NULL,
				 &(const struct tu_inventory *){NULL}, NULL),
		TU_E_CORRUPT);
	tu_buf_done(&first);
	tu_buf_done(&second);
	reading_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_field),
		cmocka_unit_test(test_a_document),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_a_component),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
