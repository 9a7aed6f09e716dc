/*
 * Threat Dragon, version 2: diagrams of cells. A model has one element with many cells: cells are
 * one where their descriptions have the same "ref:", else where kind and name are the same on
 * different diagrams. On one diagram two cells are two things: both may have the name that the tool
 * gave them.
 *
 * The form does not store what is inside which boundary; it is computed from the boxes. Line
 * boundaries have no inside. A flag that is false is the form's default and states nothing.
 * Schema: OWASP Threat Dragon, threat-dragon-v2.schema.json.
 */
#include "threat/read/foreign.h"

#include "threat/read/made.h"
#include "threat/read/node.h"

enum kind { OTHER, ZONE, ELEMENT, FLOW };
enum { KEY_MAX = 16 << 20 };

static const struct {
	const char *type;
	enum kind kind;
	const char *word; /* of the element's kind */
} types[] = {
	{"tm.Actor", ELEMENT, "actor"},
	{"tm.Process", ELEMENT, "process"},
	{"tm.Store", ELEMENT, "store"},
	{"tm.Flow", FLOW, NULL},
	{"tm.BoundaryBox", ZONE, NULL},
	{"tm.Boundary", OTHER, NULL},
	{"tm.Text", OTHER, NULL},
};

struct dragon {
	struct tu_made made;
	struct tu_form *form;
	struct tu_names cells; /* by the id of a cell: the thing (is_flow) and its index */
	struct tu_names zone_cells;
	struct tu_names things; /* by "ref" or kind and name */
	struct tu_str key; /* what identifies the cell that is being read */
	/* Of the diagram that is being read. */
	TU_VEC(struct tu_made_frame) frames;
	struct tu_names kinds; /* index of a count by kind and name */
	TU_VEC(size_t) counts;
};

static double number(const struct tu_yaml *map, const char *key)
{
	struct tu_str digits = tu_node_text(map, key);
	bool negative = tu_str_skip(&digits, TU_STR("-"));
	uint64_t whole = 0;

	digits.len = tu_str_find(digits, '.');
	if (!tu_str_to_u64(digits, 1000000000, &whole))
		return 0;
	return negative ? -(double)whole : (double)whole;
}

/* ---- cells become things ---- */

static enum kind kind_of(const struct tu_yaml *cell, const char **out_word)
{
	struct tu_str type = tu_node_text(tu_node(cell, "data"), "type");

	for (size_t i = 0; i < TU_COUNT(types); i++)
		if (tu_str_eq(type, tu_str_c(types[i].type))) {
			*out_word = types[i].word;
			return types[i].kind;
		}
	return OTHER;
}

/* The how-manieth with this kind and name the cell is on its diagram. */
static bool count_kind(struct dragon *d, struct tu_str kind, size_t *out_number)
{
	struct tu_arena *arena = d->form->arena;
	const struct tu_spot *spot = tu_names_find(&d->kinds, kind);
	const struct tu_spot next = {false, (uint32_t)d->counts.count};
	struct tu_str kept;
	bool is_new;

	if (!spot) {
		if (!tu_arena_dup(arena, kind, &kept) ||
			!tu_names_add(&d->kinds, arena, kept, next, &is_new) ||
			!TU_VEC_PUSH_IN(arena, &d->counts, 0))
			return false;
		spot = &next;
	}
	*out_number = ++d->counts.at[spot->index];
	return true;
}

