/*
 * Microsoft's Threat Modeling Tool, .tm7: .NET's DataContract XML. A drawing surface has borders
 * (stencils and boundaries) and lines (flows and line boundaries), each with properties that the
 * template names; the template itself, which the file also contains, is passed over.
 *
 * The first answer of a property is what every new shape has, and "Not Selected" is none: both
 * state nothing. Any other is a statement, and so is the only answer that a type of the template
 * has ("No" of HTTP). What is inside which boundary is computed from the drawing.
 */
#include "threat/read/foreign.h"

#include "base/xml.h"
#include "threat/read/made.h"

enum { OPTIONS_MAX = 64 };

struct shape {
	bool open, human;
	struct tu_made_thing thing;
	struct tu_str type; /* "StencilEllipse", "Connector", … */
	struct tu_str source, target; /* guids */
	struct tu_made_frame frame;
	struct tu_made_bend bend;
};

struct property {
	struct tu_str name, value;
	struct tu_str options[OPTIONS_MAX];
	size_t option_count, selected;
};

struct tm7 {
	struct tu_made made;
	struct tu_form *form;
	struct shape shape;
	struct property property;
	struct tu_str title; /* of the surface */
	bool in_surfaces, in_properties, in_threats;
	size_t surface_depth, threats;
	TU_VEC(struct tu_made_frame) frames;
	TU_VEC(struct tu_made_bend) bends;
	TU_VEC(struct shape) elements, flows; /* of the surface */
};

static const struct {
	const char *type;
	const char *kind;
} stencils[] = {
	{"StencilRectangle", "external"},
	{"StencilEllipse", "process"},
	{"StencilParallelLines", "store"},
};

static bool is(struct tu_xml_name name, const char *local)
{
	return tu_str_eq(name.local, tu_str_c(local));
}

static enum tu_status keep(struct tm7 *t, struct tu_str text, struct tu_str *out)
{
	return tu_arena_dup(t->form->arena, tu_str_trim(text), out) ? TU_OK
								    : tu_form_no_memory(t->form);
}

/* ---- properties of a shape ---- */

/* "Physical Network" as the name of a fact: "physical_network"; empty for one that has none. */
static enum tu_status fact_name(struct tm7 *t, struct tu_str name, struct tu_str *out)
{
	char *text = tu_arena_text(t->form->arena, name.len);

	if (!text)
		return tu_form_no_memory(t->form);
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		text[i] = c >= 'A' && c <= 'Z'				   ? (char)(c - 'A' + 'a')
			: (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c
									   : '_';
	}
	*out = tu_str_of(text, name.len);
	return TU_OK;
}

/* What answers of Microsoft's templates say in our words. */
static const struct {
	const char *property, *answer, *name, *value;
} meanings[] = {
	{"Physical Network", "Wi-Fi", "medium", "radio"},
	{"Physical Network", "Bluetooth", "medium", "radio"},
	{"Physical Network", "2G-4G", "medium", "radio"},
	{"Provides Confidentiality", "Yes", "encryption", "stated"},
	{"Provides Confidentiality", "No", "encryption", "none"},
	{"Provides Integrity", "Yes", "integrity", "stated"},
	{"Provides Integrity", "No", "integrity", "none"},
	{"Destination Authenticated", "Yes", "authentication", "stated"},
	{"Source Authenticated", "Yes", "authentication", "stated"},
	{"Encrypted", "Yes", "at_rest", "encrypted"},
};

static bool says_nothing(struct tu_str value)
{
	static const char *const words[] = {
		"", "Not Selected", "Select", "Not Applicable", "false"};

	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(value, tu_str_c(words[i])))
			return true;
	return false;
}

/* One among several, and the first: what the shape had when it was drawn. */
static bool is_default(const struct property *p)
{
	return p->option_count > 1 && p->selected == 0;
}

