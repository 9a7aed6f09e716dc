/*
 * Threat Dragon 2: one diagram for each view, else one of everything. What a cell has no field for
 * is in its description, a "name: value" a line, as threat/read/made.h reads it: "ref:" says which
 * element a cell is, so that one on several diagrams stays one.
 */
#include "threat/words.h"
#include "threat/write/lines.h"

enum { WIDTH = 150, HEIGHT = 70, GAP = 60, PAD = 40, TOP = 60, COLUMNS = 3, DEPTH_MAX = 32 };

struct dragon {
	struct tu_model_writing *w;
	const struct tu_model_view *view; /* NULL: everything */
	bool *elements, *flows; /* of the diagram */
	int64_t *x, *y; /* of each element */
	struct tu_lines lines, again; /* `again`: of what is on an earlier diagram, too */
	bool *seen; /* elements, flows, zones */
	size_t diagram, threats;
	int64_t z;
};

static void open_member(struct dragon *d, const char *key)
{
	tu_json_key(&d->w->json, key);
	tu_json_open_object(&d->w->json);
}

static void open_list(struct dragon *d, const char *key)
{
	tu_json_key(&d->w->json, key);
	tu_json_open_array(&d->w->json);
}

/* The id of a cell: another one on each diagram. */
static void add_cell_id(struct dragon *d, const char *key, const char *kind, struct tu_str id)
{
	size_t start;

	tu_json_key(&d->w->json, key);
	start = tu_json_open_text(&d->w->json);
	tu_buf_printf(d->w->json.buf, "%zu-%s-%.*s", d->diagram, kind, TU_STR_FMT(id));
	tu_json_close_text(&d->w->json, start);
}

/* ---- what a diagram shows, and where ---- */

static void choose(struct dragon *d)
{
	const struct tu_model *m = d->w->model;
	bool all = !d->view || d->view->everything;

	for (size_t i = 0; i < m->elements_count; i++)
		d->elements[i] = all;
	for (size_t i = 0; i < m->flows_count; i++)
		d->flows[i] = all;
	for (size_t i = 0; !all && i < d->view->spots.count; i++)
		if (d->view->spots.at[i].is_flow)
			d->flows[d->view->spots.at[i].index] = true;
		else
			d->elements[d->view->spots.at[i].index] = true;
	for (size_t i = 0; i < m->flows_count; i++)
		if (d->flows[i])
			d->elements[m->flows[i].from] = d->elements[m->flows[i].to] = true;
}

struct frame {
	int64_t x, y, width, height; /* width 0: nothing is in it */
};

static void add_box(struct dragon *d, uint32_t zone, const struct frame *frame, int depth);

/* The elements of a zone in rows of three; how many there are. */
static int64_t place_elements(struct dragon *d, uint32_t zone, struct frame *frame)
{
	const struct tu_model *m = d->w->model;
	int64_t count = 0;

	for (size_t i = 0; i < m->elements_count; i++) {
		int64_t column = count % COLUMNS;

		if (!d->elements[i] || m->elements[i].zone != zone)
			continue;
		d->x[i] = frame->x + PAD + column * (WIDTH + GAP);
		d->y[i] = frame->y + TOP + count / COLUMNS * (HEIGHT + GAP);
		if ((column + 1) * (WIDTH + GAP) + PAD > frame->width)
			frame->width = (column + 1) * (WIDTH + GAP) + PAD;
		count++;
	}
	frame->height = TOP + (count + COLUMNS - 1) / COLUMNS * (HEIGHT + GAP);
	return count;
}

/* Inner zones go below the elements; writes the boxes of zones. */
static struct frame place_zone(struct dragon *d, uint32_t zone, int64_t x, int64_t y, int depth)
{
	const struct tu_model *m = d->w->model;
	struct frame frame = {x, y, 0, 0}, inner;

	(void)place_elements(d, zone, &frame);
	for (uint32_t i = 0; i < m->zones_count && depth < DEPTH_MAX; i++) {
		if (m->zones[i].parent != zone)
			continue;
		inner = place_zone(d, i, x + PAD, y + frame.height, depth + 1);
		if (!inner.width)
			continue;
		frame.height += inner.height + GAP;
		if (inner.width + 2 * PAD > frame.width)
			frame.width = inner.width + 2 * PAD;
	}
	if (frame.width && zone != TU_MODEL_NOWHERE)
		add_box(d, zone, &frame, depth);
	return frame;
}

