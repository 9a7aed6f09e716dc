/* Attack paths for people and for programs. */
#include "threat/paths.h"

#include "base/json_writer.h"
#include "show/json_parts.h"
#include "show/paint.h"
#include "show/threat.h"

/* ---- for people ---- */

struct page {
	const struct tu_threat_view *view;
	const struct tu_model *model;
	const struct tu_attacks *attacks;
	struct tu_sink *out;
	struct tu_paint paint;
};

static void add_ids(const struct page *p, const char *lead, struct tu_indexes list, bool flows)
{
	if (!list.count)
		return;
	tu_paint_c(&p->paint, TU_HUE_DIM, lead);
	for (size_t i = 0; i < list.count; i++) {
		if (i)
			tu_buf_c(p->paint.out, ", ");
		tu_paint(&p->paint, TU_HUE_PLAIN,
			flows ? p->model->flows[list.at[i]].id : p->model->controls[list.at[i]].id);
	}
}

static void add_threats(const struct page *p, const struct tu_attack_hop *hop)
{
	const struct tu_threats *found = &p->view->answer->threats;

	for (size_t i = 0; i < hop->threats.count; i++) {
		const struct tu_threat *threat = &found->at[hop->threats.at[i]];

		tu_buf_c(p->paint.out, "\n      ");
		tu_paint_c(&p->paint, TU_HUE_YELLOW, tu_threat_outcome_name(threat->outcome));
		tu_buf_c(p->paint.out, " ");
		tu_paint(&p->paint, TU_HUE_DIM, threat->rule);
		tu_buf_c(p->paint.out, " ");
		tu_paint(&p->paint, TU_HUE_PLAIN, threat->title);
	}
}

static void add_hop(
	const struct page *p, const struct tu_attack *attack, const struct tu_attack_hop *hop)
{
	const struct tu_model_flow *flow = &p->model->flows[hop->flow];

	tu_buf_c(p->paint.out, "  ");
	tu_paint(&p->paint, TU_HUE_BOLD, flow->id);
	tu_buf_c(p->paint.out, "  ");
	tu_paint(&p->paint, TU_HUE_PLAIN, p->model->elements[flow->from].id);
	tu_buf_c(p->paint.out, " -> ");
	tu_paint(&p->paint, TU_HUE_PLAIN, p->model->elements[flow->to].id);
	if (hop->crosses != TU_STATED_NO)
		tu_buf_c(p->paint.out,
			hop->crosses == TU_STATED_YES ? "  crosses a boundary"
						      : "  zone not stated");
	if (!hop->threats.count && attack->state < TU_ATTACK_BLOCKED)
		tu_buf_c(p->paint.out, "  passed on");
	add_ids(p, "  controls: ", hop->controls, false);
	add_threats(p, hop);
	tu_buf_byte(p->paint.out, '\n');
}

static void add_head(const struct page *p, const struct tu_attack *attack)
{
	static const enum tu_hue hues[] = {[TU_ATTACK_OPEN] = TU_HUE_BRIGHT_RED,
		[TU_ATTACK_ACCEPTED] = TU_HUE_YELLOW,
		[TU_ATTACK_UNDECIDED] = TU_HUE_YELLOW,
		[TU_ATTACK_BLOCKED] = TU_HUE_GREEN,
		[TU_ATTACK_UNREACHABLE] = TU_HUE_PLAIN};

	tu_paint(&p->paint, TU_HUE_BOLD, p->model->elements[attack->target].id);
	tu_buf_c(p->paint.out, "  ");
	tu_paint_c(&p->paint, hues[attack->state], tu_attack_state_name(attack->state));
	if (attack->entry == TU_MODEL_NOWHERE) {
		tu_buf_c(p->paint.out, "\n  no flows lead there from an entry point\n");
		return;
	}
	if (attack->patients == TU_MODEL_UNSTATED)
		tu_buf_c(p->paint.out, "  patients not stated");
	else
		tu_buf_printf(p->paint.out, "  %s%llu patients", attack->at_least ? ">=" : "",
			(unsigned long long)attack->patients);
	tu_buf_c(p->paint.out, "  from ");
	tu_paint(&p->paint, TU_HUE_PLAIN,
		tu_threat_spot_id(p->model, p->attacks->entries[attack->entry].spot));
	if (attack->state == TU_ATTACK_BLOCKED)
		tu_buf_c(p->paint.out, "; the way that is closed:");
	if (attack->left_out)
		tu_buf_c(p->paint.out, "\n  the path is left out: ask with --to\n");
	else
		tu_buf_c(p->paint.out, attack->hop_count ? "\n" : "\n  the attacker is there\n");
}