/* What makes two cells one thing; empty: nothing does. A boundary may have the id of an element. */
static bool identify(struct dragon *d, enum kind kind, const struct tu_made_thing *thing)
{
	static const char *const words[] = {
		[ZONE] = "zone", [ELEMENT] = "element", [FLOW] = "flow"};
	struct tu_str ref = tu_made_line(&thing->text, "ref");
	struct tu_buf key;
	size_t number;
	bool fine = true;

	tu_buf_init(&key, KEY_MAX);
	if (ref.len)
		tu_buf_printf(&key, "ref %s %.*s", words[kind], TU_STR_FMT(ref));
	else if (kind == FLOW)
		tu_buf_printf(&key, "flow %zu %.*s %zu %.*s %.*s", thing->from.len,
			TU_STR_FMT(thing->from), thing->to.len, TU_STR_FMT(thing->to),
			TU_STR_FMT(thing->name));
	else if (thing->name.len)
		tu_buf_printf(&key, "%s %.*s", thing->kind ? thing->kind : "zone",
			TU_STR_FMT(thing->name));
	if (!ref.len && key.len) {
		fine = !key.failed && count_kind(d, tu_buf_str(&key), &number);
		if (fine)
			tu_buf_printf(&key, " %zu", number);
	}
	fine = fine && !key.failed && tu_arena_dup(d->form->arena, tu_buf_str(&key), &d->key);
	tu_buf_done(&key);
	return fine;
}

static enum tu_status take_thing(
	struct dragon *d, const struct tu_yaml *cell, const char *word, struct tu_made_thing *out)
{
	const struct tu_yaml *data = tu_node(cell, "data");
	enum tu_status status =
		tu_made_take(d->form, tu_node_text(data, "description"), &out->text);
	struct tu_str ref = tu_made_line(&out->text, "ref");

	out->id = ref.len ? ref : tu_node_text(cell, "id");
	out->name = tu_node_text(data, "name");
	out->kind = word;
	out->out_of_scope = tu_node_true(data, "outOfScope");
	return status;
}

/* The thing is known by this cell, too. `*out_new`: nothing was it before. */
static enum tu_status know(struct dragon *d, struct tu_names *cells, struct tu_str cell,
	struct tu_spot *spot, bool *out_new)
{
	const struct tu_spot *before = d->key.len ? tu_names_find(&d->things, d->key) : NULL;
	struct tu_arena *arena = d->form->arena;
	bool ignored = true;

	*out_new = !before;
	if (before)
		*spot = *before;
	else if (d->key.len && !tu_names_add(&d->things, arena, d->key, *spot, &ignored))
		return tu_form_no_memory(d->form);
	return !cell.len || tu_names_add(cells, arena, cell, *spot, &ignored)
		? TU_OK
		: tu_form_no_memory(d->form);
}

static enum tu_status take_zone(struct dragon *d, const struct tu_yaml *cell)
{
	const struct tu_yaml *position = tu_node(cell, "position"), *size = tu_node(cell, "size");
	struct tu_made_thing zone = {0};
	struct tu_spot spot = {false, (uint32_t)d->made.zones.count};
	struct tu_made_frame frame = {number(position, "x"), number(position, "y"),
		number(size, "width"), number(size, "height"), {0}};
	bool is_new;
	enum tu_status status = take_thing(d, cell, NULL, &zone);

	if (status == TU_OK && !identify(d, ZONE, &zone))
		status = tu_form_no_memory(d->form);
	if (status == TU_OK)
		status = know(d, &d->zone_cells, tu_node_text(cell, "id"), &spot, &is_new);
	if (status != TU_OK)
		return status;
	if (is_new && !TU_VEC_PUSH_IN(d->form->arena, &d->made.zones, zone))
		return tu_form_no_memory(d->form);
	frame.id = d->made.zones.at[spot.index].id;
	return TU_VEC_PUSH_IN(d->form->arena, &d->frames, frame) ? TU_OK
								 : tu_form_no_memory(d->form);
}

/* Flags that are true, as facts: false is what the form has where nobody said anything. */
static bool state_flags(struct dragon *d, const struct tu_yaml *data, struct tu_made_thing *thing)
{
	bool fine = true;

	if (tu_node_true(data, "isEncrypted"))
		fine = thing->from.len
			? tu_made_state(&d->made, thing, "encryption", TU_STR("stated"))
			: tu_made_state(&d->made, thing, "at_rest", TU_STR("encrypted"));
	if (tu_node_true(data, "isPublicNetwork"))
		fine = fine && tu_made_state(&d->made, thing, "medium", TU_STR("internet"));
	if (tu_node_true(data, "isALog"))
		fine = fine && tu_made_state(&d->made, thing, "functions", TU_STR("log"));
	return fine &&
		tu_made_state(
			&d->made, thing, "privilege_level", tu_node_text(data, "privilegeLevel"));
}

