#include "threat/read/made.h"

#include "threat/read/native.h"
#include "threat/words.h"

enum { MADE_MAX = 64 << 20 };

/* ---- descriptions ---- */

static bool is_name(struct tu_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || s.ptr[i] == '_'))
			return false;
	return s.len && s.len <= 32;
}

/* Sentences that exports have for numbers: before and after the number, and what it is. */
static const struct {
	const char *before, *after;
	const char *name;
} sentences[] = {
	{"one source reaches ", " targets", "fan_out"},
	{"instances in the field: ", "", "count"},
	{"patients per instance: ", "", "patients"},
};

static bool take_sentence(struct tu_str part, struct tu_made_line *out)
{
	for (size_t i = 0; i < TU_COUNT(sentences); i++) {
		struct tu_str rest = part;
		struct tu_str after = tu_str_c(sentences[i].after);

		if (!tu_str_skip(&rest, tu_str_c(sentences[i].before)) || rest.len < after.len ||
			!tu_str_eq(tu_str_from(rest, rest.len - after.len), after))
			continue;
		*out = (struct tu_made_line){tu_str_c(sentences[i].name),
			tu_str_trim(tu_str_of(rest.ptr, rest.len - after.len))};
		return true;
	}
	return false;
}

static bool take_pair(struct tu_str line, struct tu_made_line *out)
{
	size_t colon = tu_str_find(line, ':');

	if (colon >= line.len || !is_name(tu_str_of(line.ptr, colon)))
		return false;
	*out = (struct tu_made_line){
		tu_str_of(line.ptr, colon), tu_str_trim(tu_str_from(line, colon + 1))};
	return true;
}

/* "instances in the field: 10; patients per instance: 1": all of its parts, or none. */
static bool take_parts(struct tu_str line, struct tu_made_line *lines, size_t *count)
{
	struct tu_made_line found[4];
	struct tu_str rest = line, part;
	size_t parts = 0;

	while (tu_str_split(&rest, ';', &part))
		if (parts == TU_COUNT(found) || !take_sentence(tu_str_trim(part), &found[parts++]))
			return false;
	for (size_t i = 0; i < parts; i++)
		lines[(*count)++] = found[i];
	return true;
}

bool tu_made_is_line(struct tu_str line)
{
	struct tu_made_line found[4];
	size_t count = 0;

	line = tu_str_trim(line);
	return take_pair(line, &found[0]) || take_parts(line, found, &count);
}

static size_t lines_of(struct tu_str text)
{
	size_t count = 1;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == '\n' || text.ptr[i] == ';';
	return count;
}

enum tu_status tu_made_take(
	struct tu_form *form, struct tu_str description, struct tu_made_text *out)
{
	struct tu_made_line *lines =
		tu_arena_array(form->arena, lines_of(description), sizeof(*lines));
	char *prose = tu_arena_text(form->arena, description.len + 1);
	struct tu_str rest = description, line;
	size_t count = 0, len = 0;

	if (!lines || !prose)
		return tu_form_no_memory(form);
	while (tu_str_split(&rest, '\n', &line)) {
		line = tu_str_trim(line);
		if (take_pair(line, &lines[count])) {
			if (!tu_str_eq(lines[count].name, TU_STR("text"))) {
				count++;
				continue;
			}
			line = lines[count].value;
		} else if (take_parts(line, lines, &count)) {
			continue;
		}
		if (!line.len)
			continue;
		if (len)
			prose[len++] = '\n';
		memcpy(prose + len, line.ptr, line.len);
		len += line.len;
	}
	*out = (struct tu_made_text){tu_str_of(prose, len), lines, count};
	return TU_OK;
}

struct tu_str tu_made_line(const struct tu_made_text *text, const char *name)
{
	for (size_t i = 0; i < text->count; i++)
		if (tu_str_eq(text->lines[i].name, tu_str_c(name)))
			return text->lines[i].value;
	return (struct tu_str){"", 0};
}

bool tu_made_state(
	struct tu_made *made, struct tu_made_thing *thing, const char *name, struct tu_str value)
{
	struct tu_made_line line = {tu_str_c(name), value};

	if (!value.len || tu_made_line(&thing->text, name).len)
		return true;
	return TU_VEC_PUSH_IN(made->reading->form.arena, &thing->stated, line);
}

