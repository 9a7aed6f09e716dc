/*
 * A document with one thing of it wrong, for each thing and each way: a JSON value replaced by one
 * of another type, a member left out; a line of any other text left out, doubled, or with another
 * value. What a reader makes of these is a matter of laws.
 */
#ifndef TU_TESTS_DAMAGE_H
#define TU_TESTS_DAMAGE_H

#include <tutela/buf.h>
#include <tutela/str.h>

enum { DAMAGE_SPANS_MAX = 4096, DAMAGE_FORMS_MAX = 400 };

struct damage_span {
	size_t start, end;
	bool member; /* from its key on, with one comma: to be left out */
};

struct damage {
	struct tu_str text;
	struct damage_span spans[DAMAGE_SPANS_MAX];
	size_t count;
	struct tu_buf out;
};

static const char *const damage_values[] = {
	"7", "\"x\"", "\"\"", "null", "[]", "{}", "true", "[7]", "[{}]", "\"1\"", "-1.5"};
static const char *const damage_words[] = {"", " x", " \"\"", " 7", " [a]", " {a: b}", " ~"};

static inline size_t damage__blank(struct tu_str text, size_t at)
{
	while (at < text.len && tu_char_is_space(text.ptr[at]))
		at++;
	return at;
}

static inline size_t damage__string(struct tu_str text, size_t at)
{
	for (at++; at < text.len && text.ptr[at] != '"'; at++)
		at += text.ptr[at] == '\\';
	return at + 1;
}

static inline void damage__note(struct damage *damage, size_t start, size_t end, bool member)
{
	if (damage->count < DAMAGE_SPANS_MAX && end <= damage->text.len && start < end)
		damage->spans[damage->count++] = (struct damage_span){start, end, member};
}

/* The end of the value at `at`; notes it, what is in it, and its members. */
static inline size_t damage__value(struct damage *damage, size_t at, int depth)
{
	struct tu_str text = damage->text;
	size_t start = at;
	char close = text.ptr[at] == '{' ? '}' : ']';

	if (text.ptr[at] == '"') {
		at = damage__string(text, at);
	} else if ((text.ptr[at] != '{' && text.ptr[at] != '[') || depth > 64) {
		while (at < text.len && !memchr(",]} \n\r\t", text.ptr[at], 7))
			at++;
	} else {
		at = damage__blank(text, at + 1);
		while (at < text.len && text.ptr[at] != close) {
			size_t member = at;

			if (close == '}')
				at = damage__blank(text, damage__string(text, at)) + 1;
			at = damage__blank(text, at);
			if (at >= text.len)
				break;
			at = damage__blank(text, damage__value(damage, at, depth + 1));
			if (at < text.len && text.ptr[at] == ',') {
				at = damage__blank(text, at + 1);
				damage__note(damage, member, at, true);
			}
		}
		at++;
	}
	damage__note(damage, start, at, false);
	return at;
}

static inline void damage__lines(struct damage *damage)
{
	struct tu_str rest = damage->text, line;
	size_t at = 0;

	while (tu_str_split(&rest, '\n', &line)) {
		size_t colon = tu_str_find(line, ':');
		size_t tag = tu_str_find(line, '>');

		damage__note(damage, at, at + line.len + 1, true);
		if (colon < line.len)
			damage__note(damage, at + colon + 1, at + line.len, false);
		if (tag + 1 < line.len)
			damage__note(damage, at + tag + 1,
				at + tag + 1 + tu_str_find(tu_str_from(line, tag + 1), '<'), false);
		at += line.len + 1;
	}
}

static inline void damage__form(
	struct damage *damage, const struct damage_span *span, const char *value)
{
	tu_buf_clear(&damage->out);
	tu_buf_str_add(&damage->out, tu_str_first(damage->text, span->start));
	tu_buf_c(&damage->out, value);
	tu_buf_str_add(&damage->out, tu_str_from(damage->text, span->end));
	(void)tu_buf_reserve(&damage->out, 64); /* padding that readers of feeds ask for */
}

/* Call `each` with each form; of many, a part that is spread over the document. */
static inline void damage_each(struct damage *damage, struct tu_str text,
	void (*each)(void *context, struct tu_str text), void *context)
{
	size_t start = damage__blank(text, 0), forms = 0, at = 0;
	bool json = start < text.len && memchr("{[", text.ptr[start], 2);
	const char *const *values = json ? damage_values : damage_words;
	size_t value_count = json ? TU_COUNT(damage_values) : TU_COUNT(damage_words);
	size_t step;

	damage->text = text;
	damage->count = 0;
	tu_buf_init(&damage->out, text.len + 4096);
	if (json)
		(void)damage__value(damage, start, 0);
	else
		damage__lines(damage);
	for (size_t i = 0; i < damage->count; i++)
		forms += damage->spans[i].member ? 1 : value_count;
	step = forms / DAMAGE_FORMS_MAX + 1;
	step += step % value_count == 0; /* or each value would meet the same one */
	for (size_t i = 0; i < damage->count; i++) {
		const struct damage_span *span = &damage->spans[i];

		for (size_t k = 0; k < (span->member ? 1 : value_count); k++) {
			if (at++ % step != 0)
				continue;
			damage__form(damage, span, span->member ? "" : values[k]);
			each(context, tu_buf_str(&damage->out));
		}
	}
	tu_buf_done(&damage->out);
}

#endif
