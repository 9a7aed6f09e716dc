#include "base/json_copy.h"

static void copy_number(struct tu_json value, struct tu_json_writer *writer)
{
	const uint64_t bits = value.doc->tape[value.at + 1];
	double number = 0;

	if (tu_json__tag(value.doc, value.at) != 'd' && bits <= INT64_MAX) {
		tu_json_add_int(writer, (int64_t)bits);
		return;
	}
	if (tu_json__tag(value.doc, value.at) == 'l') {
		tu_json_add_int(writer, -(int64_t)(~bits) - 1);
		return;
	}
	(void)tu_json_number(value, &number);
	tu_json_add_number(writer, number);
}

void tu_json_copy_members(struct tu_json object, struct tu_json_writer *writer)
{
	struct tu_json_iter iter =
		tu_json_is_object(object) ? tu_json_iter(object) : (struct tu_json_iter){0};
	struct tu_json value;
	struct tu_str key;

	while (tu_json_next_member(&iter, &key, &value)) {
		tu_json_key_str(writer, key);
		tu_json_copy(value, writer);
	}
}

static void copy_items(struct tu_json list, struct tu_json_writer *writer)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json value;

	while (tu_json_next_item(&iter, &value))
		tu_json_copy(value, writer);
}

void tu_json_copy(struct tu_json value, struct tu_json_writer *writer)
{
	switch (tu_json_type(value)) {
	case TU_JSON_OBJECT:
		tu_json_open_object(writer);
		tu_json_copy_members(value, writer);
		tu_json_close_object(writer);
		break;
	case TU_JSON_ARRAY:
		tu_json_open_array(writer);
		copy_items(value, writer);
		tu_json_close_array(writer);
		break;
	case TU_JSON_STRING:
		tu_json_add_str(writer, tu_json_str(value));
		break;
	case TU_JSON_NUMBER:
		copy_number(value, writer);
		break;
	case TU_JSON_BOOL:
		tu_json_add_bool(writer, tu_json_true(value));
		break;
	case TU_JSON_NULL:
	case TU_JSON_ABSENT:
		tu_json_add_null(writer);
		break;
	}
}
