/* The index of findings: what follows `change` shows is what a fresh one has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/portfolio_scene.h"

#include "portfolio/list_load.h"

static struct tu_list_size size_of(struct tu_list *list)
{
	struct tu_list_snapshot *snapshot = tu_list_current(list);
	struct tu_list_size size = tu_list_size(snapshot);

	tu_list_drop(snapshot);
	return size;
}

static struct tu_list_size follow(struct scene *s, struct tu_list *list)
{
	struct tu_list_size followed, whole;
	struct tu_list *fresh;
	int64_t change;

	assert_ok(tu_list_follow(s->store, list, &change, error));
	assert_ok(tu_list_new(&fresh, error));
	assert_ok(tu_list_load(s->store, fresh, error));
	followed = size_of(list);
	whole = size_of(fresh);
	assert_int_equal(followed.devices, whole.devices);
	assert_int_equal(followed.releases, whole.releases);
	assert_int_equal(followed.references, whole.references);
	assert_int_equal(followed.decisions, whole.decisions);
	assert_int_equal(followed.findings, whole.findings);
	tu_list_free(fresh);
	return followed;
}

static void following_is_loading(void **state)
{
	struct scene s = scene_portfolio();
	struct tu_list *list;
	struct tu_list_size one, two;

	(void)state;
	assert_ok(tu_list_new(&list, error));
	one = follow(&s, list);
	assert_int_equal(one.findings, 0);
	assert_int_equal(one.releases, 2);
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	one = follow(&s, list);
	assert_int_equal(one.references, s.settled.components);
	/* statements of the SBOM that count in the assessment are no facts */
	assert_true(one.findings >= s.settled.findings && s.settled.findings > 0);
	scene_put_sbom(&s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	two = follow(&s, list);
	assert_true(two.findings >= one.findings + s.settled.findings);
	s.name = "curl-socks.yaml";
	s.text = scene_example(&s, "decisions/curl-socks.yaml");
	scene_run(&s, scene_propose);
	assert_int_equal(follow(&s, list).decisions, 1);
	scene_put_sbom(&s, "4.4.0", "infusion-pump.cdx.json");
	assert_int_equal(follow(&s, list).findings, 2 * one.findings);
	tu_list_free(list);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(following_is_loading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