static enum tu_status state(struct tm7 *t, const char *name, struct tu_str value)
{
	return tu_made_state(&t->made, &t->shape.thing, name, value) ? TU_OK
								     : tu_form_no_memory(t->form);
}

static enum tu_status take_answer(struct tm7 *t, struct tu_str answer)
{
	struct tu_made_line line = {.value = answer};
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < TU_COUNT(meanings) && !status; i++)
		if (tu_str_ieq(t->property.name, tu_str_c(meanings[i].property)) &&
			tu_str_ieq(answer, tu_str_c(meanings[i].answer)))
			status = state(t, meanings[i].name, tu_str_c(meanings[i].value));
	if (status == TU_OK)
		status = fact_name(t, t->property.name, &line.name);
	if (status != TU_OK)
		return status;
	for (size_t i = 0; i < t->shape.thing.stated.count; i++)
		if (tu_str_eq(t->shape.thing.stated.at[i].name, line.name))
			return TU_OK;
	return TU_VEC_PUSH_IN(t->form->arena, &t->shape.thing.stated, line)
		? TU_OK
		: tu_form_no_memory(t->form);
}

static enum tu_status end_property(struct tm7 *t)
{
	struct property *p = &t->property;
	struct tu_str value = p->option_count && p->selected < p->option_count
		? p->options[p->selected]
		: p->value;

	if (!t->shape.open) {
		if (tu_str_eq(p->name, TU_STR("Name")))
			t->title = value;
		return TU_OK;
	}
	if (tu_str_eq(p->name, TU_STR("Name"))) {
		t->shape.thing.name = value;
		return TU_OK;
	}
	if (tu_str_ieq(p->name, TU_STR("Out Of Scope"))) {
		t->shape.thing.out_of_scope = tu_str_ieq(value, TU_STR("true"));
		return TU_OK;
	}
	if (says_nothing(value) || is_default(p) || !p->name.len ||
		tu_str_ieq(p->name, TU_STR("Dataflow Order")))
		return TU_OK;
	if (tu_str_ieq(p->name, TU_STR("Type")) && tu_str_ieq(value, TU_STR("Human")))
		t->shape.human = true;
	return take_answer(t, value);
}

static enum tu_status take_property(struct tm7 *t, struct tu_xml_name name, struct tu_str text)
{
	struct property *p = &t->property;
	uint64_t index = 0;

	if (is(name, "DisplayName"))
		return keep(t, text, &p->name);
	if (is(name, "string") && p->option_count < OPTIONS_MAX)
		return keep(t, text, &p->options[p->option_count++]);
	if (is(name, "Value") && !p->option_count)
		return keep(t, text, &p->value);
	if (is(name, "SelectedIndex") && tu_str_to_u64(tu_str_trim(text), OPTIONS_MAX, &index))
		p->selected = (size_t)index;
	return is(name, "anyType") ? end_property(t) : TU_OK;
}

/* Nobody is authenticated where both ends are answered so; one alone is a question. */
static enum tu_status join_answers(struct tm7 *t)
{
	static const char *const ends[] = {"source_authenticated", "destination_authenticated"};
	const struct tu_made_thing *thing = &t->shape.thing;
	size_t none = 0;

	for (size_t i = 0; i < thing->stated.count; i++)
		for (size_t j = 0; j < TU_COUNT(ends); j++)
			none += tu_str_eq(thing->stated.at[i].name, tu_str_c(ends[j])) &&
				tu_str_ieq(thing->stated.at[i].value, TU_STR("No"));
	return none == TU_COUNT(ends) ? state(t, "authentication", TU_STR("none")) : TU_OK;
}

/* ---- shapes ---- */

static double coordinate(struct tu_str text)
{
	bool negative = tu_str_skip(&text, TU_STR("-"));
	uint64_t whole = 0;

	text.len = tu_str_find(text, '.');
	if (!tu_str_to_u64(text, 1000000000, &whole))
		return 0;
	return negative ? -(double)whole : (double)whole;
}

