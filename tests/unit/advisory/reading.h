/*
 * Reads a text with tu_advisory_read() and gathers what came out as text.
 */
#ifndef TEST_READING_H
#define TEST_READING_H

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "base/json.h"
#include "support/advisory_text.h"
#include "error_text.h"

struct reading {
	struct tu_buf text; /* as advisory_text.h shows it */
	struct tu_buf problems; /* "where: what", one a line */
	struct tu_feed_summary summary;
	enum tu_status status;
	struct tu_error err;
};

static inline enum tu_status reading_take(
	void *context, const struct tu_advisory *advisory, struct tu_error *err)
{
	struct reading *reading = context;

	(void)err;
	advisory_text(advisory, &reading->text);
	return TU_OK;
}

/*   lifecycle debian 10 released=2019-07-06 eol=2022-09-10 ended */
static inline enum tu_status reading_lifecycle(
	void *context, const struct tu_support_cycle *cycle, struct tu_error *err)
{
	struct reading *reading = context;
	struct tu_buf *out = &reading->text;

	(void)err;
	tu_buf_printf(
		out, "lifecycle %.*s %.*s", TU_STR_FMT(cycle->product), TU_STR_FMT(cycle->cycle));
	text_fact(out, "cpe", cycle->cpe);
	text_fact(out, "released", cycle->released);
	text_fact(out, "support", cycle->support);
	text_fact(out, "eol", cycle->eol);
	text_fact(out, "extended", cycle->extended);
	tu_buf_c(out, cycle->ended ? " ended\n" : "\n");
	return TU_OK;
}

static inline void reading_problem(void *context, struct tu_str where, struct tu_str what)
{
	struct reading *reading = context;

	tu_buf_printf(&reading->problems, "%.*s: %.*s\n", TU_STR_FMT(where), TU_STR_FMT(what));
}

static inline void reading_run(
	struct reading *reading, struct tu_advisory_reader *reader, struct tu_str text)
{
	struct tu_advisory_sink sink = {.advisory = reading_take,
		.problem = reading_problem,
		.context = reading,
		.lifecycle = reading_lifecycle};

	tu_buf_clear(&reading->text);
	tu_buf_clear(&reading->problems);
	reading->summary = (struct tu_feed_summary){0};
	reading->err = (struct tu_error){0};
	reading->status = tu_advisory_read(
		reader, TU_STR("test"), text, &sink, &reading->summary, &reading->err);
	tu_buf_byte(&reading->text, '\0');
	tu_buf_byte(&reading->problems, '\0');
}

/* A copy of exactly the text and the padding behind it, so that a sanitizer sees reading beyond. */
static inline void reading_of(struct reading *reading, struct tu_str text)
{
	struct tu_advisory_reader *reader = tu_advisory_reader_new();
	char *copy = malloc(text.len + TU_JSON_PADDING);

	assert_non_null(reader);
	assert_non_null(copy);
	memcpy(copy, text.ptr, text.len);
	memset(copy + text.len, 0, TU_JSON_PADDING);
	tu_buf_init(&reading->text, 1 << 28);
	tu_buf_init(&reading->problems, 1 << 24);
	reading_run(reading, reader, tu_str_of(copy, text.len));
	free(copy);
	tu_advisory_reader_free(reader);
}

static inline void reading_done(struct reading *reading)
{
	tu_buf_done(&reading->text);
	tu_buf_done(&reading->problems);
}

/* Read `text` without complaint and compare. */
static inline void expect_text(const char *text, const char *expected)
{
	struct reading reading;

	reading_of(&reading, tu_str_c(text));
	assert_string_equal(error_text(&reading.err), "");
	assert_string_equal(reading.problems.ptr, "");
	assert_string_equal(reading.text.ptr, expected);
	reading_done(&reading);
}

static inline void expect_problems(const char *text, const char *problems, const char *expected)
{
	struct reading reading;

	reading_of(&reading, tu_str_c(text));
	assert_string_equal(error_text(&reading.err), "");
	assert_string_equal(reading.problems.ptr, problems);
	assert_string_equal(reading.text.ptr, expected);
	reading_done(&reading);
}

#endif
