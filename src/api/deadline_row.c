/* A deadline as a row. */
#include "api/cases.h"
#include "show/deadline_text.h"

enum { US = 1000000 };

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct tu_api_deadline, device, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, vulnerability, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN_AS("case", struct tu_api_deadline, case_id, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, signal, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, rule, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_deadline, title, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, source, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, jurisdiction, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct tu_api_deadline, open, TU_API_BOOL, 0),
	TU_API_COLUMN(struct tu_api_deadline, start, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, start_assumed, TU_API_BOOL, 0),
	TU_API_COLUMN(struct tu_api_deadline, due, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, due_local, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, zone, TU_API_TEXT, 0),
	TU_API_COLUMN(struct tu_api_deadline, stopped, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, late_seconds, TU_API_INT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, meets, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, needs, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_deadline, missing, TU_API_JSON, 0),
	TU_API_COLUMN(struct tu_api_deadline, note, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct tu_api_deadline, listed, TU_API_BOOL, 0),
};
const struct tu_api_table tu_api_table_deadline =
	TU_API_TABLE("Deadline", struct tu_api_deadline, columns);

/* ---- a row ---- */

/* Words as a list of JSON; empty ones are left out. */
static bool write_words(
	struct tu_arena *arena, const char *const *words, size_t count, struct tu_str *out)
{
	struct tu_buf text;
	struct tu_json_writer json;
	bool ok;

	tu_buf_init(&text, 1 << 14);
	json = tu_json_writer(&text, false);
	tu_json_open_array(&json);
	for (size_t i = 0; i < count; i++)
		if (words[i] && words[i][0])
			tu_json_add_str(&json, tu_str_c(words[i]));
	tu_json_close_array(&json);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), out);
	tu_buf_done(&text);
	return ok;
}

/* All that the rule wants: the event that meets it first, as in `missing`. */
static bool write_needs(
	struct tu_arena *arena, const struct tu_deadline_rule *rule, struct tu_str *out)
{
	const char *words[TU_DEADLINE_EVIDENCE_MAX + 1] = {rule->stop};

	for (size_t i = 0; i < TU_DEADLINE_EVIDENCE_MAX && rule->evidence[i]; i++)
		words[i + 1] = rule->evidence[i];
	return write_words(arena, words, TU_DEADLINE_EVIDENCE_MAX + 1, out);
}

struct tu_str tu_api_zone_name(const struct tu_zone *zone)
{
	return zone->name.len	? zone->name
		: zone->seconds ? TU_STR("offset of the maker")
				: TU_STR("UTC");
}

static bool write_local(struct tu_arena *arena, int64_t due, const struct tu_zone *zone,
	struct tu_api_deadline *out)
{
	struct tu_buf text;
	bool ok;

	tu_buf_init(&text, 64);
	if (due)
		tu_deadline_write_local(due, zone, &text);
	ok = !text.failed && tu_arena_dup(arena, tu_buf_str(&text), &out->due_local);
	tu_buf_done(&text);
	if (!ok)
		return false;
	return tu_arena_dup(arena, tu_api_zone_name(zone), &out->zone);
}

bool tu_api_deadline_take(struct tu_arena *arena, const struct tu_deadline_seen *seen, int64_t now,
	struct tu_api_deadline *out)
{
	const struct tu_deadline *d = seen->deadline;
	bool missed = d->state == TU_DEADLINE_MISSED;

	*out = (struct tu_api_deadline){
		.state = tu_str_c(tu_deadline_state_name(d->state)),
		.open = tu_deadline_is_open(d),
		.start = d->start * US,
		.start_assumed = d->assumed,
		.due = d->due * US,
		.stopped = d->stopped * US,
		.late_seconds = missed ? (d->stopped ? d->stopped : now) - d->due : TU_API_NONE,
		.listed = !seen->gone,
		.place = {(int64_t)tu_deadline_rank(d) * ((int64_t)1 << 50) + d->due},
	};
	return tu_arena_dup(arena, seen->device->row.name, &out->device) &&
		tu_arena_dup(arena, seen->vuln, &out->vulnerability) &&
		tu_arena_dup(arena, seen->case_public, &out->case_id) &&
		tu_arena_dup(arena, seen->signal, &out->signal) &&
		tu_arena_dup(arena, tu_str_c(d->rule->id), &out->rule) &&
		tu_arena_dup(arena, tu_str_c(d->rule->title), &out->title) &&
		tu_arena_dup(arena, tu_str_c(d->rule->source), &out->source) &&
		tu_arena_dup(arena, tu_str_c(d->rule->jurisdiction), &out->jurisdiction) &&
		tu_arena_dup(arena, tu_str_c(d->rule->stop), &out->meets) &&
		tu_arena_dup(arena, d->note, &out->note) &&
		tu_arena_dup(arena, seen->key, &out->place.text) &&
		write_needs(arena, d->rule, &out->needs) &&
		write_words(arena, d->lacking, d->lacking_count, &out->missing) &&
		write_local(arena, d->due, &seen->device->model->policy.zone, out);
}

void tu_api_add_not_computed(struct tu_json_writer *json, struct tu_str device, struct tu_str why)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "device", device);
	tu_json_member_str(json, "why", why);
	tu_json_close_object(json);
}
