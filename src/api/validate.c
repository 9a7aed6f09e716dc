#include "api/validate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/time.h"

struct checking {
	struct tu_arena *arena;
	struct tu_api_problem *problem;
	struct tu_json root;
	const char *parameter; /* of the query; or NULL */
};

enum { POINTER_MAX = 500, DETAIL_MAX = 300, SHOWN = 60 };

/* ---- what is wrong ---- */

static struct tu_str kept(struct tu_arena *arena, struct tu_str text)
{
	struct tu_str copy;

	return tu_arena_dup(arena, text, &copy) ? copy : (struct tu_str){0};
}

static struct tu_str pointer_of(const struct checking *c, struct tu_json value, struct tu_str key)
{
	struct tu_buf buf;
	struct tu_str pointer;

	if (c->parameter)
		return (struct tu_str){0};
	tu_buf_init(&buf, POINTER_MAX);
	tu_json_pointer_within(c->root, value, &buf);
	if (key.ptr) {
		tu_buf_byte(&buf, '/');
		tu_json_pointer_add_key(key, &buf);
	}
	pointer = kept(c->arena, tu_buf_str(&buf));
	tu_buf_done(&buf);
	return pointer;
}

static struct tu_api_fault *next(struct tu_api_problem *problem, const char *type)
{
	struct tu_api_fault *fault;

	if (problem->count == TU_API_ERRORS_MAX) {
		problem->more = true;
		return NULL;
	}
	fault = &problem->faults[problem->count++];
	*fault = (struct tu_api_fault){.type = type};
	return fault;
}

static bool wrong(const struct checking *c, const char *type, struct tu_json value,
	const char *format, ...) TU_PRINTF(4, 5);

static bool wrong(
	const struct checking *c, const char *type, struct tu_json value, const char *format, ...)
{
	struct tu_api_fault *fault = next(c->problem, type);
	char text[DETAIL_MAX];
	va_list args;

	if (!fault)
		return false;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fault->parameter = c->parameter;
	fault->pointer = pointer_of(c, value, (struct tu_str){0});
	fault->detail = kept(c->arena, tu_str_c(text));
	return false;
}

bool tu_api_fault_parameter(struct tu_api_problem *problem, const char *type, const char *parameter,
	struct tu_str detail)
{
	struct tu_api_fault *fault = next(problem, type);

	if (fault) {
		fault->parameter = parameter;
		fault->detail = detail;
	}
	return false;
}

static bool wrong_member(const struct checking *c, const char *type, struct tu_json object,
	struct tu_str key, const char *detail)
{
	struct tu_api_fault *fault = next(c->problem, type);

	if (!fault)
		return false;
	fault->pointer = pointer_of(c, object, tu_str_first(key, SHOWN));
	fault->detail = tu_str_c(detail);
	return false;
}

/* ---- texts ---- */

static bool is_hex(struct tu_str text, size_t digits)
{
	for (size_t i = 0; i < text.len; i++)
		if (!tu_char_is_digit(text.ptr[i]) && !(text.ptr[i] >= 'a' && text.ptr[i] <= 'f'))
			return false;
	return text.len == digits;
}

static bool is_date(struct tu_str text)
{
	int64_t seconds;

	return text.len == sizeof("2026-07-10") - 1 && tu_time_parse(text, &seconds);
}

/* RFC 3339 with "T" and an offset; what else tu_time_parse() reads is for feeds. */
static bool is_time(struct tu_str text)
{
	int64_t seconds;
	size_t at = sizeof("2026-07-10T12:00:00") - 1;

	return text.len > at && text.ptr[10] == 'T' &&
		(text.ptr[text.len - 1] == 'Z' ||
			tu_str_find(tu_str_from(text, at), '+') + at < text.len ||
			tu_str_find(tu_str_from(text, at), '-') + at < text.len) &&
		tu_time_parse(text, &seconds);
}

static const char *format_wanted(struct tu_str text, uint8_t format)
{
	switch ((enum tu_api_format)format) {
	case TU_API_FORMAT_DATE:
		return is_date(text) ? NULL : "a date as 2026-07-10";
	case TU_API_FORMAT_TIME:
		return is_time(text) ? NULL : "a time as 2026-07-10T12:00:00Z";
	case TU_API_FORMAT_ID:
		return is_hex(text, 32) ? NULL : "an id of 32 hexadecimal digits";
	case TU_API_FORMAT_DIGEST:
		return is_hex(text, 64) ? NULL : "a SHA-256 of 64 hexadecimal digits";
	case TU_API_FORMAT_ANY:
	case TU_API_FORMATS:
		break;
	}
	return NULL;
}

static int64_t characters(struct tu_str text)
{
	int64_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return count;
}

static bool is_word(struct tu_str text, const char *const *words)
{
	while (*words && !tu_str_eq(text, tu_str_c(*words)))
		words++;
	return *words != NULL;
}

static bool wrong_word(
	const struct checking *c, struct tu_json value, const struct tu_api_schema *schema)
{
	char all[DETAIL_MAX - 20];
	size_t len = 0;

	all[0] = '\0';
	for (const char *const *word = schema->words; *word && len < sizeof(all) - 1; word++) {
		int more = snprintf(all + len, sizeof(all) - len, "%s%s", len ? ", " : "", *word);

		len += more > 0 ? (size_t)more : 0;
	}
	return wrong(c, "enum", value, "expected one of %s", all);
}

