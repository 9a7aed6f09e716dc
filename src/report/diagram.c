#include "report/diagram.h"

#include "base/utf8.h"
#include "draw/layout.h"
#include "report/html.h"

/* Points; a line of a name has about so many characters at 11 points. */
enum { WIDTH = 150, HEIGHT = 46, LINE = 24, LABEL = 18, MARGIN = 16, LEGEND = 58 };

struct diagram {
	struct tu_arena *arena;
	const struct tu_diagram_input *in;
	struct tu_diagram_scope scope;
	uint32_t *element_of_node, *flow_of_edge, *zone_of_cluster;
	struct tu_layout_input graph;
	struct tu_layout layout;
	uint32_t *open[2]; /* open threats: of elements, of flows */
	struct tu_buf *out;
};

/* ---- the graph of what is shown ---- */

/* The index of each shown thing among the shown ones; `*list` has the way back. */
static uint32_t *number(
	struct tu_arena *arena, const bool *shown, size_t count, uint32_t **list, size_t *out_count)
{
	uint32_t *index = tu_arena_array(arena, count, sizeof(*index));
	uint32_t next = 0;

	*list = tu_arena_array(arena, count, sizeof(**list));
	if (!index || !*list)
		return NULL;
	for (uint32_t i = 0; i < count; i++) {
		index[i] = shown[i] ? next : TU_LAYOUT_NONE;
		if (shown[i])
			(*list)[next++] = i;
	}
	*out_count = next;
	return index;
}

static uint32_t cluster_of(const uint32_t *clusters, uint32_t zone)
{
	return zone == TU_MODEL_NOWHERE ? TU_LAYOUT_NONE : clusters[zone];
}

static bool make_graph(struct diagram *d)
{
	const struct tu_model *m = d->in->model;
	struct tu_layout_input *g = &d->graph;
	uint32_t *nodes = number(d->arena, d->scope.elements, m->elements_count,
		&d->element_of_node, &g->node_count);
	uint32_t *clusters = number(
		d->arena, d->scope.zones, m->zones_count, &d->zone_of_cluster, &g->cluster_count);
	uint32_t *flows =
		number(d->arena, d->scope.flows, m->flows_count, &d->flow_of_edge, &g->edge_count);
	uint32_t *of = tu_arena_array(d->arena, g->node_count, sizeof(*of));
	uint32_t *parents = tu_arena_array(d->arena, g->cluster_count, sizeof(*parents));
	struct tu_layout_edge *edges = tu_arena_array(d->arena, g->edge_count, sizeof(*edges));

	if (!nodes || !clusters || !flows || !of || !parents || !edges)
		return false;
	for (size_t i = 0; i < g->node_count; i++)
		of[i] = cluster_of(clusters, m->elements[d->element_of_node[i]].zone);
	for (size_t i = 0; i < g->cluster_count; i++)
		parents[i] = cluster_of(clusters, m->zones[d->zone_of_cluster[i]].parent);
	for (size_t i = 0; i < g->edge_count; i++) {
		const struct tu_model_flow *flow = &m->flows[d->flow_of_edge[i]];

		edges[i] = (struct tu_layout_edge){nodes[flow->from], nodes[flow->to]};
	}
	g->node_clusters = of;
	g->cluster_parents = parents;
	g->edges = edges;
	g->node_width = WIDTH;
	g->node_height = HEIGHT;
	return true;
}

/* ---- shapes ---- */

static void number_at(struct tu_buf *out, float value)
{
	int tenths = (int)(value * 10 + (value < 0 ? -0.5F : 0.5F));

	tu_buf_printf(out, "%s%d.%d", tenths < 0 ? "-" : "", (tenths < 0 ? -tenths : tenths) / 10,
		(tenths < 0 ? -tenths : tenths) % 10);
}

static void attribute(struct tu_buf *out, const char *name, float value)
{
	tu_buf_printf(out, " %s=\"", name);
	number_at(out, value);
	tu_buf_byte(out, '"');
}

static void rectangle(struct tu_buf *out, struct tu_box box, int radius, const char *style)
{
	tu_buf_c(out, "<rect");
	attribute(out, "x", box.x);
	attribute(out, "y", box.y);
	attribute(out, "width", box.width);
	attribute(out, "height", box.height);
	tu_buf_printf(out, " rx=\"%d\" %s/>", radius, style);
}

