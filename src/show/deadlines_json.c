/* tutela clocks --format json: docs/formats/assess.md says what each member means. */
#include "show/deadline_text.h"
#include "show/deadlines.h"
#include "show/json_parts.h"

static void member_c(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_json_member_opt(json, key, tu_str_c(text));
}

static bool add_components(struct tu_json_writer *json, const struct tu_deadline_case *c)
{
	struct tu_buf text;
	bool fine;

	tu_buf_init(&text, (size_t)1 << 20);
	tu_deadline_write_components(c, &text);
	fine = !text.failed;
	tu_json_member_opt(json, "component", tu_buf_str(&text));
	tu_buf_done(&text);
	return fine;
}

/* The due time on the maker's wall, where that is not UTC. */
static void add_due_local(struct tu_json_writer *json, int64_t due, const struct tu_zone *zone)
{
	struct tu_buf text;

	if (!due || !(zone->name.len || zone->seconds))
		return;
	tu_buf_init(&text, 64);
	tu_deadline_write_local(due, zone, &text);
	tu_json_member_opt(json, "due_local", tu_buf_str(&text));
	tu_buf_done(&text);
}

static bool add_row(struct tu_json_writer *json, const struct tu_clock_row *row,
	const struct tu_deadlines_view *view)
{
	const struct tu_deadline *clock = row->clock;
	bool fine;

	tu_json_open_object(json);
	tu_json_member_str(json, "vulnerability", row->of->vulnerability);
	member_c(json, "rule", clock->rule->id);
	member_c(json, "title", clock->rule->title);
	member_c(json, "source", clock->rule->source);
	member_c(json, "jurisdiction", clock->rule->jurisdiction);
	member_c(json, "state", tu_deadline_state_name(clock->state));
	tu_json_date(json, "start", clock->start);
	tu_json_date(json, "due", clock->due);
	add_due_local(json, clock->due, view->zone);
	tu_json_date(json, "stopped", clock->stopped);
	tu_json_key(json, "lacking");
	tu_json_open_array(json);
	for (size_t i = 0; i < clock->lacking_count; i++)
		tu_json_add_str(json, tu_str_c(clock->lacking[i]));
	tu_json_close_array(json);
	tu_json_member_opt(json, "note", clock->note);
	if (clock->state == TU_DEADLINE_MISSED)
		tu_json_member_int(json, "late_seconds",
			(clock->stopped ? clock->stopped : view->at) - clock->due);
	if (clock->assumed)
		tu_json_member_bool(json, "start_assumed", true);
	fine = add_components(json, row->of);
	tu_json_close_object(json);
	return fine;
}

static void add_unassessed(struct tu_json_writer *json, const struct tu_unassessed *u)
{
	tu_json_key(json, "not_assessed");
	tu_json_open_object(json);
	tu_json_member_bool(json, "looked", u->looked);
	if (u->looked) {
		tu_json_member_str(json, "release", u->release);
		tu_json_member_int(json, "uncontrolled", (int64_t)u->count);
	} else {
		member_c(json, "why", u->why.message);
	}
	tu_json_close_object(json);
}

void tu_deadlines_json_unwatched(
	struct tu_json_writer *json, const struct tu_unwatched *list, size_t count)
{
	tu_json_key(json, "unwatched_markets");
	tu_json_open_array(json);
	for (size_t i = 0; i < count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "market", list[i].market);
		member_c(json, "code", list[i].code);
		member_c(json, "name", list[i].name ? list[i].name : "");
		member_c(json, "why", tu_unwatched_sentence(list[i].why));
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

/* Rows that are not counted, and why. */
static void add_off(struct tu_json_writer *json, const struct tu_device *device)
{
	const struct tu_deadline_off *off;

	tu_json_key(json, "off");
	tu_json_open_array(json);
	for (size_t i = 0; (off = tu_deadline_off_at(device, i)) != NULL; i++) {
		tu_json_open_object(json);
		member_c(json, "rule", off->id);
		member_c(json, "title", off->title);
		member_c(json, "source", off->source);
		member_c(json, "why", off->why);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

static void add_gaps(struct tu_json_writer *json, const struct tu_deadlines_of *all)
{
	tu_deadlines_json_unwatched(json, all->unwatched, all->unwatched_count);
	tu_json_key(json, "unknown_events");
	tu_json_open_array(json);
	for (size_t i = 0; i < all->unknown_count; i++) {
		tu_json_open_object(json);
		tu_json_member_str(json, "event", all->unknown[i].event->name);
		tu_json_member_str(json, "decision", all->unknown[i].decision->id);
		tu_json_close_object(json);
	}
	tu_json_close_array(json);
}

enum tu_status tu_deadlines_json(
	const struct tu_deadlines_view *view, struct tu_sink *out, struct tu_error *err)
{
	struct tu_json_writer json = tu_json_writer(&out->buf, true);
	bool fine = true;

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-clocks"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_date(&json, "at", view->at);
	tu_json_member_opt(&json, "time_zone", view->zone->name);
	tu_json_gate(&json, view->gate, view->verdict);
	tu_json_key(&json, "clocks");
	tu_json_open_array(&json);
	for (size_t i = 0; i < view->answer->rows.count && fine; i++) {
		fine = add_row(&json, &view->answer->rows.at[i], view);
		tu_sink_spill(out);
	}
	tu_json_close_array(&json);
	add_off(&json, view->answer->folder.device);
	add_gaps(&json, &view->answer->all);
	add_unassessed(&json, &view->answer->unassessed);
	tu_json_close_object(&json);
	tu_buf_byte(&out->buf, '\n');
	return fine ? tu_sink_check(out, err) : tu_no_memory(err);
}