static bool check_text(const struct checking *c, struct tu_json value, struct tu_str text,
	const struct tu_api_schema *schema)
{
	int64_t count = characters(text);
	const char *wanted;

	if (tu_str_find(text, '\0') < text.len)
		return wrong(c, "text", value, "a text without NUL is expected");
	if (schema->words)
		return is_word(text, schema->words) || wrong_word(c, value, schema);
	if (count < schema->least || count > schema->most)
		return wrong(c, "length", value, "%lld to %lld characters are expected, not %lld",
			(long long)schema->least, (long long)schema->most, (long long)count);
	wanted = format_wanted(text, schema->format);
	return !wanted || wrong(c, "format", value, "expected %s", wanted);
}

/* ---- numbers ---- */

static bool check_number(const struct checking *c, struct tu_json value, double number,
	const struct tu_api_schema *schema)
{
	if (schema->integer && number != floor(number))
		return wrong(c, "type", value, "a whole number is expected");
	if (number < (double)schema->least || number > (double)schema->most)
		return wrong(c, "range", value, "%lld to %lld is expected",
			(long long)schema->least, (long long)schema->most);
	return true;
}

bool tu_api_read_int(struct tu_str text, int64_t *out_number)
{
	bool minus = text.len && text.ptr[0] == '-';
	uint64_t number;

	if (!tu_str_to_u64(tu_str_from(text, minus), INT64_MAX, &number))
		return false;
	*out_number = minus ? -(int64_t)number : (int64_t)number;
	return true;
}

/* ---- values ---- */

static bool check(
	const struct checking *c, struct tu_json value, const struct tu_api_schema *schema);

static const struct tu_api_member *member_of(const struct tu_api_schema *schema, struct tu_str key)
{
	const struct tu_api_member *member = schema->members;

	while (member && member->name && !tu_str_eq(key, tu_str_c(member->name)))
		member++;
	return member && member->name ? member : NULL;
}

static bool check_object(
	const struct checking *c, struct tu_json object, const struct tu_api_schema *schema)
{
	struct tu_json_iter iter = tu_json_iter(object);
	struct tu_json value;
	struct tu_str key;
	bool fine = true;

	while (tu_json_next_member(&iter, &key, &value)) {
		const struct tu_api_member *member = member_of(schema, key);

		if (member)
			fine &= check(c, value, member->schema);
		else if (!schema->open)
			fine = wrong_member(c, "unknown", object, key, "there is no such member");
	}
	for (const struct tu_api_member *m = schema->members; m && m->name; m++) {
		if (m->required && !tu_json_get(object, tu_str_c(m->name)).doc)
			fine = wrong_member(
				c, "required", object, tu_str_c(m->name), "it is missing");
	}
	return fine;
}

static bool check_array(
	const struct checking *c, struct tu_json array, const struct tu_api_schema *schema)
{
	struct tu_json_iter iter = tu_json_iter(array);
	int64_t count = (int64_t)tu_json_count(array);
	struct tu_json value;
	bool fine = true;

	if (count < schema->least || count > schema->most)
		return wrong(c, "items", array, "%lld to %lld items are expected, not %lld",
			(long long)schema->least, (long long)schema->most, (long long)count);
	while (tu_json_next_item(&iter, &value))
		fine &= check(c, value, schema->items);
	return fine;
}

static bool wrong_type(const struct checking *c, struct tu_json value, uint8_t types)
{
	char all[100];
	size_t len = 0;

	all[0] = '\0';
	for (unsigned type = 0; type < 8; type++) {
		if (types & TU_API_TYPE_BIT(type) && len < sizeof(all)) {
			int more = snprintf(all + len, sizeof(all) - len, "%s%s", len ? " or " : "",
				tu_json_type_name((enum tu_json_type)type));

			len += more > 0 ? (size_t)more : 0;
		}
	}
	return wrong(c, "type", value, "expected %s", all);
}

static bool check(
	const struct checking *c, struct tu_json value, const struct tu_api_schema *schema)
{
	enum tu_json_type type = tu_json_type(value);
	double number = 0;

	if (!(schema->types & TU_API_TYPE_BIT(type)))
		return wrong_type(c, value, schema->types);
	switch (type) {
	case TU_JSON_STRING:
		return check_text(c, value, tu_json_str(value), schema);
	case TU_JSON_NUMBER:
		return tu_json_number(value, &number) && check_number(c, value, number, schema);
	case TU_JSON_OBJECT:
		return check_object(c, value, schema);
	case TU_JSON_ARRAY:
		return check_array(c, value, schema);
	case TU_JSON_ABSENT:
	case TU_JSON_NULL:
	case TU_JSON_BOOL:
		break;
	}
	return true;
}

bool tu_api_validate(struct tu_json value, const struct tu_api_schema *schema,
	struct tu_arena *arena, struct tu_api_problem *problem)
{
	const struct checking c = {.arena = arena, .problem = problem, .root = value};

	return check(&c, value, schema);
}

bool tu_api_validate_text(struct tu_str text, const struct tu_api_parameter *parameter,
	struct tu_arena *arena, struct tu_api_problem *problem)
{
	const struct checking c = {
		.arena = arena, .problem = problem, .parameter = parameter->name};
	const struct tu_api_schema *schema = parameter->schema;
	const struct tu_json none = {0};
	int64_t number;

	if (schema->types & TU_API_TYPE_BIT(TU_JSON_NUMBER)) {
		if (!tu_api_read_int(text, &number))
			return wrong(&c, "type", none, "expected a whole number");
		return check_number(&c, none, (double)number, schema);
	}
	if (schema->types & TU_API_TYPE_BIT(TU_JSON_BOOL))
		return tu_str_eq(text, TU_STR("true")) || tu_str_eq(text, TU_STR("false")) ||
			wrong(&c, "type", none, "expected true or false");
	return check_text(&c, none, text, schema);
}