/* Where a shape or a line is. */
static const struct {
	const char *name;
	size_t at; /* of a double in struct shape */
} places[] = {
	{"Left", offsetof(struct shape, frame.x)},
	{"Top", offsetof(struct shape, frame.y)},
	{"Width", offsetof(struct shape, frame.width)},
	{"Height", offsetof(struct shape, frame.height)},
	{"SourceX", offsetof(struct shape, bend.source_x)},
	{"SourceY", offsetof(struct shape, bend.source_y)},
	{"HandleX", offsetof(struct shape, bend.handle_x)},
	{"HandleY", offsetof(struct shape, bend.handle_y)},
	{"TargetX", offsetof(struct shape, bend.target_x)},
	{"TargetY", offsetof(struct shape, bend.target_y)},
};

static enum tu_status take_member(struct tm7 *t, struct tu_xml_name name, struct tu_str text)
{
	struct shape *s = &t->shape;
	double where;

	text = tu_str_trim(text);
	if (is(name, "Guid"))
		return keep(t, text, &s->thing.id);
	if (is(name, "SourceGuid"))
		return keep(t, text, &s->source);
	if (is(name, "TargetGuid"))
		return keep(t, text, &s->target);
	where = coordinate(text);
	for (size_t i = 0; i < TU_COUNT(places); i++)
		if (is(name, places[i].name))
			memcpy((char *)s + places[i].at, &where, sizeof(where));
	return TU_OK;
}

/* A line that bends around something is a zone; what a straight one parts is not known. */
static enum tu_status end_line(struct tm7 *t)
{
	struct shape *s = &t->shape;

	if (!tu_made_bends(&s->bend))
		return tu_reading_lose(t->form, NULL, "lost",
			"\"%.*s\" (%.*s): a line has no inside, so nothing is in it",
			TU_STR_FMT(tu_str_first(s->thing.name, 60)), TU_STR_FMT(s->type));
	s->bend.id = s->thing.id;
	return TU_VEC_PUSH_IN(t->form->arena, &t->bends, s->bend) &&
			TU_VEC_PUSH_IN(t->form->arena, &t->made.zones, s->thing)
		? TU_OK
		: tu_form_no_memory(t->form);
}

static enum tu_status end_shape(struct tm7 *t)
{
	struct shape *s = &t->shape;
	struct tu_arena *arena = t->form->arena;
	enum tu_status status = join_answers(t);

	s->open = false;
	if (status != TU_OK)
		return status;
	if (tu_str_eq(s->type, TU_STR("BorderBoundary"))) {
		s->frame.id = s->thing.id;
		return TU_VEC_PUSH_IN(arena, &t->frames, s->frame) &&
				TU_VEC_PUSH_IN(arena, &t->made.zones, s->thing)
			? TU_OK
			: tu_form_no_memory(t->form);
	}
	if (tu_str_eq(s->type, TU_STR("Connector")))
		return TU_VEC_PUSH_IN(arena, &t->flows, *s) ? TU_OK : tu_form_no_memory(t->form);
	for (size_t i = 0; i < TU_COUNT(stencils); i++)
		if (tu_str_eq(s->type, tu_str_c(stencils[i].type))) {
			s->thing.kind = s->human ? "actor" : stencils[i].kind;
			return TU_VEC_PUSH_IN(arena, &t->elements, *s) ? TU_OK
								       : tu_form_no_memory(t->form);
		}
	return end_line(t);
}

/* ---- surfaces ---- */

static const struct shape *element_with(const struct tm7 *t, struct tu_str guid)
{
	for (size_t i = 0; i < t->elements.count; i++)
		if (tu_str_eq(t->elements.at[i].thing.id, guid))
			return &t->elements.at[i];
	return NULL;
}

