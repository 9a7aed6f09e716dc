#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "draw/layout.h"

typedef enum tu_status layout_fn(struct tu_arena *arena, const struct tu_layout_input *input,
	struct tu_layout *out_layout, struct tu_error *err);

enum { NODES = 7, CLUSTERS = 4, EDGES = 6 };

/* Cluster 1 is in cluster 0, cluster 3 is empty; node 6 is outside of all. */
static const uint32_t clusters[NODES] = {0, 0, 1, 1, 2, 2, TU_LAYOUT_NONE};
static const uint32_t parents[CLUSTERS] = {TU_LAYOUT_NONE, 0, TU_LAYOUT_NONE, TU_LAYOUT_NONE};
static const struct tu_layout_edge edges[EDGES] = {{0, 1}, {1, 2}, {2, 4}, {4, 4}, {4, 0}, {6, 3}};
static const struct tu_layout_input small = {
	clusters, NODES, parents, CLUSTERS, edges, EDGES, 100, 40};

static bool contains(struct tu_box outer, struct tu_box inner)
{
	return outer.x <= inner.x && outer.y <= inner.y &&
		inner.x + inner.width <= outer.x + outer.width &&
		inner.y + inner.height <= outer.y + outer.height;
}

static bool apart(struct tu_box a, struct tu_box b)
{
	return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y ||
		b.y + b.height <= a.y;
}

/* A point may be off by what rounding takes. */
static bool near(struct tu_box box, struct tu_point p)
{
	return p.x >= box.x - 2 && p.x <= box.x + box.width + 2 && p.y >= box.y - 2 &&
		p.y <= box.y + box.height + 2;
}

static void is_a_drawing(const struct tu_layout_input *in, const struct tu_layout *layout)
{
	struct tu_box page = {0, 0, layout->width, layout->height};

	for (size_t i = 0; i < in->node_count; i++) {
		assert_true(contains(page, layout->nodes[i]));
		for (size_t j = 0; j < i; j++)
			assert_true(apart(layout->nodes[i], layout->nodes[j]));
		for (uint32_t c = 0; c < in->cluster_count; c++) {
			bool inside = in->node_clusters[i] != TU_LAYOUT_NONE &&
				(in->node_clusters[i] == c ||
					in->cluster_parents[in->node_clusters[i]] == c);

			if (inside)
				assert_true(contains(layout->clusters[c], layout->nodes[i]));
			else
				assert_true(apart(layout->clusters[c], layout->nodes[i]));
		}
	}
	assert_true(contains(layout->clusters[0], layout->clusters[1]));
	assert_true(apart(layout->clusters[0], layout->clusters[2]));
	for (size_t i = 0; i < in->edge_count; i++) {
		const struct tu_curve *curve = &layout->edges[i];

		assert_true(curve->count >= 4 && curve->count % 3 == 1);
		assert_true(near(layout->nodes[in->edges[i].from], curve->at[0]));
		assert_true(near(layout->nodes[in->edges[i].to], curve->at[curve->count - 1]));
	}
}

static void draws(layout_fn *make)
{
	struct tu_arena *arena = tu_arena_new(0), *again = tu_arena_new(0);
	struct tu_layout layout, second;
	enum tu_status status = make(arena, &small, &layout, NULL);

	if (status == TU_E_UNSUPPORTED)
		skip();
	assert_int_equal(status, TU_OK);
	is_a_drawing(&small, &layout);
	assert_int_equal(make(again, &small, &second, NULL), TU_OK);
	assert_memory_equal(layout.nodes, second.nodes, NODES * sizeof(*layout.nodes));
	tu_arena_free(arena);
	tu_arena_free(again);
}

static void graphviz_draws_each_thing_in_its_frame(void **state)
{
	(void)state;
	draws(tu_layout_by_graphviz);
}

static void the_grid_draws_each_thing_in_its_frame(void **state)
{
	(void)state;
	draws(tu_layout_by_grid);
}

/* Ten thousand nodes in a cycle: Graphviz is not asked, the grid answers. */
static void what_is_large_is_laid_out_too(void **state)
{
	enum { MANY = 10000 };
	static uint32_t of[MANY], outside[100];
	static struct tu_layout_edge round[MANY];
	struct tu_layout_input in = {of, MANY, outside, 100, round, MANY, 100, 40};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_layout layout;
	struct tu_error err;
	(void)state;

	for (uint32_t i = 0; i < MANY; i++) {
		of[i] = i / 100;
		round[i] = (struct tu_layout_edge){i, (i + 1) % MANY};
	}
	memset(outside, 0xff, sizeof(outside));
	assert_int_equal(tu_layout_make(arena, &in, &layout, &err), TU_OK);
	for (size_t i = 1; i < MANY; i++)
		assert_true(apart(layout.nodes[i], layout.nodes[i - 1]));
	assert_int_not_equal(tu_layout_by_graphviz(arena, &in, &layout, &err), TU_OK);
	tu_arena_free(arena);
}

