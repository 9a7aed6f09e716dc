/* Members that several forms write alike. */
#include "base/time.h"
#include "threat/words.h"
#include "threat/write/write.h"

void tu_model_writing_lose(struct tu_model_writing *w, const char *what, size_t count)
{
	struct tu_model_loss loss = {.kind = "lost"};
	struct tu_buf text;

	if (!count)
		return;
	tu_buf_init(&text, 200);
	tu_buf_printf(&text, "%zu: the form has no place for them", count);
	loss.pointer = tu_str_c(what);
	if (text.failed || !tu_arena_dup(w->arena, tu_buf_str(&text), &loss.message) ||
		!TU_VEC_PUSH_IN(w->arena, &w->losses, loss))
		w->failed = true;
	tu_buf_done(&text);
}

struct tu_str tu_model_writing_evidence(const struct tu_model_control *control)
{
	return control->evidence_gone ? (struct tu_str){"", 0} : control->evidence;
}

void tu_model_writing_lose_evidence(struct tu_model_writing *w)
{
	size_t gone = 0;

	for (size_t i = 0; i < w->model->controls_count; i++)
		gone += w->model->controls[i].evidence_gone;
	tu_model_writing_lose(w, "evidence whose file is not there", gone);
}

void tu_model_writing_number(struct tu_model_writing *w, const char *key, uint64_t number)
{
	if (number == TU_MODEL_UNSTATED || number > INT64_MAX)
		return;
	tu_json_key(&w->json, key);
	tu_json_add_int(&w->json, (int64_t)number);
}

void tu_model_writing_date(struct tu_model_writing *w, const char *key, int64_t seconds)
{
	size_t start;

	if (!seconds)
		return;
	tu_json_key(&w->json, key);
	start = tu_json_open_text(&w->json);
	if (seconds % 86400 == 0)
		tu_time_write_date(seconds, w->json.buf);
	else
		tu_time_write(seconds, w->json.buf);
	tu_json_close_text(&w->json, start);
}

void tu_model_writing_word(
	struct tu_model_writing *w, const char *key, const struct tu_words *words, int value)
{
	if (value)
		tu_json_member_opt(&w->json, key, tu_str_c(tu_words_name(words, value)));
}

void tu_model_writing_bits(
	struct tu_model_writing *w, const char *key, const struct tu_words *words, uint32_t bits)
{
	if (!bits)
		return;
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < words->count; i++) {
		uint32_t bit = (uint32_t)words->at[i].value;

		if ((bits & bit) == bit && (bit & (bit - 1)) == 0)
			tu_json_add_str(&w->json, tu_str_c(words->at[i].name));
	}
	tu_json_close_array(&w->json);
}

void tu_model_writing_texts(
	struct tu_model_writing *w, const char *key, const struct tu_texts *texts, bool stated)
{
	if (!texts->count && !stated)
		return;
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < texts->count; i++)
		tu_json_add_str(&w->json, texts->at[i]);
	tu_json_close_array(&w->json);
}

static struct tu_str asset_id(const struct tu_model *model, uint32_t index)
{
	return model->assets[index].id;
}

static struct tu_str element_id(const struct tu_model *model, uint32_t index)
{
	return model->elements[index].id;
}

static struct tu_str state_id(const struct tu_model *model, uint32_t index)
{
	return model->states[index].id;
}

static void write_ids(struct tu_model_writing *w, const char *key, const struct tu_indexes *list,
	struct tu_str (*id)(const struct tu_model *model, uint32_t index))
{
	if (!list->count)
		return;
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < list->count; i++)
		tu_json_add_str(&w->json, id(w->model, list->at[i]));
	tu_json_close_array(&w->json);
}

void tu_model_writing_assets(
	struct tu_model_writing *w, const char *key, const struct tu_indexes *assets, bool stated)
{
	write_ids(w, key, assets, asset_id);
	if (stated && !assets->count) {
		tu_json_key(&w->json, key);
		tu_json_open_array(&w->json);
		tu_json_close_array(&w->json);
	}
}

void tu_model_writing_elements(
	struct tu_model_writing *w, const char *key, const struct tu_indexes *elements)
{
	write_ids(w, key, elements, element_id);
}

void tu_model_writing_states(
	struct tu_model_writing *w, const char *key, const struct tu_indexes *states)
{
	write_ids(w, key, states, state_id);
}

static struct tu_str spot_id(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? model->flows[spot.index].id : model->elements[spot.index].id;
}

void tu_model_writing_spots(
	struct tu_model_writing *w, const char *key, const struct tu_spots *spots)
{
	if (!spots->count)
		return;
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < spots->count; i++)
		tu_json_add_str(&w->json, spot_id(w->model, spots->at[i]));
	tu_json_close_array(&w->json);
}

void tu_model_writing_facts(struct tu_model_writing *w, const struct tu_model_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		tu_json_key_str(&w->json, facts->at[i].name);
		tu_json_add_str(&w->json, facts->at[i].value);
	}
}

