#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/intern.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/json_writer.h"
#include "base/time.h"
#include "base/utf8.h"
#include "random.h"

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

/* ---- JSON: what is written is read back ---- */

/* Mostly small characters, some of every length, NUL among them. */
static uint32_t random_point(struct dice *dice)
{
	static const struct {
		uint32_t first, count;
	} planes[] = {{0, 0x20}, {0x20, 0x5f}, {0x20, 0x5f}, {0x7f, 0x81}, {0x100, 0x700},
		{0x800, 0xd000}, {0xe000, 0x2000}, {0x10000, 0x100000}};
	size_t n = dice_below(dice, TU_COUNT(planes));

	return planes[n].first + (uint32_t)dice_below(dice, planes[n].count);
}

static void add_point(struct tu_buf *out, uint32_t c)
{
	if (c < 0x80) {
		tu_buf_byte(out, (char)c);
	} else if (c < 0x800) {
		tu_buf_byte(out, (char)(0xc0 | c >> 6));
		tu_buf_byte(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		tu_buf_byte(out, (char)(0xe0 | c >> 12));
		tu_buf_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
		tu_buf_byte(out, (char)(0x80 | (c & 0x3f)));
	} else {
		tu_buf_byte(out, (char)(0xf0 | c >> 18));
		tu_buf_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
		tu_buf_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
		tu_buf_byte(out, (char)(0x80 | (c & 0x3f)));
	}
}

static void random_text(struct dice *dice, struct tu_buf *out)
{
	size_t len = dice_below(dice, 12);

	tu_buf_clear(out);
	while (len-- > 0)
		add_point(out, random_point(dice));
}

static void write_random_string(struct dice *dice, struct tu_json_writer *writer)
{
	struct tu_buf text;

	tu_buf_init(&text, 1000);
	random_text(dice, &text);
	tu_json_add_str(writer, tu_buf_str(&text));
	tu_buf_done(&text);
}

static void write_random_members(struct dice *dice, struct tu_json_writer *writer, size_t depth);

static void write_random(struct dice *dice, struct tu_json_writer *writer, size_t depth)
{
	switch (dice_below(dice, depth ? 8 : 6)) {
	case 0:
		tu_json_add_null(writer);
		return;
	case 1:
		tu_json_add_bool(writer, dice_below(dice, 2));
		return;
	case 2:
		tu_json_add_int(writer, (int64_t)(dice_roll(dice) >> dice_below(dice, 64)));
		return;
	case 3:
		tu_json_add_number(writer,
			(double)(int64_t)dice_roll(dice) / (double)(1 + dice_below(dice, 1000000)));
		return;
	case 4:
	case 5:
		write_random_string(dice, writer);
		return;
	default:
		write_random_members(dice, writer, depth - 1);
	}
}

static void write_random_members(struct dice *dice, struct tu_json_writer *writer, size_t depth)
{
	size_t count = dice_below(dice, 5);

	if (dice_below(dice, 2)) {
		tu_json_open_array(writer);
		while (count-- > 0)
			write_random(dice, writer, depth);
		tu_json_close_array(writer);
		return;
	}
	tu_json_open_object(writer);
	while (count-- > 0) {
		static const char *const keys[] = {"", "a", "b\nc", "\xe2\x82\xac", "/~\""};

		tu_json_key(writer, keys[count]);
		write_random(dice, writer, depth);
	}
	tu_json_close_object(writer);
}

static void rewrite(struct tu_json value, struct tu_json_writer *writer);

static void rewrite_members(struct tu_json value, struct tu_json_writer *writer)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_str key;
	struct tu_json member;
	char name[64];

	tu_json_open_object(writer);
	while (tu_json_next_member(&iter, &key, &member)) {
		assert_true(key.len < sizeof(name));
		memcpy(name, key.ptr, key.len);
		name[key.len] = '\0';
		tu_json_key(writer, name);
		rewrite(member, writer);
	}
	tu_json_close_object(writer);
}

static void rewrite_items(struct tu_json value, struct tu_json_writer *writer)
{
	struct tu_json_iter iter = tu_json_iter(value);
	struct tu_json item;

	tu_json_open_array(writer);
	while (tu_json_next_item(&iter, &item))
		rewrite(item, writer);
	tu_json_close_array(writer);
}

static void rewrite_number(struct tu_json value, struct tu_json_writer *writer)
{
	int64_t integer;
	double number;

	if (tu_json__tag(value.doc, value.at) == 'l') {
		memcpy(&integer, &value.doc->tape[value.at + 1], sizeof(integer));
		tu_json_add_int(writer, integer);
		return;
	}
	assert_true(tu_json_number(value, &number));
	tu_json_add_number(writer, number);
}

