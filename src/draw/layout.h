/*
 * Where the boxes and lines of a nested graph go on a page.
 *
 * Knows nothing of the domain: nodes of one size, clusters that contain nodes and clusters, edges
 * between nodes. Graphviz (libgvc, loaded when it is first used) lays out what is small enough to
 * be read as a picture; what is larger, or what Graphviz refuses, is laid out by cluster in a grid,
 * which always succeeds. Both give the same output for the same input.
 *
 * Units are points (1/72 inch), the origin is the upper left corner, y grows downwards.
 * Threads: Graphviz keeps state of its own, so that one thread lays out at a time (a lock).
 */
#ifndef TU_DRAW_LAYOUT_H
#define TU_DRAW_LAYOUT_H

#include <stdint.h>

#include <tutela/arena.h>
#include <tutela/error.h>

/* A node outside of all clusters, a cluster inside of none. */
#define TU_LAYOUT_NONE UINT32_MAX

/* Beyond these Graphviz is not asked: it takes minutes, and nobody reads the picture. Curves around
 * the boxes are for the smaller graphs alone: where much is connected to much 500 of them took it
 * 16 s, 600 more than 27 s; straight lines and a bounded search 0.6 s. */
enum { TU_LAYOUT_NODES_MAX = 250, TU_LAYOUT_EDGES_MAX = 600, TU_LAYOUT_CURVES_MAX = 300 };

struct tu_layout_edge {
	uint32_t from, to; /* nodes */
};

struct tu_layout_input {
	const uint32_t *node_clusters; /* of each node */
	size_t node_count;
	const uint32_t *cluster_parents; /* no cycle */
	size_t cluster_count;
	const struct tu_layout_edge *edges;
	size_t edge_count;
	float node_width, node_height;
};

struct tu_point {
	float x, y;
};

struct tu_box {
	float x, y, width, height; /* x, y: the upper left corner */
};

/* Cubic Bézier pieces: a first point, then three for each piece. */
struct tu_curve {
	const struct tu_point *at;
	size_t count;
};

struct tu_layout {
	const struct tu_box *nodes, *clusters; /* an empty cluster has no width */
	const struct tu_curve *edges;
	float width, height;
};

/* Lay out a graph. TU_E_NOMEM; everything lives in the arena. */
TU_NODISCARD enum tu_status tu_layout_make(struct tu_arena *arena,
	const struct tu_layout_input *input, struct tu_layout *out_layout, struct tu_error *err);

/* The two ways, for tests. Graphviz: TU_E_UNSUPPORTED where it is not installed, TU_E_LIMIT for a
 * graph that is too large, TU_E_CORRUPT for one that it refuses. */
TU_NODISCARD enum tu_status tu_layout_by_graphviz(struct tu_arena *arena,
	const struct tu_layout_input *input, struct tu_layout *out_layout, struct tu_error *err);
TU_NODISCARD enum tu_status tu_layout_by_grid(struct tu_arena *arena,
	const struct tu_layout_input *input, struct tu_layout *out_layout, struct tu_error *err);

#endif
