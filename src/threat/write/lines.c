#include "threat/write/lines.h"

#include "threat/read/made.h"
#include "threat/words.h"

static struct tu_buf *text_of(struct tu_lines *lines)
{
	return lines->w->json.buf;
}

/* ---- the parts of a line ---- */

/* A value in one line, as a reader trims it. */
static void add_value(struct tu_lines *lines, struct tu_str value)
{
	struct tu_buf *out = text_of(lines);

	value = tu_str_trim(value);
	for (size_t i = 0; i < value.len; i++)
		tu_buf_byte(out, value.ptr[i] == '\n' ? ' ' : value.ptr[i]);
	lines->values += tu_str_find(value, '\n') < value.len;
}

void tu_lines_text(struct tu_lines *lines, const char *name, struct tu_str value)
{
	if (!tu_str_trim(value).len)
		return;
	tu_buf_printf(text_of(lines), "%s: ", name);
	add_value(lines, value);
	tu_buf_byte(text_of(lines), '\n');
}

void tu_lines_number(struct tu_lines *lines, const char *name, uint64_t number)
{
	if (number != TU_MODEL_UNSTATED)
		tu_buf_printf(text_of(lines), "%s: %llu\n", name, (unsigned long long)number);
}

static void add_prose(struct tu_lines *lines, struct tu_str prose)
{
	struct tu_str line, whole = prose;
	bool changed = false;

	while (tu_str_split(&prose, '\n', &line)) {
		struct tu_str trimmed = tu_str_trim(line);

		changed |= trimmed.len != line.len || !line.len;
		if (!trimmed.len)
			continue;
		tu_buf_printf(text_of(lines), "%s%.*s\n", tu_made_is_line(trimmed) ? "text: " : "",
			TU_STR_FMT(trimmed));
	}
	lines->layout += changed && whole.len;
}

void tu_lines_open(struct tu_lines *lines, struct tu_str prose, struct tu_str id)
{
	tu_json_key(&lines->w->json, "description");
	lines->start = tu_json_open_text(&lines->w->json);
	add_prose(lines, prose);
	tu_lines_text(lines, "ref", id);
}

void tu_lines_close(struct tu_lines *lines)
{
	tu_json_close_text(&lines->w->json, lines->start);
}

/* ---- lists ---- */

/* An entry of a list with commas. */
static bool add_entry(struct tu_lines *lines, const char *name, struct tu_str entry, bool first)
{
	entry = tu_str_trim(entry);
	if (!entry.len || tu_str_find(entry, ',') < entry.len) {
		lines->lists++;
		return false;
	}
	tu_buf_c(text_of(lines), first ? name : "");
	tu_buf_c(text_of(lines), first ? ": " : ", ");
	add_value(lines, entry);
	return true;
}

static void add_texts(struct tu_lines *lines, const char *name, const struct tu_texts *texts)
{
	bool any = false;

	for (size_t i = 0; i < texts->count; i++)
		any |= add_entry(lines, name, texts->at[i], !any);
	tu_buf_c(text_of(lines), any ? "\n" : "");
}

void tu_lines_assets(struct tu_lines *lines, const struct tu_indexes *assets)
{
	bool any = false;

	for (size_t i = 0; i < assets->count; i++)
		any |= add_entry(lines, "assets", lines->w->model->assets[assets->at[i]].id, !any);
	tu_buf_c(text_of(lines), any ? "\n" : "");
}

static void add_carries(struct tu_lines *lines, uint32_t carries)
{
	bool any = false;

	for (size_t i = 0; i < tu_words_carries.count; i++)
		if (carries & (uint32_t)tu_words_carries.at[i].value)
			any |= add_entry(
				lines, "carries", tu_str_c(tu_words_carries.at[i].name), !any);
	tu_buf_c(text_of(lines), any ? "\n" : "");
}

