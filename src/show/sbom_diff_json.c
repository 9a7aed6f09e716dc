#include "app/findings.h"
#include "show/json_parts.h"
#include "show/sbom_diff.h"
#include "show/sbom_text.h"

enum { FORMAT_VERSION = 1, TEXT_LIMIT = 1 << 20 };

struct writer {
	const struct tu_sbom_diff_answer *answer;
	struct tu_sink *sink;
	struct tu_json_writer json; /* writes to the sink */
};

static void add_singles(struct writer *d, const char *key, const struct tu_sbom_diff_side *side,
	const uint32_t *list, size_t count)
{
	tu_json_key(&d->json, key);
	tu_json_open_array(&d->json);
	for (size_t i = 0; i < count; i++) {
		tu_json_component(&d->json, side->inventory, &side->inventory->components[list[i]]);
		tu_sink_spill(d->sink);
	}
	tu_json_close_array(&d->json);
}

static void add_value(struct writer *d, const char *key, size_t field,
	const struct tu_diff_pair *pair, bool second)
{
	struct tu_buf words;

	tu_buf_init(&words, TEXT_LIMIT);
	tu_sbom_diff_fields[field].write(d->answer, pair, second, &words);
	tu_json_member_str(&d->json, key, tu_buf_str(&words));
	tu_buf_done(&words);
}

static void add_pair(struct writer *d, const struct tu_diff_pair *pair)
{
	const struct tu_component *a = &d->answer->a.inventory->components[pair->a];
	const struct tu_component *b = &d->answer->b.inventory->components[pair->b];

	tu_json_open_object(&d->json);
	tu_json_member_str(&d->json, "paired_by", tu_str_c(tu_diff_by_name(pair->by)));
	tu_json_key(&d->json, "from");
	tu_json_component(&d->json, d->answer->a.inventory, a);
	tu_json_key(&d->json, "to");
	tu_json_component(&d->json, d->answer->b.inventory, b);
	tu_json_key(&d->json, "changes");
	tu_json_open_array(&d->json);
	for (size_t i = 0; i < TU_SBOM_DIFF_FIELDS; i++) {
		if (!(pair->fields & tu_sbom_diff_fields[i].bit))
			continue;
		tu_json_open_object(&d->json);
		tu_json_member_str(&d->json, "field", tu_str_c(tu_sbom_diff_fields[i].word));
		add_value(d, "from", i, pair, false);
		add_value(d, "to", i, pair, true);
		tu_json_close_object(&d->json);
	}
	tu_json_close_array(&d->json);
	tu_json_close_object(&d->json);
	tu_sink_spill(d->sink);
}

static void add_standing(struct writer *d, const char *key, const struct tu_sbom_standing *standing,
	const struct tu_inventory *inventory)
{
	if (!standing->present)
		return;
	tu_json_key(&d->json, key);
	tu_json_open_object(&d->json);
	tu_json_member_str(&d->json, "verdict", tu_str_c(tu_match_verdict_name(standing->verdict)));
	tu_json_key(&d->json, "component");
	tu_json_component(&d->json, inventory, &inventory->components[standing->component]);
	tu_json_close_object(&d->json);
}

static void add_turns(struct writer *d, const char *key, enum tu_sbom_turn turn)
{
	tu_json_key(&d->json, key);
	tu_json_open_array(&d->json);
	for (uint32_t i = 0; i < d->answer->kb_info.vulnerabilities; i++) {
		struct tu_report_vulnerability v = {.index = i};

		if (tu_sbom_turn_of(d->answer, i) != turn)
			continue;
		v.facts = tu_kb_vulnerability(d->answer->known, i);
		tu_report_choose_score(d->answer->known, &v);
		tu_json_open_object(&d->json);
		tu_json_member_str(&d->json, "id", v.facts.id);
		tu_json_weight(&d->json, d->answer->known, &v);
		add_standing(d, "from", &d->answer->a.standings[i], d->answer->a.inventory);
		add_standing(d, "to", &d->answer->b.standings[i], d->answer->b.inventory);
		tu_json_close_object(&d->json);
		tu_sink_spill(d->sink);
	}
	tu_json_close_array(&d->json);
}

static const struct {
	enum tu_sbom_turn turn;
	const char *key;
} turns[] = {
	{TU_TURN_CAME, "came"},
	{TU_TURN_WENT, "went"},
	{TU_TURN_CHANGED, "changed_verdict"},
};

static void add_side(struct writer *d, const char *key, const struct tu_sbom_diff_side *side)
{
	tu_json_key(&d->json, key);
	tu_json_open_object(&d->json);
	tu_json_sbom(&d->json, side->inventory, tu_str_c(tu_sbom_source_name(&side->source)));
	tu_json_member_int(&d->json, "components", (int64_t)side->inventory->component_count);
	tu_json_notes(&d->json, side->inventory);
	tu_json_close_object(&d->json);
}

void tu_sbom_diff_json(const struct tu_sbom_diff_answer *answer, struct tu_sink *output)
{
	struct writer writer = {
		.answer = answer, .sink = output, .json = tu_json_writer(&output->buf, true)};
	struct writer *d = &writer;
	struct tu_json_writer *json = &d->json;
	const struct tu_sbom_diff *diff = answer->diff;

	tu_json_open_object(json);
	tu_json_member_str(json, "format", TU_STR("tutela-sbom-diff"));
	tu_json_member_int(json, "format_version", FORMAT_VERSION);
	tu_json_tool(json);
	add_side(d, "from", &d->answer->a);
	add_side(d, "to", &d->answer->b);
	tu_json_knowledge_base(json, &d->answer->kb_info,
		tu_str_c(d->answer->kb.starter ? "" : d->answer->kb.path.ptr),
		d->answer->kb.sidecar);
	tu_json_member_bool(json, "equal", !tu_sbom_diff_differs(d->answer));
	tu_json_member_int(json, "same", (int64_t)(diff->pair_count - diff->changed));
	add_singles(d, "added", &d->answer->b, diff->added, diff->added_count);
	add_singles(d, "removed", &d->answer->a, diff->removed, diff->removed_count);
	tu_json_key(json, "changed");
	tu_json_open_array(json);
	for (size_t i = 0; i < diff->pair_count; i++)
		if (diff->pairs[i].fields)
			add_pair(d, &diff->pairs[i]);
	tu_json_close_array(json);
	tu_json_key(json, "vulnerabilities");
	tu_json_open_object(json);
	for (size_t t = 0; t < TU_COUNT(turns); t++)
		add_turns(d, turns[t].key, turns[t].turn);
	tu_json_close_object(json);
	tu_json_close_object(json);
	tu_buf_byte(&d->sink->buf, '\n');
}
