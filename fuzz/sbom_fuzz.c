/*
 * Any text as an SBOM: reading never crashes, a refusal has words, and everything that
 * an inventory holds lies in its arena and is consistent. What was read can be written in every
 * format, and that has as many components when it is read again; and it can be packed: what
 * readers put in is what the packed form may hold.
 *
 * A first byte of 0x01 makes the document large (its lists padded with copies of an item), so that
 * it is read in slices too: the rest of the input follows.
 */
#include <stdlib.h>
#include <string.h>

#include <tutela/sbom.h>

#include "sbom/flat/flat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	ARENA_MAX = 256 << 20,
	PADDED = 0x01,
	PAD_ITEMS = 24 * 1024,
	/* Larger ones would be written five times. */
	WRITTEN_MAX = 64 << 20,
	WRITTEN_COMPONENTS = 4096
};

static volatile uint64_t sink;

static void touch(struct tu_str text)
{
	if (!text.ptr)
		abort();
	for (size_t i = 0; i < text.len; i++)
		sink += (unsigned char)text.ptr[i];
}

static void touch_all(const struct tu_str *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		touch(texts[i]);
}

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static bool is_index(const struct tu_inventory *inventory, uint32_t index)
{
	return index == TU_NO_COMPONENT || index < inventory->component_count;
}

static void walk_component(const struct tu_inventory *inventory, size_t index)
{
	const struct tu_component *c = &inventory->components[index];
	const struct tu_str texts[] = {
		c->ref, c->group, c->name, c->version, c->supplier, c->purl, c->swid};
	struct tu_buf pointer;

	demand(c->parent == TU_NO_COMPONENT || c->parent < index);
	touch_all(texts, TU_COUNT(texts));
	touch_all(c->cpes, c->cpe_count);
	for (size_t i = 0; i < c->licence_count; i++)
		touch(c->licences[i].text);
	for (size_t i = 0; i < c->hash_count; i++)
		touch(c->hashes[i].value);
	for (size_t i = 0; i < c->property_count; i++)
		touch(tu_component_property(c, c->properties[i].name));
	for (size_t i = 0; i < c->resolved_count; i++)
		touch(c->resolved[i].id);
	sink += strlen(tu_component_kind_name(c->kind));
	tu_buf_init(&pointer, 1 << 20);
	tu_component_pointer(inventory, c, &pointer);
	demand(pointer.failed || (pointer.len && pointer.ptr[0] == '/'));
	tu_buf_done(&pointer);
}

static void walk_claim(const struct tu_inventory *inventory, const struct tu_vex_claim *claim)
{
	touch(claim->vulnerability);
	touch(claim->justification);
	touch(tu_claim_detail(claim));
	for (size_t i = 0; i < claim->product_count; i++) {
		const struct tu_vex_product *product = &claim->products[i];

		touch_all(product->versions, product->version_count);
		touch_all(product->excluded, product->excluded_count);
		for (size_t k = 0; k < product->component_count; k++)
			demand(product->components[k] < inventory->component_count);
	}
}

static void walk(const struct tu_inventory *inventory)
{
	const struct tu_str texts[] = {inventory->spec_version, inventory->serial, inventory->name,
		inventory->created, inventory->root, inventory->list};

	touch_all(texts, TU_COUNT(texts));
	touch_all(inventory->tools, inventory->tool_count);
	demand(is_index(inventory, inventory->subject));
	for (size_t i = 0; i < inventory->component_count; i++)
		walk_component(inventory, i);
	for (size_t i = 0; i < inventory->relationship_count; i++)
		demand(is_index(inventory, inventory->relationships[i].from) &&
			is_index(inventory, inventory->relationships[i].to));
	for (size_t i = 0; i < inventory->claim_count; i++)
		walk_claim(inventory, &inventory->claims[i]);
	for (size_t i = 0; i < inventory->note_count; i++) {
		touch(inventory->notes[i].pointer);
		touch(inventory->notes[i].message);
		demand(inventory->notes[i].message.len && inventory->notes[i].count);
	}
}

/* Read what was written. It may nest a little deeper than the source. */
static void read_again(struct tu_str text, size_t components)
{
	const struct tu_sbom_limits limits = {.depth = 1024};
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};

	if (!arena)
		return;
	if (tu_sbom_read(arena, text, false, &limits, &inventory, &err))
		demand(err.status == TU_E_NOMEM || err.status == TU_E_LIMIT);
	else
		demand(inventory->component_count == components);
	tu_arena_free(arena);
}

static void write_all(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	const struct tu_sbom_write_options options = {.tool = TU_STR("fuzz"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = TU_STR("https://example.org/fuzz")};

	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		struct tu_sbom_losses losses = {0};
		struct tu_error err = {0};
		struct tu_sink out;
		enum tu_status status;

		tu_sink_init_memory(&out, WRITTEN_MAX);
		status = tu_sbom_write(arena, inventory, (enum tu_sbom_target)target, &options,
			&out, &losses, &err);
		demand(status == TU_OK || status == TU_E_NOMEM || status == TU_E_LIMIT);
		for (size_t i = 0; status == TU_OK && i < losses.count; i++)
			demand(losses.notes[i].message.len && losses.notes[i].count);
		if (status == TU_OK)
			read_again(tu_buf_str(&out.buf), inventory->component_count);
		tu_sink_done(&out);
	}
}

static void pack(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	const struct tu_sbom_limits limits = {.depth = 1024};
	const struct tu_inventory *again = NULL;
	struct tu_error err = {0};
	enum tu_status status;
	struct tu_buf packed;

	tu_buf_init(&packed, ARENA_MAX);
	status = tu_inventory_pack(inventory, &packed, &err);
	if (!status)
		status = tu_inventory_unpack(arena, tu_buf_str(&packed), &limits, &again, &err);
	demand(status == TU_OK || status == TU_E_NOMEM);
	if (!status)
		demand(again->component_count == inventory->component_count &&
			again->note_count == inventory->note_count);
	tu_buf_done(&packed);
}

static void read_document(struct tu_str text)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *inventory = NULL;
	struct tu_error err = {0};
	enum tu_status status;

	if (!arena)
		return;
	status = tu_sbom_read(arena, text, false, NULL, &inventory, &err);
	demand((status == TU_OK) == (inventory != NULL));
	if (inventory) {
		walk(inventory);
		pack(arena, inventory);
	}
	if (inventory && inventory->component_count < WRITTEN_COMPONENTS)
		write_all(arena, inventory);
	if (!inventory)
		demand(err.status == status && err.offset <= text.len && err.message[0]);
	tu_arena_free(arena);
}

/* Behind the first '[' of the text, many items: what follows it is in a later slice. */
static void read_padded(struct tu_str text)
{
	static const char item[] = "{\"name\":\"padding\"},\n";
	size_t open = tu_str_find(text, '[');
	size_t head = open < text.len ? open + 1 : text.len;
	struct tu_buf large;

	tu_buf_init(&large, text.len + sizeof(item) * PAD_ITEMS);
	tu_buf_str_add(&large, tu_str_first(text, head));
	for (int i = 0; i < PAD_ITEMS; i++)
		tu_buf_c(&large, item);
	tu_buf_str_add(&large, tu_str_from(text, head));
	if (!large.failed)
		read_document(tu_buf_str(&large));
	tu_buf_done(&large);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = {(const char *)data, size};

	if (size && data[0] == PADDED)
		read_padded(tu_str_from(text, 1));
	else
		read_document(text);
	return 0;
}
