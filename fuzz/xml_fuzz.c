/*
 * Any text as XML: reading never crashes, what opens is closed in order, depth and path agree, and
 * a refusal has words.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH_MAX = 64 };

static volatile uint64_t sink;

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void touch(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++)
		sink += (unsigned char)text.ptr[i];
}

static enum tu_status on_open(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	size_t *depth = context;
	struct tu_xml_name attribute;
	struct tu_str value;

	demand(++*depth <= DEPTH_MAX);
	demand(name.local.len && tu_str_ends(tu_xml_path(xml), name.local));
	demand(tu_xml_line(xml) > 0);
	for (size_t i = 0; tu_xml_attr_at(xml, i, &attribute, &value); i++) {
		touch(attribute.space);
		touch(attribute.local);
		touch(value);
	}
	return TU_OK;
}

static enum tu_status on_close(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	size_t *depth = context;

	demand((*depth)-- > 0);
	demand(tu_str_ends(tu_xml_path(xml), name.local));
	touch(text);
	return TU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tu_xml_limits limits = {
		.depth = DEPTH_MAX, .elements = 100000, .attributes = 32, .text = 1 << 16};
	size_t depth = 0;
	const struct tu_xml_handler handler = {on_open, on_close, &depth};
	struct tu_error err = {0};
	enum tu_status status =
		tu_xml_read((struct tu_str){(const char *)data, size}, &limits, &handler, &err);

	if (status == TU_OK)
		demand(depth == 0);
	else
		demand(err.status == status && err.message[0]);
	return 0;
}
