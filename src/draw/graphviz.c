/*
 * Layout by Graphviz: the graph goes in as DOT with names of our own ("n3", "cluster_2", "e7"), so
 * that no text of a model reaches its parser, and comes back as JSON with positions.
 *
 * The font plays no part: nodes have a fixed size and no text. Graphviz goes through the parts of a
 * graph in the order of their ids, which are addresses in memory unless somebody else gives them;
 * we number them. So the same input gives the same picture, on every machine with the same Graphviz
 * and whatever the process did before.
 */
#define _XOPEN_SOURCE 700
#include "draw/layout.h"

#include <tutela/buf.h>

#ifdef TU_WITH_GRAPHVIZ
#include <graphviz/gvc.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/library.h"

#define FUNCTIONS(X) \
	X(gvContext) \
	X(gvFreeContext) \
	X(gvLayout) \
	X(gvRenderData) \
	X(gvFreeRenderData) \
	X(gvFreeLayout) \
	X(agread) \
	X(agclose) \
	X(agseterr)

struct graphviz {
	FUNCTIONS(TU_LIBRARY_MEMBER)
};

TU_LIBRARY(library, struct graphviz, FUNCTIONS, "libgvc.so.6");
TU_LIBRARY_NOTE("diagrams", "layout of diagrams of a design model", "suggested",
	TU_LIBRARY_QUOTED("libgvc.so.6"));

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

enum { DOT_MAX = 4 * 1024 * 1024, DEPTH_MAX = 32 };

/* ---- the graph as DOT ---- */

static void write_cluster(
	const struct tu_layout_input *in, uint32_t cluster, int depth, struct tu_buf *out)
{
	for (uint32_t i = 0; i < in->node_count; i++)
		if (in->node_clusters[i] == cluster)
			tu_buf_printf(out, "n%u;", i);
	for (uint32_t i = 0; i < in->cluster_count && depth < DEPTH_MAX; i++)
		if (in->cluster_parents[i] == cluster) {
			tu_buf_printf(out, "subgraph cluster_%u{label=\"\";", i);
			write_cluster(in, i, depth + 1, out);
			tu_buf_c(out, "}");
		}
}

static void write_dot(const struct tu_layout_input *in, struct tu_buf *out)
{
	tu_buf_printf(out,
		"digraph g{rankdir=LR;nodesep=0.3;ranksep=0.8;%s;margin=0;"
		"graph[margin=22];node[shape=box,fixedsize=true,label=\"\",width=%d.%02d,"
		"height=%d.%02d];",
		in->edge_count <= TU_LAYOUT_CURVES_MAX
			? "splines=spline"
			: "splines=line;nslimit=1;nslimit1=1;mclimit=0.1",
		(int)in->node_width / 72, (int)in->node_width % 72 * 100 / 72,
		(int)in->node_height / 72, (int)in->node_height % 72 * 100 / 72);
	write_cluster(in, TU_LAYOUT_NONE, 0, out);
	for (size_t i = 0; i < in->edge_count; i++)
		tu_buf_printf(out, "n%u->n%u[id=e%zu];", in->edges[i].from, in->edges[i].to, i);
	tu_buf_c(out, "}");
}

/* ---- what Graphviz numbers its parts by ---- */

/* Of one graph: names in the order in which they came have the ids 2, 4, …; what has no name has 1,
 * 3, … */
struct names {
	char **at;
	size_t count, room;
	IDTYPE nameless;
};

static void *open_names(Agraph_t *graph, Agdisc_t *all)
{
	(void)graph;
	(void)all;
	return calloc(1, sizeof(struct names));
}

static void close_names(void *state)
{
	struct names *names = state;

	for (size_t i = 0; names && i < names->count; i++)
		free(names->at[i]);
	if (names)
		free(names->at);
	free(names);
}

