#include "show/upgrades.h"

/* ---- for people ---- */

struct lines {
	const struct tu_paint *paint;
	size_t limit;
};

static void plain(const struct lines *l, const char *text)
{
	tu_buf_c(l->paint->out, text);
}

static void add_weight(const struct lines *l, const struct tu_upgrade_step *step)
{
	if (step->kev) {
		plain(l, ", ");
		if (step->kev < step->closes)
			tu_buf_printf(l->paint->out, "%zu ", step->kev);
		tu_paint_c(l->paint, TU_HUE_BRIGHT_RED, "known to be exploited");
	}
	if (step->worst == TU_SEVERITY_UNKNOWN)
		return;
	plain(l, ", worst ");
	tu_paint_c(l->paint, tu_paint_severity(step->worst), tu_severity_name(step->worst));
}

static void add_name(const struct lines *l, const struct tu_upgrade *u)
{
	const struct tu_component *c = u->group->component;

	plain(l, "\n");
	tu_paint(l->paint, TU_HUE_BOLD, c->name);
	plain(l, " ");
	tu_paint(l->paint, TU_HUE_BOLD, c->version.len ? c->version : TU_STR("(no version)"));
}

static void add_target(const struct lines *l, const struct tu_upgrade *u)
{
	size_t affected = u->group->affected;

	if (!u->to) {
		tu_buf_printf(l->paint->out, "  no fix is known for %zu finding%s%s\n", affected,
			affected == 1 ? "" : "s",
			u->ordered ? "" : ": the version cannot be ordered");
		return;
	}
	plain(l, " \xe2\x86\x92 ");
	tu_paint(l->paint, TU_HUE_GREEN, u->to->version);
	plain(l, u->to->same_branch ? "" : " (another branch)");
	tu_buf_printf(l->paint->out, "  closes %zu of %zu", u->to->closes, affected);
	add_weight(l, u->to);
	plain(l, "\n");
}

/* The last steps of the branch, when there is more than the one that was named. */
static void add_steps(const struct lines *l, const struct tu_upgrade *u)
{
	size_t end = 0;
	size_t first;

	while (end < u->step_count && u->to && u->steps[end].same_branch == u->to->same_branch)
		end++;
	if (end < 2 || l->limit == 0)
		return;
	first = end > l->limit ? end - l->limit : 0;
	plain(l, first ? "  steps: \xe2\x80\xa6 " : "  steps: ");
	for (size_t i = first; i < end; i++) {
		plain(l, i > first ? ", " : "");
		tu_paint(l->paint, TU_HUE_PLAIN, u->steps[i].version);
		tu_buf_printf(l->paint->out, " closes %zu", u->steps[i].closes);
	}
	plain(l, "\n");
}

static void add_rest(const struct lines *l, const struct tu_upgrade *u)
{
	if (u->beyond) {
		plain(l, "  another branch: ");
		tu_paint(l->paint, TU_HUE_PLAIN, u->beyond->version);
		tu_buf_printf(l->paint->out, " closes %zu", u->beyond->closes);
		add_weight(l, u->beyond);
		plain(l, "\n");
	}
	if (u->to && u->no_fix)
		tu_buf_printf(l->paint->out, "  %zu %s no fix\n", u->no_fix,
			u->no_fix == 1 ? "has" : "have");
	if (u->unordered)
		tu_buf_printf(l->paint->out,
			"  %zu version%s that records name as fixed cannot be ordered\n",
			u->unordered, u->unordered == 1 ? "" : "s");
}

void tu_upgrades_lines(const struct tu_upgrades *upgrades, const struct tu_paint *paint,
	size_t limit, struct tu_sink *out)
{
	struct lines l = {.paint = paint, .limit = limit};

	for (size_t i = 0; i < upgrades->count; i++) {
		add_name(&l, &upgrades->at[i]);
		add_target(&l, &upgrades->at[i]);
		add_steps(&l, &upgrades->at[i]);
		add_rest(&l, &upgrades->at[i]);
		tu_sink_spill(out);
	}
}

/* ---- for programs ---- */

static void add_step(struct tu_json_writer *json, const struct tu_upgrade_step *step)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "version", step->version);
	tu_json_member_bool(json, "same_branch", step->same_branch);
	tu_json_member_int(json, "closes", (int64_t)step->closes);
	tu_json_member_int(json, "kev", (int64_t)step->kev);
	tu_json_member_str(json, "severity", tu_str_c(tu_severity_name(step->worst)));
	tu_json_close_object(json);
}

static void add_optional_step(
	struct tu_json_writer *json, const char *key, const struct tu_upgrade_step *step)
{
	if (!step)
		return;
	tu_json_key(json, key);
	add_step(json, step);
}

static void add_upgrade(
	const struct tu_report *report, const struct tu_upgrade *u, struct tu_json_writer *json)
{
	const struct tu_component *c = u->group->component;

	tu_json_open_object(json);
	tu_json_member_int(json, "component", u->group->distinct - report->result->distinct);
	tu_json_member_str(json, "name", c->name);
	tu_json_member_opt(json, "version", c->version);
	tu_json_member_opt(json, "compared", u->installed);
	tu_json_member_str(json, "scheme", tu_scheme_name(u->scheme));
	tu_json_member_bool(json, "ordered", u->ordered);
	tu_json_member_int(json, "affected", (int64_t)u->group->affected);
	add_optional_step(json, "to", u->to);
	add_optional_step(json, "other_branch", u->beyond);
	tu_json_key(json, "steps");
	tu_json_open_array(json);
	for (size_t i = 0; i < u->step_count; i++)
		add_step(json, &u->steps[i]);
	tu_json_close_array(json);
	tu_json_member_int(json, "no_fix", (int64_t)u->no_fix);
	tu_json_member_int(json, "unordered", (int64_t)u->unordered);
	tu_json_close_object(json);
}

void tu_upgrades_json(const struct tu_report *report, const struct tu_upgrades *upgrades,
	struct tu_json_writer *json, struct tu_sink *out)
{
	tu_json_key(json, "upgrades");
	tu_json_open_array(json);
	for (size_t i = 0; i < upgrades->count; i++) {
		add_upgrade(report, &upgrades->at[i], json);
		tu_sink_spill(out);
	}
	tu_json_close_array(json);
}
