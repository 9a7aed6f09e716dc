/*
 * Any text as a supplement to a small inventory: applying never crashes, a refusal has words and
 * changes nothing, and what is merged is whole.
 */
#include <stdlib.h>

#include <tutela/supplement.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct tu_str document =
	TU_STR_INIT("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
		    "{\"name\":\"a\",\"bom-ref\":\"r\",\"version\":\"1\",\"purl\":\"pkg:npm/a@1\"},"
		    "{\"name\":\"b\",\"cpe\":\"cpe:2.3:a:v:b:1:*:*:*:*:*:*:*\"}]}");

static volatile uint64_t sink;

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void touch(struct tu_str text)
{
	demand(text.ptr != NULL);
	for (size_t i = 0; i < text.len; i++)
		sink += (unsigned char)text.ptr[i];
}

static void walk(const struct tu_inventory *inventory)
{
	for (size_t i = 0; i < inventory->component_count; i++) {
		const struct tu_component *c = &inventory->components[i];
		const struct tu_str texts[] = {
			c->supplier, c->contact, c->version, c->purl, c->name};

		for (size_t k = 0; k < TU_COUNT(texts); k++)
			touch(texts[k]);
		for (size_t k = 0; k < c->property_count; k++)
			touch(c->properties[k].value);
		for (size_t k = 0; k < c->cpe_count; k++)
			touch(c->cpes[k]);
		for (size_t k = 0; k < c->licence_count; k++)
			touch(c->licences[k].text);
	}
	for (size_t i = 0; i < inventory->note_count; i++) {
		touch(inventory->notes[i].pointer);
		touch(inventory->notes[i].message);
		demand(inventory->notes[i].count > 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(64 << 20);
	const struct tu_inventory *before = NULL;
	const struct tu_inventory *after;
	struct tu_error err = {0};
	enum tu_status status;

	if (!arena || tu_sbom_read(arena, document, false, NULL, &before, &err) != TU_OK) {
		tu_arena_free(arena);
		return 0;
	}
	after = before;
	status = tu_supplement_apply(arena, tu_str_of((const char *)data, size), &after, 1, &err);
	demand((status == TU_OK) == (after != before));
	if (status)
		demand(err.status == status && err.message[0]);
	else
		walk(after);
	tu_arena_free(arena);
	return 0;
}