static enum tu_status take_element(struct dragon *d, const struct tu_yaml *cell, const char *word)
{
	const struct tu_yaml *position = tu_node(cell, "position"), *size = tu_node(cell, "size");
	struct tu_made_thing element = {0};
	struct tu_spot spot = {false, (uint32_t)d->made.elements.count};
	struct tu_str zone;
	bool is_new;
	enum tu_status status = take_thing(d, cell, word, &element);

	if (status == TU_OK && !identify(d, ELEMENT, &element))
		status = tu_form_no_memory(d->form);
	if (status == TU_OK)
		status = know(d, &d->cells, tu_node_text(cell, "id"), &spot, &is_new);
	if (status != TU_OK)
		return status;
	if (is_new &&
		(!state_flags(d, tu_node(cell, "data"), &element) ||
			!TU_VEC_PUSH_IN(d->form->arena, &d->made.elements, element)))
		return tu_form_no_memory(d->form);
	if (!position)
		return TU_OK; /* it is not known in which boundary */
	zone = tu_made_around(d->frames.at, d->frames.count,
		number(position, "x") + number(size, "width") / 2,
		number(position, "y") + number(size, "height") / 2);
	if (!d->made.elements.at[spot.index].zone.len)
		d->made.elements.at[spot.index].zone = zone;
	return TU_OK;
}

/* The id of the element at an end; empty where the flow hangs in the air. */
static struct tu_str end_of(struct dragon *d, const struct tu_yaml *cell, const char *end)
{
	struct tu_str id = tu_node_text(tu_node(cell, end), "cell");
	const struct tu_spot *spot = id.len ? tu_names_find(&d->cells, id) : NULL;

	return spot && !spot->is_flow ? d->made.elements.at[spot->index].id
				      : (struct tu_str){"", 0};
}

static enum tu_status take_flow(struct dragon *d, const struct tu_yaml *cell)
{
	const struct tu_yaml *data = tu_node(cell, "data");
	struct tu_made_thing flow = {0};
	struct tu_spot spot = {true, (uint32_t)d->made.flows.count};
	bool is_new;
	enum tu_status status = take_thing(d, cell, NULL, &flow);

	if (status != TU_OK)
		return status;
	flow.from = end_of(d, cell, "source");
	flow.to = end_of(d, cell, "target");
	flow.protocol = tu_node_text(data, "protocol");
	if (!flow.from.len || !flow.to.len)
		return tu_reading_lose(d->form, cell, "lost",
			"the flow \"%.*s\" has an end at no element",
			TU_STR_FMT(tu_str_first(flow.name, 60)));
	if (!identify(d, FLOW, &flow))
		return tu_form_no_memory(d->form);
	status = know(d, &d->cells, tu_node_text(cell, "id"), &spot, &is_new);
	if (status == TU_OK && tu_node_true(data, "isBidirectional") && is_new)
		status = tu_reading_lose(d->form, cell, "question",
			"the flow \"%.*s\" goes both ways: only the drawn direction is read",
			TU_STR_FMT(tu_str_first(flow.name, 60)));
	if (status != TU_OK || !is_new)
		return status;
	return state_flags(d, data, &flow) && TU_VEC_PUSH_IN(d->form->arena, &d->made.flows, flow)
		? TU_OK
		: tu_form_no_memory(d->form);
}

/* ---- threats of the file ---- */

static struct tu_made_control *control_for(struct dragon *d, struct tu_str mitigation)
{
	struct tu_made_control control = {0};

	tu_made_mitigation(mitigation, &control);
	for (size_t i = 0; i < d->made.controls.count; i++)
		if (tu_str_eq(d->made.controls.at[i].title, control.title) &&
			tu_str_eq(d->made.controls.at[i].evidence, control.evidence))
			return &d->made.controls.at[i];
	return TU_VEC_PUSH_IN(d->form->arena, &d->made.controls, control)
		? &d->made.controls.at[d->made.controls.count - 1]
		: NULL;
}

