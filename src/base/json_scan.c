#include "base/hex.h"
#include "base/json_scan.h"

#include <stdint.h>

#include "base/utf8.h"

/*
 * One loop with an explicit stack of container kinds would need an allocation of `depth` bytes;
 * instead the kinds are kept in a bit set of fixed size.
 */
enum { DEPTH_MAX = TU_JSON_DEPTH_MAX };

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

static bool fault_of(struct scan *scan, enum tu_status status, size_t at, const char *message)
{
	scan->fault = (struct tu_json_fault){at, status, message};
	return false;
}

static bool fault(struct scan *scan, const char *message)
{
	return fault_of(scan, TU_E_SYNTAX, scan->at, message);
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

static bool scan_hex(struct scan *scan, uint32_t *out_unit)
{
	*out_unit = 0;
	for (int i = 0; i < 4; i++, scan->at++) {
		int value = tu_hex_value(peek(scan));

		if (value < 0)
			return fault(scan, "expected four hexadecimal digits after \\u");
		*out_unit = *out_unit << 4 | (uint32_t)value;
	}
	return true;
}

/* After "\u": one unit of UTF-16, or two that make a pair. */
static bool scan_unicode(struct scan *scan)
{
	size_t start = scan->at - 2;
	uint32_t unit;
	uint32_t low = 0;

	if (!scan_hex(scan, &unit))
		return false;
	if (unit < 0xd800 || unit > 0xdfff)
		return true;
	if (unit <= 0xdbff && tu_str_starts(tu_str_from(scan->text, scan->at), TU_STR("\\u"))) {
		scan->at += 2;
		if (!scan_hex(scan, &low))
			return false;
	}
	return (low >= 0xdc00 && low <= 0xdfff) ||
		fault_of(scan, TU_E_SYNTAX, start, "half of a surrogate pair");
}

static bool scan_escape(struct scan *scan)
{
	static const char simple[] = "\"\\/bfnrt";

	scan->at++;
	if (at_end(scan))
		return fault(scan, "text ends inside a string");
	if (peek(scan) == 'u') {
		scan->at++;
		return scan_unicode(scan);
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

/* An integer that fits neither int64_t nor uint64_t. */
static bool is_big_integer(struct tu_str digits, bool negative)
{
	uint64_t max = negative ? (uint64_t)1 << 63 : UINT64_MAX;
	uint64_t ignored;

	return !tu_str_to_u64(digits, max, &ignored);
}

/* The significant digits of a number with a fraction or an exponent, and how far its decimal point
 * comes after the first of them. */
struct magnitude {
	struct tu_str exponent; /* without sign */
	bool exponent_negative;
	int64_t point;
	char digits[20]; /* the first ones */
	size_t len;
};

static struct magnitude magnitude_of(struct tu_str number)
{
	struct magnitude m = {.exponent = {"", 0}};
	bool behind_point = false;

	for (size_t i = 0; i < number.len; i++) {
		char c = number.ptr[i];

		if (tu_char_lower(c) == 'e') {
			m.exponent = tu_str_from(number, i + 1);
			break;
		}
		behind_point |= c == '.';
		if (!tu_char_is_digit(c))
			continue;
		if (m.len == 0 && c == '0') {
			m.point -= behind_point;
			continue;
		}
		m.point += !behind_point;
		if (m.len < sizeof(m.digits))
			m.digits[m.len++] = c;
	}
	m.exponent_negative = tu_str_skip(&m.exponent, TU_STR("-"));
	(void)tu_str_skip(&m.exponent, TU_STR("+"));
	return m;
}

/* Rounds to infinity as a double: 2^1024 - 2^970 and more, which is 0.179… * 10^309. */
static bool is_beyond_double(struct tu_str number)
{
	static const struct tu_str largest = TU_STR_INIT("17976931348623158079");
	enum { LARGEST_POINT = 309, EXPONENT_MAX = 1 << 30 };
	struct magnitude m = magnitude_of(number);
	uint64_t exponent = 0;

	if (m.len == 0)
		return false;
	if (m.exponent.len && !tu_str_to_u64(m.exponent, EXPONENT_MAX, &exponent))
		exponent = EXPONENT_MAX;
	m.point += m.exponent_negative ? -(int64_t)exponent : (int64_t)exponent;
	if (m.point != LARGEST_POINT)
		return m.point > LARGEST_POINT;
	return tu_str_cmp(tu_str_of(m.digits, m.len), largest) >= 0;
}

static bool check_range(struct scan *scan, size_t start, bool integer)
{
	struct tu_str number = tu_str_from(tu_str_first(scan->text, scan->at), start);
	struct tu_str digits = number;
	bool negative = tu_str_skip(&digits, TU_STR("-"));

	if (integer ? !is_big_integer(digits, negative) : !is_beyond_double(number))
		return true;
	return fault_of(scan, TU_E_LIMIT, start, "a number that 64 bits cannot hold");
}

static bool scan_number(struct scan *scan)
{
	size_t begin = scan->at;
	size_t start;
	bool integer = true;

	if (peek(scan) == '-')
		scan->at++;
	start = scan->at;
	if (skip_digits(scan) == 0)
		return fault(scan, "expected a digit");
	if (scan->text.ptr[start] == '0' && scan->at - start > 1)
		return fault_of(scan, TU_E_SYNTAX, start, "a number must not start with 0");
	if (peek(scan) == '.') {
		integer = false;
		scan->at++;
		if (skip_digits(scan) == 0)
			return fault(scan, "expected a digit after the decimal point");
	}
	if (tu_char_lower(peek(scan)) == 'e') {
		integer = false;
		scan->at++;
		if (peek(scan) == '+' || peek(scan) == '-')
			scan->at++;
		if (skip_digits(scan) == 0)
			return fault(scan, "expected a digit in the exponent");
	}
	return check_range(scan, begin, integer);
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

static void push(struct scan *scan, bool object)
{
	uint64_t bit = (uint64_t)1 << (scan->depth % 64);

	if (object)
		scan->is_object[scan->depth / 64] |= bit;
	else
		scan->is_object[scan->depth / 64] &= ~bit;
	scan->depth++;
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

/* Open a container. `*out_empty`: it closed at once, so it is a whole value, and takes no level:
 * the parser counts so too. */
static bool scan_open(struct scan *scan, bool object, bool *out_empty)
{
	size_t open = scan->at++;

	skip_space(scan);
	*out_empty = peek(scan) == (object ? '}' : ']');
	if (*out_empty) {
		scan->at++;
		return true;
	}
	if (scan->depth >= scan->depth_max)
		return fault_of(scan, TU_E_LIMIT, open, "nested too deeply");
	push(scan, object);
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
