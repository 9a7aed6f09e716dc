#include "threat/read/reading.h"
#include "threat/write/threagile.h"

bool tu_threagile_is_entry(struct tu_str id)
{
	return id.len && tu_str_trim(id).len == id.len && tu_str_find(id, ',') == id.len &&
		tu_str_find(id, ';') == id.len && tu_str_find(id, '/') == id.len &&
		tu_str_find(id, '\n') == id.len &&
		tu_str_search(id, TU_STR(" on loss of ")) == id.len;
}

/* ---- keys ---- */

/* "Nurse's tablet" as "nurse-s-tablet", as Threagile makes the ids of communication links. */
static void add_slug(struct tu_str text, struct tu_buf *out)
{
	bool gap = false;

	for (size_t i = 0; i < text.len; i++) {
		if (!tu_char_is_alnum(text.ptr[i])) {
			gap = true;
			continue;
		}
		tu_buf_c(out, gap && out->len ? "-" : "");
		tu_buf_byte(out, tu_char_lower(text.ptr[i]));
		gap = false;
	}
}

enum { TRIES = 1000000 };

/* A name of a thing in a list of `names`. */
struct naming {
	struct tu_arena *arena;
	struct tu_names *names;
	struct tu_str text, id; /* with `id` where another has the text */
	size_t index;
	uint32_t source; /* of a flow: keys are for each source; else TU_MODEL_NOWHERE */
};

static void add_try(const struct naming *n, size_t number, struct tu_buf *out)
{
	tu_buf_str_add(out, n->text.len ? n->text : n->id);
	if (number)
		tu_buf_printf(out, " (%.*s)", TU_STR_FMT(n->id));
	if (number > 1)
		tu_buf_printf(out, " %zu", n->index + number);
}

/* What has to be unique: of a flow the id that Threagile makes of its title. */
static bool is_free(const struct naming *n, struct tu_str title, bool *out_free)
{
	struct tu_buf key;
	struct tu_str kept = title;
	bool fine = true;

	tu_buf_init(&key, title.len + 64);
	if (n->source != TU_MODEL_NOWHERE) {
		add_slug(title, &key);
		tu_buf_printf(&key, ">%u", n->source);
		fine = !key.failed && tu_arena_dup(n->arena, tu_buf_str(&key), &kept);
	}
	tu_buf_done(&key);
	return fine && tu_names_add(n->names, n->arena, kept, (struct tu_spot){0}, out_free);
}

static bool name_it(const struct naming *n, struct tu_str *out_title)
{
	struct tu_buf made;
	bool is_new = false, fine = true;

	for (size_t number = 0; !is_new && fine && number < TRIES; number++) {
		tu_buf_init(&made, n->text.len + 2 * n->id.len + 64);
		add_try(n, number, &made);
		fine = !made.failed && tu_arena_dup(n->arena, tu_buf_str(&made), out_title) &&
			is_free(n, *out_title, &is_new);
		tu_buf_done(&made);
	}
	return fine && is_new;
}

static bool identify(const struct naming *n, struct tu_str *out_id)
{
	struct tu_buf made;
	bool is_new = false, fine = true;

	for (size_t number = 0; !is_new && fine && number < TRIES; number++) {
		tu_buf_init(&made, n->id.len + 64);
		add_slug(n->id, &made);
		tu_buf_c(&made, made.len ? "" : "x");
		if (number)
			tu_buf_printf(&made, "-%zu", n->index + number);
		fine = !made.failed && tu_arena_dup(n->arena, tu_buf_str(&made), out_id) &&
			tu_names_add(n->names, n->arena, *out_id, (struct tu_spot){0}, &is_new);
		tu_buf_done(&made);
	}
	return fine && is_new;
}

/* ---- keys of the model's lists ---- */

/* Id, name and, of a flow, source of a thing of a list. */
struct thing {
	struct tu_str id, name;
	uint32_t source;
};
typedef struct thing get_thing(const struct tu_model *model, size_t index);

