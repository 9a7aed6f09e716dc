/* Requests that are done once: the same answer again, another request refused, a day and no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/store_scene.h"

#include "job/once.h"

#define DAY INT64_C(86400000000)

static struct tu_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = tu_arena_new(0);
	return arena ? 0 : 1;
}

static int tear_down(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

static struct tu_once request(const char *owner, const char *key, uint8_t what, int64_t at)
{
	return (struct tu_once){
		.owner = tu_str_c(owner), .key = tu_str_c(key), .digest = {what}, .at = at};
}

static struct tu_once_found begin(struct tu_store *store, const struct tu_once *once)
{
	struct tu_once_found found;

	assert_ok(tu_once_begin(store, once, arena, &found, error));
	return found;
}

static const struct tu_once_answer answer = {.status = 201,
	.type = TU_STR_INIT("application/json"),
	.location = TU_STR_INIT("/v1/devices/pump"),
	.body = TU_STR_INIT("{\"a\":1}")};

static void same_answer(void **state)
{
	struct tu_store *store = scene_open();
	const struct tu_once once = request("p1", "k", 1, DAY), other = request("p1", "k", 2, DAY),
			     of_other = request("p2", "k", 2, DAY);
	struct tu_once_found found;

	(void)state;
	assert_int_equal(begin(store, &once).state, TU_ONCE_NEW);
	assert_int_equal(begin(store, &once).state, TU_ONCE_OPEN);
	assert_ok(tu_once_end(store, &once, &answer, error));
	found = begin(store, &once);
	assert_int_equal(found.state, TU_ONCE_DONE);
	assert_int_equal(found.answer.status, 201);
	assert_true(tu_str_eq(found.answer.body, answer.body));
	assert_true(tu_str_eq(found.answer.location, answer.location));
	assert_true(tu_str_eq(found.answer.etag, TU_STR("")));
	assert_int_equal(begin(store, &other).state, TU_ONCE_OTHER);
	assert_int_equal(begin(store, &of_other).state, TU_ONCE_NEW);
	scene_close(store);
}

/* What failed changed nothing: it may be sent again under its key. */
static void given_back(void **state)
{
	struct tu_store *store = scene_open();
	const struct tu_once once = request("p1", "k", 1, DAY), other = request("p1", "k", 2, DAY);

	(void)state;
	assert_int_equal(begin(store, &once).state, TU_ONCE_NEW);
	assert_ok(tu_once_forget(store, &once, error));
	assert_int_equal(begin(store, &other).state, TU_ONCE_NEW);
	assert_ok(tu_once_end(store, &other, &answer, error));
	assert_ok(tu_once_forget(store, &other, error)); /* an answer is not forgotten */
	assert_int_equal(begin(store, &other).state, TU_ONCE_DONE);
	scene_close(store);
}

static void one_day(void **state)
{
	struct tu_store *store = scene_open();
	const struct tu_once first = request("p1", "k", 1, DAY),
			     late = request("p1", "k", 1, 2 * DAY),
			     later = request("p1", "k", 2, 2 * DAY + 1);

	(void)state;
	assert_int_equal(begin(store, &first).state, TU_ONCE_NEW);
	assert_int_equal(begin(store, &late).state, TU_ONCE_OPEN);
	assert_int_equal(begin(store, &later).state, TU_ONCE_NEW);
	scene_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(same_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(given_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_day, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
