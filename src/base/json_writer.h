/*
 * JSON writing, compact or indented, into a bounded buffer.
 *
 * The writer sees to commas, escapes and indentation; the caller opens and closes in pairs. Text
 * that is not valid UTF-8 is written with U+FFFD in place of each bad byte. Failure is the
 * buffer's: look at `buf->failed` once, at the end.
 */
#ifndef TU_BASE_JSON_WRITER_H
#define TU_BASE_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <tutela/buf.h>
#include <tutela/str.h>

struct tu_json_writer {
	struct tu_buf *buf;
	size_t depth;
	size_t line; /* bytes of a new line before an item: none in compact text or outside all */
	bool indented; /* two spaces a level, a line an item */
	bool first; /* nothing is in the open container yet */
	bool after_key;
};

struct tu_json_writer tu_json_writer(struct tu_buf *buf, bool indented);

void tu_json_open_object(struct tu_json_writer *writer);
void tu_json_close_object(struct tu_json_writer *writer);
void tu_json_open_array(struct tu_json_writer *writer);
void tu_json_close_array(struct tu_json_writer *writer);
void tu_json_key_str(struct tu_json_writer *writer, struct tu_str key);
void tu_json_add_str(struct tu_json_writer *writer, struct tu_str text);
void tu_json_add_bool(struct tu_json_writer *writer, bool value);
void tu_json_add_null(struct tu_json_writer *writer);
void tu_json_add_int(struct tu_json_writer *writer, int64_t value);
/* Up to six decimals, without trailing zeros; what is not finite is null. */
void tu_json_add_number(struct tu_json_writer *writer, double value);

/* A value that is JSON already, without white space between its parts: it gets the layout of the
 * rest. */
void tu_json_add_raw(struct tu_json_writer *writer, struct tu_str json);

/* A text that is composed in place: append to `buf` what it says, as it is, between the two calls.
 * `start` is what the first one returned. */
size_t tu_json_open_text(struct tu_json_writer *writer);
void tu_json_close_text(struct tu_json_writer *writer, size_t start);

/* Append `text` escaped and in double quotes. */
void tu_json_quote(struct tu_str text, struct tu_buf *out);

/* Where `len` bytes of a key are to be written, whose quotes and colon are there already, with room
 * for `more` bytes after them; NULL: the buffer has failed. */
char *tu_json__key_room(struct tu_json_writer *writer, size_t len, size_t more);
/* The text of a key that room for it and its quotes was made with. */
void tu_json__put_str(struct tu_json_writer *writer, struct tu_str text);

/*
 * A key that is a literal, whose length the compiler knows, needs no escape and is copied by an
 * instruction or two; any other text is looked at as tu_json_key_str() does. A whole member; the
 * _opt form writes nothing for an empty text.
 */
static inline void tu_json_key(struct tu_json_writer *writer, const char *key)
{
	size_t len = strlen(key);
	char *to;

	if (!__builtin_constant_p(len)) {
		tu_json_key_str(writer, tu_str_of(key, len));
		return;
	}
	to = tu_json__key_room(writer, len, 0);
	if (to)
		memcpy(to, key, len);
}

static inline void tu_json_member_str(
	struct tu_json_writer *writer, const char *key, struct tu_str text)
{
	size_t len = strlen(key);
	char *to;

	if (!__builtin_constant_p(len)) {
		tu_json_key_str(writer, tu_str_of(key, len));
		tu_json_add_str(writer, text);
		return;
	}
	to = tu_json__key_room(writer, len, text.len + 2);
	if (to) {
		memcpy(to, key, len);
		tu_json__put_str(writer, text);
	}
}

static inline void tu_json_member_opt(
	struct tu_json_writer *writer, const char *key, struct tu_str text)
{
	if (text.len)
		tu_json_member_str(writer, key, text);
}

static inline void tu_json_member_int(struct tu_json_writer *writer, const char *key, int64_t value)
{
	tu_json_key(writer, key);
	tu_json_add_int(writer, value);
}

static inline void tu_json_member_bool(struct tu_json_writer *writer, const char *key, bool value)
{
	tu_json_key(writer, key);
	tu_json_add_bool(writer, value);
}

#endif
