/* The index of findings: what follows `change` shows is what a fresh one has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/portfolio_scene.h"

#include "list/query.h"
#include "portfolio/list_load.h"

static struct tu_list_size size_of(struct tu_list *list)
{
	struct tu_list_snapshot *snapshot = tu_list_current(list);
	struct tu_list_size size = tu_list_size(snapshot);

	tu_list_drop(snapshot);
	return size;
}

static const struct tu_list_scope everything = {.everything = true};

static void write_release(struct tu_buf *out, const struct tu_list_release *r, struct tu_str device)
{
	tu_buf_printf(out, " | %.*s %.*s state %u released %lld |", TU_STR_FMT(device),
		TU_STR_FMT(r->version), r->state, (long long)r->released);
}

static void write_vulnerability(struct tu_buf *out, const struct tu_list_vulnerability *v)
{
	tu_buf_printf(out, "%.*s severity %u score %u kev %d epss %u modified %lld",
		TU_STR_FMT(v->name), v->severity, v->score, v->kev, v->epss,
		(long long)v->modified);
}

static void write_finding(struct tu_buf *out, const struct tu_list_finding *f)
{
	write_vulnerability(out, &f->vulnerability);
	tu_buf_printf(out, " | %.*s %.*s %.*s %.*s", TU_STR_FMT(f->component.name),
		TU_STR_FMT(f->component.package), TU_STR_FMT(f->component.version),
		TU_STR_FMT(f->component.purl));
	write_release(out, &f->release, f->device);
	tu_buf_printf(out, " %u %d %lld %d %u %u %u %d %lld\n", f->verdict, f->fixable,
		(long long)f->first_seen, (int)f->state, f->status, f->risk, f->harm, f->closed,
		(long long)f->deadline);
}

static void write_group(struct tu_buf *out, const struct tu_list_group *g)
{
	write_vulnerability(out, &g->vulnerability);
	write_release(out, &g->release, g->device);
	tu_buf_printf(out, " %u %u %u %d %lld %d %u %u %lld %u %u %llu\n", g->verdicts, g->states,
		g->risks, g->fixable, (long long)g->first_seen, (int)g->state, g->harm, g->risk,
		(long long)g->deadline, g->releases, g->components,
		(unsigned long long)g->findings);
}

/* All of a list, a row a line. */
static void write_list(struct tu_list *list, struct tu_list_query query, struct tu_buf *out)
{
	struct tu_list_snapshot *snapshot = tu_list_current(list);
	struct tu_arena *arena = tu_arena_new((size_t)64 << 20);
	struct tu_list_page page;

	assert_non_null(arena);
	tu_buf_clear(out);
	query.scope = &everything;
	query.page_size = TU_LIST_PAGE_MAX;
	do {
		assert_ok(tu_list_page(arena, snapshot, &query, &page, error));
		for (size_t i = 0; i < page.count; i++) {
			if (query.kind == TU_LIST_FINDINGS)
				write_finding(out, &page.findings[i]);
			else
				write_group(out, &page.groups[i]);
		}
		query.cursor = page.next;
	} while (page.next.len);
	tu_buf_printf(out, "%llu%s\n", (unsigned long long)page.total.count,
		page.total.exact ? "" : " or more");
	assert_false(out->failed);
	tu_arena_free(arena);
	tu_list_drop(snapshot);
}

static struct tu_str next_line(struct tu_str *rest)
{
	struct tu_str line = tu_str_first(*rest, tu_str_find(*rest, '\n'));

	*rest = tu_str_from(*rest, line.len + 1);
	return line;
}

static void expect_same_lists(struct tu_list *followed, struct tu_list *fresh)
{
	struct tu_buf ours, theirs;

	tu_buf_init(&ours, (size_t)64 << 20);
	tu_buf_init(&theirs, (size_t)64 << 20);
	for (size_t i = 0; i < (size_t)TU_LIST_KINDS * TU_LIST_SORTS; i++) {
		const struct tu_list_query query = {.kind = (enum tu_list_kind)(i / TU_LIST_SORTS),
			.sort = (enum tu_list_sort)(i % TU_LIST_SORTS)};
		struct tu_str a, b;

		write_list(followed, query, &ours);
		write_list(fresh, query, &theirs);
		a = tu_buf_str(&ours);
		b = tu_buf_str(&theirs);
		while (a.len || b.len) {
			struct tu_str x = next_line(&a), y = next_line(&b);

			if (!tu_str_eq(x, y))
				fail_msg("list %zu: followed, it says\n%.*s\nfresh\n%.*s", i,
					TU_STR_FMT(x), TU_STR_FMT(y));
		}
	}
	tu_buf_done(&ours);
	tu_buf_done(&theirs);
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
	expect_same_lists(list, fresh);
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
