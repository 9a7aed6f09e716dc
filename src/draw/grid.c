/*
 * Layout in a grid: the nodes of a cluster in rows, its clusters in a row below them, edges as
 * straight lines. Plain, quick and without a way to fail.
 */
#include "draw/layout.h"

enum { DEPTH_MAX = 32 };

static const float gap = 22, heading = 22, column_gap = 30;

struct grid {
	const struct tu_layout_input *in;
	uint32_t *parents; /* as in the input, but what is nested too deep is outside */
	struct tu_box *nodes, *clusters;
};

static void shift(struct tu_box *box, float x, float y)
{
	box->x += x;
	box->y += y;
}

static uint32_t nodes_in(const struct grid *g, uint32_t cluster)
{
	uint32_t count = 0;

	for (size_t i = 0; i < g->in->node_count; i++)
		count += g->in->node_clusters[i] == cluster;
	return count;
}

/* About twice as wide as high. */
static uint32_t columns_for(uint32_t count)
{
	uint32_t columns = 1;

	while (columns * columns < count)
		columns++;
	return columns;
}

/* Place a cluster's nodes from its upper left corner; its size so far. */
static struct tu_box place_nodes(struct grid *g, uint32_t cluster)
{
	uint32_t columns = columns_for(nodes_in(g, cluster)), at = 0;
	float step_x = g->in->node_width + column_gap, step_y = g->in->node_height + gap;
	struct tu_box box = {0, 0, gap, heading};

	for (size_t i = 0; i < g->in->node_count; i++) {
		float x = gap + (float)(at % columns) * step_x;
		float y = heading + (float)(at / columns) * step_y;

		if (g->in->node_clusters[i] != cluster)
			continue;
		g->nodes[i] = (struct tu_box){x, y, g->in->node_width, g->in->node_height};
		if (x + step_x > box.width)
			box.width = x + step_x;
		box.height = y + step_y;
		at++;
	}
	return box;
}

/* Is a cluster inside another, at any depth? */
static bool is_inside(const struct grid *g, uint32_t cluster, uint32_t outer)
{
	while (cluster != TU_LAYOUT_NONE && cluster != outer)
		cluster = g->parents[cluster];
	return cluster == outer;
}

/* What is in a cluster has been placed from the cluster's own corner: carry it along. */
static void shift_cluster(struct grid *g, uint32_t cluster, float x, float y)
{
	for (uint32_t i = 0; i < g->in->cluster_count; i++)
		if (is_inside(g, i, cluster))
			shift(&g->clusters[i], x, y);
	for (size_t i = 0; i < g->in->node_count; i++)
		if (g->in->node_clusters[i] != TU_LAYOUT_NONE &&
			is_inside(g, g->in->node_clusters[i], cluster))
			shift(&g->nodes[i], x, y);
}

static struct tu_box place_cluster(struct grid *g, uint32_t cluster)
{
	struct tu_box box = place_nodes(g, cluster);
	float x = gap, y = box.height;

	for (uint32_t i = 0; i < g->in->cluster_count; i++) {
		if (g->parents[i] != cluster)
			continue;
		g->clusters[i] = place_cluster(g, i);
		if (g->clusters[i].width <= gap)
			continue;
		shift_cluster(g, i, x, y);
		x += g->clusters[i].width + column_gap;
		if (x > box.width)
			box.width = x;
		if (y + g->clusters[i].height + gap > box.height)
			box.height = y + g->clusters[i].height + gap;
	}
	return box;
}

static void cut_depth(struct grid *g)
{
	for (uint32_t i = 0; i < g->in->cluster_count; i++) {
		uint32_t up = i, depth = 0;

		for (; up != TU_LAYOUT_NONE && depth <= DEPTH_MAX; depth++)
			up = g->in->cluster_parents[up];
		g->parents[i] = depth > DEPTH_MAX ? TU_LAYOUT_NONE : g->in->cluster_parents[i];
	}
}

static bool draw_edge(
	struct tu_arena *arena, const struct grid *g, size_t edge, struct tu_curve *out)
{
	const struct tu_box *from = &g->nodes[g->in->edges[edge].from];
	const struct tu_box *to = &g->nodes[g->in->edges[edge].to];
	struct tu_point *at = tu_arena_array(arena, 4, sizeof(*at));
	bool right = from->x <= to->x;

	if (!at)
		return false;
	at[0] = (struct tu_point){from->x + (right ? from->width : 0), from->y + from->height / 2};
	at[3] = (struct tu_point){to->x + (right ? 0 : to->width), to->y + to->height / 2};
	at[1] = (struct tu_point){(2 * at[0].x + at[3].x) / 3, (2 * at[0].y + at[3].y) / 3};
	at[2] = (struct tu_point){(at[0].x + 2 * at[3].x) / 3, (at[0].y + 2 * at[3].y) / 3};
	*out = (struct tu_curve){at, 4};
	return true;
}

enum tu_status tu_layout_by_grid(struct tu_arena *arena, const struct tu_layout_input *in,
	struct tu_layout *out, struct tu_error *err)
{
	struct grid g = {in, tu_arena_array(arena, in->cluster_count, sizeof(*g.parents)),
		tu_arena_array(arena, in->node_count, sizeof(*g.nodes)),
		tu_arena_array(arena, in->cluster_count, sizeof(*g.clusters))};
	struct tu_curve *edges = tu_arena_array(arena, in->edge_count, sizeof(*edges));
	struct tu_box page;

	if (!g.parents || !g.nodes || !g.clusters || !edges)
		return tu_no_memory(err);
	cut_depth(&g);
	page = place_cluster(&g, TU_LAYOUT_NONE);
	for (size_t i = 0; i < in->edge_count; i++)
		if (!draw_edge(arena, &g, i, &edges[i]))
			return tu_no_memory(err);
	*out = (struct tu_layout){g.nodes, g.clusters, edges, page.width, page.height};
	return TU_OK;
}