/* As dense as Graphviz is asked for. With curves this takes it half a minute. */
static void what_is_dense_is_drawn_by_straight_lines(void **state)
{
	enum { MANY = 100, LINES = TU_LAYOUT_EDGES_MAX };
	static uint32_t of[MANY];
	static struct tu_layout_edge lines[LINES];
	struct tu_layout_input in = {of, MANY, NULL, 0, lines, LINES, 100, 40};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_layout layout;
	enum tu_status status;
	uint32_t seed = 1;
	(void)state;

	memset(of, 0xff, sizeof(of));
	for (size_t i = 0; i < LINES; i++) {
		seed = seed * 1664525U + 1013904223U;
		lines[i] = (struct tu_layout_edge){(uint32_t)i % MANY, (seed >> 8) % MANY};
	}
	status = tu_layout_by_graphviz(arena, &in, &layout, NULL);
	if (status == TU_E_UNSUPPORTED)
		skip();
	assert_int_equal(status, TU_OK);
	for (size_t i = 0; i < MANY; i++)
		for (size_t j = 0; j < i; j++)
			assert_true(apart(layout.nodes[i], layout.nodes[j]));
	for (size_t i = 0; i < LINES; i++) {
		const struct tu_curve *curve = &layout.edges[i];

		assert_true(near(layout.nodes[lines[i].from], curve->at[0]));
		assert_true(near(layout.nodes[lines[i].to], curve->at[curve->count - 1]));
		if (lines[i].from != lines[i].to)
			assert_int_equal(curve->count, 4);
	}
	tu_arena_free(arena);
}

static void a_chain_of_clusters_has_an_end(void **state)
{
	enum { DEEP = 2000 };
	static uint32_t chain[DEEP];
	uint32_t innermost = DEEP - 1;
	struct tu_layout_input in = {&innermost, 1, chain, DEEP, NULL, 0, 100, 40};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_layout layout;
	(void)state;

	for (uint32_t i = 0; i < DEEP; i++)
		chain[i] = i ? i - 1 : TU_LAYOUT_NONE;
	assert_int_equal(tu_layout_by_grid(arena, &in, &layout, NULL), TU_OK);
	assert_true(contains(layout.clusters[innermost], layout.nodes[0]));
	tu_arena_free(arena);
}

static void nothing_is_an_empty_page(void **state)
{
	struct tu_layout_input in = {.node_width = 100, .node_height = 40};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_layout layout;
	(void)state;

	assert_int_equal(tu_layout_make(arena, &in, &layout, NULL), TU_OK);
	tu_arena_free(arena);
}

/* A graph of clusters; another one for each seed. */
static struct tu_layout_input some_graph(
	uint32_t seed, uint32_t *in, struct tu_layout_edge *between)
{
	static const uint32_t flat[6] = {TU_LAYOUT_NONE, TU_LAYOUT_NONE, TU_LAYOUT_NONE,
		TU_LAYOUT_NONE, TU_LAYOUT_NONE, TU_LAYOUT_NONE};

	for (uint32_t i = 0; i < 20; i++)
		in[i] = (i * 7 + seed) % 6;
	for (uint32_t i = 0; i < 30; i++)
		between[i] = (struct tu_layout_edge){(i * 11 + seed) % 20, (i * i + 3 * seed) % 20};
	return (struct tu_layout_input){in, 20, flat, 6, between, 30, 100, 40};
}

static void draw_some(uint32_t seed, struct tu_box out[20])
{
	uint32_t in[20];
	struct tu_layout_edge between[30];
	const struct tu_layout_input input = some_graph(seed, in, between);
	struct tu_arena *arena = tu_arena_new(64 << 20);
	struct tu_layout layout;
	struct tu_error err = {0};

	assert_int_equal(tu_layout_make(arena, &input, &layout, &err), TU_OK);
	memcpy(out, layout.nodes, 20 * sizeof(*out));
	tu_arena_free(arena);
}

/* What a process drew before, and what it has in memory, plays no part. */
static void a_drawing_is_of_its_input_alone(void **state)
{
	struct tu_box first[4][20], again[20];
	void *kept[64] = {0};
	uint32_t random = 1;

	(void)state;
	for (uint32_t seed = 0; seed < 4; seed++)
		draw_some(seed, first[seed]);
	for (size_t i = 0; i < 24; i++) {
		random = random * 1103515245 + 12345;
		kept[i] = malloc(random >> 16);
		if (i >= 3 && i % 2) {
			free(kept[i - 3]);
			kept[i - 3] = NULL;
		}
		draw_some(i % 4, again);
		assert_memory_equal(again, first[i % 4], sizeof(again));
	}
	for (size_t i = 0; i < 24; i++)
		free(kept[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(graphviz_draws_each_thing_in_its_frame),
		cmocka_unit_test(the_grid_draws_each_thing_in_its_frame),
		cmocka_unit_test(what_is_large_is_laid_out_too),
		cmocka_unit_test(what_is_dense_is_drawn_by_straight_lines),
		cmocka_unit_test(a_chain_of_clusters_has_an_end),
		cmocka_unit_test(nothing_is_an_empty_page),
		cmocka_unit_test(a_drawing_is_of_its_input_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