static bool add_name(struct names *names, const char *name)
{
	size_t room = names->room ? 2 * names->room : 256;
	char **at = names->at;

	if (names->count == names->room) {
		at = realloc(names->at, room * sizeof(*at));
		if (!at)
			return false;
		names->at = at;
		names->room = room;
	}
	at[names->count] = strdup(name);
	return at[names->count] && ++names->count;
}

/* 0: there is none of this name, and none is to be made. */
static long map_name(void *state, int type, char *name, IDTYPE *out_id, int make)
{
	struct names *names = state;

	(void)type;
	*out_id = 0;
	if (!names)
		return 0;
	if (!name) {
		*out_id = 2 * names->nameless++ + 1;
		return 1;
	}
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0) {
			*out_id = 2 * (IDTYPE)(i + 1);
			return 1;
		}
	if (!make || !add_name(names, name))
		return 0;
	*out_id = 2 * (IDTYPE)names->count;
	return 1;
}

static long take_id(void *state, int type, IDTYPE id)
{
	(void)state;
	(void)type;
	(void)id;
	return 0; /* nobody asks for one */
}

static void leave_id(void *state, int type, IDTYPE id)
{
	(void)state;
	(void)type;
	(void)id;
}

static char *name_of(void *state, int type, IDTYPE id)
{
	const struct names *names = state;

	(void)type;
	return names && id % 2 == 0 && id && id / 2 <= names->count ? names->at[id / 2 - 1] : NULL;
}

static void note_id(void *state, int type, void *object)
{
	(void)state;
	(void)type;
	(void)object;
}

static Agiddisc_t numbering = {
	open_names, map_name, take_id, leave_id, name_of, close_names, note_id};

static int read_dot(void *from, char *to, int size)
{
	struct tu_str *rest = from;
	struct tu_str part = tu_str_first(*rest, size > 0 ? (size_t)size : 0);

	if (part.len)
		memcpy(to, part.ptr, part.len);
	*rest = tu_str_from(*rest, part.len);
	return (int)part.len;
}

static Agiodisc_t reading = {.afread = read_dot};
static Agdisc_t discipline = {.id = &numbering, .io = &reading};

/* ---- what comes back ---- */

/* A number as Graphviz writes it: "-12.5", "1.2e+03". Moves `text` after it. */
static float take_number(struct tu_str *text)
{
	const char *p = text->ptr, *end = text->ptr + text->len;
	bool negative = p < end && *p == '-';
	double value = 0, scale = 1;
	int exponent = 0;

	p += negative;
	for (; p < end && *p >= '0' && *p <= '9'; p++)
		value = value * 10 + (*p - '0');
	if (p < end && *p == '.')
		for (p++; p < end && *p >= '0' && *p <= '9'; p++)
			value += (*p - '0') * (scale /= 10);
	if (p < end && *p == 'e')
		for (p += 1 + (p + 1 < end && p[1] == '+'); p < end && *p >= '0' && *p <= '9'; p++)
			exponent = exponent < 9 ? exponent * 10 + (*p - '0') : 9;
	while (exponent-- > 0)
		value *= 10;
	*text = tu_str_of(p, (size_t)(end - p));
	return (float)(negative ? -value : value);
}

static bool take_byte(struct tu_str *text, char byte)
{
	if (!text->len || *text->ptr != byte)
		return false;
	*text = tu_str_of(text->ptr + 1, text->len - 1);
	return true;
}

/* "x,y" with y upwards from the lower edge. */
static bool take_point(struct tu_str *text, float height, struct tu_point *out)
{
	out->x = take_number(text);
	if (!take_byte(text, ','))
		return false;
	out->y = height - take_number(text);
	return true;
}

static bool take_box(struct tu_str text, float height, struct tu_box *out)
{
	struct tu_point low, high;

	if (!take_point(&text, height, &low) || !take_byte(&text, ',') ||
		!take_point(&text, height, &high))
		return false;
	*out = (struct tu_box){low.x, high.y, high.x - low.x, low.y - high.y};
	return true;
}

