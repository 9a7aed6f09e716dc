/* The neutral form, and model.yaml, which has the same lists. */
#include "base/yaml.h"
#include "threat/words.h"
#include "threat/write/write.h"

static void open_list(struct tu_model_writing *w, const char *key)
{
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
}

static void add_facts(struct tu_model_writing *w, const struct tu_model_facts *facts)
{
	if (!facts->count)
		return;
	tu_json_key(&w->json, "facts");
	tu_json_open_object(&w->json);
	tu_model_writing_facts(w, facts);
	tu_json_close_object(&w->json);
}

static void add_assets(struct tu_model_writing *w)
{
	open_list(w, "assets");
	for (size_t i = 0; i < w->model->assets_count; i++) {
		const struct tu_asset *at = &w->model->assets[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "title", at->title);
		tu_json_member_str(&w->json, "function", tu_str_c(tu_function_name(at->function)));
		if (at->privacy != TU_PRIVACY_UNKNOWN)
			tu_json_member_str(
				&w->json, "privacy", tu_str_c(tu_privacy_name(at->privacy)));
		tu_model_writing_links(w, at);
		tu_json_member_opt(&w->json, "rationale", at->rationale);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_zones(struct tu_model_writing *w)
{
	open_list(w, "zones");
	for (size_t i = 0; i < w->model->zones_count; i++) {
		const struct tu_model_zone *at = &w->model->zones[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "name", at->name);
		if (at->parent != TU_MODEL_NOWHERE)
			tu_json_member_str(&w->json, "parent", w->model->zones[at->parent].id);
		tu_model_writing_word(w, "role", &tu_words_zone_role, (int)at->role);
		if (at->trust)
			tu_json_member_int(&w->json, "trust", at->trust);
		tu_json_member_opt(&w->json, "boundary", at->boundary);
		tu_json_member_opt(&w->json, "description", at->description);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_elements(struct tu_model_writing *w)
{
	open_list(w, "elements");
	for (size_t i = 0; i < w->model->elements_count; i++) {
		const struct tu_model_element *at = &w->model->elements[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_model_writing_word(w, "kind", &tu_words_element_kind, (int)at->kind);
		tu_json_member_opt(&w->json, "name", at->name);
		if (at->zone != TU_MODEL_NOWHERE)
			tu_json_member_str(&w->json, "zone", w->model->zones[at->zone].id);
		tu_model_writing_number(w, "count", at->count);
		tu_model_writing_number(w, "patients", at->patients);
		tu_model_writing_texts(w, "functions", &at->functions, at->functions_stated);
		tu_model_writing_assets(w, "assets", &at->assets, at->assets_stated);
		add_facts(w, &at->facts);
		if (at->out_of_scope)
			tu_json_member_bool(&w->json, "in_scope", false);
		if (at->disabled)
			tu_json_member_bool(&w->json, "enabled", false);
		tu_model_writing_states(w, "states", &at->states);
		tu_json_member_opt(&w->json, "description", at->description);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_flow(struct tu_model_writing *w, const struct tu_model_flow *at)
{
	tu_json_member_str(&w->json, "id", at->id);
	tu_json_member_str(&w->json, "from", w->model->elements[at->from].id);
	tu_json_member_str(&w->json, "to", w->model->elements[at->to].id);
	tu_json_member_opt(&w->json, "name", at->name);
	tu_json_member_opt(&w->json, "protocol", at->protocol);
	tu_json_member_opt(&w->json, "version", at->version);
	tu_json_member_opt(&w->json, "channel", at->channel);
	tu_model_writing_word(w, "medium", &tu_words_medium, (int)at->medium);
	tu_model_writing_bits(w, "carries", &tu_words_carries, at->carries);
	tu_model_writing_assets(w, "assets", &at->assets, at->assets_stated);
	for (int i = 0; i < TU_PROPERTY_COUNT_; i++)
		tu_json_member_opt(
			&w->json, tu_words_name(&tu_words_flow_property, i), at->properties[i]);
	tu_model_writing_number(w, "fan_out", at->fan_out);
	add_facts(w, &at->facts);
	if (at->disabled)
		tu_json_member_bool(&w->json, "enabled", false);
	tu_model_writing_states(w, "states", &at->states);
	tu_json_member_opt(&w->json, "description", at->description);
}

static void add_flows(struct tu_model_writing *w)
{
	open_list(w, "flows");
	for (size_t i = 0; i < w->model->flows_count; i++) {
		tu_json_open_object(&w->json);
		add_flow(w, &w->model->flows[i]);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_controls(struct tu_model_writing *w)
{
	open_list(w, "controls");
	for (size_t i = 0; i < w->model->controls_count; i++) {
		const struct tu_model_control *at = &w->model->controls[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		if (at->category)
			tu_json_member_int(&w->json, "category", at->category);
		tu_json_member_opt(&w->json, "title", at->title);
		tu_model_writing_spots(w, "covers", &at->covers);
		tu_model_writing_texts(w, "provides", &at->provides, false);
		tu_json_member_opt(&w->json, "requirement", at->requirement);
		tu_json_member_opt(&w->json, "evidence", at->evidence);
		tu_json_member_str(&w->json, "state",
			tu_str_c(tu_words_name(&tu_words_control, (int)at->state)));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_lists(struct tu_model_writing *w)
{
	tu_model_writing_list_states(w);
	add_zones(w);
	add_elements(w);
	add_flows(w);
	add_controls(w);
	tu_model_writing_list_components(w);
	tu_model_writing_list_credentials(w);
	tu_model_writing_list_assumptions(w);
	tu_model_writing_list_entries(w);
	tu_model_writing_list_views(w);
}

void tu_model_write_neutral(struct tu_model_writing *w)
{
	const struct tu_model *m = w->model;

	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "schema", TU_STR("neutral-device-model/1"));
	tu_json_member_str(&w->json, "id", m->id.len ? m->id : TU_STR("model"));
	tu_json_member_opt(&w->json, "title", m->title);
	tu_json_member_opt(&w->json, "manufacturer", m->manufacturer);
	tu_json_member_opt(&w->json, "version", m->version);
	tu_json_member_opt(&w->json, "intended_use", m->intended_use);
	tu_json_member_opt(&w->json, "essential_performance", m->essential_performance);
	tu_json_member_opt(&w->json, "deployment", m->deployment);
	tu_model_writing_list_hazards(w);
	add_assets(w);
	add_lists(w);
	tu_json_close_object(&w->json);
	tu_buf_byte(w->json.buf, '\n');
}

/* ---- model.yaml ---- */

enum { NATIVE_MAX = 64 << 20, FLOW_WIDTH = 100 };

static bool is_short(const struct tu_yaml *node)
{
	size_t width = 0;

	for (const struct tu_yaml *at = node->first; at; at = at->next) {
		if (at->kind != TU_YAML_SCALAR)
			return false;
		width += at->key.len + at->text.len + 6;
	}
	return width <= FLOW_WIDTH;
}

/* A scalar in a list or map of one line: in quotes unless it is plainly a word. */
static void add_word(struct tu_str text, struct tu_buf *out)
{
	bool plain = text.len && text.ptr[0] != '-' && text.ptr[0] != ' ';

	for (size_t i = 0; i < text.len; i++)
		plain = plain &&
			(tu_char_is_alnum(text.ptr[i]) || text.ptr[i] == '-' ||
				text.ptr[i] == '_' || text.ptr[i] == '.');
	if (plain && !tu_str_ieq(text, TU_STR("null")) && !tu_str_ieq(text, TU_STR("true")) &&
		!tu_str_ieq(text, TU_STR("false")))
		tu_buf_str_add(out, text);
	else
		tu_json_quote(text, out);
}

static void add_one_line(const struct tu_yaml *node, struct tu_buf *out)
{
	bool map = node->kind == TU_YAML_MAP;

	tu_buf_c(out, map ? "{" : "[");
	for (const struct tu_yaml *at = node->first; at; at = at->next) {
		tu_buf_c(out, at == node->first ? "" : ", ");
		if (map) {
			add_word(at->key, out);
			tu_buf_c(out, ": ");
		}
		if (at->plain)
			tu_buf_str_add(out, at->text);
		else
			add_word(at->text, out);
	}
	tu_buf_c(out, map ? "}" : "]");
}

static void indent(size_t depth, struct tu_buf *out)
{
	for (size_t i = 0; i < depth; i++)
		tu_buf_c(out, "  ");
}

/* The members of an item, the first one on the line of its dash. */
static void add_item(const struct tu_yaml *item, struct tu_buf *out)
{
	tu_buf_c(out, "  - ");
	for (const struct tu_yaml *at = item->first; at; at = at->next) {
		if (at != item->first)
			indent(2, out);
		tu_buf_str_add(out, at->key);
		tu_buf_c(out, ": ");
		if (at->kind != TU_YAML_SCALAR)
			add_one_line(at, out);
		else if (at->plain) /* a number, true or false */
			tu_buf_str_add(out, at->text);
		else
			tu_yaml_write_scalar(at->text, 6, out);
		tu_buf_byte(out, '\n');
	}
}

static void add_list(const struct tu_yaml *list, struct tu_buf *out)
{
	if (!list->count)
		return;
	tu_buf_c(out, "\n");
	tu_buf_str_add(out, list->key);
	tu_buf_c(out, ":\n");
	for (const struct tu_yaml *item = list->first; item; item = item->next)
		if (is_short(item)) {
			tu_buf_c(out, "  - ");
			add_one_line(item, out);
			tu_buf_byte(out, '\n');
		} else {
			add_item(item, out);
		}
}

static void add_head(struct tu_buf *out, const char *key, struct tu_str text)
{
	if (!text.len)
		return;
	tu_buf_printf(out, "%s: ", key);
	tu_yaml_write_scalar(text, 2, out);
	tu_buf_byte(out, '\n');
}

/* What model.yaml says of itself; what device.yaml says is not said again. */
typedef void add_text(void *to, const char *key, struct tu_str text);

static void add_heads(const struct tu_model_writing *w, add_text *add, void *to)
{
	const struct tu_model *m = w->model;
	const struct tu_device *device = w->device;

	add(to, "release", m->release.len ? m->release : m->version);
	if (device && !tu_str_eq(m->title, device->family))
		add(to, "title", m->title);
	if (device && !tu_str_eq(m->intended_use, device->intended_use))
		add(to, "intended_use", m->intended_use);
	if (device && !tu_str_eq(m->essential_performance, device->safety))
		add(to, "essential_performance", m->essential_performance);
	add(to, "deployment", m->deployment);
}

static void add_member(void *to, const char *key, struct tu_str text)
{
	tu_json_member_opt(to, key, text);
}

static void add_line(void *to, const char *key, struct tu_str text)
{
	add_head(to, key, text);
}

void tu_model_write_object(struct tu_model_writing *w)
{
	tu_json_open_object(&w->json);
	tu_json_member_str(&w->json, "schema", TU_STR("tutela-model/1"));
	add_heads(w, add_member, &w->json);
	add_lists(w);
	tu_json_close_object(&w->json);
}

/* Composed as JSON, which is YAML, and set out for people to read and compare. */
void tu_model_write_native(struct tu_model_writing *w)
{
	struct tu_buf *out = w->json.buf, text;
	const struct tu_yaml *root = NULL;
	struct tu_error err;

	tu_buf_init(&text, NATIVE_MAX);
	w->json = tu_json_writer(&text, false);
	tu_json_open_object(&w->json);
	add_lists(w);
	tu_json_close_object(&w->json);
	w->json.buf = out;
	if (text.failed ||
		tu_yaml_parse(w->arena, TU_STR("model"), tu_buf_str(&text),
			&(struct tu_yaml_limits){.bytes = NATIVE_MAX, .nodes = 4000000}, &root,
			&err))
		w->failed = true;
	tu_buf_c(out,
		"# The design model: docs/formats/model.md has the format.\n"
		"schema: tutela-model/1\n");
	add_heads(w, add_line, out);
	for (const struct tu_yaml *at = root ? root->first : NULL; at; at = at->next)
		add_list(at, out);
	tu_buf_done(&text);
	tu_model_writing_lose(w, "hazards, which belong into device.yaml", w->model->hazards_count);
	tu_model_writing_lose(w, "assets, which belong into device.yaml", w->model->assets_count);
}