/* Write what was read. */
static void rewrite(struct tu_json value, struct tu_json_writer *writer)
{
	switch (tu_json_type(value)) {
	case TU_JSON_ABSENT:
		fail();
		return;
	case TU_JSON_NULL:
		tu_json_add_null(writer);
		return;
	case TU_JSON_BOOL:
		tu_json_add_bool(writer, tu_json_true(value));
		return;
	case TU_JSON_NUMBER:
		rewrite_number(value, writer);
		return;
	case TU_JSON_STRING:
		tu_json_add_str(writer, tu_json_str(value));
		return;
	case TU_JSON_ARRAY:
		rewrite_items(value, writer);
		return;
	case TU_JSON_OBJECT:
		rewrite_members(value, writer);
		return;
	}
}

static void json_written_and_read_is_the_same(void **state)
{
	struct dice dice = dice_new(1);
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_buf first;
	struct tu_buf second;
	(void)state;

	tu_buf_init(&first, 1 << 22);
	tu_buf_init(&second, 1 << 22);
	for (int i = 0; i < 3000; i++) {
		bool indented = dice_below(&dice, 2);
		struct tu_json_writer writer = tu_json_writer(&first, indented);
		struct tu_json_limits limits = {.unique_keys = true};
		struct tu_json root;
		struct tu_error err;

		tu_buf_clear(&first);
		tu_buf_clear(&second);
		write_random(&dice, &writer, 1 + dice_below(&dice, 6));
		if (tu_json_parse(parser, tu_buf_str(&first), &limits, &root, &err))
			fail_msg("%s: %.*s", err.message, TU_STR_FMT(tu_buf_str(&first)));
		writer = tu_json_writer(&second, indented);
		rewrite(root, &writer);
		if (!tu_str_eq(tu_buf_str(&first), tu_buf_str(&second)))
			fail_msg("%.*s\n%.*s", TU_STR_FMT(tu_buf_str(&first)),
				TU_STR_FMT(tu_buf_str(&second)));
	}
	tu_buf_done(&first);
	tu_buf_done(&second);
	tu_json_parser_free(parser);
}

/* Parser and scan agree on every damaged text, so every error has a place. */
static void json_errors_always_have_a_place(void **state)
{
	static const char bytes[] = "{}[]:,\"\\u0019dD8-+.eE \n\ttrfalsn\x80\xc3\xff";
	struct dice dice = dice_new(2);
	struct tu_json_parser *parser = tu_json_parser_new();
	struct tu_buf text;
	size_t refused = 0;
	(void)state;

	tu_buf_init(&text, 1 << 20);
	for (int i = 0; i < 30000; i++) {
		struct tu_json_writer writer = tu_json_writer(&text, dice_below(&dice, 2));
		struct tu_json_fault fault;
		struct tu_json root;
		enum tu_status status;

		tu_buf_clear(&text);
		write_random(&dice, &writer, 4);
		for (size_t n = dice_below(&dice, 4); n > 0; n--)
			text.ptr[dice_below(&dice, text.len)] =
				bytes[dice_below(&dice, sizeof(bytes))];
		status = tu_json_parse(parser, tu_buf_str(&text), NULL, &root, NULL);
		refused += status != TU_OK;
		if (tu_json_scan_fault(tu_buf_str(&text), 512, &fault) != (status != TU_OK))
			fail_msg("status %d: %.*s", status, TU_STR_FMT(tu_buf_str(&text)));
	}
	assert_in_range(refused, 5000, 29000);
	tu_buf_done(&text);
	tu_json_parser_free(parser);
}

/* ---- UTF-8 ---- */

static void utf8_decoding_and_checking_agree(void **state)
{
	struct dice dice = dice_new(3);
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1000);
	for (int i = 0; i < 20000; i++) {
		struct tu_str rest;
		uint32_t point;
		struct tu_buf again;

		random_text(&dice, &text);
		if (text.len && dice_below(&dice, 2))
			text.ptr[dice_below(&dice, text.len)] = (char)dice_roll(&dice);
		rest = tu_buf_str(&text);
		tu_buf_init(&again, 1000);
		while (rest.len && tu_utf8_next(&rest, &point)) {
			assert_true(point < 0xd800 || (point > 0xdfff && point < 0x110000));
			add_point(&again, point);
		}
		/* as far as it decodes it is valid, and encodes to the same bytes */
		assert_int_equal(tu_utf8_invalid_at(tu_buf_str(&text)), text.len - rest.len);
		assert_true(tu_str_eq(
			tu_buf_str(&again), tu_str_first(tu_buf_str(&text), text.len - rest.len)));
		tu_buf_done(&again);
	}
	tu_buf_done(&text);
}

