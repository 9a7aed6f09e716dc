#include "base/json_scan.h"

#include <stdint.h>

#include "base/utf8.h"

/*
 * One loop with an explicit stack of container kinds would need an allocation of `depth` bytes;
 * instead the kinds are kept in a bit set of fixed size.
 */
enum { DEPTH_MAX = 4096 };

struct scan {
	struct tu_str text;
	size_t at;
	size_t depth;
	size_t depth_max;
	uint64_t is_object[DEPTH_MAX / 64];
	size_t nodes; /* values and keys begun so far */
	size_t wanted; /* stop at this ordinal */
	bool found;
	struct tu_json_fault fault;
};

static bool fault(struct scan *scan, const char *message)
{
	scan->fault = (struct tu_json_fault){scan->at, message};
	return false;
}

static char peek(const struct scan *scan)
{
	return scan->at < scan->text.len ? scan->text.ptr[scan->at] : '\0';
}

static bool at_end(const struct scan *scan)
{
	return scan->at >= scan->text.len;
}

static void skip_space(struct scan *scan)
{
	while (!at_end(scan)) {
		char c = peek(scan);

		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			return;
		scan->at++;
	}
}

static bool is_hex(char c)
{
	char low = tu_char_lower(c);

	return tu_char_is_digit(c) || (low >= 'a' && low <= 'f');
}

static bool scan_escape(struct scan *scan)
{
	static const char simple[] = "\"\\/bfnrt";

	scan->at++;
	if (at_end(scan))
		return fault(scan, "text ends inside a string");
	if (peek(scan) == 'u') {
		scan->at++;
		for (int i = 0; i < 4; i++, scan->at++) {
			if (!is_hex(peek(scan)))
				return fault(scan, "expected four hexadecimal digits after \\u");
		}
		return true;
	}
	if (!peek(scan) || !strchr(simple, peek(scan)))
		return fault(scan, "unknown escape in a string");
	scan->at++;
	return true;
}

static bool scan_string(struct scan *scan)
{
	scan->at++;
	while (!at_end(scan)) {
		unsigned char c = (unsigned char)peek(scan);
		size_t bytes = 1;

		if (c == '"') {
			scan->at++;
			return true;
		}
		if (c < 0x20)
			return fault(scan, "control character in a string (escape it)");
		if (c == '\\') {
			if (!scan_escape(scan))
				return false;
			continue;
		}
		if (c >= 0x80)
			bytes = tu_utf8_len(tu_str_from(scan->text, scan->at));
		if (bytes == 0)
			return fault(scan, "invalid UTF-8");
		scan->at += bytes;
	}
	return fault(scan, "text ends inside a string");
}

static size_t skip_digits(struct scan *scan)
{
	size_t start = scan->at;

	while (tu_char_is_digit(peek(scan)))
		scan->at++;
	return scan->at - start;
}

static bool scan_number(struct scan *scan)
{
	size_t start;

	if (peek(scan) == '-')
		scan->at++;
	start = scan->at;
	if (skip_digits(scan) == 0)
		return fault(scan, "expected a digit");
	if (scan->text.ptr[start] == '0' && scan->at - start > 1)
		return fault(scan, "a number must not start with 0");
	if (peek(scan) == '.') {
		scan->at++;
		if (skip_digits(scan) == 0)
			return fault(scan, "expected a digit after the decimal point");
	}
	if (tu_char_lower(peek(scan)) == 'e') {
		scan->at++;
		if (peek(scan) == '+' || peek(scan) == '-')
			scan->at++;
		if (skip_digits(scan) == 0)
			return fault(scan, "expected a digit in the exponent");
	}
	return true;
}

static bool scan_word(struct scan *scan)
{
	static const struct tu_str words[] = {
		TU_STR_INIT("true"), TU_STR_INIT("false"), TU_STR_INIT("null")};

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_starts(tu_str_from(scan->text, scan->at), words[i])) {
			scan->at += words[i].len;
			return true;
		}
	}
	return fault(scan, "expected a value");
}

