/* Texts, dates and titles as the forms write them. */
#include "advisory/reader.h"

#include "base/time.h"

struct tu_str tu_advisory__text(struct tu_advisory_reader *r, struct tu_json value, size_t max)
{
	enum tu_json_type type = tu_json_type(value);
	struct tu_str text = tu_json_str(value);

	if (type == TU_JSON_STRING && text.len <= max)
		return text;
	if (type == TU_JSON_STRING)
		tu_advisory__problem(
			r, value, "a text of %zu bytes, more than the limit of %zu", text.len, max);
	else if (type != TU_JSON_ABSENT && type != TU_JSON_NULL)
		tu_advisory__problem(r, value, "not a string but %s", tu_json_type_name(type));
	return (struct tu_str){"", 0};
}

/* Go's zero time is how some databases write "not known". */
static bool is_zero_time(struct tu_str text)
{
	return tu_str_starts(text, TU_STR("0001-01-01T00:00:00"));
}

int64_t tu_advisory__time(struct tu_advisory_reader *r, struct tu_json value)
{
	struct tu_str text = tu_advisory__text(r, value, ADV_TEXT_MAX);
	int64_t seconds = 0;

	if (text.len == 0 || is_zero_time(text) || tu_time_parse(text, &seconds))
		return seconds;
	tu_advisory__problem(r, value, "\"%.*s\" is not a date of 1970 or later",
		TU_STR_FMT(tu_str_first(text, 64)));
	return 0;
}

static bool begins_sentence(char c)
{
	return !tu_char_is_lower(c) && !tu_char_is_digit(c);
}

/* A full stop ends a sentence when a space and then neither a small letter nor a digit follow: not
 * in "e.g. this" and not in "Acme v. 2". */
static size_t sentence_end(struct tu_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n' || text.ptr[i] == '\r')
			return i;
		if (text.ptr[i] == '.' && i + 2 < text.len && tu_char_is_space(text.ptr[i + 1]) &&
			begins_sentence(text.ptr[i + 2]))
			return i + 1;
	}
	return text.len;
}

struct tu_str tu_advisory__title(struct tu_str text)
{
	struct tu_str cut;
	size_t end;

	text = tu_str_trim(text);
	cut = tu_str_first(text, sentence_end(tu_str_first(text, 4 * ADV_TITLE_MAX)));
	if (cut.len <= ADV_TITLE_MAX)
		return tu_str_trim(cut);
	end = ADV_TITLE_MAX;
	while (end > 0 && ((unsigned char)cut.ptr[end] & 0xc0) == 0x80)
		end--;
	return tu_str_trim(tu_str_first(cut, end));
}

struct tu_str tu_advisory__english(struct tu_json descriptions)
{
	struct tu_json_iter iter = tu_json_iter(descriptions);
	struct tu_json item;

	if (!tu_json_is_array(descriptions))
		return (struct tu_str){"", 0};
	while (tu_json_next_item(&iter, &item)) {
		if (tu_str_istarts(TU_JSON_STR(item, "lang"), TU_STR("en")))
			return TU_JSON_STR(item, "value");
	}
	return (struct tu_str){"", 0};
}

bool tu_advisory__is_cve_id(struct tu_str id)
{
	if (id.len > 32 || !tu_str_skip(&id, TU_STR("CVE-")))
		return false;
	return tu_str_digits(&id).len == 4 && tu_str_skip(&id, TU_STR("-")) &&
		tu_str_digits(&id).len >= 4 && id.len == 0;
}

bool tu_advisory__is_id(struct tu_str id)
{
	if (id.len == 0 || id.len > ADV_ID_MAX)
		return false;
	for (size_t i = 0; i < id.len; i++) {
		if ((unsigned char)id.ptr[i] <= ' ' || id.ptr[i] == 0x7f)
			return false;
	}
	return true;
}

bool tu_advisory__copy_text(struct tu_advisory_reader *r, struct tu_str *out_copy)
{
	return !r->text.failed && tu_arena_dup(r->arena, tu_buf_str(&r->text), out_copy);
}

bool tu_advisory__lower(struct tu_advisory_reader *r, struct tu_str text, struct tu_str *out_lower)
{
	char *copy;
	size_t i = 0;

	while (i < text.len && !tu_char_is_upper(text.ptr[i]))
		i++;
	*out_lower = text;
	if (i == text.len)
		return true;
	copy = tu_arena_text(r->arena, text.len);
	if (!copy)
		return false;
	for (i = 0; i < text.len; i++)
		copy[i] = tu_char_lower(text.ptr[i]);
	*out_lower = tu_str_of(copy, text.len);
	return true;
}
