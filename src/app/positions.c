#include "app/positions.h"

#include "base/json_copy.h"

/* Points of a drawing; nobody looks at a picture of a kilometre. */
static const double far = 1e7;
enum { PLACES_MAX = 100000, FILE_MAX_BYTES = 16 << 20, DEPTH = 8 };

static bool is_place(struct tu_json place)
{
	double x = 0, y = 0;

	return tu_json_count(place) == 2 && tu_json_number(tu_json_get(place, TU_STR("x")), &x) &&
		tu_json_number(tu_json_get(place, TU_STR("y")), &y) && x >= -far && x <= far &&
		y >= -far && y <= far;
}

static enum tu_status refuse(
	struct tu_json views, struct tu_json value, const char *expected, struct tu_error *err)
{
	char pointer[TU_ERROR_POINTER_MAX];
	struct tu_error_place place = {.pointer = pointer};
	struct tu_buf text;

	tu_buf_init(&text, sizeof(pointer) - 1);
	tu_json_pointer_within(views, value, &text);
	memcpy(pointer, text.len ? text.ptr : "", text.len);
	pointer[text.len] = '\0';
	tu_buf_done(&text);
	return tu_fail_at(err, TU_E_USAGE, &place, "expected %s", expected);
}

static enum tu_status check_view(
	struct tu_json views, struct tu_json view, size_t *count, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(view);
	struct tu_json place;
	struct tu_str name;

	if (!tu_json_is_object(view))
		return refuse(views, view, "places by the ids of elements", err);
	while (tu_json_next_member(&iter, &name, &place)) {
		if (!is_place(place))
			return refuse(views, place, "two numbers, x and y", err);
		if (++*count > PLACES_MAX)
			return tu_fail(err, TU_E_LIMIT, 0, "more than %d places", PLACES_MAX);
	}
	return TU_OK;
}

static enum tu_status check(struct tu_json views, struct tu_error *err)
{
	struct tu_json_iter iter = tu_json_iter(views);
	struct tu_json view;
	struct tu_str name;
	size_t count = 0;
	enum tu_status status = TU_OK;

	if (!tu_json_is_object(views))
		return tu_fail(err, TU_E_USAGE, 0, "expected views with places");
	while (status == TU_OK && tu_json_next_member(&iter, &name, &view))
		status = check_view(views, view, &count, err);
	return status;
}

enum tu_status tu_positions_write(struct tu_json views, struct tu_buf *out, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(out, true);
	enum tu_status status = check(views, err);

	if (status != TU_OK)
		return status;
	tu_json_open_object(&json);
	tu_json_member_str(&json, "schema", TU_STR("tutela-positions/1"));
	tu_json_key(&json, "views");
	tu_json_copy(views, &json);
	tu_json_close_object(&json);
	tu_buf_byte(out, '\n');
	return out->failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_positions_read(struct tu_json_parser *parser, struct tu_str text,
	struct tu_json *out_views, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = FILE_MAX_BYTES, .depth = DEPTH, .unique_keys = true};
	struct tu_json root;
	enum tu_status status;

	*out_views = (struct tu_json){0};
	if (!text.len)
		return TU_OK;
	status = tu_json_parse(parser, text, &limits, &root, err);
	if (status == TU_OK &&
		!tu_str_eq(TU_JSON_STR(root, "schema"), TU_STR("tutela-positions/1")))
		status = tu_fail(
			err, TU_E_UNSUPPORTED, 0, "expected \"schema\": \"tutela-positions/1\"");
	if (status == TU_OK)
		status = check(tu_json_get(root, TU_STR("views")), err);
	if (status == TU_OK)
		*out_views = tu_json_get(root, TU_STR("views"));
	return status;
}
