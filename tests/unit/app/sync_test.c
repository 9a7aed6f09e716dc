#define _GNU_SOURCE /* mkdtemp, mkdir */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/kb_file.h"
#include "app/kb_put.h"
#include "app/sync.h"
#include "base/file.h"
#include "base/json.h"
#include "feed/state.h"
#include "error_text.h"
#include "pack.h"

enum { DAY = 86400, ASKED_MAX = 1000 };

static const int64_t now = TU_CLOCK_EARLIEST + 100 * (int64_t)DAY;
static char folder[64];

/* A cache in which KEV has `id`, stored at `at`. */
static void store_kev(const char *id, int64_t at)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_feed_state state;
	struct tu_feed_file *file;
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	tu_buf_printf(&text,
		"{\"title\":\"CISA Catalog of Known Exploited Vulnerabilities\","
		"\"catalogVersion\":\"2026.04.01\",\"dateReleased\":\"2026-04-01T00:00:00Z\","
		"\"count\":1,\"vulnerabilities\":[{\"cveID\":\"%s\",\"vendorProject\":\"acme\","
		"\"product\":\"pump\",\"vulnerabilityName\":\"overflow\","
		"\"dateAdded\":\"2026-03-01\",\"shortDescription\":\"an overflow\","
		"\"requiredAction\":\"update\",\"dueDate\":\"2026-03-22\","
		"\"knownRansomwareCampaignUse\":\"Unknown\",\"notes\":\"\"}]}",
		id);
	assert_int_equal(tu_file_make_folders("feeds/kev/files/kev.json", NULL), TU_OK);
	pack_file("feeds/kev/files/kev.json", tu_buf_str(&text));
	assert_true(tu_feed_state_init(arena, &state));
	file = tu_feed_state_file(&state, TU_STR("files/kev.json"));
	assert_non_null(file);
	file->bytes = text.len;
	file->records = 1;
	state.last_success = state.last_attempt = state.last_change = at;
	tu_buf_clear(&text);
	tu_feed_state_write(&state, &text);
	assert_int_equal(tu_file_write("feeds/kev/state.json", tu_buf_str(&text), NULL), TU_OK);
	tu_buf_done(&text);
	tu_feed_state_done(&state);
	tu_arena_free(arena);
}

/* ---- runs ---- */

/* Asks for the end from the n-th question on. */
struct patience {
	unsigned asked;
	unsigned enough;
};

static bool is_over(void *self)
{
	struct patience *patience = self;

	return ++patience->asked > patience->enough;
}

static struct tu_app_context context_at(int64_t at, const struct tu_app_hook *hook)
{
	static char names[1 + TU_JSON_PADDING];

	return (struct tu_app_context){
		.now = at, .feeds = "feeds", .product_names = tu_str_of(names, 0), .hook = hook};
}

static enum tu_status sync_at(
	int64_t at, unsigned enough, struct tu_kb_sync_answer *answer, struct tu_error *err)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct patience patience = {.enough = enough};
	const struct tu_app_hook hook = {.is_cancelled = is_over, .self = &patience};
	const struct tu_app_context context = context_at(at, &hook);
	struct tu_feed_config config;
	struct tu_kb_sync_request request = {
		.config = &config, .output = "kb/own.kb", .offline = true};
	enum tu_status status;

	assert_true(tu_feed_config_init(arena, &config));
	status = tu_app_sync(&context, &request, answer, err);
	tu_arena_free(arena);
	return status;
}