static void add_facts(struct tu_lines *lines, const struct tu_model_facts *facts, bool flow)
{
	for (size_t i = 0; i < facts->count; i++) {
		if (!tu_made_is_fact(facts->at[i].name, flow)) {
			lines->facts++;
			continue;
		}
		tu_buf_printf(text_of(lines), "%.*s: ", TU_STR_FMT(facts->at[i].name));
		add_value(lines, facts->at[i].value);
		tu_buf_byte(text_of(lines), '\n');
	}
}

/* ---- things ---- */

void tu_lines_element(struct tu_lines *lines, const struct tu_model_element *at)
{
	tu_lines_number(lines, "count", at->count);
	tu_lines_number(lines, "patients", at->patients);
	add_texts(lines, "functions", &at->functions);
	add_facts(lines, &at->facts, false);
}

void tu_lines_flow(struct tu_lines *lines, const struct tu_model_flow *at)
{
	for (int i = 0; i < TU_PROPERTY_COUNT_; i++)
		tu_lines_text(lines, tu_words_name(&tu_words_flow_property, i), at->properties[i]);
	if (at->medium)
		tu_lines_text(lines, "medium",
			tu_str_c(tu_words_name(&tu_words_medium, (int)at->medium)));
	tu_lines_text(lines, "version", at->version);
	tu_lines_text(lines, "channel", at->channel);
	add_carries(lines, at->carries);
	tu_lines_number(lines, "fan_out", at->fan_out);
	add_facts(lines, &at->facts, true);
}

void tu_lines_zone(struct tu_lines *lines, const struct tu_model_zone *at)
{
	tu_lines_text(lines, "border", at->boundary);
	if (at->role)
		tu_lines_text(
			lines, "role", tu_str_c(tu_words_name(&tu_words_zone_role, (int)at->role)));
	if (at->trust)
		tu_lines_number(lines, "trust", at->trust);
}

static void lose_of_elements(struct tu_model_writing *w)
{
	const struct tu_model *m = w->model;
	size_t kinds = 0, states = 0, disabled = 0;

	for (size_t i = 0; i < m->elements_count; i++) {
		kinds += !m->elements[i].kind;
		states += m->elements[i].states.count;
		disabled += m->elements[i].disabled;
	}
	for (size_t i = 0; i < m->flows_count; i++) {
		states += m->flows[i].states.count;
		disabled += m->flows[i].disabled;
	}
	tu_model_writing_lose(w, "elements of no stated kind, which become processes", kinds);
	tu_model_writing_lose(w, "states", m->states_count + states);
	tu_model_writing_lose(
		w, "elements and flows that are not enabled, which become enabled", disabled);
}

void tu_lines_losses(const struct tu_lines *lines)
{
	struct tu_model_writing *w = lines->w;
	const struct tu_model *m = w->model;
	size_t planned = 0;

	for (size_t i = 0; i < m->controls_count; i++)
		planned += m->controls[i].state == TU_CONTROL_PLANNED;
	tu_model_writing_lose(w, "title, which becomes \"Model\"", m->title.len ? 0 : 1);
	tu_model_writing_lose(w, "version", m->version.len || m->release.len ? 1 : 0);
	tu_model_writing_lose(w, "deployment", m->deployment.len ? 1 : 0);
	lose_of_elements(w);
	tu_model_writing_lose(w, "planned controls", planned);
	tu_model_writing_lose_evidence(w);
	tu_model_writing_lose(w, "components", m->components_count);
	tu_model_writing_lose(w, "credentials", m->credentials_count);
	tu_model_writing_lose(w, "assumptions", m->assumptions_count);
	tu_model_writing_lose(w, "entry points", m->entries_count);
	tu_model_writing_lose(w, "descriptions' empty lines and indents", lines->layout);
	tu_model_writing_lose(w, "facts whose name has no line", lines->facts);
	tu_model_writing_lose(w, "entries of lists with a comma", lines->lists);
	tu_model_writing_lose(w, "values of several lines, which become one line", lines->values);
}