static struct tu_str unless_none(struct tu_str text)
{
	text = tu_str_trim(text);
	return tu_str_ieq(text, TU_STR("none")) ? (struct tu_str){"", 0} : text;
}

void tu_made_mitigation(struct tu_str text, struct tu_made_control *out)
{
	const struct tu_str opens = TU_STR(" (requirement "), between = TU_STR(", evidence ");

	out->title = tu_str_trim(text);
	for (size_t i = 0; i + opens.len < text.len; i++) {
		struct tu_str inside = tu_str_from(text, i);

		if (!tu_str_skip(&inside, opens) || text.ptr[text.len - 1] != ')')
			continue;
		inside.len--;
		for (size_t j = 0; j < inside.len; j++) {
			struct tu_str evidence = tu_str_from(inside, j);

			if (!tu_str_skip(&evidence, between))
				continue;
			out->title = tu_str_trim(tu_str_of(text.ptr, i));
			out->requirement = unless_none(tu_str_of(inside.ptr, j));
			out->evidence = unless_none(evidence);
			return;
		}
	}
}

/* ---- the neutral form ---- */

struct composing {
	struct tu_made *made;
	struct tu_json_writer json;
};

/* "rate, limits" as a list. */
static void add_words(struct tu_json_writer *json, struct tu_str text)
{
	struct tu_str part;

	while (tu_str_split(&text, ',', &part))
		if (tu_str_trim(part).len)
			tu_json_add_str(json, tu_str_trim(part));
}

enum member { MEMBER_FACT, MEMBER_TEXT, MEMBER_LIST, MEMBER_ELSEWHERE };

struct member_row {
	const char *name;
	enum member as;
};

static const struct member_row element_members[] = {{"ref", MEMBER_ELSEWHERE},
	{"text", MEMBER_ELSEWHERE}, {"name", MEMBER_ELSEWHERE}, {"kind", MEMBER_ELSEWHERE},
	{"count", MEMBER_TEXT}, {"patients", MEMBER_TEXT}, {"functions", MEMBER_LIST},
	{"assets", MEMBER_ELSEWHERE}};
static const struct member_row flow_members[] = {{"ref", MEMBER_ELSEWHERE},
	{"text", MEMBER_ELSEWHERE}, {"name", MEMBER_ELSEWHERE}, {"protocol", MEMBER_ELSEWHERE},
	{"authentication", MEMBER_TEXT}, {"integrity", MEMBER_TEXT}, {"encryption", MEMBER_TEXT},
	{"freshness", MEMBER_TEXT}, {"medium", MEMBER_TEXT}, {"version", MEMBER_TEXT},
	{"channel", MEMBER_TEXT}, {"fan_out", MEMBER_TEXT}, {"carries", MEMBER_LIST},
	{"assets", MEMBER_ELSEWHERE}};

static enum member member_of(const struct member_row *rows, size_t count, struct tu_str name)
{
	for (size_t i = 0; i < count; i++)
		if (tu_str_eq(name, tu_str_c(rows[i].name)))
			return rows[i].as;
	return MEMBER_FACT;
}

bool tu_made_is_fact(struct tu_str name, bool flow)
{
	const struct member_row *rows = flow ? flow_members : element_members;
	size_t count = flow ? TU_COUNT(flow_members) : TU_COUNT(element_members);

	return is_name(name) && member_of(rows, count, name) == MEMBER_FACT;
}

typedef void each_line(struct composing *c, struct tu_made_line line, enum member as);

static void add_member(struct composing *c, struct tu_made_line line, enum member as)
{
	if (as == MEMBER_TEXT) {
		tu_json_key_str(&c->json, line.name);
		tu_json_add_str(&c->json, line.value);
	} else if (as == MEMBER_LIST) {
		tu_json_key_str(&c->json, line.name);
		tu_json_open_array(&c->json);
		add_words(&c->json, line.value);
		tu_json_close_array(&c->json);
	}
}

static void add_fact(struct composing *c, struct tu_made_line line, enum member as)
{
	if (as != MEMBER_FACT)
		return;
	tu_json_key_str(&c->json, line.name);
	tu_json_add_str(&c->json, line.value);
}

static bool said_before(const struct tu_made_thing *thing, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (tu_str_eq(thing->text.lines[i].name, thing->text.lines[at].name))
			return true;
	return false;
}