/* ---- digit runs ---- */

struct run {
	char text[40];
	size_t len;
};

static struct run random_run(struct dice *dice)
{
	struct run run = {.len = dice_below(dice, 2) ? dice_below(dice, 4) : dice_below(dice, 40)};

	for (size_t i = 0; i < run.len; i++)
		run.text[i] = (char)('0' + dice_below(dice, 2 + 8 * dice_below(dice, 2)));
	return run;
}

static int compare_runs(const struct run *a, const struct run *b)
{
	return sign(tu_str_cmp_digits(tu_str_of(a->text, a->len), tu_str_of(b->text, b->len)));
}

/* As numbers: both padded with zeros to the same length compare as bytes. */
static int compare_padded(const struct run *a, const struct run *b)
{
	char x[40];
	char y[40];

	memset(x, '0', sizeof(x));
	memset(y, '0', sizeof(y));
	memcpy(x + sizeof(x) - a->len, a->text, a->len);
	memcpy(y + sizeof(y) - b->len, b->text, b->len);
	return sign(memcmp(x, y, sizeof(x)));
}

static void digit_runs_are_ordered_as_numbers(void **state)
{
	struct dice dice = dice_new(4);
	(void)state;

	for (int i = 0; i < 50000; i++) {
		struct run a = random_run(&dice);
		struct run b = random_run(&dice);
		struct run c = random_run(&dice);

		assert_int_equal(compare_runs(&a, &a), 0);
		assert_int_equal(compare_runs(&a, &b), compare_padded(&a, &b));
		assert_int_equal(compare_runs(&a, &b), -compare_runs(&b, &a));
		if (compare_runs(&a, &b) <= 0 && compare_runs(&b, &c) <= 0)
			assert_true(compare_runs(&a, &c) <= 0);
	}
}

/* ---- time ---- */

static void time_round_trips_and_days_follow_each_other(void **state)
{
	struct dice dice = dice_new(5);
	struct tu_buf text;
	struct tu_buf last;
	int64_t back;
	(void)state;

	tu_buf_init(&text, 100);
	tu_buf_init(&last, 100);
	for (int i = 0; i < 20000; i++) {
		int64_t seconds = (int64_t)(dice_roll(&dice) % ((uint64_t)TU_TIME_MAX + 1));

		tu_buf_clear(&text);
		tu_time_write(seconds, &text);
		assert_int_equal(text.len, 20);
		assert_true(tu_time_parse(tu_buf_str(&text), &back));
		assert_true(back == seconds);
	}
	/* every day there is: rising, none written twice */
	for (int64_t day = 0; day <= TU_TIME_MAX / 86400;
		day += 1 + (int64_t)dice_below(&dice, 3)) {
		tu_buf_clear(&text);
		tu_time_write_date(day * 86400 + 86399, &text);
		assert_true(tu_time_parse(tu_buf_str(&text), &back));
		assert_true(back == day * 86400);
		assert_true(tu_str_cmp(tu_buf_str(&last), tu_buf_str(&text)) < 0);
		tu_buf_clear(&last);
		tu_buf_str_add(&last, tu_buf_str(&text));
	}
	tu_buf_done(&text);
	tu_buf_done(&last);
}

/* ---- interner ---- */

static void interned_ids_are_stable(void **state)
{
	struct dice dice = dice_new(6);
	struct tu_intern *intern = tu_intern_new(0);
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1000);
	for (int i = 0; i < 50000; i++) {
		uint32_t before = tu_intern_count(intern);
		uint32_t known;
		uint32_t id;

		random_text(&dice, &text);
		if (text.len > 3)
			text.len = 3;
		known = tu_intern_find(intern, tu_buf_str(&text));
		assert_true(tu_intern_add(intern, tu_buf_str(&text), &id));
		assert_int_equal(id, known == TU_INTERN_NONE ? before : known);
		assert_true(tu_str_eq(tu_intern_str(intern, id), tu_buf_str(&text)));
	}
	for (uint32_t id = 0; id < tu_intern_count(intern); id++)
		assert_int_equal(tu_intern_find(intern, tu_intern_str(intern, id)), id);
	tu_buf_done(&text);
	tu_intern_free(intern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_written_and_read_is_the_same),
		cmocka_unit_test(json_errors_always_have_a_place),
		cmocka_unit_test(utf8_decoding_and_checking_agree),
		cmocka_unit_test(digit_runs_are_ordered_as_numbers),
		cmocka_unit_test(time_round_trips_and_days_follow_each_other),
		cmocka_unit_test(interned_ids_are_stable),
	};

	return cmocka_run_group_tests_name("base laws", tests, NULL, NULL);
}
