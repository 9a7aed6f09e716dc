/* The document and the program say the same: operations, and the columns of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "api/operations.h"
#include "api/rows.h"

static const struct tu_api_door *const door_rows[] = {&tu_api_door};
static const struct tu_api_doors doors = {door_rows, 1};

/* How a column shows in the document. */
static const struct {
	const char *type, *format;
	bool words;
} kinds[TU_API_TYPES] = {
	[TU_API_TEXT] = {"string", NULL, false},
	[TU_API_WORD] = {"string", NULL, true},
	[TU_API_INT] = {"integer", NULL, false},
	[TU_API_TENTHS] = {"number", NULL, false},
	[TU_API_MILLIONTHS] = {"number", NULL, false},
	[TU_API_BOOL] = {"boolean", NULL, false},
	[TU_API_MAYBE] = {"boolean", NULL, false},
	[TU_API_TIME] = {"string", "date-time", false},
	[TU_API_DATE] = {"string", "date", false},
	[TU_API_JSON] = {"any", NULL, false},
};

static void compare(const struct tu_api_row_schema *row, const struct tu_api_column *column,
	const struct tu_api_property *property)
{
	bool is_json = column->type == TU_API_JSON, extra = column->flags & TU_API_EXTRA;

	if (strcmp(column->name, property->name) != 0)
		fail_msg("%s: the column \"%s\" has the place of \"%s\"", row->schema, column->name,
			property->name);
	if (is_json)
		return;
	if (strcmp(kinds[column->type].type, property->type) != 0)
		fail_msg("%s.%s is %s", row->schema, column->name, property->type);
	if (kinds[column->type].format &&
		(!property->format || strcmp(kinds[column->type].format, property->format) != 0))
		fail_msg("%s.%s: the format is %s", row->schema, column->name,
			kinds[column->type].format);
	if (property->nullable != ((column->flags & TU_API_OPT) != 0))
		fail_msg("%s.%s: may it be null?", row->schema, column->name);
	if (kinds[column->type].words && !property->words)
		fail_msg("%s.%s: the document does not list its words", row->schema, column->name);
	/* `fields` can leave out any of them */
	if (property->required && extra)
		fail_msg("%s.%s is not always there", row->schema, column->name);
}

static void rows_are_as_documented(void **state)
{
	size_t count = 0;

	(void)state;
	for (const struct tu_api_row_schema *row = tu_api_door.rows; row->schema; row++) {
		const struct tu_api_property *property = row->properties;

		assert_string_equal(row->schema, row->table->schema);
		for (size_t i = 0; i < row->table->count; i++, property++) {
			if (!property->name)
				fail_msg("%s: \"%s\" is not documented", row->schema,
					row->table->columns[i].name);
			compare(row, &row->table->columns[i], property);
			count++;
		}
		if (property->name)
			fail_msg("%s: there is no column \"%s\"", row->schema, property->name);
	}
	assert_true(count > 40);
}

static void every_operation(void **state)
{
	(void)state;
	assert_true(tu_api_door.route_count > 10);
	for (size_t i = 0; i < tu_api_door.route_count; i++) {
		const struct tu_api_route *route = &tu_api_door.routes[i];
		struct tu_api_match match =
			tu_api_find(&doors, route->method, tu_str_c(route->path));

		assert_non_null(route->run);
		assert_ptr_equal(match.route, route);
		assert_true(match.methods & 1u << route->method);
		assert_ptr_equal(tu_api_route_of(&tu_api_door, tu_str_c(route->operation)), route);
	}
}

static void paths(void **state)
{
	static const struct {
		const char *method, *path, *operation, *value;
	} cases[] = {
		{"GET", "/v1/devices", "listDevices", NULL},
		{"HEAD", "/v1/devices", "listDevices", NULL},
		{"POST", "/v1/devices", "createDevice", NULL},
		{"GET", "/v1/devices/pump", "getDevice", "pump"},
		{"GET", "/v1/devices/%2E%2E", "getDevice", "%2E%2E"},
		{"DELETE", "/v1/devices/pump", "deleteDevice", "pump"},
		{"DELETE", "/v1/devices", NULL, NULL},
		{"POST", "/v1/findings/counts", "countFindings", NULL},
		{"GET", "/v1/devices/", NULL, NULL},
		{"GET", "/v1/devices/pump/", NULL, NULL},
		{"GET", "/v1//devices", NULL, NULL},
		{"GET", "v1/devices", NULL, NULL},
		{"GET", "", NULL, NULL},
		{"GET", "/", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		enum tu_api_method method;
		struct tu_api_match match;

		assert_true(tu_api_method_of(tu_str_c(cases[i].method), &method));
		match = tu_api_find(&doors, method, tu_str_c(cases[i].path));
		if (!cases[i].operation) {
			assert_null(match.route);
			continue;
		}
		assert_non_null(match.route);
		assert_string_equal(match.route->operation, cases[i].operation);
		if (cases[i].value)
			assert_true(tu_str_eq(match.values[0], tu_str_c(cases[i].value)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_as_documented),
		cmocka_unit_test(every_operation),
		cmocka_unit_test(paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
