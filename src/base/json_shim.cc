// The only C++ of the project: simdjson parses, json.c walks the tape.
#include <algorithm>
#include <new>

#include <simdjson.h>

#include "base/json_shim.h"

static constexpr size_t capacity_step = 64 * 1024;

struct tu_shim {
	simdjson::dom::parser parser;
};

struct tu_shim *tu_shim_new(void)
{
	return new (std::nothrow) tu_shim;
}

void tu_shim_free(struct tu_shim *shim)
{
	delete shim;
}

size_t tu_shim_capacity(const struct tu_shim *shim)
{
	return shim->parser.capacity();
}

static enum tu_shim_result result_of(simdjson::error_code code)
{
	switch (code) {
	case simdjson::SUCCESS:
		return TU_SHIM_OK;
	case simdjson::MEMALLOC:
		return TU_SHIM_NOMEM;
	case simdjson::DEPTH_ERROR:
		return TU_SHIM_DEPTH;
	case simdjson::CAPACITY:
		return TU_SHIM_TOO_LARGE;
	default:
		return TU_SHIM_INVALID;
	}
}

enum tu_shim_result tu_shim_parse(struct tu_shim *shim, const char *text, size_t len, size_t depth,
	const uint64_t **out_tape, const uint8_t **out_strings, const char **out_message)
{
	simdjson::dom::parser &parser = shim->parser;
	simdjson::error_code code = simdjson::SUCCESS;

	depth++; // simdjson fails at its depth already, not beyond it
	// In steps: of texts of about one length, the longest so far would make all memory again.
	size_t capacity = (len + capacity_step - 1) / capacity_step * capacity_step;
	if (parser.capacity() < len || parser.max_depth() != depth)
		code = parser.allocate(std::max(capacity, parser.capacity()), depth);
	if (code == simdjson::SUCCESS && parser.doc.capacity() < len)
		code = parser.doc.allocate(capacity);
	if (code == simdjson::SUCCESS)
		code = parser.parse(reinterpret_cast<const uint8_t *>(text), len, false).error();
	*out_tape = parser.doc.tape.get();
	*out_strings = parser.doc.string_buf.get();
	*out_message = simdjson::error_message(code);
	return result_of(code);
}
