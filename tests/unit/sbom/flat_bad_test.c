/* Bytes that are no packed inventory, or one that is wrong: nothing of it comes in. */
#include "flat_kit.h"

#include "base/alloc.h"

static void assert_unpacks_not(
	struct tu_str bytes, const struct tu_sbom_limits *limits, const char *words)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	enum tu_status status = tu_inventory_unpack(arena, bytes, limits, &inventory, &err);
	struct tu_str message = tu_str_c(err.message);

	assert_null(inventory);
	assert_int_equal(status, err.status);
	if (tu_str_search(message, tu_str_c(words)) == message.len)
		fail_msg("\"%s\" is not in: %s", words, err.message);
	assert_true(err.offset <= bytes.len);
	tu_arena_free(arena);
}

/* What makes an inventory wrong, and the words of the refusal. It is packed as it is. */
struct wrong {
	const char *words;
	void (*make)(struct tu_inventory *inventory, struct tu_component *components);
};

static void wrong_kind(struct tu_inventory *inventory, struct tu_component *components)
{
	uint32_t kind = TU_KIND_OTHER + 1;

	(void)inventory;
	memcpy(&components[1].kind, &kind, sizeof(kind));
}

static void wrong_utf8(struct tu_inventory *inventory, struct tu_component *components)
{
	(void)inventory;
	components[0].name = TU_STR("caf\xe9");
}

static void wrong_nul(struct tu_inventory *inventory, struct tu_component *components)
{
	(void)components;
	inventory->name = TU_STR("a\0b");
}

static void wrong_parent(struct tu_inventory *inventory, struct tu_component *components)
{
	(void)inventory;
	components[1].parent = 1;
}

static void wrong_later_parent(struct tu_inventory *inventory, struct tu_component *components)
{
	(void)inventory;
	components[0].parent = 1;
}

static void wrong_subject(struct tu_inventory *inventory, struct tu_component *components)
{
	(void)components;
	inventory->subject = 2;
}

static void wrong_end(struct tu_inventory *inventory, struct tu_component *components)
{
	static const struct tu_relationship relationship = {.from = 0, .to = 2};

	(void)components;
	inventory->relationships = &relationship;
	inventory->relationship_count = 1;
}

static void wrong_leaf(struct tu_inventory *inventory, struct tu_component *components)
{
	static const uint32_t leaves[] = {0, 2};

	(void)components;
	inventory->leaves = leaves;
}

static void wrong_order(struct tu_inventory *inventory, struct tu_component *components)
{
	static const uint32_t leaves[] = {1, 1};

	(void)components;
	inventory->leaves = leaves;
}

static void wrong_claim(struct tu_inventory *inventory, struct tu_component *components)
{
	static const uint32_t about[] = {2};
	static const struct tu_vex_product product = {.components = about, .component_count = 1};
	static const struct tu_vex_claim claim = {.products = &product, .product_count = 1};

	(void)components;
	inventory->claims = &claim;
	inventory->claim_count = 1;
}

static void wrong_ref(struct tu_inventory *inventory, struct tu_component *components)
{
	(void)inventory;
	components[1].ref = components[0].ref;
}

static void wrong_json(struct tu_inventory *inventory, struct tu_component *components)
{
	static const struct tu_kept kept = {TU_STR_INIT("evidence"), TU_STR_INIT("{\"a\":")};
	static const struct tu_sbom_detail detail = {.kept = &kept, .kept_count = 1};

	(void)inventory;
	components[0].detail = &detail;
}

static void wrong_note(struct tu_inventory *inventory, struct tu_component *components)
{
	static const struct tu_sbom_note note = {.message = TU_STR_INIT("of nothing")};

	(void)components;
	inventory->notes = &note;
	inventory->note_count = 1;
}

static const struct wrong wrongs[] = {
	{"component.kind: 18, more than 17", wrong_kind},
	{"component.name: a text that is not UTF-8", wrong_utf8},
	{"inventory.name: a text with a NUL character", wrong_nul},
	{"component.parent: 2, more than 1", wrong_parent},
	{"component.parent: 2, more than 0", wrong_later_parent},
	{"inventory.subject: 3, more than 2", wrong_subject},
	{"relationship.to: 3, more than 2", wrong_end},
	{"inventory.leaves: the index of no component", wrong_leaf},
	{"inventory.leaves: indices out of order", wrong_order},
	{"product.components: the index of no component", wrong_claim},
	{"component 1 has the reference of an earlier one", wrong_ref},
	{"kept part.json: ", wrong_json},
	{"note.count: less than there can be", wrong_note},
};

static void test_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(wrongs); i++) {
		struct tu_arena *arena = tu_arena_new(ARENA_MAX);
		struct tu_inventory *inventory = filled(arena);
		struct tu_component components[2];
		struct tu_buf packed;

		memcpy(components, inventory->components, sizeof(components));
		inventory->components = components;
		wrongs[i].make(inventory, components);
		pack(inventory, &packed);
		assert_unpacks_not(tu_buf_str(&packed), NULL, wrongs[i].words);
		tu_buf_done(&packed);
		tu_arena_free(arena);
	}
}

static void test_deep_nesting(void **state)
{
	enum { COUNT = 400 };
	static struct tu_component components[COUNT];
	struct tu_inventory inventory = {
		.components = components, .component_count = COUNT, .subject = TU_NO_COMPONENT};
	const struct tu_sbom_limits deep = {.depth = COUNT};
	struct tu_buf packed;

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++)
		components[i].parent = i ? i - 1 : TU_NO_COMPONENT;
	pack(&inventory, &packed);
	assert_unpacks_not(tu_buf_str(&packed), NULL, "component 257 is nested deeper");
	{
		struct tu_arena *arena = tu_arena_new(ARENA_MAX);
		const struct tu_inventory *again = NULL;

		assert_int_equal(
			tu_inventory_unpack(arena, tu_buf_str(&packed), &deep, &again, NULL),
			TU_OK);
		tu_arena_free(arena);
	}
	tu_buf_done(&packed);
}

