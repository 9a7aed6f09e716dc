/*
 * Any bytes as a packed inventory: unpacking never crashes, a refusal has words and a place in the
 * bytes, and what is accepted is an inventory: every text is UTF-8 without NUL, it is the same once
 * packed and unpacked again, and every writer can write it.
 */
#include <stdlib.h>
#include <string.h>

#include <tutela/sbom.h>

#include "sbom/flat/flat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 256 << 20, PACKED_MAX = 64 << 20, WRITTEN_COMPONENTS = 4096 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

/* Short of memory is no fault. */
static bool is_short(enum tu_status status)
{
	return status == TU_E_NOMEM || status == TU_E_LIMIT;
}

static bool pack(const struct tu_inventory *inventory, struct tu_buf *out)
{
	enum tu_status status;

	tu_buf_init(out, PACKED_MAX);
	status = tu_inventory_pack(inventory, out, NULL);
	demand(status == TU_OK || is_short(status));
	return status == TU_OK;
}

static void demand_same(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	const struct tu_inventory *again = NULL;
	struct tu_buf first, second;
	bool packed = pack(inventory, &first);
	enum tu_status status = TU_E_NOMEM;

	if (packed)
		status = tu_inventory_unpack(arena, tu_buf_str(&first), NULL, &again, NULL);
	demand(status == TU_OK || is_short(status));
	if (status == TU_OK && pack(again, &second)) {
		demand(tu_str_eq(tu_buf_str(&first), tu_buf_str(&second)));
		tu_buf_done(&second);
	}
	tu_buf_done(&first);
}

static void write_all(struct tu_arena *arena, const struct tu_inventory *inventory)
{
	const struct tu_sbom_write_options options = {.tool = TU_STR("fuzz"),
		.created = TU_STR("2024-01-02T03:04:05Z"),
		.serial = TU_STR("https://example.org/fuzz")};

	for (int target = 0; target < TU_SBOM_TARGETS_; target++) {
		struct tu_sbom_losses losses = {0};
		struct tu_sink out;
		enum tu_status status;

		tu_sink_init_memory(&out, PACKED_MAX);
		status = tu_sbom_write(arena, inventory, (enum tu_sbom_target)target, &options,
			&out, &losses, NULL);
		demand(status == TU_OK || is_short(status));
		tu_sink_done(&out);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str bytes = {(const char *)data, size};
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_inventory *inventory = NULL;
	const struct tu_component *component = NULL;
	struct tu_error err = {0};
	enum tu_status status;

	if (!arena)
		return 0;
	status = tu_inventory_unpack(arena, bytes, NULL, &inventory, &err);
	demand((status == TU_OK) == (inventory != NULL));
	demand(status == TU_OK || (err.status == status && err.offset <= size && err.message[0]));
	if (inventory)
		demand_same(arena, inventory);
	if (inventory && inventory->component_count < WRITTEN_COMPONENTS)
		write_all(arena, inventory);
	status = tu_component_unpack(arena, bytes, NULL, &component, &err);
	demand((status == TU_OK) == (component != NULL));
	tu_arena_free(arena);
	return 0;
}