static void text_at(struct tu_buf *out, float x, float y, const char *style, struct tu_str text)
{
	tu_buf_c(out, "<text");
	attribute(out, "x", x);
	attribute(out, "y", y);
	tu_buf_printf(out, " %s>", style);
	tu_html_text(out, text);
	tu_buf_c(out, "</text>");
}

static void title(struct tu_buf *out, struct tu_str id, struct tu_str name)
{
	tu_buf_c(out, "<title>");
	tu_html_text(out, id);
	tu_buf_c(out, ": ");
	tu_html_text(out, name);
	tu_buf_c(out, "</title>");
}

/* Frames of zones, by role: a person's or a public place, a device, a network, a maker. */
static const char *zone_fill(enum tu_zone_role role)
{
	static const char *const fills[] = {
		[TU_ZONE_UNKNOWN] = "#f7f7f7",
		[TU_ZONE_CARE] = "#fdf6ec",
		[TU_ZONE_DEVICE] = "#eef4fb",
		[TU_ZONE_USER] = "#fdf6ec",
		[TU_ZONE_PUBLIC] = "#fbeeee",
		[TU_ZONE_HOSPITAL] = "#f0f7f0",
		[TU_ZONE_CLOUD] = "#f3f0fa",
		[TU_ZONE_MANUFACTURER] = "#f1f3f5",
		[TU_ZONE_PRODUCTION] = "#f1f3f5",
	};

	return fills[role];
}

static struct tu_str zone_name(const struct tu_model_zone *zone)
{
	return zone->name.len ? zone->name : zone->id;
}

static void draw_zone(struct diagram *d, size_t cluster)
{
	const struct tu_model_zone *zone = &d->in->model->zones[d->zone_of_cluster[cluster]];
	struct tu_box box = d->layout.clusters[cluster];

	tu_buf_c(d->out, "<g>");
	title(d->out, zone->id, zone_name(zone));
	tu_buf_c(d->out, "<rect");
	attribute(d->out, "x", box.x);
	attribute(d->out, "y", box.y);
	attribute(d->out, "width", box.width);
	attribute(d->out, "height", box.height);
	tu_buf_printf(d->out,
		" rx=\"6\" fill=\"%s\" stroke=\"#8a5a5a\" stroke-width=\"1\" "
		"stroke-dasharray=\"6 3\"/></g>\n",
		zone_fill(zone->role));
}

/* Above the flows, with a rim of light, so that a flow that passes does not hide it. */
static void draw_zone_name(struct diagram *d, size_t cluster)
{
	const struct tu_model_zone *zone = &d->in->model->zones[d->zone_of_cluster[cluster]];
	struct tu_box box = d->layout.clusters[cluster];

	text_at(d->out, box.x + 8, box.y + 14,
		"font-size=\"11\" font-weight=\"600\" fill=\"#5c3a3a\" stroke=\"#fff\" "
		"stroke-width=\"3\" stroke-opacity=\"0.8\" paint-order=\"stroke\"",
		zone_name(zone));
	tu_buf_byte(d->out, '\n');
}

/* Up to `most` characters, at a space where there is one; what is cut ends in "…". */
static struct tu_str take_line(struct tu_str *text, size_t most)
{
	struct tu_str line = tu_utf8_first(*text, most);
	size_t end = line.len;

	if (end < text->len)
		for (size_t i = line.len; i > line.len / 2; i--)
			if (text->ptr[i] == ' ') {
				end = i;
				break;
			}
	line = tu_str_of(text->ptr, end);
	*text = tu_str_from(*text, end + (end < text->len && text->ptr[end] == ' '));
	return line;
}

static void draw_name(struct tu_buf *out, struct tu_box box, struct tu_str name, bool grey)
{
	static const char style[] = "font-size=\"11\" text-anchor=\"middle\" fill=\"#1a1a1a\"";
	static const char faint[] = "font-size=\"11\" text-anchor=\"middle\" fill=\"#666\"";
	float x = box.x + box.width / 2, y = box.y + box.height / 2;
	struct tu_str rest = name, first = take_line(&rest, LINE), second;

	if (!rest.len) {
		text_at(out, x, y + 4, grey ? faint : style, first);
		return;
	}
	text_at(out, x, y - 2, grey ? faint : style, first);
	second = take_line(&rest, LINE);
	tu_buf_c(out, "<text");
	attribute(out, "x", x);
	attribute(out, "y", y + 12);
	tu_buf_printf(out, " %s>", grey ? faint : style);
	tu_html_text(out, second);
	tu_buf_c(out, rest.len ? "…</text>" : "</text>");
}