/* Each name once: the first line that has it. */
static void over_lines(
	struct composing *c, const struct tu_made_thing *thing, bool flow, each_line *each)
{
	const struct member_row *rows = flow ? flow_members : element_members;
	size_t count = flow ? TU_COUNT(flow_members) : TU_COUNT(element_members);

	for (size_t i = 0; i < thing->text.count; i++)
		if (!said_before(thing, i) && thing->text.lines[i].value.len)
			each(c, thing->text.lines[i],
				member_of(rows, count, thing->text.lines[i].name));
	for (size_t i = 0; i < thing->stated.count; i++)
		each(c, thing->stated.at[i], member_of(rows, count, thing->stated.at[i].name));
}

static void add_assets(struct composing *c, const struct tu_made_thing *thing)
{
	if (!thing->assets.count && !tu_made_line(&thing->text, "assets").len)
		return;
	tu_json_key(&c->json, "assets");
	tu_json_open_array(&c->json);
	add_words(&c->json, tu_made_line(&thing->text, "assets"));
	for (size_t i = 0; i < thing->assets.count; i++)
		tu_json_add_str(&c->json, thing->assets.at[i]);
	tu_json_close_array(&c->json);
}

/* A line may say what the shape cannot: hardware, or an external system. */
static struct tu_str kind_of(const struct tu_made_thing *thing)
{
	struct tu_str said = tu_made_line(&thing->text, "kind");
	int value = 0;

	if (said.len && tu_words_find(&tu_words_element_kind, said, &value))
		return said;
	return thing->kind ? tu_str_c(thing->kind) : (struct tu_str){"", 0};
}

static struct tu_str said_or(
	const struct tu_made_thing *thing, const char *name, struct tu_str otherwise)
{
	struct tu_str said = tu_made_line(&thing->text, name);

	return said.len ? said : otherwise;
}

static void add_name(struct composing *c, const struct tu_made_thing *thing)
{
	struct tu_str name = said_or(thing, "name", thing->name);

	if (!tu_str_eq(name, thing->id))
		tu_json_member_opt(&c->json, "name", name);
}

static void add_thing(struct composing *c, const struct tu_made_thing *thing, bool flow)
{
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "id", thing->id);
	add_name(c, thing);
	tu_json_member_opt(&c->json, "description", thing->text.prose);
	if (!flow)
		tu_json_member_opt(&c->json, "kind", kind_of(thing));
	tu_json_member_opt(&c->json, "from", thing->from);
	tu_json_member_opt(&c->json, "to", thing->to);
	tu_json_member_opt(&c->json, "zone", thing->zone);
	if (flow)
		tu_json_member_opt(
			&c->json, "protocol", said_or(thing, "protocol", thing->protocol));
	if (thing->out_of_scope && !flow)
		tu_json_member_bool(&c->json, "in_scope", false);
	add_assets(c, thing);
	over_lines(c, thing, flow, add_member);
	tu_json_key(&c->json, "facts");
	tu_json_open_object(&c->json);
	over_lines(c, thing, flow, add_fact);
	tu_json_close_object(&c->json);
	tu_json_close_object(&c->json);
}

static void add_zone(struct composing *c, const struct tu_made_thing *zone)
{
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "id", zone->id);
	add_name(c, zone);
	tu_json_member_opt(&c->json, "description", zone->text.prose);
	tu_json_member_opt(&c->json, "parent", zone->zone);
	tu_json_member_opt(&c->json, "boundary", tu_made_line(&zone->text, "border"));
	tu_json_member_opt(&c->json, "role", tu_made_line(&zone->text, "role"));
	tu_json_member_opt(&c->json, "trust", tu_made_line(&zone->text, "trust"));
	tu_json_close_object(&c->json);
}

static void add_texts(
	struct tu_json_writer *json, const char *key, const struct tu_str *at, size_t count)
{
	tu_json_key(json, key);
	tu_json_open_array(json);
	for (size_t i = 0; i < count; i++)
		tu_json_add_str(json, at[i]);
	tu_json_close_array(json);
}

/* Which property it gives is what these forms do not say: `provides` is not stated. */
static void add_control(struct composing *c, const struct tu_made_control *control, size_t number)
{
	size_t start;

	tu_json_open_object(&c->json);
	tu_json_key(&c->json, "id");
	start = tu_json_open_text(&c->json);
	tu_buf_printf(c->json.buf, "control-%zu", number);
	tu_json_close_text(&c->json, start);
	tu_json_member_str(&c->json, "title", control->title);
	tu_json_member_opt(&c->json, "category", control->category);
	tu_json_member_opt(&c->json, "requirement", control->requirement);
	tu_json_member_opt(&c->json, "evidence", control->evidence);
	add_texts(&c->json, "covers", control->covers.at, control->covers.count);
	tu_json_close_object(&c->json);
}