/* ---- cells ---- */

static void begin_cell(struct dragon *d, const char *shape, int64_t z)
{
	tu_json_member_str(&d->w->json, "shape", tu_str_c(shape));
	tu_json_member_int(&d->w->json, "zIndex", z);
	tu_json_member_bool(&d->w->json, "visible", true);
}

static void add_position(struct dragon *d, int64_t x, int64_t y)
{
	open_member(d, "position");
	tu_json_member_int(&d->w->json, "x", x);
	tu_json_member_int(&d->w->json, "y", y);
	tu_json_close_object(&d->w->json);
}

static void add_size(struct dragon *d, int64_t width, int64_t height)
{
	open_member(d, "size");
	tu_json_member_int(&d->w->json, "width", width);
	tu_json_member_int(&d->w->json, "height", height);
	tu_json_close_object(&d->w->json);
}

/* The description of a thing; what it loses is counted once. */
static struct tu_lines *open_lines(
	struct dragon *d, size_t seen, struct tu_str prose, struct tu_str id)
{
	struct tu_lines *lines = d->seen[seen] ? &d->again : &d->lines;

	d->seen[seen] = true;
	tu_lines_open(lines, prose, id);
	return lines;
}

/* Outer boxes are below inner ones, and all below the elements. */
static void add_box(struct dragon *d, uint32_t zone, const struct frame *frame, int depth)
{
	const struct tu_model_zone *it = &d->w->model->zones[zone];
	struct tu_lines *lines;

	tu_json_open_object(&d->w->json);
	add_cell_id(d, "id", "zone", it->id);
	begin_cell(d, "trust-boundary-box", depth - DEPTH_MAX - 1);
	add_position(d, frame->x, frame->y);
	add_size(d, frame->width, frame->height);
	open_member(d, "data");
	tu_json_member_str(&d->w->json, "type", TU_STR("tm.BoundaryBox"));
	tu_json_member_str(&d->w->json, "name", it->name.len ? it->name : it->id);
	lines = open_lines(d, d->w->model->elements_count + d->w->model->flows_count + zone,
		it->description, it->id);
	tu_lines_zone(lines, it);
	tu_lines_close(lines);
	tu_json_member_bool(&d->w->json, "isTrustBoundary", true);
	tu_json_member_bool(&d->w->json, "hasOpenThreats", false);
	tu_json_close_object(&d->w->json);
	tu_json_close_object(&d->w->json);
}

static struct tu_str or_none(struct tu_str text)
{
	return text.len ? text : TU_STR("none");
}

/* Controls that cover a place, as mitigated threats. */
static void add_threats(struct dragon *d, struct tu_spot spot)
{
	open_list(d, "threats");
	for (size_t i = 0; i < d->w->model->controls_count; i++) {
		const struct tu_model_control *control = &d->w->model->controls[i];
		bool covers = false;
		size_t start;

		for (size_t j = 0; j < control->covers.count; j++)
			covers = covers ||
				(control->covers.at[j].is_flow == spot.is_flow &&
					control->covers.at[j].index == spot.index);
		if (!covers || control->state == TU_CONTROL_PLANNED)
			continue;
		tu_json_open_object(&d->w->json);
		add_cell_id(d, "id", spot.is_flow ? "flow-threat" : "threat", control->id);
		tu_json_member_str(&d->w->json, "title", TU_STR("Countered by the design"));
		tu_json_member_str(&d->w->json, "type", TU_STR("Tampering"));
		tu_json_member_str(&d->w->json, "status", TU_STR("Mitigated"));
		tu_json_member_str(&d->w->json, "severity", TU_STR("Medium"));
		tu_json_member_str(&d->w->json, "modelType", TU_STR("STRIDE"));
		tu_json_member_str(&d->w->json, "description", TU_STR("A control covers this."));
		tu_json_key(&d->w->json, "mitigation");
		start = tu_json_open_text(&d->w->json);
		tu_buf_printf(d->w->json.buf, "%.*s (requirement %.*s, evidence %.*s)",
			TU_STR_FMT(control->title), TU_STR_FMT(or_none(control->requirement)),
			TU_STR_FMT(or_none(tu_model_writing_evidence(control))));
		tu_json_close_text(&d->w->json, start);
		tu_json_member_int(&d->w->json, "number", (int64_t)++d->threats);
		tu_json_close_object(&d->w->json);
	}
	tu_json_close_array(&d->w->json);
}