static bool cover(struct dragon *d, struct tu_made_control *control, struct tu_str id)
{
	for (size_t i = 0; i < control->covers.count; i++)
		if (tu_str_eq(control->covers.at[i], id))
			return true;
	return TU_VEC_PUSH_IN(d->form->arena, &control->covers, id);
}

/* A mitigated threat names a control; what else a threat says was found by another method. */
static enum tu_status take_threat(struct dragon *d, const struct tu_yaml *threat, struct tu_str id)
{
	struct tu_made_control *control;

	if (!tu_str_ieq(tu_node_text(threat, "status"), TU_STR("Mitigated")) ||
		!tu_node_text(threat, "mitigation").len)
		return tu_reading_lose(d->form, threat, "lost",
			"the threat \"%.*s\" (%.*s) of the file: threats are found again by rules",
			TU_STR_FMT(tu_str_first(tu_node_text(threat, "title"), 60)),
			TU_STR_FMT(tu_str_first(tu_node_text(threat, "status"), 20)));
	control = control_for(d, tu_node_text(threat, "mitigation"));
	return control && cover(d, control, id) ? TU_OK : tu_form_no_memory(d->form);
}

static enum tu_status take_threats(struct dragon *d, const struct tu_yaml *cell)
{
	const struct tu_spot *spot = tu_names_find(&d->cells, tu_node_text(cell, "id"));
	const struct tu_yaml *threats = tu_node(tu_node(cell, "data"), "threats");
	struct tu_str id;
	enum tu_status status = TU_OK;

	if (!spot || !threats)
		return TU_OK;
	id = spot->is_flow ? d->made.flows.at[spot->index].id : d->made.elements.at[spot->index].id;
	for (const struct tu_yaml *at = threats->first; at && !status; at = at->next)
		status = take_threat(d, at, id);
	return status;
}

/* ---- diagrams ---- */

static bool add_to_view(struct dragon *d, const struct tu_yaml *cell, struct tu_made_view *view)
{
	const struct tu_spot *spot = tu_names_find(&d->cells, tu_node_text(cell, "id"));

	if (!spot)
		return true;
	return spot->is_flow
		? TU_VEC_PUSH_IN(d->form->arena, &view->flows, d->made.flows.at[spot->index].id)
		: TU_VEC_PUSH_IN(
			  d->form->arena, &view->elements, d->made.elements.at[spot->index].id);
}

/* "global view": the description that our exports write; else nobody says it. */
static struct tu_str view_kind(struct tu_str description)
{
	static const char *const kinds[] = {"global", "multi-patient", "updateability", "use-case"};

	for (size_t i = 0; i < TU_COUNT(kinds); i++) {
		struct tu_str rest = description;

		if (tu_str_skip(&rest, tu_str_c(kinds[i])) && tu_str_eq(rest, TU_STR(" view")))
			return tu_str_c(kinds[i]);
	}
	return TU_STR("other");
}

static enum tu_status begin_view(
	struct dragon *d, const struct tu_yaml *diagram, struct tu_made_view *out)
{
	struct tu_made_text text;
	struct tu_buf id;
	bool fine = true;
	enum tu_status status = tu_made_take(d->form, tu_node_text(diagram, "description"), &text);

	if (status != TU_OK)
		return status;
	*out = (struct tu_made_view){.id = tu_made_line(&text, "ref"),
		.title = tu_node_text(diagram, "title"),
		.kind = view_kind(text.prose)};
	tu_buf_init(&id, 64);
	tu_buf_printf(&id, "diagram-%zu", diagram->index + 1);
	if (!out->id.len)
		fine = !id.failed && tu_arena_dup(d->form->arena, tu_buf_str(&id), &out->id);
	tu_buf_done(&id);
	return fine ? TU_OK : tu_form_no_memory(d->form);
}

typedef enum tu_status take_cell(
	struct dragon *d, const struct tu_yaml *cell, enum kind kind, const char *word);