static void add_view(struct composing *c, const struct tu_made_view *view)
{
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "id", view->id);
	tu_json_member_opt(&c->json, "title", view->title);
	tu_json_member_opt(&c->json, "kind", view->kind);
	add_texts(&c->json, "elements", view->elements.at, view->elements.count);
	add_texts(&c->json, "flows", view->flows.at, view->flows.count);
	tu_json_close_object(&c->json);
}

/* "overdose on loss of integrity/availability": the hazard, and the losses. */
static struct tu_str take_hazard(struct tu_str part, struct tu_str *out_losses)
{
	const struct tu_str between = TU_STR(" on loss of ");

	part = tu_str_trim(part);
	for (size_t i = 0; i + between.len < part.len; i++) {
		struct tu_str losses = tu_str_from(part, i);

		if (tu_str_skip(&losses, between)) {
			*out_losses = losses;
			return tu_str_trim(tu_str_of(part.ptr, i));
		}
	}
	*out_losses = (struct tu_str){"", 0};
	return part;
}

static void add_links(struct composing *c, struct tu_str hazards)
{
	struct tu_str part, loss, losses, id;

	tu_json_key(&c->json, "hazards");
	tu_json_open_array(&c->json);
	while (tu_str_split(&hazards, ',', &part)) {
		id = take_hazard(part, &losses);
		if (!id.len || tu_str_ieq(id, TU_STR("none")))
			continue;
		tu_json_open_object(&c->json);
		tu_json_member_str(&c->json, "hazard", id);
		tu_json_key(&c->json, "on_loss_of");
		tu_json_open_array(&c->json);
		while (tu_str_split(&losses, '/', &loss))
			if (loss.len)
				tu_json_add_str(&c->json, tu_str_trim(loss));
		tu_json_close_array(&c->json);
		tu_json_close_object(&c->json);
	}
	tu_json_close_array(&c->json);
}

static void add_asset(struct composing *c, const struct tu_made_asset *asset)
{
	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "id", asset->id);
	tu_json_member_str(&c->json, "title", asset->title.len ? asset->title : asset->id);
	tu_json_member_opt(&c->json, "function", asset->function);
	tu_json_member_opt(&c->json, "privacy", asset->privacy);
	if (asset->hazards.len)
		add_links(c, asset->hazards);
	tu_json_close_object(&c->json);
}

/* Each hazard that an asset names, once. A severity is needed, and forgotten after reading. */
static bool add_hazards(struct composing *c)
{
	struct tu_names known = {0};
	struct tu_str rest, part, losses, id;
	bool is_new = true;

	for (size_t i = 0; i < c->made->assets.count; i++) {
		rest = c->made->assets.at[i].hazards;
		while (tu_str_split(&rest, ',', &part)) {
			id = take_hazard(part, &losses);
			if (!id.len || tu_str_ieq(id, TU_STR("none")))
				continue;
			if (!tu_names_add(&known, c->made->reading->form.arena, id,
				    (struct tu_spot){0}, &is_new))
				return false;
			if (!is_new)
				continue;
			tu_json_open_object(&c->json);
			tu_json_member_str(&c->json, "id", id);
			tu_json_member_str(&c->json, "severity", TU_STR("catastrophic"));
			tu_json_close_object(&c->json);
		}
	}
	return true;
}

static bool know_asset(struct tu_made *made, struct tu_names *known, struct tu_str id, bool add)
{
	struct tu_made_asset asset = {.id = id};
	bool is_new = true;

	if (!tu_names_add(known, made->reading->form.arena, id, (struct tu_spot){0}, &is_new))
		return false;
	return !add || !is_new || TU_VEC_PUSH_IN(made->reading->form.arena, &made->assets, asset);
}

static bool know_assets_of(
	struct tu_made *made, struct tu_names *known, const struct tu_made_thing *thing)
{
	struct tu_str rest = tu_made_line(&thing->text, "assets"), part;