static void path_shape(struct tu_buf *out, struct tu_box b, bool store, const char *style)
{
	float right = b.x + b.width, low = b.y + b.height, cut = 8;
	struct tu_point corners[8] = {{b.x + cut, b.y}, {right - cut, b.y}, {right, b.y + cut},
		{right, low - cut}, {right - cut, low}, {b.x + cut, low}, {b.x, low - cut},
		{b.x, b.y + cut}};
	struct tu_point open[4] = {{right, b.y}, {b.x, b.y}, {b.x, low}, {right, low}};
	const struct tu_point *at = store ? open : corners;

	tu_buf_c(out, "<path d=\"M");
	for (size_t i = 0; i < (store ? 4U : 8U); i++) {
		tu_buf_c(out, i ? " " : "");
		number_at(out, at[i].x);
		tu_buf_byte(out, ' ');
		number_at(out, at[i].y);
	}
	tu_buf_printf(out, "%s\" %s/>", store ? "" : "Z", style);
}

static void draw_shape(struct tu_buf *out, enum tu_element_kind kind, struct tu_box box, bool grey)
{
	const char *style = grey ? "fill=\"#fafafa\" stroke=\"#999\" stroke-dasharray=\"3 3\""
				 : "fill=\"#fff\" stroke=\"#1a1a1a\"";
	struct tu_box inner = {box.x + 3, box.y + 3, box.width - 6, box.height - 6};

	switch (kind) {
	case TU_ELEMENT_PROCESS:
		rectangle(out, box, 18, style);
		break;
	case TU_ELEMENT_STORE:
		rectangle(out, box, 0, "fill=\"#fff\" stroke=\"none\"");
		path_shape(out, box, true, style);
		break;
	case TU_ELEMENT_HARDWARE:
		path_shape(out, box, false, style);
		break;
	case TU_ELEMENT_EXTERNAL:
		rectangle(out, box, 0, style);
		rectangle(out, inner, 0, style);
		break;
	case TU_ELEMENT_ACTOR:
	case TU_ELEMENT_UNKNOWN:
		rectangle(out, box, 0, style);
		break;
	}
}

/* ---- threats ---- */

static bool counts_as_open(enum tu_threat_outcome outcome)
{
	return outcome == TU_THREAT_OPEN || outcome == TU_THREAT_UNPROVEN;
}

/* How many open threats each element and flow has. */
static bool count_open(struct diagram *d)
{
	const struct tu_model *m = d->in->model;

	d->open[false] = tu_arena_array(d->arena, m->elements_count, sizeof(**d->open));
	d->open[true] = tu_arena_array(d->arena, m->flows_count, sizeof(**d->open));
	if (!d->open[false] || !d->open[true])
		return false;
	for (size_t i = 0; d->in->threats && i < d->in->threats->count; i++) {
		const struct tu_threat *threat = &d->in->threats->at[i];

		if (counts_as_open(threat->outcome))
			d->open[threat->spot.is_flow][threat->spot.index]++;
	}
	return true;
}

/* A number in a filled square: its shape says it without its colour. */
static void draw_count(struct tu_buf *out, float x, float y, size_t count)
{
	struct tu_box box = {x - 9, y - 8, 18, 16};

	if (!count)
		return;
	tu_buf_printf(out, "<g><title>%zu open threat%s</title>", count, count == 1 ? "" : "s");
	rectangle(out, box, 3, "fill=\"#a8201a\"");
	tu_buf_c(out, "<text");
	attribute(out, "x", x);
	attribute(out, "y", y + 4);
	tu_buf_printf(out,
		" font-size=\"10\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#fff\">%zu"
		"</text></g>",
		count);
}

static void draw_element(struct diagram *d, size_t node)
{
	uint32_t index = d->element_of_node[node];
	const struct tu_model_element *element = &d->in->model->elements[index];
	struct tu_box box = d->layout.nodes[node];
	bool grey = element->out_of_scope || element->disabled;

	tu_buf_c(d->out, "<g>");
	title(d->out, element->id, element->name);
	draw_shape(d->out, element->kind, box, grey);
	draw_name(d->out, box, element->name.len ? element->name : element->id, grey);
	draw_count(d->out, box.x + box.width - 6, box.y + 2, d->open[false][index]);
	tu_buf_c(d->out, "</g>\n");
}