static void add_attack(const struct page *p, const struct tu_attack *attack, bool one)
{
	add_head(p, attack);
	for (size_t i = 0; i < attack->hop_count; i++)
		add_hop(p, attack, &attack->hops[i]);
	if (attack->held_by.count) {
		add_ids(p, "  each of these controls alone, when lost, opens a path: ",
			attack->held_by, false);
		tu_buf_byte(p->paint.out, '\n');
	}
	if (attack->cut.count) {
		add_ids(p, "  the fewest flows to close: ", attack->cut, true);
		tu_buf_byte(p->paint.out, '\n');
	} else if (one && attack->state < TU_ATTACK_BLOCKED)
		tu_buf_c(p->paint.out,
			"  no flows can be closed: an entry point is at the target "
			"or the model is too large\n");
	tu_sink_spill(p->out);
}

static void add_entries(const struct page *p)
{
	tu_buf_c(p->paint.out,
		p->attacks->assumed ? "Entry points (assumed, for the model states none): "
				    : "Entry points: ");
	for (size_t i = 0; i < p->attacks->entry_count; i++) {
		if (i)
			tu_buf_c(p->paint.out, ", ");
		tu_paint(&p->paint, TU_HUE_PLAIN,
			tu_threat_spot_id(p->model, p->attacks->entries[i].spot));
	}
	tu_buf_c(p->paint.out, p->attacks->entry_count ? "\n\n" : "none\n\n");
}

void tu_threat_paths_table(const struct tu_threat_view *view, const struct tu_attacks *attacks,
	bool one, struct tu_sink *out)
{
	const struct page p = {view, view->answer->model, attacks, out, {&out->buf, view->colour}};
	size_t counts[TU_ATTACK_STATES] = {0};

	add_entries(&p);
	for (size_t i = 0; i < attacks->count; i++) {
		add_attack(&p, &attacks->at[i], one);
		counts[attacks->at[i].state]++;
	}
	tu_buf_printf(&out->buf, "%s%zu targets:", attacks->count ? "\n" : "", attacks->count);
	for (size_t i = 0; i < TU_ATTACK_STATES; i++)
		tu_buf_printf(&out->buf, "%s %zu %s", i ? "," : "", counts[i],
			tu_attack_state_name((enum tu_attack_state)i));
	tu_buf_byte(&out->buf, '\n');
	if (attacks->off_path)
		tu_buf_printf(&out->buf,
			"%zu open threats are where no entry point leads to: is one missing?\n",
			attacks->off_path);
	if (attacks->controls_left)
		tu_buf_printf(
			&out->buf, "%zu controls were not tried as lost\n", attacks->controls_left);
}

/* ---- for programs ---- */

static void number(struct tu_json_writer *json, const char *key, uint64_t value)
{
	tu_json_key(json, key);
	if (value > INT64_MAX)
		tu_json_add_null(json);
	else
		tu_json_add_int(json, (int64_t)value);
}

static void ids(struct tu_json_writer *json, const char *key, const struct tu_model *model,
	struct tu_indexes list, bool flows)
{
	tu_json_key(json, key);
	tu_json_open_array(json);
	for (size_t i = 0; i < list.count; i++)
		tu_json_add_str(
			json, flows ? model->flows[list.at[i]].id : model->controls[list.at[i]].id);
	tu_json_close_array(json);
}