	while (tu_str_split(&rest, ',', &part))
		if (tu_str_trim(part).len && !know_asset(made, known, tu_str_trim(part), true))
			return false;
	for (size_t i = 0; i < thing->assets.count; i++)
		if (!know_asset(made, known, thing->assets.at[i], true))
			return false;
	return true;
}

/* Assets that something names and the form does not list. */
static bool complete_assets(struct tu_made *made)
{
	struct tu_names known = {0};

	for (size_t i = 0; i < made->assets.count; i++)
		if (!know_asset(made, &known, made->assets.at[i].id, false))
			return false;
	for (size_t i = 0; i < made->elements.count; i++)
		if (!know_assets_of(made, &known, &made->elements.at[i]))
			return false;
	for (size_t i = 0; i < made->flows.count; i++)
		if (!know_assets_of(made, &known, &made->flows.at[i]))
			return false;
	return true;
}

static void open_list(struct composing *c, const char *key)
{
	tu_json_key(&c->json, key);
	tu_json_open_array(&c->json);
}

static void add_lists(struct composing *c)
{
	const struct tu_made *made = c->made;

	open_list(c, "zones");
	for (size_t i = 0; i < made->zones.count; i++)
		add_zone(c, &made->zones.at[i]);
	tu_json_close_array(&c->json);
	open_list(c, "elements");
	for (size_t i = 0; i < made->elements.count; i++)
		add_thing(c, &made->elements.at[i], false);
	tu_json_close_array(&c->json);
	open_list(c, "flows");
	for (size_t i = 0; i < made->flows.count; i++)
		add_thing(c, &made->flows.at[i], true);
	tu_json_close_array(&c->json);
	open_list(c, "controls");
	for (size_t i = 0; i < made->controls.count; i++)
		add_control(c, &made->controls.at[i], i + 1);
	tu_json_close_array(&c->json);
	open_list(c, "views");
	for (size_t i = 0; i < made->views.count; i++)
		add_view(c, &made->views.at[i]);
	tu_json_close_array(&c->json);
}

static bool compose(struct composing *c)
{
	const struct tu_made *made = c->made;
	bool fine;

	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "id", made->id.len ? made->id : TU_STR("model"));
	tu_json_member_opt(&c->json, "title", made->title);
	tu_json_member_opt(&c->json, "manufacturer", made->manufacturer);
	tu_json_member_opt(&c->json, "intended_use", made->intended_use);
	tu_json_member_opt(&c->json, "essential_performance", made->essential_performance);
	open_list(c, "hazards");
	fine = add_hazards(c);
	tu_json_close_array(&c->json);
	open_list(c, "assets");
	for (size_t i = 0; i < made->assets.count; i++)
		add_asset(c, &made->assets.at[i]);
	tu_json_close_array(&c->json);
	add_lists(c);
	tu_json_close_object(&c->json);
	return fine && !c->json.buf->failed;
}

/* These forms say which hazard, never how severe it is. */
static void forget_severities(struct tu_model *model)
{
	struct tu_hazard *hazards = (struct tu_hazard *)(uintptr_t)model->hazards;

	for (size_t i = 0; i < model->hazards_count; i++)
		hazards[i].severity = TU_HARM_UNKNOWN;
}

/* A place in what was composed would send people to the wrong line of their file. */
static enum tu_status without_place(struct tu_form *form, enum tu_status status)
{
	struct tu_error was = *form->err;

	(void)tu_fail(form->err, status, 0, "%s", was.message);
	return tu_error_in_file(form->err, "%.*s", TU_STR_FMT(form->file));
}

enum tu_status tu_made_read(struct tu_made *made)
{
	struct tu_form *form = &made->reading->form;
	struct composing c = {.made = made};
	const struct tu_yaml *root = NULL;
	struct tu_buf buf;
	enum tu_status status;

	tu_buf_init(&buf, MADE_MAX);
	c.json = tu_json_writer(&buf, false);
	if (!complete_assets(made) || !compose(&c))
		status = tu_form_no_memory(form);
	else
		status = tu_yaml_parse(form->arena, form->file, tu_buf_str(&buf),
			&(struct tu_yaml_limits){.bytes = MADE_MAX, .nodes = 4000000}, &root,
			form->err);
	tu_buf_done(&buf);
	if (status == TU_OK)
		status = tu_neutral_read_made(made->reading, root);
	if (status != TU_OK)
		return without_place(form, status);
	forget_severities(made->reading->model);
	return TU_OK;
}
