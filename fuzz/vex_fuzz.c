/*
 * Statements of any format: any bytes are a document or an error; what is read has a status, and
 * its texts are there to be looked at.
 */
#include <stdlib.h>

#include <tutela/vex.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t sum;

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void touch(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		sum += (unsigned char)text.ptr[i];
}

static void look_at_product(const struct tu_vex_product *product, int depth)
{
	demand(depth < 4);
	touch(product->id);
	touch(product->ref);
	touch(product->serial);
	for (size_t i = 0; i < product->purl_count; i++)
		touch(product->purls[i]);
	for (size_t i = 0; i < product->cpe_count; i++)
		touch(product->cpes[i]);
	for (size_t i = 0; i < product->part_count; i++)
		look_at_product(&product->parts[i], depth + 1);
}

static void look_at(const struct tu_vex_document *document)
{
	for (size_t i = 0; i < document->claim_count; i++) {
		const struct tu_vex_claim *claim = &document->claims[i];
		demand((unsigned)claim->status < TU_CLAIM_STATUSES);
		touch(claim->vulnerability);
		touch(claim->impact);
		for (size_t k = 0; k < claim->product_count; k++)
			look_at_product(&claim->products[k], 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new((size_t)256 << 20);
	const struct tu_vex_document *document = NULL;
	struct tu_error err = {0};

	if (!arena)
		return 0;
	if (tu_vex_read(arena, tu_str_of((const char *)data, size), false, &document, &err) ==
		TU_OK)
		look_at(document);
	else
		demand(err.message[0] != '\0' && !document);
	tu_arena_free(arena);
	return 0;
}