static enum tu_status add_flow(struct tm7 *t, struct shape *flow, struct tu_made_view *view)
{
	if (!element_with(t, flow->source) || !element_with(t, flow->target))
		return tu_reading_lose(t->form, NULL, "lost",
			"the flow \"%.*s\" has an end at no element",
			TU_STR_FMT(tu_str_first(flow->thing.name, 60)));
	flow->thing.from = flow->source;
	flow->thing.to = flow->target;
	return TU_VEC_PUSH_IN(t->form->arena, &t->made.flows, flow->thing) &&
			TU_VEC_PUSH_IN(t->form->arena, &view->flows, flow->thing.id)
		? TU_OK
		: tu_form_no_memory(t->form);
}

static struct tu_str zone_at(const struct tm7 *t, double x, double y)
{
	struct tu_str zone = tu_made_around(t->frames.at, t->frames.count, x, y);

	return zone.len ? zone : tu_made_bent_around(t->bends.at, t->bends.count, x, y);
}

/* Boxes in no box are in the zone of the line that bends around them. */
static void nest_boxes(struct tm7 *t)
{
	tu_made_nest(&t->made, t->frames.at, t->frames.count);
	for (size_t i = 0; i < t->frames.count; i++) {
		const struct tu_made_frame *f = &t->frames.at[i];

		for (size_t j = 0; j < t->made.zones.count; j++)
			if (tu_str_eq(t->made.zones.at[j].id, f->id) &&
				!t->made.zones.at[j].zone.len)
				t->made.zones.at[j].zone = tu_made_bent_around(t->bends.at,
					t->bends.count, f->x + f->width / 2, f->y + f->height / 2);
	}
}

/* A line between elements of one zone: what it parts is not what the zones say. */
static enum tu_status name_parted(struct tm7 *t, const struct tu_made_bend *bend)
{
	struct tu_names first = {0}; /* element of a zone; is_flow: it is inside */
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < t->elements.count && !status; i++) {
		const struct shape *s = &t->elements.at[i];
		struct tu_spot spot = {false, (uint32_t)i};
		const struct tu_spot *was;
		bool is_new = true;

		if (!s->thing.zone.len || tu_str_eq(s->thing.zone, bend->id))
			continue;
		spot.is_flow = tu_made_bent_around(bend, 1, s->frame.x + s->frame.width / 2,
				       s->frame.y + s->frame.height / 2)
				       .len > 0;
		if (!tu_names_add(&first, t->form->arena, s->thing.zone, spot, &is_new))
			return tu_form_no_memory(t->form);
		was = is_new ? NULL : tu_names_find(&first, s->thing.zone);
		if (was && was->is_flow != spot.is_flow)
			status = tu_reading_lose(t->form, NULL, "question",
				"a line boundary parts \"%.*s\" and \"%.*s\", which are in one "
				"box: by the model nothing is crossed between them",
				TU_STR_FMT(tu_str_first(t->elements.at[was->index].thing.name, 60)),
				TU_STR_FMT(tu_str_first(s->thing.name, 60)));
	}
	return status;
}

static enum tu_status end_surface(struct tm7 *t)
{
	struct tu_made_view view = {.title = t->title, .kind = TU_STR("other")};
	struct tu_buf id;
	enum tu_status status = TU_OK;

	nest_boxes(t);
	for (size_t i = 0; i < t->elements.count; i++) {
		struct shape *s = &t->elements.at[i];

		s->thing.zone = zone_at(
			t, s->frame.x + s->frame.width / 2, s->frame.y + s->frame.height / 2);
		if (!TU_VEC_PUSH_IN(t->form->arena, &t->made.elements, s->thing) ||
			!TU_VEC_PUSH_IN(t->form->arena, &view.elements, s->thing.id))
			return tu_form_no_memory(t->form);
	}
	for (size_t i = 0; i < t->bends.count && !status; i++)
		status = name_parted(t, &t->bends.at[i]);
	for (size_t i = 0; i < t->flows.count && !status; i++)
		status = add_flow(t, &t->flows.at[i], &view);
	tu_buf_init(&id, 64);
	tu_buf_printf(&id, "surface-%zu", t->made.views.count + 1);
	if (status == TU_OK &&
		(id.failed || !tu_arena_dup(t->form->arena, tu_buf_str(&id), &view.id) ||
			!TU_VEC_PUSH_IN(t->form->arena, &t->made.views, view)))
		status = tu_form_no_memory(t->form);
	tu_buf_done(&id);
	t->frames.count = t->bends.count = t->elements.count = t->flows.count = 0;
	t->title = (struct tu_str){0};
	return status;
}

