/*
 * Any bytes as vulnerability intelligence: reading never crashes, what is handed on keeps the
 * promises of tutela/advisory.h, and the knowledge base builder can take it.
 */
#include <stdlib.h>
#include <string.h>

#include <tutela/kb.h>

#include "base/json.h"
#include "base/utf8.h"

enum { SPANS_SHOWN = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t sink_hole;

static void touch(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		sink_hole += (unsigned char)text.ptr[i];
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void touch_versions(const struct tu_versions *versions)
{
	touch(versions->fixed);
	for (size_t i = 0; i < versions->count && i < SPANS_SHOWN; i++) {
		const struct tu_interval *in = &versions->spans[i].interval;

		require(in->lo.text.len <= TU_VERSION_MAX && in->hi.text.len <= TU_VERSION_MAX);
		require(in->lo.text.len > 0 || in->lo.key.len == 0);
		touch(in->lo.text);
		touch(in->lo.key);
		touch(in->hi.text);
		touch(in->hi.key);
	}
}

static void touch_all(const struct tu_advisory *a)
{
	require(a->id.len > 0 && a->source != TU_SOURCE_UNKNOWN);
	require(a->title.len <= 200 && tu_utf8_invalid_at(a->title) == a->title.len);
	touch(a->id);
	touch(a->title);
	for (size_t i = 0; i < a->alias_count; i++)
		touch(a->aliases[i]);
	for (size_t i = 0; i < a->score_count; i++) {
		require(a->scores[i].base_tenths <= 100 || a->scores[i].base_tenths == 0xff);
		touch(a->scores[i].vector);
	}
	for (size_t i = 0; i < a->reference_count; i++)
		touch(a->references[i].url);
	for (size_t i = 0; i < a->package_count; i++) {
		require(a->packages[i].type.len > 0 && a->packages[i].name.len > 0);
		touch(a->packages[i].name);
		touch_versions(&a->packages[i].versions);
	}
	for (size_t i = 0; i < a->product_count; i++) {
		const struct tu_affected_product *p = &a->products[i];

		for (size_t k = 0; k < TU_CPE_ATTRS; k++) {
			require(p->cpe.attr[k].len > 0);
			touch(p->cpe.attr[k]);
		}
		require(p->versions.count == 0 ||
			tu_str_eq(p->cpe.attr[TU_CPE_VERSION], TU_STR("*")));
		touch_versions(&p->versions);
	}
}

static enum tu_status take(void *context, const struct tu_advisory *a, struct tu_error *err)
{
	touch_all(a);
	return tu_kb_builder_add(context, a, err);
}

static enum tu_status take_lifecycle(
	void *context, const struct tu_support_cycle *lifecycle, struct tu_error *err)
{
	require(lifecycle->product.len > 0 && lifecycle->cycle.len > 0);
	touch(lifecycle->product);
	touch(lifecycle->cycle);
	touch(lifecycle->eol);
	return tu_kb_builder_lifecycle(context, lifecycle, err);
}

static void complain(void *context, struct tu_str where, struct tu_str what)
{
	(void)context;
	touch(where);
	require(what.len > 0);
	touch(what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_kb_builder *builder = tu_kb_builder_new();
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	struct tu_advisory_sink sink = {.advisory = take,
		.problem = complain,
		.context = builder,
		.lifecycle = take_lifecycle};
	struct tu_feed_summary summary = {0};
	struct tu_error err = {0};
	char *text = malloc(size + TU_JSON_PADDING);

	if (builder && reader && text) {
		memcpy(text, data, size);
		memset(text + size, 0, TU_JSON_PADDING);
		if (tu_advisory_read(
			    reader, TU_STR("fuzz"), tu_str_of(text, size), &sink, &summary, &err))
			require(err.message[0] != '\0');
		require(summary.problems >= summary.skipped);
	}
	free(text);
	tu_advisory_reader_free(reader);
	tu_kb_builder_free(builder);
	return 0;
}
