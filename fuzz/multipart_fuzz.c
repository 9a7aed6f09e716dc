/*
 * Any bytes as a form: the first line is the Content-Type, the rest its body. Reading ends, each
 * part lies in the body and after the one before, and what fails says why.
 */
#include <stdlib.h>

#include "http/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_str text = tu_str_of((const char *)data, size);
	size_t line = tu_str_find(text, '\n');
	struct tu_str body = tu_str_from(text, line < size ? line + 1 : size);
	const char *from = body.ptr;
	struct tu_multipart m;
	struct tu_multipart_part part;
	struct tu_error err = {0};
	bool more = true;
	enum tu_status status = tu_multipart_begin(&m, tu_str_first(text, line), body, &err);

	for (size_t i = 0; status == TU_OK && more; i++) {
		demand(i <= TU_MULTIPART_PARTS);
		status = tu_multipart_next(&m, &part, &more, &err);
		if (status != TU_OK || !more)
			break;
		demand(part.name.len > 0 && part.name.ptr >= from);
		demand(part.content.ptr >= part.name.ptr + part.name.len);
		demand(part.content.ptr + part.content.len <= body.ptr + body.len);
		from = part.content.ptr + part.content.len;
	}
	demand(status == TU_OK || err.message[0]);
	return 0;
}
