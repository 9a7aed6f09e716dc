#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/json.h"
#include "feed/sidecar.h"
#include "feed/state.h"
#include "error_text.h"

enum { DAY = 86400 };

static const int64_t now = TU_CLOCK_EARLIEST + 100 * (int64_t)DAY;

/* A parser wants bytes behind its text. */
static struct tu_str padded(struct tu_arena *arena, struct tu_str text)
{
	char *copy = tu_arena_alloc(arena, text.len + TU_JSON_PADDING);

	assert_non_null(copy);
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	return tu_str_of(copy, text.len);
}

static enum tu_status read_state(const char *text, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_feed_state state;
	enum tu_status status;

	assert_true(tu_feed_state_init(arena, &state));
	status = tu_feed_state_read(padded(arena, tu_str_c(text)), &state, err);
	tu_feed_state_done(&state);
	tu_arena_free(arena);
	return status;
}

static void a_state_comes_back_as_it_was(void **ignored)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_feed_state state, again;
	struct tu_feed_file *file;
	struct tu_buf text, second;
	(void)ignored;

	tu_buf_init(&text, 1 << 20);
	tu_buf_init(&second, 1 << 20);
	assert_true(tu_feed_state_init(arena, &state));
	assert_true(tu_feed_state_init(arena, &again));
	state.last_success = now;
	state.last_attempt = now + 5;
	state.last_error = TU_STR("a \"quoted\"\nreason");
	state.cursor = TU_STR("2026-01-01T00:00:00Z");
	state.next = 4000;
	file = tu_feed_state_file(&state, TU_STR("files/a.zip"));
	file->etag = TU_STR("W/\"x\"");
	file->bytes = 12345678901;
	file->records = 7;
	file->signer = TU_STR("00ff");
	tu_feed_state_file(&state, TU_STR("files/gone.json"))->gone = true;
	assert_ptr_equal(tu_feed_state_file(&state, TU_STR("files/a.zip")),
		tu_feed_state_find(&state, TU_STR("files/a.zip")));
	assert_null(tu_feed_state_find(&state, TU_STR("files/gone.json")));
	tu_feed_state_write(&state, &text);
	assert_int_equal(tu_feed_state_read(padded(arena, tu_buf_str(&text)), &again, NULL), TU_OK);
	tu_feed_state_write(&again, &second);
	assert_true(tu_str_eq(tu_buf_str(&text), tu_buf_str(&second)));
	assert_true(tu_str_eq(again.files.at[0].signer, TU_STR("00ff")));
	assert_int_equal(tu_feed_state_records(&again), 7);
	assert_int_equal(tu_feed_state_bytes(&again), 12345678901);
	tu_buf_done(&text);
	tu_buf_done(&second);
	tu_feed_state_done(&state);
	tu_feed_state_done(&again);
	tu_arena_free(arena);
}

static void a_bad_state_is_told(void **ignored)
{
#define FILE_ROW(name) \
	"{\"state_version\":1,\"files\":[{\"name\":\"" name "\",\"bytes\":1,\"records\":1}]}"
	static const struct {
		const char *text;
		enum tu_status status;
	} cases[] = {
		{"", TU_E_SYNTAX},
		{"[]", TU_E_SYNTAX},
		{"{}", TU_E_SYNTAX},
		{"{\"state_version\":2}", TU_E_UNSUPPORTED},
		{"{\"state_version\":1}", TU_OK},
		{"{\"state_version\":1,\"last_success\":\"soon\"}", TU_E_SYNTAX},
		{"{\"state_version\":1,\"next\":-1}", TU_E_SYNTAX},
		{FILE_ROW("files/a.json"), TU_OK},
		{FILE_ROW("../a.json"), TU_E_SYNTAX},
		{FILE_ROW("/etc/passwd"), TU_E_SYNTAX},
		{FILE_ROW("files//a"), TU_E_SYNTAX},
		{FILE_ROW("files/.hidden"), TU_E_SYNTAX},
		{FILE_ROW("files/a/"), TU_E_SYNTAX},
		{FILE_ROW("a\\nb"), TU_E_SYNTAX},
		{FILE_ROW(""), TU_E_SYNTAX},
		{"{\"state_version\":1,\"files\":[{\"name\":\"a\"}]}", TU_E_SYNTAX},
	};
	(void)ignored;

	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_error err = {0};

		if (read_state(cases[i].text, &err) != cases[i].status)
			fail_msg("%s: %s", cases[i].text, error_text(&err));
	}
}