static struct thing get_asset(const struct tu_model *model, size_t index)
{
	return (struct thing){
		model->assets[index].id, model->assets[index].title, TU_MODEL_NOWHERE};
}

static struct thing get_element(const struct tu_model *model, size_t index)
{
	return (struct thing){
		model->elements[index].id, model->elements[index].name, TU_MODEL_NOWHERE};
}

static struct thing get_zone(const struct tu_model *model, size_t index)
{
	return (struct thing){model->zones[index].id, model->zones[index].name, TU_MODEL_NOWHERE};
}

static struct thing get_flow(const struct tu_model *model, size_t index)
{
	return (struct thing){
		model->flows[index].id, model->flows[index].name, model->flows[index].from};
}

static bool make_keys(
	struct tu_threagile *t, size_t count, get_thing *get, struct tu_threagile_key **out_keys)
{
	struct tu_names titles = {0}, ids = {0};
	struct tu_threagile_key *keys = tu_arena_array(t->w->arena, count, sizeof(*keys));
	bool fine = keys != NULL;

	for (size_t i = 0; i < count && fine; i++) {
		struct thing at = get(t->w->model, i);
		struct naming naming = {t->w->arena, &titles, at.name, at.id, i, at.source};

		fine = name_it(&naming, &keys[i].title);
		naming.names = &ids;
		if (at.source == TU_MODEL_NOWHERE)
			fine = fine && identify(&naming, &keys[i].id);
	}
	*out_keys = keys;
	return fine;
}

/* "SRS-1: Key per lamp"; what has a colon is no requirement that could be read back. */
static bool make_control_keys(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;
	struct tu_names titles = {0};
	struct tu_buf text;
	bool fine;

	t->controls = tu_arena_array(t->w->arena, m->controls_count, sizeof(*t->controls));
	fine = t->controls != NULL;
	for (size_t i = 0; i < m->controls_count && fine; i++) {
		const struct tu_model_control *at = &m->controls[i];
		struct naming naming = {t->w->arena, &titles, {0}, at->id, i, TU_MODEL_NOWHERE};
		bool stated = at->requirement.len &&
			tu_str_find(at->requirement, ':') == at->requirement.len;

		tu_buf_init(&text, at->requirement.len + at->title.len + at->id.len + 64);
		tu_buf_printf(&text, "%.*s: %.*s",
			TU_STR_FMT(stated ? at->requirement : TU_STR("No requirement")),
			TU_STR_FMT(at->title.len ? at->title : at->id));
		naming.text = tu_buf_str(&text);
		fine = !text.failed && name_it(&naming, &t->controls[i].title);
		t->doubled += fine && !tu_str_eq(t->controls[i].title, naming.text);
		tu_buf_done(&text);
	}
	return fine;
}

/* ---- what belongs to what ---- */

static uint32_t *nowhere(struct tu_threagile *t, size_t count)
{
	uint32_t *list = tu_arena_array(t->w->arena, count, sizeof(*list));

	for (size_t i = 0; list && i < count; i++)
		list[i] = TU_MODEL_NOWHERE;
	return list;
}

static void put_before(uint32_t *first, uint32_t *next, uint32_t owner, size_t index)
{
	if (owner == TU_MODEL_NOWHERE)
		return;
	next[index] = first[owner];
	first[owner] = (uint32_t)index;
}