static void hop_json(struct tu_json_writer *json, const struct tu_threat_answer *answer,
	const struct tu_attack_hop *hop)
{
	const struct tu_model *model = answer->model;
	const struct tu_model_flow *flow = &model->flows[hop->flow];

	tu_json_open_object(json);
	tu_json_member_str(json, "flow", flow->id);
	tu_json_member_str(json, "from", model->elements[flow->from].id);
	tu_json_member_str(json, "to", model->elements[flow->to].id);
	tu_json_key(json, "crosses");
	if (hop->crosses == TU_STATED_NOTHING)
		tu_json_add_null(json);
	else
		tu_json_add_bool(json, hop->crosses == TU_STATED_YES);
	tu_json_key(json, "threats");
	tu_json_open_array(json);
	for (size_t i = 0; i < hop->threats.count; i++)
		tu_json_add_str(json, answer->threats.at[hop->threats.at[i]].key);
	tu_json_close_array(json);
	ids(json, "controls", model, hop->controls, false);
	tu_json_close_object(json);
}

static void attack_json(struct tu_json_writer *json, const struct tu_threat_answer *answer,
	const struct tu_attacks *attacks, const struct tu_attack *attack)
{
	const struct tu_model *model = answer->model;

	tu_json_open_object(json);
	tu_json_member_str(json, "target", model->elements[attack->target].id);
	tu_json_member_str(json, "state", tu_str_c(tu_attack_state_name(attack->state)));
	if (attack->entry != TU_MODEL_NOWHERE)
		tu_json_member_str(json, "entry",
			tu_threat_spot_id(model, attacks->entries[attack->entry].spot));
	number(json, "patients", attack->patients);
	tu_json_member_bool(json, "patients_at_least", attack->at_least);
	tu_json_member_bool(json, "path_left_out", attack->left_out);
	tu_json_key(json, "path");
	tu_json_open_array(json);
	for (size_t i = 0; i < attack->hop_count; i++)
		hop_json(json, answer, &attack->hops[i]);
	tu_json_close_array(json);
	ids(json, "opened_by_loss_of", model, attack->held_by, false);
	if (attack->cut_known)
		ids(json, "cut", model, attack->cut, true);
	tu_json_close_object(json);
}

static void entries_json(
	struct tu_json_writer *json, const struct tu_model *model, const struct tu_attacks *attacks)
{
	tu_json_key(json, "entries");
	tu_json_open_array(json);
	for (size_t i = 0; i < attacks->entry_count; i++) {
		const struct tu_attack_entry *entry = &attacks->entries[i];

		tu_json_open_object(json);
		tu_json_member_str(json, "at", tu_threat_spot_id(model, entry->spot));
		if (entry->stated != TU_MODEL_NOWHERE) {
			tu_json_member_opt(json, "id", model->entries[entry->stated].id);
			tu_json_member_opt(
				json, "position", model->entries[entry->stated].position);
		}
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

void tu_threat_paths_json(
	const struct tu_threat_view *view, const struct tu_attacks *attacks, struct tu_sink *out)
{
	struct tu_json_writer json = tu_json_writer(&out->buf, true);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-threat-paths"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_tool(&json);
	tu_json_member_bool(&json, "entries_assumed", attacks->assumed);
	entries_json(&json, view->answer->model, attacks);
	tu_json_key(&json, "targets");
	tu_json_open_array(&json);
	for (size_t i = 0; i < attacks->count; i++) {
		attack_json(&json, view->answer, attacks, &attacks->at[i]);
		tu_sink_spill(out);
	}
	tu_json_close_array(&json);
	number(&json, "open_threats_off_path", attacks->off_path);
	number(&json, "controls_tried", attacks->controls_tried);
	number(&json, "controls_not_tried", attacks->controls_left);
	tu_json_close_object(&json);
	tu_buf_byte(&out->buf, '\n');
}