static enum tu_status first_pass(
	struct dragon *d, const struct tu_yaml *cell, enum kind kind, const char *word)
{
	(void)word;
	if (kind == ZONE)
		return take_zone(d, cell);
	if (kind == OTHER &&
		!tu_str_eq(tu_node_text(tu_node(cell, "data"), "type"), TU_STR("tm.Text")))
		return tu_reading_lose(d->form, cell, "lost",
			"\"%.*s\": a line has no inside, so nothing is in it",
			TU_STR_FMT(tu_str_first(tu_node_text(tu_node(cell, "data"), "name"), 60)));
	return TU_OK;
}

static enum tu_status second_pass(
	struct dragon *d, const struct tu_yaml *cell, enum kind kind, const char *word)
{
	return kind == ELEMENT ? take_element(d, cell, word) : TU_OK;
}

static enum tu_status third_pass(
	struct dragon *d, const struct tu_yaml *cell, enum kind kind, const char *word)
{
	enum tu_status status = kind == FLOW ? take_flow(d, cell) : TU_OK;

	(void)word;
	return status ? status : take_threats(d, cell);
}

static enum tu_status over_cells(struct dragon *d, const struct tu_yaml *diagram, take_cell *take)
{
	const struct tu_yaml *cells = tu_node(diagram, "cells");
	enum tu_status status = TU_OK;

	for (const struct tu_yaml *at = cells ? cells->first : NULL; at && !status; at = at->next) {
		const char *word = NULL;
		enum kind kind = kind_of(at, &word);

		status = take(d, at, kind, word);
	}
	return status;
}

static enum tu_status take_diagram(struct dragon *d, const struct tu_yaml *diagram)
{
	static take_cell *const passes[] = {first_pass, second_pass, third_pass};
	const struct tu_yaml *cells = tu_node(diagram, "cells");
	struct tu_made_view view;
	enum tu_status status = begin_view(d, diagram, &view);

	d->frames.count = d->counts.count = 0;
	d->kinds = d->cells = d->zone_cells = (struct tu_names){0};
	for (size_t i = 0; i < TU_COUNT(passes) && !status; i++) {
		status = over_cells(d, diagram, passes[i]);
		if (i == 0)
			tu_made_nest(&d->made, d->frames.at, d->frames.count);
	}
	for (const struct tu_yaml *at = cells ? cells->first : NULL; at && !status; at = at->next)
		if (!add_to_view(d, at, &view))
			status = tu_form_no_memory(d->form);
	if (status == TU_OK && !TU_VEC_PUSH_IN(d->form->arena, &d->made.views, view))
		status = tu_form_no_memory(d->form);
	return status;
}

bool tu_dragon_is(const struct tu_yaml *root)
{
	return tu_node(root, "summary") && tu_node(tu_node(root, "detail"), "diagrams");
}

/* Version 1 keeps its cells in "diagramJson". */
static enum tu_status check_version(struct tu_form *form, const struct tu_yaml *root)
{
	const struct tu_yaml *diagrams = tu_node(tu_node(root, "detail"), "diagrams");
	struct tu_str version = tu_node_text(root, "version");

	for (const struct tu_yaml *at = diagrams->first; at; at = at->next)
		if (tu_node(at, "diagramJson"))
			version = TU_STR("1");
	if (tu_str_skip(&version, TU_STR("2")) && (!version.len || version.ptr[0] == '.'))
		return TU_OK;
	return tu_yaml_fail(form->err, TU_E_UNSUPPORTED, form->file, root,
		"a model of Threat Dragon version 1, or of none: open it with Threat Dragon 2 and "
		"save it again");
}

enum tu_status tu_dragon_read(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_device *device)
{
	const struct tu_yaml *diagrams = tu_node(tu_node(root, "detail"), "diagrams");
	struct dragon d = {
		.made = {.reading = reading,
			.title = tu_node_text(tu_node(root, "summary"), "title"),
			.manufacturer = tu_node_text(tu_node(root, "summary"), "owner"),
			.intended_use = tu_node_text(tu_node(root, "summary"), "description")},
		.form = &reading->form};
	enum tu_status status = check_version(&reading->form, root);

	(void)device;
	for (const struct tu_yaml *at = diagrams->first; at && !status; at = at->next)
		status = take_diagram(&d, at);
	return status ? status : tu_made_read(&d.made);
}