static void add_element(struct dragon *d, uint32_t index)
{
	static const struct {
		const char *shape, *type, *kind; /* kind: what the type does not say */
	} shapes[] = {{"process", "tm.Process", ""}, {"actor", "tm.Actor", ""},
		{"actor", "tm.Actor", "external"}, {"process", "tm.Process", ""},
		{"store", "tm.Store", ""}, {"process", "tm.Process", "hardware"}};
	const struct tu_model_element *at = &d->w->model->elements[index];
	struct tu_lines *lines;

	tu_json_open_object(&d->w->json);
	add_cell_id(d, "id", "element", at->id);
	begin_cell(d, shapes[at->kind].shape, d->z++);
	add_position(d, d->x[index], d->y[index]);
	add_size(d, WIDTH, HEIGHT);
	open_member(d, "data");
	tu_json_member_str(&d->w->json, "type", tu_str_c(shapes[at->kind].type));
	tu_json_member_str(&d->w->json, "name", at->name.len ? at->name : at->id);
	lines = open_lines(d, index, at->description, at->id);
	tu_lines_text(lines, "kind", tu_str_c(shapes[at->kind].kind));
	tu_lines_element(lines, at);
	tu_lines_assets(lines, &at->assets);
	tu_lines_close(lines);
	tu_json_member_bool(&d->w->json, "outOfScope", at->out_of_scope);
	tu_json_member_bool(&d->w->json, "hasOpenThreats", false);
	add_threats(d, (struct tu_spot){false, index});
	tu_json_close_object(&d->w->json);
	tu_json_close_object(&d->w->json);
}

static void add_end(struct dragon *d, const char *key, uint32_t element)
{
	open_member(d, key);
	add_cell_id(d, "cell", "element", d->w->model->elements[element].id);
	tu_json_close_object(&d->w->json);
}

static void add_flow(struct dragon *d, uint32_t index)
{
	const struct tu_model_flow *at = &d->w->model->flows[index];
	struct tu_lines *lines;

	tu_json_open_object(&d->w->json);
	add_cell_id(d, "id", "flow", at->id);
	begin_cell(d, "flow", d->z++);
	tu_json_member_str(&d->w->json, "connector", TU_STR("smooth"));
	open_list(d, "vertices");
	tu_json_close_array(&d->w->json);
	add_end(d, "source", at->from);
	add_end(d, "target", at->to);
	open_member(d, "data");
	tu_json_member_str(&d->w->json, "type", TU_STR("tm.Flow"));
	tu_json_member_str(&d->w->json, "name", at->name.len ? at->name : at->id);
	lines = open_lines(d, d->w->model->elements_count + index, at->description, at->id);
	tu_lines_flow(lines, at);
	tu_lines_assets(lines, &at->assets);
	tu_lines_close(lines);
	tu_json_member_str(&d->w->json, "protocol", at->protocol);
	tu_json_member_bool(&d->w->json, "outOfScope", false);
	tu_json_member_bool(&d->w->json, "isBidirectional", false);
	tu_json_member_bool(&d->w->json, "isEncrypted", false);
	tu_json_member_bool(&d->w->json, "isPublicNetwork", at->medium == TU_MEDIUM_INTERNET);
	tu_json_member_bool(&d->w->json, "hasOpenThreats", false);
	add_threats(d, (struct tu_spot){true, index});
	tu_json_close_object(&d->w->json);
	tu_json_close_object(&d->w->json);
}

/* ---- diagrams ---- */