/* ---- the document ---- */

static enum tu_status open_element(void *context, struct tu_xml *xml, struct tu_xml_name name)
{
	static const char instance[] = "http://www.w3.org/2001/XMLSchema-instance";
	struct tm7 *t = context;
	struct tu_str type = tu_xml_attr(xml, instance, "type");

	if (is(name, "DrawingSurfaceList"))
		t->in_surfaces = true;
	else if (is(name, "ThreatInstances"))
		t->in_threats = true;
	else if (t->in_surfaces && is(name, "Properties"))
		t->in_properties = true;
	else if (t->in_properties && is(name, "anyType"))
		t->property = (struct property){0};
	else if (t->in_surfaces && !t->in_properties && is(name, "Value") && type.len) {
		t->shape = (struct shape){.open = true};
		return keep(t, type, &t->shape.type);
	}
	return TU_OK;
}

static enum tu_status close_element(
	void *context, struct tu_xml *xml, struct tu_xml_name name, struct tu_str text)
{
	struct tm7 *t = context;

	(void)xml;
	if (is(name, "DrawingSurfaceList"))
		t->in_surfaces = false;
	else if (is(name, "ThreatInstances"))
		t->in_threats = false;
	else if (t->in_threats && is(name, "State"))
		t->threats++;
	else if (!t->in_surfaces)
		return TU_OK;
	else if (is(name, "Properties"))
		t->in_properties = false;
	else if (t->in_properties)
		return take_property(t, name, text);
	else if (t->shape.open && is(name, "Value"))
		return end_shape(t);
	else if (t->shape.open)
		return take_member(t, name, text);
	else if (is(name, "DrawingSurfaceModel"))
		return end_surface(t);
	return TU_OK;
}

bool tu_tm7_is(struct tu_str text)
{
	(void)tu_str_skip(&text, TU_STR("\xef\xbb\xbf"));
	text = tu_str_trim(text);
	return text.len && text.ptr[0] == '<';
}

static enum tu_status check_root(struct tu_form *form, struct tu_str text)
{
	struct tu_buf space, local;
	enum tu_status status;

	tu_buf_init(&space, 4096);
	tu_buf_init(&local, 4096);
	status = tu_xml_root(text, &space, &local, form->err);
	if (status == TU_OK && !tu_str_eq(tu_buf_str(&local), TU_STR("ThreatModel")))
		status = tu_fail(form->err, TU_E_UNSUPPORTED, 0,
			"XML that is no model of Microsoft's Threat Modeling Tool (.tm7)");
	tu_buf_done(&space);
	tu_buf_done(&local);
	return status;
}

enum tu_status tu_tm7_read(struct tu_reading *reading, struct tu_str text)
{
	static const struct tu_xml_limits limits = {
		.bytes = 64u << 20, .depth = 64, .elements = 4000000, .text = 1u << 20};
	struct tm7 t = {.made = {.reading = reading}, .form = &reading->form};
	const struct tu_xml_handler handler = {open_element, close_element, &t};
	enum tu_status status = check_root(&reading->form, text);

	if (status == TU_OK)
		status = tu_xml_read(text, &limits, &handler, reading->form.err);
	if (status != TU_OK)
		return tu_error_in_file(reading->form.err, "%.*s", TU_STR_FMT(reading->form.file));
	if (t.threats)
		status = tu_reading_lose(&reading->form, NULL, "lost",
			"%zu threats of the file: threats are found again by rules", t.threats);
	return status ? status : tu_made_read(&t.made);
}