static void freshness_is_never_assumed(void **ignored)
{
	const struct tu_sidecar_source good = {.last_success = now, .max_age = 2 * DAY};
	struct tu_sidecar_source failed = good;
	struct tu_sidecar_source never = {.max_age = 2 * DAY};
	(void)ignored;

	failed.last_error = TU_STR("HTTP 503");
	assert_int_equal(tu_sidecar_judge(&good, now), TU_FRESH);
	assert_int_equal(tu_sidecar_judge(&good, now + 2 * DAY), TU_FRESH);
	assert_int_equal(tu_sidecar_judge(&good, now + 2 * DAY + 1), TU_FRESH_STALE);
	assert_int_equal(tu_sidecar_judge(&failed, now), TU_FRESH_FAILED);
	assert_int_equal(tu_sidecar_judge(&failed, now + 3 * DAY), TU_FRESH_FAILED_STALE);
	assert_int_equal(tu_sidecar_judge(&never, now), TU_FRESH_NEVER);
	/* a clock at 1970, and one that was put back */
	assert_int_equal(tu_sidecar_judge(&good, 0), TU_FRESH_UNKNOWN);
	assert_int_equal(tu_sidecar_judge(&good, -1), TU_FRESH_UNKNOWN);
	assert_int_equal(tu_sidecar_judge(&good, now - 2 * DAY), TU_FRESH_UNKNOWN);
	assert_true(tu_freshness_is_stale(TU_FRESH_UNKNOWN));
	assert_true(tu_freshness_is_stale(TU_FRESH_NEVER));
	assert_false(tu_freshness_is_stale(TU_FRESH_FAILED));
	assert_true(tu_freshness_is_failed(TU_FRESH_FAILED));
	assert_false(tu_freshness_is_failed(TU_FRESH_STALE));
}

static void an_account_comes_back_as_it_was(void **ignored)
{
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_sidecar_source sources[] = {{.name = TU_STR("nvd"),
							    .last_success = now,
							    .last_attempt = now,
							    .max_age = DAY,
							    .records = 3,
							    .bytes = 9},
		{.name = TU_STR("kev"), .last_error = TU_STR("no"), .max_age = 1}};
	const struct tu_sidecar sidecar = {
		.kb_sha256 = TU_STR("ab"), .built = now, .sources = sources, .source_count = 2};
	const struct tu_sidecar *again;
	struct tu_buf text;
	(void)ignored;

	tu_buf_init(&text, 1 << 16);
	tu_sidecar_write(&sidecar, &text);
	assert_int_equal(
		tu_sidecar_read(arena, padded(arena, tu_buf_str(&text)), &again, NULL), TU_OK);
	assert_int_equal(again->source_count, 2);
	assert_int_equal(again->built, now);
	assert_true(tu_str_eq(again->sources[0].name, TU_STR("nvd")));
	assert_int_equal(again->sources[0].records, 3);
	assert_int_equal(again->sources[1].last_success, 0);
	assert_true(tu_str_eq(again->sources[1].last_error, TU_STR("no")));
	assert_int_equal(
		tu_sidecar_read(arena, padded(arena, TU_STR("{}")), &again, NULL), TU_E_SYNTAX);
	tu_buf_done(&text);
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_comes_back_as_it_was),
		cmocka_unit_test(a_bad_state_is_told),
		cmocka_unit_test(freshness_is_never_assumed),
		cmocka_unit_test(an_account_comes_back_as_it_was),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