static void add_diagram(struct dragon *d)
{
	size_t start;

	choose(d);
	tu_json_open_object(&d->w->json);
	tu_json_member_int(&d->w->json, "id", (int64_t)d->diagram);
	tu_json_member_str(&d->w->json, "title",
		d->view && d->view->title.len ? d->view->title : TU_STR("Everything"));
	tu_json_member_str(&d->w->json, "diagramType", TU_STR("STRIDE"));
	tu_json_member_str(&d->w->json, "version", TU_STR("2.3.0"));
	tu_json_member_str(
		&d->w->json, "thumbnail", TU_STR("./public/content/images/thumbnail.stride.jpg"));
	tu_json_key(&d->w->json, "description");
	start = tu_json_open_text(&d->w->json);
	tu_buf_printf(d->w->json.buf, "%s view",
		tu_words_name(&tu_words_view_kind, d->view ? (int)d->view->kind : TU_VIEW_GLOBAL));
	if (d->view)
		tu_buf_printf(d->w->json.buf, "\nref: %.*s", TU_STR_FMT(d->view->id));
	tu_json_close_text(&d->w->json, start);
	open_list(d, "cells");
	(void)place_zone(d, TU_MODEL_NOWHERE, 0, 0, 0);
	for (uint32_t i = 0; i < d->w->model->elements_count; i++)
		if (d->elements[i])
			add_element(d, i);
	for (uint32_t i = 0; i < d->w->model->flows_count; i++)
		if (d->flows[i])
			add_flow(d, i);
	tu_json_close_array(&d->w->json);
	tu_json_close_object(&d->w->json);
	d->diagram++;
}

static size_t count_reasons(const struct tu_model *model)
{
	size_t count = 0;

	for (size_t i = 0; i < model->views_count; i++)
		count += model->views[i].reason.len > 0;
	return count;
}

static void name_losses(struct tu_model_writing *w)
{
	const struct tu_model *m = w->model;

	tu_model_writing_lose(w, "essential performance", m->essential_performance.len ? 1 : 0);
	tu_model_writing_lose(w, "hazards", m->hazards_count);
	tu_model_writing_lose(w, "assets' functions, privacy and hazards", m->assets_count);
	tu_model_writing_lose(w, "controls' ids, categories and properties", m->controls_count);
	tu_model_writing_lose(w, "views' reasons", count_reasons(m));
}

void tu_model_write_threat_dragon(struct tu_model_writing *w)
{
	const struct tu_model *m = w->model;
	struct dragon d = {.w = w,
		.lines = {.w = w},
		.again = {.w = w},
		.seen = tu_arena_array(w->arena,
			m->elements_count + m->flows_count + m->zones_count, sizeof(bool)),
		.elements = tu_arena_array(w->arena, m->elements_count, sizeof(bool)),
		.flows = tu_arena_array(w->arena, m->flows_count, sizeof(bool)),
		.x = tu_arena_array(w->arena, m->elements_count, sizeof(int64_t)),
		.y = tu_arena_array(w->arena, m->elements_count, sizeof(int64_t))};

	if (!d.elements || !d.flows || !d.x || !d.y || !d.seen) {
		w->failed = true;
		return;
	}
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "version", TU_STR("2.3.0"));
	open_member(&d, "summary");
	tu_json_member_str(&w->json, "title", m->title.len ? m->title : TU_STR("Model"));
	tu_json_member_str(&w->json, "owner", m->manufacturer);
	tu_json_member_str(&w->json, "description", m->intended_use);
	tu_json_member_int(&w->json, "id", 0);
	tu_json_close_object(&w->json);
	open_member(&d, "detail");
	open_list(&d, "contributors");
	tu_json_close_array(&w->json);
	open_list(&d, "diagrams");
	for (size_t i = 0; i < m->views_count; i++) {
		d.view = &m->views[i];
		add_diagram(&d);
	}
	if (!m->views_count)
		add_diagram(&d);
	tu_json_close_array(&w->json);
	tu_json_member_int(&w->json, "diagramTop", (int64_t)d.diagram);
	tu_json_member_str(&w->json, "reviewer", (struct tu_str){"", 0});
	tu_json_member_int(&w->json, "threatTop", (int64_t)d.threats + 1);
	tu_json_close_object(&w->json);
	tu_json_close_object(&w->json);
	tu_buf_byte(w->json.buf, '\n');
	name_losses(w);
	tu_lines_losses(&d.lines);
}
