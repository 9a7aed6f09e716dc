#include "show/json_parts.h"
#include "show/sbom_check.h"
#include "show/sbom_text.h"

enum { FORMAT_VERSION = 1, TEXT_CEILING = 1 << 20 };

struct writer {
	const struct tu_sbom_checked *checked;
	struct tu_sink *sink;
	struct tu_json_writer json; /* writes to the sink */
};

static void add_json_rule(struct writer *c, size_t i)
{
	const struct tu_check_rule *rule = &c->checked->result->profile->rules[i];
	const struct tu_check_tally *tally = &c->checked->result->tallies[i];

	tu_json_open_object(&c->json);
	tu_json_member_str(&c->json, "element", rule->element);
	tu_json_member_str(&c->json, "title", rule->title);
	tu_json_member_str(
		&c->json, "scope", rule->document ? TU_STR("document") : TU_STR("component"));
	tu_json_member_bool(&c->json, "required", rule->required);
	tu_json_member_str(&c->json, "clause", rule->clause);
	tu_json_member_int(&c->json, "asked", (int64_t)tally->asked);
	tu_json_member_int(&c->json, "present", (int64_t)tally->present);
	tu_json_member_int(&c->json, "missing", (int64_t)tally->missing);
	tu_json_member_int(&c->json, "undecided", (int64_t)tally->undecided);
	tu_json_close_object(&c->json);
}

static void add_json_elements(struct writer *c, const char *key, uint32_t bits)
{
	tu_json_key(&c->json, key);
	tu_json_open_array(&c->json);
	for (size_t i = 0; i < c->checked->result->profile->rule_count; i++)
		if (bits >> i & 1)
			tu_json_add_str(&c->json, c->checked->result->profile->rules[i].element);
	tu_json_close_array(&c->json);
}

static void add_json_component(struct writer *c, size_t i)
{
	tu_json_open_object(&c->json);
	tu_json_key(&c->json, "component");
	tu_json_component(&c->json, c->checked->inventory, &c->checked->inventory->components[i]);
	add_json_elements(c, "missing", c->checked->result->missing[i]);
	add_json_elements(c, "undecided", c->checked->result->undecided[i]);
	tu_json_close_object(&c->json);
	tu_sink_spill(c->sink);
}

static void add_json_remarks(struct writer *c)
{
	const struct tu_check_result *result = c->checked->result;
	struct tu_buf pointer;

	tu_buf_init(&pointer, TEXT_CEILING);
	tu_json_key(&c->json, "remarks");
	tu_json_open_array(&c->json);
	for (size_t i = 0; i < result->remark_count; i++) {
		const struct tu_check_remark *remark = &result->remarks[i];
		const struct tu_component *component =
			&c->checked->inventory->components[remark->component];

		tu_buf_clear(&pointer);
		tu_component_pointer(c->checked->inventory, component, &pointer);
		tu_json_open_object(&c->json);
		tu_json_member_str(&c->json, "pointer", tu_buf_str(&pointer));
		tu_json_member_str(&c->json, "name", component->name);
		tu_json_member_str(&c->json, "element",
			c->checked->result->profile->rules[remark->rule].element);
		tu_json_member_str(&c->json, "text", remark->words);
		tu_json_close_object(&c->json);
		tu_sink_spill(c->sink);
	}
	tu_json_close_array(&c->json);
	tu_buf_done(&pointer);
}

void tu_sbom_check_json(const struct tu_sbom_checked *checked, bool pretty, struct tu_sink *sink)
{
	struct writer writer = {checked, sink, tu_json_writer(&sink->buf, pretty)}, *c = &writer;
	struct tu_json_writer *json = &c->json;

	tu_json_open_object(json);
	tu_json_member_str(json, "format", TU_STR("tutela-sbom-check"));
	tu_json_member_int(json, "format_version", FORMAT_VERSION);
	tu_json_tool(json);
	tu_json_sbom(json, c->checked->inventory, checked->source);
	tu_json_member_str(json, "profile", c->checked->result->profile->name);
	tu_json_member_str(json, "profile_title", c->checked->result->profile->title);
	tu_json_member_int(json, "score", c->checked->result->score);
	tu_json_member_bool(json, "passed", c->checked->result->passed);
	tu_json_member_int(json, "components_judged", (int64_t)c->checked->result->judged);
	tu_json_member_int(json, "files_not_judged", (int64_t)c->checked->result->files);
	tu_json_key(json, "rules");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->checked->result->profile->rule_count; i++)
		add_json_rule(c, i);
	tu_json_close_array(json);
	tu_json_key(json, "components");
	tu_json_open_array(json);
	for (size_t i = 0; i < c->checked->inventory->component_count; i++)
		if (c->checked->result->missing[i] | c->checked->result->undecided[i])
			add_json_component(c, i);
	tu_json_close_array(json);
	add_json_remarks(c);
	tu_json_notes(json, c->checked->inventory);
	tu_json_close_object(json);
	tu_buf_byte(&sink->buf, '\n');
}