/* Bytes by hand: the magic and what follows it. */
static void test_bad_bytes(void **state)
{
	static const struct {
		struct tu_str bytes;
		const char *words;
	} rows[] = {
		{TU_STR_INIT(""), "no packed inventory"},
		{TU_STR_INIT("TUTINV1"), "no packed inventory"},
		{TU_STR_INIT("{\"bomFormat\":1}"), "no packed inventory"},
		{TU_STR_INIT("TUTINV2\n"), "of another version than 1"},
		{TU_STR_INIT("TUTINV1\n"), "byte 8: inventory.components: cut off"},
		{TU_STR_INIT("TUTINV1\n\x80"), "byte 9: inventory.components: cut off"},
		{TU_STR_INIT("TUTINV1\n\x80\x00"), "shortest form"},
		{TU_STR_INIT("TUTINV1\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), "64 bits"},
		{TU_STR_INIT("TUTINV1\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
			"more items than there are bytes left"},
		{TU_STR_INIT("TUTINV1\n\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
			"more items than there are bytes left"},
		{TU_STR_INIT("TUTINV1\n\0\0\x01\x09short"), "longer than what is left"},
		{TU_STR_INIT("TUTINV1\n\0\0\x01\x00"), "an empty text as a new one"},
		{TU_STR_INIT("TUTINV1\n\0\0\x02"), "inventory.spec_version: 2, more than 1"},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		assert_unpacks_not(rows[i].bytes, NULL, rows[i].words);
}

static void test_limits(void **state)
{
	struct reading r = read_good(document, TU_SBOM_CYCLONEDX_JSON);
	const struct tu_sbom_limits bytes = {.bytes = 100}, components = {.components = 3},
				    depth = {.depth = 2};
	struct tu_buf packed;
	struct tu_str whole;

	(void)state;
	pack(r.inventory, &packed);
	whole = tu_buf_str(&packed);
	assert_unpacks_not(whole, &bytes, "more than the limit of 100");
	assert_unpacks_not(whole, &components, "more items than the limit");
	assert_unpacks_not(whole, &depth, "kept part.json: ");
	/* a buffer that is too small */
	tu_buf_done(&packed);
	tu_buf_init(&packed, 64);
	assert_int_equal(tu_inventory_pack(r.inventory, &packed, NULL), TU_E_NOMEM);
	tu_buf_done(&packed);
	reading_done(&r);
}

/* ---- damage ---- */

/* Either an error, or an inventory of which every part is what it should be: it can be packed again
 * to the same, and written. */
static void try_damaged(struct tu_str bytes, bool write)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_sbom_write_options options = {.tool = TU_STR("tool 1"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = TU_STR("urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79")};
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	enum tu_status status = tu_inventory_unpack(arena, bytes, NULL, &inventory, &err);

	assert_true(status == TU_OK || err.message[0]);
	assert_int_equal(status == TU_OK, inventory != NULL);
	if (inventory)
		assert_round(arena, inventory);
	for (int target = 0; inventory && write && target < TU_SBOM_TARGETS_; target++) {
		struct tu_sbom_losses losses = {0};
		struct tu_sink out;

		tu_sink_init_memory(&out, PACKED_MAX);
		(void)!tu_sbom_write(arena, inventory, (enum tu_sbom_target)target, &options, &out,
			&losses, &err);
		tu_sink_done(&out);
	}
	tu_arena_free(arena);
}

static void test_damage(void **state)
{
	static const unsigned char flips[] = {0x01, 0x02, 0x40, 0x80, 0xff};
	struct reading r = read_good(document, TU_SBOM_CYCLONEDX_JSON);
	struct tu_buf packed;
	struct tu_str whole;

	(void)state;
	pack(r.inventory, &packed);
	whole = tu_buf_str(&packed);
	for (size_t i = 0; i < whole.len; i++) {
		/* exact, so that a sanitizer sees what is read beyond the end */
		char *cut = tu_alloc(i, 1);

		memcpy(cut, whole.ptr, i);
		assert_unpacks_not(tu_str_of(cut, i), NULL, "");
		tu_free(cut);
		for (size_t k = 0; k < TU_COUNT(flips); k++) {
			packed.ptr[i] = (char)((unsigned char)packed.ptr[i] ^ flips[k]);
			try_damaged(whole, k < 2);
			packed.ptr[i] = (char)((unsigned char)packed.ptr[i] ^ flips[k]);
		}
	}
	tu_buf_done(&packed);
	reading_done(&r);
}

/* ---- memory ---- */

/* What bytes can make grow is in proportion to them. */
static void test_proportion(void **state)
{
	enum { COUNT = 50000, TIMES = 32 };
	struct tu_component *components = tu_alloc(COUNT, sizeof(*components));
	struct tu_inventory inventory = {
		.components = components, .component_count = COUNT, .subject = TU_NO_COMPONENT};
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *again = NULL;
	struct tu_buf packed;

	(void)state;
	for (size_t i = 0; i < COUNT; i++)
		components[i].parent = TU_NO_COMPONENT;
	pack(&inventory, &packed);
	assert_int_equal(
		tu_inventory_unpack(arena, tu_buf_str(&packed), NULL, &again, NULL), TU_OK);
	assert_true(tu_arena_used(arena) < packed.len * TIMES);
	tu_buf_done(&packed);
	tu_arena_free(arena);
	tu_free(components);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_deep_nesting),
		cmocka_unit_test(test_bad_bytes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_proportion),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