struct taking {
	struct tu_arena *arena;
	const struct tu_layout_input *in;
	struct tu_box *nodes, *clusters;
	struct tu_curve *edges;
	float width, height;
	size_t seen; /* nodes and edges that have a place */
};

/* The number after a prefix: "n12"; TU_LAYOUT_NONE where the name is another one. */
static uint32_t index_in(struct tu_str name, const char *prefix, size_t count)
{
	struct tu_str rest;
	uint32_t index = 0;

	if (!tu_str_starts(name, tu_str_c(prefix)))
		return TU_LAYOUT_NONE;
	rest = tu_str_of(name.ptr + strlen(prefix), name.len - strlen(prefix));
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] < '0' || rest.ptr[i] > '9' || index > count)
			return TU_LAYOUT_NONE;
		index = index * 10 + (uint32_t)(rest.ptr[i] - '0');
	}
	return rest.len && index < count ? index : TU_LAYOUT_NONE;
}

static bool take_object(struct taking *t, struct tu_json object)
{
	struct tu_str name = TU_JSON_STR(object, "name");
	struct tu_str pos = TU_JSON_STR(object, "pos");
	uint32_t node = index_in(name, "n", t->in->node_count);
	uint32_t cluster = index_in(name, "cluster_", t->in->cluster_count);
	struct tu_point middle;

	if (cluster != TU_LAYOUT_NONE) {
		struct tu_str box = TU_JSON_STR(object, "bb");

		return !box.len || take_box(box, t->height, &t->clusters[cluster]);
	}
	if (node == TU_LAYOUT_NONE)
		return true;
	if (!take_point(&pos, t->height, &middle))
		return false;
	t->nodes[node] = (struct tu_box){middle.x - t->in->node_width / 2,
		middle.y - t->in->node_height / 2, t->in->node_width, t->in->node_height};
	t->seen++;
	return true;
}

/* "e,X,Y x,y x,y …": the end of the arrow, then the points of the curve. */
static bool take_edge(struct taking *t, struct tu_json edge)
{
	uint32_t index = index_in(TU_JSON_STR(edge, "id"), "e", t->in->edge_count);
	struct tu_str pos = TU_JSON_STR(edge, "pos");
	struct tu_point *points, tip;
	size_t count = 0, most = 1;

	if (index == TU_LAYOUT_NONE || pos.len < 2 || pos.ptr[0] != 'e')
		return false;
	for (size_t i = 0; i < pos.len; i++)
		most += pos.ptr[i] == ' ';
	points = tu_arena_array(t->arena, most, sizeof(*points));
	pos = tu_str_of(pos.ptr + 2, pos.len - 2);
	if (!points || !take_point(&pos, t->height, &tip))
		return false;
	while (take_byte(&pos, ' '))
		if (count == most || !take_point(&pos, t->height, &points[count++]))
			return false;
	if (count < 4 || count % 3 != 1)
		return false;
	points[count - 1] = tip;
	t->edges[index] = (struct tu_curve){points, count};
	t->seen++;
	return true;
}

static bool take_all(struct taking *t, struct tu_json root)
{
	struct tu_box page;
	struct tu_json_iter items;
	struct tu_json item;

	if (!take_box(TU_JSON_STR(root, "bb"), 0, &page))
		return false;
	t->width = page.width;
	t->height = page.height;
	items = tu_json_iter(tu_json_get(root, TU_STR("objects")));
	while (tu_json_next_item(&items, &item))
		if (!take_object(t, item))
			return false;
	items = tu_json_iter(tu_json_get(root, TU_STR("edges")));
	while (tu_json_next_item(&items, &item))
		if (!take_edge(t, item))
			return false;
	return t->seen == t->in->node_count + t->in->edge_count;
}

static enum tu_status read_back(struct tu_arena *arena, const struct tu_layout_input *in,
	struct tu_str text, struct tu_layout *out, struct tu_error *err)
{
	struct tu_json_parser *parser = tu_json_parser_new();
	struct taking t = {.arena = arena,
		.in = in,
		.nodes = tu_arena_array(arena, in->node_count, sizeof(*t.nodes)),
		.clusters = tu_arena_array(arena, in->cluster_count, sizeof(*t.clusters)),
		.edges = tu_arena_array(arena, in->edge_count, sizeof(*t.edges))};
	struct tu_json root;
	enum tu_status status;

