/* Bodies of requests against the schema of each operation. */
#include "api/operations.h"
#include "api/validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct tu_json_limits limits = {.depth = 32, .nodes = 200000, .unique_keys = true};
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_arena *arena = tu_arena_new(1 << 20);
	struct tu_json body;

	if (parser && arena &&
		tu_json_parse(parser, tu_str_of((const char *)data, size), &limits, &body, NULL) ==
			TU_OK) {
		for (size_t i = 0; i < tu_api_door.route_count; i++) {
			struct tu_api_problem problem = {0};
			const struct tu_api_schema *schema = tu_api_door.routes[i].body;

			if (schema &&
				tu_api_validate(body, schema, arena, &problem) !=
					(problem.count == 0))
				__builtin_trap();
		}
	}
	tu_arena_free(arena);
	tu_json_parser_free(parser);
	return 0;
}