void tu_model_writing_links(struct tu_model_writing *w, const struct tu_asset *asset)
{
	if (!asset->hazard_count && !asset->harmless)
		return;
	tu_json_key(&w->json, "hazards");
	tu_json_open_array(&w->json);
	for (size_t i = 0; i < asset->hazard_count; i++) {
		tu_json_open_object(&w->json);
		tu_json_member_str(
			&w->json, "hazard", w->model->hazards[asset->hazards[i].hazard].id);
		tu_model_writing_bits(w, "on_loss_of", &tu_words_loss, asset->hazards[i].loss);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

/* ---- lists ---- */

static void open_list(struct tu_model_writing *w, const char *key)
{
	tu_json_key(&w->json, key);
	tu_json_open_array(&w->json);
}

void tu_model_writing_list_states(struct tu_model_writing *w)
{
	open_list(w, "states");
	for (size_t i = 0; i < w->model->states_count; i++) {
		const struct tu_model_state *at = &w->model->states[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "name", at->name);
		tu_json_member_opt(&w->json, "phase", at->phase);
		tu_json_member_opt(&w->json, "description", at->description);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

void tu_model_writing_list_hazards(struct tu_model_writing *w)
{
	open_list(w, "hazards");
	for (size_t i = 0; i < w->model->hazards_count; i++) {
		const struct tu_hazard *at = &w->model->hazards[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_str(&w->json, "severity", tu_str_c(tu_harm_name(at->severity)));
		tu_json_member_opt(&w->json, "title", at->title);
		tu_json_member_opt(&w->json, "situation", at->situation);
		tu_json_member_opt(&w->json, "reference", at->reference);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_selector(struct tu_model_writing *w, const struct tu_selector *selector)
{
	if (tu_selector_is_empty(selector))
		return;
	tu_json_key(&w->json, "match");
	tu_json_open_object(&w->json);
	tu_json_member_opt(&w->json, "name", selector->name);
	tu_json_member_opt(&w->json, "version", selector->version);
	tu_json_member_opt(&w->json, "purl", selector->purl);
	tu_json_member_opt(&w->json, "cpe", selector->cpe);
	tu_json_member_opt(&w->json, "ref", selector->ref);
	tu_json_member_opt(&w->json, "path", selector->path);
	tu_json_close_object(&w->json);
}

void tu_model_writing_list_components(struct tu_model_writing *w)
{
	open_list(w, "components");
	for (size_t i = 0; i < w->model->components_count; i++) {
		const struct tu_model_component *at = &w->model->components[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "purl", at->purl);
		add_selector(w, &at->selector);
		tu_json_member_opt(&w->json, "supplier", at->supplier);
		tu_json_member_opt(&w->json, "support", at->support);
		tu_model_writing_date(w, "end_of_support", at->end_of_support);
		tu_json_member_opt(&w->json, "end_of_support_note", at->end_note);
		tu_model_writing_elements(w, "elements", &at->elements);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

void tu_model_writing_list_credentials(struct tu_model_writing *w)
{
	open_list(w, "credentials");
	for (size_t i = 0; i < w->model->credentials_count; i++) {
		const struct tu_model_credential *at = &w->model->credentials[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "title", at->title);
		tu_json_member_opt(&w->json, "scope", at->scope);
		tu_json_member_opt(&w->json, "made", at->made);
		tu_json_member_opt(&w->json, "stored", at->stored);
		if (at->store != TU_MODEL_NOWHERE)
			tu_json_member_str(&w->json, "store", w->model->elements[at->store].id);
		tu_model_writing_elements(w, "accepted_by", &at->accepted_by);
		tu_json_member_opt(&w->json, "verified", at->verified);
		tu_json_member_opt(&w->json, "issued", at->issued);
		tu_json_member_opt(&w->json, "rotated", at->rotated);
		tu_json_member_opt(&w->json, "revoked", at->revoked);
		if (at->facts.count) {
			tu_json_key(&w->json, "facts");
			tu_json_open_object(&w->json);
			tu_model_writing_facts(w, &at->facts);
			tu_json_close_object(&w->json);
		}
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

void tu_model_writing_list_assumptions(struct tu_model_writing *w)
{
	open_list(w, "assumptions");
	for (size_t i = 0; i < w->model->assumptions_count; i++) {
		const struct tu_model_assumption *at = &w->model->assumptions[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "text", at->text);
		tu_json_member_opt(&w->json, "owner", at->owner);
		tu_model_writing_date(w, "review_by", at->review_by);
		tu_model_writing_spots(w, "about", &at->about);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

void tu_model_writing_list_entries(struct tu_model_writing *w)
{
	open_list(w, "entries");
	for (size_t i = 0; i < w->model->entries_count; i++) {
		const struct tu_model_entry *at = &w->model->entries[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "title", at->title);
		tu_json_member_opt(&w->json, "position", at->position);
		tu_json_member_str(&w->json, "at", spot_id(w->model, at->spot));
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}

static void add_half(struct tu_model_writing *w, const struct tu_model_view *view, bool flows)
{
	open_list(w, flows ? "flows" : "elements");
	if (view->everything)
		tu_json_add_str(&w->json, TU_STR("*"));
	for (size_t i = 0; i < view->spots.count && !view->everything; i++)
		if (view->spots.at[i].is_flow == flows)
			tu_json_add_str(&w->json, spot_id(w->model, view->spots.at[i]));
	tu_json_close_array(&w->json);
}

void tu_model_writing_list_views(struct tu_model_writing *w)
{
	open_list(w, "views");
	for (size_t i = 0; i < w->model->views_count; i++) {
		const struct tu_model_view *at = &w->model->views[i];

		tu_json_open_object(&w->json);
		tu_json_member_str(&w->json, "id", at->id);
		tu_json_member_opt(&w->json, "kind",
			tu_str_c(tu_words_name(&tu_words_view_kind, (int)at->kind)));
		tu_json_member_opt(&w->json, "title", at->title);
		add_half(w, at, false);
		add_half(w, at, true);
		tu_json_member_opt(&w->json, "reason", at->reason);
		tu_json_close_object(&w->json);
	}
	tu_json_close_array(&w->json);
}