	if (!parser || !t.nodes || !t.clusters || !t.edges)
		status = tu_no_memory(err);
	else
		status = tu_json_parse(parser, text, NULL, &root, err);
	if (status == TU_OK && !take_all(&t, root))
		status = tu_fail(err, TU_E_CORRUPT, 0, "Graphviz left out a part of the graph");
	if (status == TU_OK)
		*out = (struct tu_layout){t.nodes, t.clusters, t.edges, t.width, t.height};
	tu_json_parser_free(parser);
	return status;
}

/* ---- Graphviz ---- */

/* AGMAX: no message of Graphviz reaches standard error, the grid answers instead. */
static enum tu_status run(const struct graphviz *gv, struct tu_str dot, struct tu_arena *arena,
	struct tu_str *out, struct tu_error *err)
{
	GVC_t *context = gv->gvContext();
	Agraph_t *graph = context ? gv->agread(&dot, &discipline) : NULL;
	char *text = NULL, *copy;
	unsigned length = 0;
	enum tu_status status = tu_fail(err, TU_E_CORRUPT, 0, "Graphviz refuses the graph");

	if (graph && gv->gvLayout(context, graph, "dot") == 0) {
		if (gv->gvRenderData(context, graph, "json0", &text, &length) == 0) {
			copy = tu_arena_text(arena, length);
			status = copy ? TU_OK : tu_no_memory(err);
			if (copy)
				*out = tu_str_of(memcpy(copy, text, length), length);
			gv->gvFreeRenderData(text);
		}
		gv->gvFreeLayout(context, graph);
	}
	if (graph)
		gv->agclose(graph);
	if (context)
		gv->gvFreeContext(context);
	return status;
}

enum tu_status tu_layout_by_graphviz(struct tu_arena *arena, const struct tu_layout_input *in,
	struct tu_layout *out, struct tu_error *err)
{
	const struct graphviz *gv;
	struct tu_str text = {0};
	struct tu_buf dot;
	enum tu_status status;

	if (in->node_count > TU_LAYOUT_NODES_MAX || in->edge_count > TU_LAYOUT_EDGES_MAX)
		return tu_fail(err, TU_E_LIMIT, 0, "too large for a picture: more than %d elements",
			TU_LAYOUT_NODES_MAX);
	gv = tu_library(&library);
	if (!gv)
		return tu_fail(err, TU_E_UNSUPPORTED, 0, "libgvc is not installed");
	tu_buf_init(&dot, DOT_MAX);
	write_dot(in, &dot);
	if (dot.failed) {
		tu_buf_done(&dot);
		return tu_no_memory(err);
	}
	pthread_mutex_lock(&one_at_a_time);
	gv->agseterr(AGMAX);
	status = run(gv, tu_buf_str(&dot), arena, &text, err);
	pthread_mutex_unlock(&one_at_a_time);
	tu_buf_done(&dot);
	return status == TU_OK ? read_back(arena, in, text, out, err) : status;
}

#else

enum tu_status tu_layout_by_graphviz(struct tu_arena *arena, const struct tu_layout_input *in,
	struct tu_layout *out, struct tu_error *err)
{
	(void)arena;
	(void)in;
	(void)out;
	return tu_fail(err, TU_E_UNSUPPORTED, 0, "built without Graphviz");
}

#endif

enum tu_status tu_layout_make(struct tu_arena *arena, const struct tu_layout_input *in,
	struct tu_layout *out, struct tu_error *err)
{
	enum tu_status status = tu_layout_by_graphviz(arena, in, out, err);

	return status == TU_OK || status == TU_E_NOMEM ? status
						       : tu_layout_by_grid(arena, in, out, err);
}
