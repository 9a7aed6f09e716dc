#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/utf16.h"
#include "error_text.h"

#define TEXT(bytes) \
	{ \
		bytes, sizeof(bytes) - 1 \
	}

struct text {
	const char *ptr;
	size_t len;
};

static struct tu_str str_of(struct text text)
{
	return tu_str_of(text.ptr, text.len);
}

/* RFC 2781: pairs make one character, in both orders; what is no pair is U+FFFD, never skipped. */
static void becomes_utf8(void **state)
{
	static const struct {
		struct text from;
		const char *to;
	} rows[] = {
		{TEXT("\xfe\xff"), ""},
		{TEXT("\xff\xfe"), ""},
		{TEXT("\xfe\xff\0a"), "a"},
		{TEXT("\xff\xfe"
		      "a\0"),
			"a"},
		{TEXT("\xfe\xff\0\xe9"), "\xc3\xa9"},
		{TEXT("\xff\xfe\xac\x20"), "\xe2\x82\xac"},
		{TEXT("\xfe\xff\xe0\x00"), "\xee\x80\x80"},
		{TEXT("\xfe\xff\xd8\x3d\xde\x00"), "\xf0\x9f\x98\x80"},
		{TEXT("\xff\xfe\x3d\xd8\x00\xde"), "\xf0\x9f\x98\x80"},
		{TEXT("\xfe\xff\xdb\xff\xdf\xff"), "\xf4\x8f\xbf\xbf"},
		/* a first half at the end, before a letter, before U+E000, and twice */
		{TEXT("\xfe\xff\xd8\x3d"), "\xef\xbf\xbd"},
		{TEXT("\xfe\xff\xd8\x3d\0a"),
			"\xef\xbf\xbd"
			"a"},
		{TEXT("\xfe\xff\xd8\x3d\xe0\x00"), "\xef\xbf\xbd\xee\x80\x80"},
		{TEXT("\xfe\xff\xd8\x3d\xd8\x3d\xde\x00"), "\xef\xbf\xbd\xf0\x9f\x98\x80"},
		/* a second half alone; an odd byte, also after a first half */
		{TEXT("\xff\xfe\x00\xde"), "\xef\xbf\xbd"},
		{TEXT("\xff\xfe"
		      "a\0b"),
			"a\xef\xbf\xbd"},
		{TEXT("\xfe\xff\xd8\x3d\xde"), "\xef\xbf\xbd\xef\xbf\xbd"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_buf out;

		tu_buf_init(&out, 100);
		assert_true(tu_utf16_is_marked(str_of(rows[i].from)));
		tu_utf16_to_utf8(str_of(rows[i].from), &out);
		assert_false(out.failed);
		if (!tu_str_eq(tu_buf_str(&out), tu_str_c(rows[i].to)))
			fail_msg("row %zu: %.*s", i, TU_STR_FMT(tu_buf_str(&out)));
		tu_buf_done(&out);
	}
	assert_false(tu_utf16_is_marked(TU_STR("\xfe")));
	assert_false(tu_utf16_is_marked(TU_STR("plain")));
}

/* A text longer than its reader allows is refused, not cut. */
static void too_long_is_seen(void **state)
{
	struct tu_buf out;
	(void)state;

	tu_buf_init(&out, 2);
	tu_utf16_to_utf8(tu_str_of("\xfe\xff\0a\0b\0c\0d", 10), &out);
	assert_true(out.failed);
	tu_buf_done(&out);
}

static void judges_marks(void **state)
{
	static const struct {
		struct text text;
		const char *fault; /* NULL: none */
	} rows[] = {
		{TEXT(""), NULL},
		{TEXT("{}"), NULL},
		{TEXT("{\"a\": 1}"), NULL},
		{TEXT("\xef\xbb\xbf{}"), NULL},
		{TEXT("\xff\xfe{\0}\0"), NULL},
		{TEXT("\xef\xbb\xbf\xef\xbb\xbf{}"), "two byte order marks"},
		{TEXT("\xfe\xff\xfe\xff\0{"), "two byte order marks"},
		{TEXT("\xff\xfe\xff\xfe{\0"), "two byte order marks"},
		{TEXT("{\0}\0"), "UTF-16 without byte order mark"},
		{TEXT("\0{\0}"), "UTF-16 without byte order mark"},
		/* XML says its encoding itself; other zero bytes are for the parser to judge */
		{TEXT("<\0a\0"), NULL},
		{TEXT("{\0\0\0"), NULL},
		{TEXT("{\0ab"), NULL},
		{TEXT("\0\0\0{"), NULL},
		{TEXT("\0{a\0"), NULL},
		{TEXT("\0{\0\0"), NULL},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		struct tu_error err = {0};
		enum tu_status status = tu_text_check_marks(str_of(rows[i].text), &err);

		if (status != (rows[i].fault ? TU_E_SYNTAX : TU_OK))
			fail_msg("row %zu: %s", i, error_text(&err));
		if (rows[i].fault)
			assert_non_null(strstr(error_text(&err), rows[i].fault));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(becomes_utf8),
		cmocka_unit_test(too_long_is_seen),
		cmocka_unit_test(judges_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
