#include "ledger/line.h"

#include "base/hex.h"
#include "base/json_writer.h"

/* ---- writing ---- */

static void write_field(
	struct tu_json_writer *json, const struct tu_line_field *field, const void *at)
{
	const int64_t *number = at;
	const struct tu_str *text = at;
	size_t start;

	tu_json_key(json, field->name);
	switch (field->kind) {
	case TU_LINE_INT:
		tu_json_add_int(json, *number);
		break;
	case TU_LINE_TEXT:
		tu_json_add_str(json, *text);
		break;
	case TU_LINE_ID:
		tu_json_add_str(json, tu_str_of(at, field->size));
		break;
	case TU_LINE_HEX:
		start = tu_json_open_text(json);
		tu_hex_write(at, field->size, json->buf);
		tu_json_close_text(json, start);
		break;
	case TU_LINE_FIXED:
	default:
		tu_json_add_str(json, tu_str_c(field->fixed));
		break;
	}
}

void tu_ledger__line_write(const struct tu_line_form *form, const void *record, struct tu_buf *out)
{
	struct tu_json_writer json = tu_json_writer(out, false);

	tu_json_open_object(&json);
	for (size_t i = 0; i < form->count; i++)
		write_field(&json, &form->fields[i], (const char *)record + form->fields[i].at);
	tu_json_close_object(&json);
	tu_buf_byte(out, '\n');
}

/* ---- reading ---- */

static bool read_int(struct tu_json value, int64_t *out)
{
	uint64_t number;
	double any;
	size_t line, column;
	struct tu_str text;

	if (tu_json_u64(value, INT64_MAX, &number)) {
		*out = (int64_t)number;
		return true;
	}
	if (!tu_json_number(value, &any) || any >= 0)
		return false;
	text = tu_str_from(value.doc->text, tu_json_position(value, &line, &column));
	if (!tu_str_skip(&text, TU_STR("-")) ||
		!tu_str_to_u64(tu_str_digits(&text), (uint64_t)INT64_MAX + 1, &number))
		return false;
	*out = (int64_t)(0 - number);
	return true;
}

static bool read_id(struct tu_str text, size_t size, char *out)
{
	uint8_t bytes[64];

	if (size > 2 * sizeof(bytes) || !tu_hex_read_lower(text, bytes, size / 2))
		return false;
	memcpy(out, text.ptr, size);
	out[size] = '\0';
	return true;
}

static bool read_value(const struct tu_line_field *field, struct tu_json value, void *at)
{
	struct tu_str *text = at;

	if (field->kind == TU_LINE_INT)
		return read_int(value, at);
	if (!tu_json_is_string(value))
		return false;
	switch (field->kind) {
	case TU_LINE_TEXT:
		*text = tu_json_str(value);
		return true;
	case TU_LINE_HEX:
		return tu_hex_read_lower(tu_json_str(value), at, field->size);
	case TU_LINE_ID:
		return read_id(tu_json_str(value), field->size, at);
	case TU_LINE_FIXED:
	case TU_LINE_INT:
	default:
		return tu_str_eq(tu_json_str(value), tu_str_c(field->fixed));
	}
}

static const char *expected(enum tu_line_kind kind)
{
	static const char *const words[] = {[TU_LINE_FIXED] = "its one value",
		[TU_LINE_TEXT] = "a text",
		[TU_LINE_INT] = "a whole number of 64 bits",
		[TU_LINE_HEX] = "hexadecimal digits",
		[TU_LINE_ID] = "hexadecimal digits"};

	return words[kind];
}

static enum tu_status read_fields(
	const struct tu_line_form *form, struct tu_json root, void *record, struct tu_error *err)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct tu_line_field *field = &form->fields[i];
		struct tu_json value = tu_json_get(root, tu_str_c(field->name));

		if (tu_json_type(value) == TU_JSON_ABSENT)
			return tu_fail(
				err, TU_E_SYNTAX, 0, "%s needs \"%s\"", form->what, field->name);
		if (!read_value(field, value, (char *)record + field->at))
			return tu_json_fail(err, TU_E_SYNTAX, value, "expected %s%s%s",
				expected(field->kind), field->fixed ? ": " : "",
				field->fixed ? field->fixed : "");
	}
	return TU_OK;
}

/* The form that is written, and no other: not another order, spelling or member. */
static enum tu_status check_form(const struct tu_line_reader *reader,
	const struct tu_line_form *form, struct tu_str line, const void *record,
	struct tu_error *err)
{
	struct tu_str again;
	size_t at = 0;

	tu_buf_clear(reader->again);
	tu_ledger__line_write(form, record, reader->again);
	if (reader->again->failed)
		return tu_no_memory(err);
	again = tu_str_first(tu_buf_str(reader->again), reader->again->len - 1);
	if (tu_str_eq(line, again))
		return TU_OK;
	while (at < line.len && at < again.len && line.ptr[at] == again.ptr[at])
		at++;
	return tu_fail_at(err, TU_E_SYNTAX,
		&(struct tu_error_place){.offset = at, .column = at + 1},
		"%s is not in the form in which it was written", form->what);
}

enum tu_status tu_ledger__line_read(const struct tu_line_reader *reader,
	const struct tu_line_form *form, struct tu_str line, void *record, struct tu_error *err)
{
	const struct tu_json_limits limits = {
		.bytes = form->bytes_max, .depth = 4, .nodes = 64, .unique_keys = true};
	struct tu_json root;
	enum tu_status status;

	if (line.len > form->bytes_max)
		return tu_fail(err, TU_E_LIMIT, 0, "%s of %zu bytes; at most %zu are read",
			form->what, line.len, form->bytes_max);
	status = tu_json_parse(reader->parser, line, &limits, &root, err);
	if (!status && !tu_json_is_object(root))
		status = tu_json_fail(err, TU_E_SYNTAX, root, "expected an object: %s", form->what);
	if (!status)
		status = read_fields(form, root, record, err);
	return status ? status : check_form(reader, form, line, record, err);
}