static bool link_lists(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;

	t->first_flow = nowhere(t, m->elements_count);
	t->next_flow = nowhere(t, m->flows_count);
	t->first_element = nowhere(t, m->zones_count);
	t->next_element = nowhere(t, m->elements_count);
	t->first_zone = nowhere(t, m->zones_count);
	t->next_zone = nowhere(t, m->zones_count);
	if (!t->first_flow || !t->next_flow || !t->first_element || !t->next_element ||
		!t->first_zone || !t->next_zone)
		return false;
	for (size_t i = m->flows_count; i-- > 0;)
		put_before(t->first_flow, t->next_flow, m->flows[i].from, i);
	for (size_t i = m->elements_count; i-- > 0;)
		put_before(t->first_element, t->next_element, m->elements[i].zone, i);
	for (size_t i = m->zones_count; i-- > 0;)
		put_before(t->first_zone, t->next_zone, m->zones[i].parent, i);
	return true;
}

bool tu_threagile_prepare(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;

	return make_keys(t, m->assets_count, get_asset, &t->assets) &&
		make_keys(t, m->elements_count, get_element, &t->elements) &&
		make_keys(t, m->zones_count, get_zone, &t->zones) &&
		make_keys(t, m->flows_count, get_flow, &t->flows) && make_control_keys(t) &&
		link_lists(t);
}

/* ---- losses ---- */

static void say_defaults(struct tu_model_writing *w)
{
	const struct tu_model_loss loss = {TU_STR("technical_assets, data_assets"), "changed",
		TU_STR("Threagile wants a usage, a size, a machine, a quantity and ratings of "
		       "each: "
		       "what the model does not state is a default, which promises nothing")};

	if (!TU_VEC_PUSH_IN(w->arena, &w->losses, loss))
		w->failed = true;
}

static void lose_of_assets(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;
	size_t unrated = 0, untitled = 0, reasons = 0, privacy = 0;

	for (size_t i = 0; i < m->assets_count; i++) {
		unrated += !m->assets[i].hazard_count && !m->assets[i].harmless;
		untitled += !m->assets[i].title.len;
		reasons += m->assets[i].rationale.len || m->assets[i].essential;
		privacy += m->assets[i].privacy == TU_PRIVACY_UNKNOWN;
	}
	tu_model_writing_lose(t->w, "assets without a title, whose id becomes it", untitled);
	tu_model_writing_lose(
		t->w, "assets of unknown hazards, which become mission-critical", unrated);
	tu_model_writing_lose(t->w, "assets of unknown privacy, which become internal", privacy);
	tu_model_writing_lose(t->w, "assets' rationales and whether they are essential", reasons);
	tu_model_writing_lose(t->w,
		"ids of hazards with a comma, a semicolon or a slash, which become hyphens",
		t->hazards);
}

static void lose_of_controls(struct tu_threagile *t)
{
	const struct tu_model *m = t->w->model;
	size_t colons = 0, untitled = 0, nowhere = 0;

	for (size_t i = 0; i < m->controls_count; i++) {
		const struct tu_model_control *at = &m->controls[i];

		colons += tu_str_find(at->requirement, ':') < at->requirement.len;
		untitled += !at->title.len;
		nowhere += !at->covers.count && at->state != TU_CONTROL_PLANNED;
	}
	tu_model_writing_lose(t->w, "controls' ids and properties", m->controls_count);
	tu_model_writing_lose(t->w, "controls without a title, whose id becomes it", untitled);
	tu_model_writing_lose(
		t->w, "controls that cover nothing, which are not read back", nowhere);
	tu_model_writing_lose(t->w, "requirements with a colon", colons);
	tu_model_writing_lose(
		t->w, "places of controls whose id has a comma or a slash", t->places);
	tu_model_writing_lose(
		t->w, "evidence with a semicolon, which becomes a comma", t->evidence);
}

void tu_threagile_losses(struct tu_threagile *t)
{
	tu_model_writing_lose(t->w, "id", t->w->model->id.len ? 1 : 0);
	tu_model_writing_lose(t->w, "hazards' titles, situations, references and severities",
		t->w->model->hazards_count);
	lose_of_assets(t);
	lose_of_controls(t);
	tu_model_writing_lose(t->w, "views", t->w->model->views_count);
	tu_lines_losses(&t->lines);
	say_defaults(t->w);
}