/* ---- flows ---- */

static bool is_on_path(const struct diagram *d, uint32_t flow)
{
	for (size_t i = 0; i < d->in->path.count; i++)
		if (d->in->path.at[i] == flow)
			return true;
	return false;
}

static void draw_curve(struct diagram *d, const struct tu_curve *curve, uint32_t flow)
{
	bool crosses = tu_model_crosses(d->in->model, flow) == TU_STATED_YES;
	bool on_path = is_on_path(d, flow);

	tu_buf_c(d->out, "<path fill=\"none\" d=\"");
	for (size_t i = 0; i < curve->count; i++) {
		tu_buf_c(d->out, i == 0 ? "M" : i == 1 ? "C" : " ");
		number_at(d->out, curve->at[i].x);
		tu_buf_byte(d->out, ' ');
		number_at(d->out, curve->at[i].y);
	}
	tu_buf_printf(d->out, "\" stroke=\"%s\" stroke-width=\"%s\"%s marker-end=\"url(#%s)\"/>",
		on_path ? "#a8201a" : "#444",
		on_path		  ? "3"
			: crosses ? "1.8"
				  : "0.9",
		d->in->model->flows[flow].disabled ? " stroke-dasharray=\"3 3\"" : "",
		on_path ? "tip-path" : "tip");
}

/* Where a flow's id is: a little nearer to its source than to its target, so that those of a
 * flow and its answer, which may run on one line, are apart. */
static struct tu_point label_place(const struct tu_curve *curve)
{
	static const float t = 0.4F, u = 0.6F;
	const struct tu_point *p = &curve->at[(curve->count - 1) / 3 / 2 * 3];
	float a = u * u * u, b = 3 * u * u * t, c = 3 * u * t * t, d = t * t * t;

	return (struct tu_point){a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
		a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y};
}

static void draw_flow(struct diagram *d, size_t edge)
{
	uint32_t index = d->flow_of_edge[edge];
	const struct tu_model_flow *flow = &d->in->model->flows[index];

	tu_buf_c(d->out, "<g>");
	title(d->out, flow->id, flow->name);
	draw_curve(d, &d->layout.edges[edge], index);
	tu_buf_c(d->out, "</g>\n");
}

/* Above everything else: what a line is called must be read, whatever it passes. */
static void draw_label(struct diagram *d, size_t edge)
{
	uint32_t index = d->flow_of_edge[edge];
	const struct tu_model_flow *flow = &d->in->model->flows[index];
	struct tu_str label = tu_utf8_first(flow->id, LABEL);
	bool cut = label.len < flow->id.len;
	struct tu_point at = label_place(&d->layout.edges[edge]);
	float half = (float)(label.len + cut) * 2.6F + 2;
	struct tu_box box = {at.x - half, at.y - 6, 2 * half, 11};

	tu_buf_c(d->out, "<g>");
	title(d->out, flow->id, flow->name);
	rectangle(d->out, box, 3, "fill=\"#fff\" fill-opacity=\"0.85\"");
	tu_buf_c(d->out, "<text");
	attribute(d->out, "x", at.x);
	attribute(d->out, "y", at.y + 3);
	tu_buf_c(d->out, " font-size=\"9\" text-anchor=\"middle\" fill=\"#333\">");
	tu_html_text(d->out, label);
	tu_buf_c(d->out, cut ? "…</text>" : "</text>");
	draw_count(d->out, at.x + half + 8, at.y, d->open[true][index]);
	tu_buf_c(d->out, "</g>\n");
}

/* ---- the page ---- */