static void sync_well(int64_t at, bool expect_new)
{
	struct tu_kb_sync_answer answer;
	struct tu_error err = {0};

	if (sync_at(at, ASKED_MAX, &answer, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	if (answer.problem.status != TU_OK)
		fail_msg("%s", error_text(&answer.problem));
	assert_int_equal(answer.replaced, expect_new);
	assert_true(answer.exists);
	tu_kb_sync_done(&answer);
}

/* When the knowledge base was built, by its own account; and which vulnerability it knows. */
static int64_t built_with(const char *id)
{
	const struct tu_app_context context = context_at(now, NULL);
	struct tu_error err = {0};
	struct tu_kb_file file;
	int64_t built;

	if (tu_kb_file_open(&context, "kb/own.kb", TU_KB_VERIFY_ALWAYS, &file, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	if (!file.sidecar)
		fail_msg("no account: %s", error_text(&file.sidecar_problem));
	assert_int_not_equal(tu_kb_find(file.kb, tu_str_c(id)), TU_KB_NONE);
	built = file.sidecar->built;
	tu_kb_file_close(&file);
	return built;
}

static void expect_only(const char *path, const char *names)
{
	char command[256];

	(void)snprintf(command, sizeof(command), "test \"$(ls -A %s | tr '\\n' ' ')\" = '%s '",
		path, names);
	assert_int_equal(system(command), 0);
}

/* ---- the tests ---- */

static int set_up(void **state)
{
	(void)state;
	pack_folder(folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pack_remove(folder);
	return 0;
}

static void a_sync_builds_what_is_new(void **state)
{
	(void)state;
	store_kev("CVE-2026-1001", now - DAY);
	sync_well(now, true);
	assert_int_equal(built_with("CVE-2026-1001"), now);
	sync_well(now + DAY, false);
	assert_int_equal(built_with("CVE-2026-1001"), now);
	store_kev("CVE-2026-1002", now + DAY);
	sync_well(now + 2 * DAY, true);
	assert_int_equal(built_with("CVE-2026-1002"), now + 2 * DAY);
	expect_only("kb", "own.kb own.kb.sources.json");
}

/* Whenever the end is asked for: the old pair or the new one, and a word. */
static void an_interrupt_leaves_a_matching_pair(void **state)
{
	unsigned enough = 0;
	(void)state;

	store_kev("CVE-2026-1001", now - DAY);
	sync_well(now, true);
	store_kev("CVE-2026-1002", now + DAY);
	for (;; enough++) {
		struct tu_kb_sync_answer answer;
		struct tu_error err = {0};
		enum tu_status status = sync_at(now + 2 * DAY, enough, &answer, &err);

		tu_kb_sync_done(&answer);
		if (status == TU_OK)
			break;
		assert_int_equal(status, TU_E_CANCELLED);
		assert_string_equal(err.message, "stopped; what came so far is kept");
		assert_int_equal(built_with("CVE-2026-1001"), now);
		expect_only("kb", "own.kb own.kb.sources.json");
	}
	/* before the build, in it, after it and before the swap */
	assert_true(enough >= 4);
	assert_int_equal(built_with("CVE-2026-1002"), now + 2 * DAY);
}

/* The process ended after the knowledge base had got its name and before its account had. */
static void an_account_that_waits_is_found(void **state)
{
	(void)state;
	store_kev("CVE-2026-1001", now - DAY);
	sync_well(now, true);
	assert_int_equal(rename("kb/own.kb.sources.json", "kb/old"), 0);
	store_kev("CVE-2026-1002", now + DAY);
	sync_well(now + 2 * DAY, true);
	assert_int_equal(rename("kb/own.kb.sources.json", "kb/own.kb.sources.json.next"), 0);
	assert_int_equal(built_with("CVE-2026-1002"), now + 2 * DAY);
	assert_int_equal(rename("kb/old", "kb/own.kb.sources.json"), 0);
	assert_int_equal(built_with("CVE-2026-1002"), now + 2 * DAY);
	store_kev("CVE-2026-1003", now + 3 * DAY);
	sync_well(now + 4 * DAY, true);
	expect_only("kb", "own.kb own.kb.sources.json");
}

static void nothing_stored_is_no_knowledge_base(void **state)
{
	struct tu_kb_sync_answer answer;
	(void)state;

	assert_int_equal(sync_at(now, ASKED_MAX, &answer, NULL), TU_OK);
	assert_int_equal(answer.problem.status, TU_E_NOTFOUND);
	assert_false(answer.exists || answer.replaced);
	tu_kb_sync_done(&answer);
}

static void a_clock_that_cannot_be_right_is_refused(void **state)
{
	static const struct {
		int64_t at;
		const char *words;
	} cases[] = {
		{0, "the clock says 1970-01-01T00:00:00Z"},
		{-5, "the clock says 1970-01-01T00:00:00Z"},
		{TU_CLOCK_EARLIEST - 1, "the clock says 2025-12-31T23:59:59Z"},
		{INT64_MAX, "the clock says 1970-01-01T00:00:00Z"},
	};
	(void)state;

	store_kev("CVE-2026-1001", now - DAY);
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_kb_sync_answer answer;
		struct tu_error err = {0};

		assert_int_equal(sync_at(cases[i].at, ASKED_MAX, &answer, &err), TU_E_IO);
		assert_true(tu_str_starts(tu_str_c(err.message), tu_str_c(cases[i].words)));
		tu_kb_sync_done(&answer);
	}
	assert_int_not_equal(access("kb/own.kb", F_OK), 0);
	sync_well(TU_CLOCK_EARLIEST, true);
}

static enum tu_status put(const char *kb, const char *account, bool block, struct tu_error *err)
{
	struct tu_output output;

	assert_int_equal(tu_output_open(&output, "a.kb", NULL), TU_OK);
	tu_buf_c(&output.sink.buf, kb);
	if (block) {
		/* a folder that is not empty is not replaced */
		assert_int_equal(unlink("a.kb"), 0);
		assert_int_equal(mkdir("a.kb", 0700), 0);
		pack_file("a.kb/in-the-way", TU_STR("x"));
	}
	return tu_kb_put("a.kb", &output, tu_str_c(account), err);
}

static void expect_text(const char *path, const char *text)
{
	char found[64] = "";
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	(void)!fread(found, 1, sizeof(found) - 1, file);
	assert_int_equal(fclose(file), 0);
	assert_string_equal(found, text);
}

static void a_pair_is_put_whole_or_not_at_all(void **state)
{
	static const char *const accounts[] = {"account of two", ""};
	struct tu_error err = {0};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(accounts); i++) {
		assert_int_equal(put("one", "account of one", false, NULL), TU_OK);
		expect_text("a.kb", "one");
		expect_text("a.kb" TU_KB_SIDECAR, "account of one");
		assert_int_equal(put("two", accounts[i], true, &err), TU_E_IO);
		expect_text("a.kb" TU_KB_SIDECAR, "account of one");
		assert_int_equal(system("rm -r a.kb"), 0);
	}
	assert_int_equal(put("two", "", false, NULL), TU_OK);
	expect_only(".", "a.kb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sync_builds_what_is_new, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_interrupt_leaves_a_matching_pair, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_account_that_waits_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			nothing_stored_is_no_knowledge_base, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_clock_that_cannot_be_right_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_pair_is_put_whole_or_not_at_all, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