/* Count a value or key that begins here; true when it is the wanted one. */
static bool begin_node(struct scan *scan)
{
	scan->found = scan->nodes++ == scan->wanted;
	return scan->found;
}

static bool in_object(const struct scan *scan)
{
	size_t level = scan->depth - 1;

	return scan->is_object[level / 64] >> (level % 64) & 1;
}

static bool push(struct scan *scan, bool object)
{
	uint64_t bit = (uint64_t)1 << (scan->depth % 64);

	if (scan->depth >= scan->depth_max)
		return fault(scan, "nested too deeply");
	if (object)
		scan->is_object[scan->depth / 64] |= bit;
	else
		scan->is_object[scan->depth / 64] &= ~bit;
	scan->depth++;
	scan->at++;
	return true;
}

static bool scan_key(struct scan *scan)
{
	skip_space(scan);
	if (peek(scan) != '"')
		return fault(scan,
			at_end(scan) ? "text ends inside an object"
				     : "expected a key in double quotes");
	if (begin_node(scan))
		return false;
	if (!scan_string(scan))
		return false;
	skip_space(scan);
	if (peek(scan) != ':')
		return fault(scan, "expected ':' after the key");
	scan->at++;
	return true;
}

static bool scan_scalar(struct scan *scan)
{
	char c = peek(scan);

	if (c == '"')
		return scan_string(scan);
	if (c == '-' || tu_char_is_digit(c))
		return scan_number(scan);
	return scan_word(scan);
}

/* After a value: close containers that end here and step over one comma. `*out_more`: another
 * value follows. */
static bool scan_after_value(struct scan *scan, bool *out_more)
{
	while (scan->depth > 0) {
		char close = in_object(scan) ? '}' : ']';

		skip_space(scan);
		if (peek(scan) == ',') {
			scan->at++;
			*out_more = true;
			return in_object(scan) ? scan_key(scan) : true;
		}
		if (peek(scan) != close)
			return fault(scan,
				at_end(scan)	       ? "text ends inside an object or array"
					: close == '}' ? "expected ',' or '}'"
						       : "expected ',' or ']'");
		scan->at++;
		scan->depth--;
	}
	*out_more = false;
	return true;
}

/* Open a container. `*out_empty`: it closed at once, so it is a whole value. */
static bool scan_open(struct scan *scan, bool object, bool *out_empty)
{
	if (!push(scan, object))
		return false;
	skip_space(scan);
	*out_empty = peek(scan) == (object ? '}' : ']');
	if (*out_empty) {
		scan->at++;
		scan->depth--;
		return true;
	}
	return object ? scan_key(scan) : true;
}

/* Walk the whole text. False: stopped at a fault or at the wanted node. */
static bool scan_text(struct scan *scan)
{
	bool more = true;

	while (more) {
		bool whole = true;
		char c;

		skip_space(scan);
		if (at_end(scan))
			return fault(scan, "text ends where a value is expected");
		if (begin_node(scan))
			return false;
		c = peek(scan);
		if (c == '{' || c == '[') {
			if (!scan_open(scan, c == '{', &whole))
				return false;
		} else if (!scan_scalar(scan)) {
			return false;
		}
		if (whole && !scan_after_value(scan, &more))
			return false;
	}
	skip_space(scan);
	return at_end(scan) || fault(scan, "something follows the end of the document");
}

bool tu_json_scan_fault(struct tu_str text, size_t depth, struct tu_json_fault *out_fault)
{
	struct scan scan = {.text = text, .wanted = SIZE_MAX};

	scan.depth_max = depth < DEPTH_MAX ? depth : DEPTH_MAX;
	if (scan_text(&scan))
		return false;
	*out_fault = scan.fault;
	return true;
}

size_t tu_json_scan_offset(struct tu_str text, size_t ordinal)
{
	struct scan scan = {.text = text, .wanted = ordinal, .depth_max = DEPTH_MAX};

	(void)scan_text(&scan);
	return scan.found ? scan.at : text.len;
}