static void draw_legend(struct diagram *d, float y)
{
	static const struct {
		enum tu_element_kind kind;
		const char *word;
	} kinds[] = {{TU_ELEMENT_ACTOR, "actor"}, {TU_ELEMENT_EXTERNAL, "external system"},
		{TU_ELEMENT_PROCESS, "process"}, {TU_ELEMENT_STORE, "store"},
		{TU_ELEMENT_HARDWARE, "hardware"}};
	float x = MARGIN;

	for (size_t i = 0; i < TU_COUNT(kinds); i++, x += 112) {
		struct tu_box box = {x, y, 26, 16};

		draw_shape(d->out, kinds[i].kind, box, false);
		text_at(d->out, x + 32, y + 12, "font-size=\"10\" fill=\"#333\"",
			tu_str_c(kinds[i].word));
	}
	text_at(d->out, MARGIN, y + 34, "font-size=\"10\" fill=\"#333\"",
		TU_STR("Dashed frame: trust boundary. Heavy arrow: crosses one. Dashed shape: out "
		       "of "
		       "scope or not in fielded devices. Number in a square: open threats."));
}

static float widest(float a, float b)
{
	return a > b ? a : b;
}

static void begin(struct diagram *d, float width, float height)
{
	struct tu_str name = d->in->view && d->in->view->title.len ? d->in->view->title
								   : TU_STR("Global system");

	tu_buf_c(d->out, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 ");
	number_at(d->out, width);
	tu_buf_byte(d->out, ' ');
	number_at(d->out, height);
	tu_buf_byte(d->out, '"');
	attribute(d->out, "width", width);
	attribute(d->out, "height", height);
	tu_buf_c(d->out, " font-family=\"Helvetica, Arial, sans-serif\"><title>");
	tu_html_text(d->out, name);
	tu_buf_c(d->out,
		"</title><defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
		"markerUnits=\"userSpaceOnUse\" markerWidth=\"9\" markerHeight=\"9\" "
		"orient=\"auto\">"
		"<path d=\"M0 0L8 4L0 8z\" fill=\"#444\"/></marker><marker id=\"tip-path\" "
		"viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerUnits=\"userSpaceOnUse\" "
		"markerWidth=\"12\" markerHeight=\"12\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" "
		"fill=\"#a8201a\"/></marker></defs><rect width=\"100%\" height=\"100%\" "
		"fill=\"#fff\"/>\n");
}

enum { DEPTH_MAX = 32 };

static size_t depth_of(const struct diagram *d, uint32_t cluster)
{
	size_t depth = 0;

	while (d->graph.cluster_parents[cluster] != TU_LAYOUT_NONE && depth < DEPTH_MAX) {
		cluster = d->graph.cluster_parents[cluster];
		depth++;
	}
	return depth;
}

/* Outer zones first: what is inside is painted over them. */
static void draw_zones(struct diagram *d)
{
	for (size_t depth = 0; depth <= DEPTH_MAX; depth++)
		for (uint32_t i = 0; i < d->graph.cluster_count; i++)
			if (depth_of(d, i) == depth)
				draw_zone(d, i);
}

static void draw(struct diagram *d)
{
	float width = widest(d->layout.width + 2 * MARGIN, 860);
	float height = d->layout.height + 2 * MARGIN + LEGEND;

	begin(d, width, height);
	tu_buf_printf(d->out, "<g transform=\"translate(%d %d)\">\n", MARGIN, MARGIN);
	draw_zones(d);
	for (size_t i = 0; i < d->graph.edge_count; i++)
		draw_flow(d, i);
	for (size_t i = 0; i < d->graph.cluster_count; i++)
		draw_zone_name(d, i);
	for (size_t i = 0; i < d->graph.node_count; i++)
		draw_element(d, i);
	for (size_t i = 0; i < d->graph.edge_count; i++)
		draw_label(d, i);
	if (!d->graph.node_count)
		text_at(d->out, 0, 14, "font-size=\"12\"", TU_STR("This view shows nothing."));
	tu_buf_c(d->out, "</g>\n");
	draw_legend(d, d->layout.height + 2 * MARGIN);
	tu_buf_c(d->out, "</svg>\n");
}

enum tu_status tu_diagram_write(struct tu_arena *arena, const struct tu_diagram_input *input,
	struct tu_buf *out, struct tu_error *err)
{
	struct diagram d = {.arena = arena, .in = input, .out = out};
	enum tu_status status = tu_diagram_scope(arena, input->model, input->view, &d.scope, err);

	if (status == TU_OK && (!make_graph(&d) || !count_open(&d)))
		status = tu_no_memory(err);
	if (status == TU_OK)
		status = tu_layout_make(arena, &d.graph, &d.layout, err);
	if (status != TU_OK)
		return status;
	draw(&d);
	return out->failed ? tu_no_memory(err) : TU_OK;
}
