/* The difference of two design models for people and for programs. */
#include "app/threat_diff.h"

#include "base/json_writer.h"
#include "base/utf8.h"
#include "show/json_parts.h"
#include "show/threat.h"

enum { SHOWN_MAX = 60 }; /* bytes of a value in a line */

/* A value in a line: control characters are no text of ours to pass on. */
static void add_value(struct tu_buf *out, struct tu_str value)
{
	struct tu_str shown = tu_utf8_first(value, SHOWN_MAX);

	if (!value.len) {
		tu_buf_c(out, "not stated");
		return;
	}
	tu_json_quote(shown, out);
	tu_buf_c(out, shown.len < value.len ? "…" : "");
}

static void add_change(struct tu_buf *out, const struct tu_model_change *change)
{
	static const char marks[] = "+-~";

	tu_buf_printf(out, "%c %.*s%s%.*s", marks[change->kind], TU_STR_FMT(change->list),
		change->list.len ? " " : "", TU_STR_FMT(change->id));
	if (change->kind == TU_CHANGE_CHANGED) {
		tu_buf_printf(
			out, "%s%.*s: ", change->id.len ? " " : "", TU_STR_FMT(change->member));
		add_value(out, change->before);
		tu_buf_c(out, " -> ");
		add_value(out, change->after);
	}
	tu_buf_c(out, change->words ? "  (words)\n" : "\n");
}

static const char *outcome_of(const struct tu_threat *threat)
{
	return threat ? tu_threat_outcome_name(threat->outcome) : "not there";
}

static void add_reach(struct tu_buf *out, uint64_t reach)
{
	if (reach == TU_MODEL_UNSTATED)
		tu_buf_c(out, "not stated");
	else
		tu_buf_printf(out, "%llu", (unsigned long long)reach);
}

static void add_threat(struct tu_buf *out, const struct tu_threat_change *change)
{
	const struct tu_threat *threat = change->after ? change->after : change->before;

	tu_buf_printf(out, "%.*s: %s -> %s", TU_STR_FMT(threat->key), outcome_of(change->before),
		outcome_of(change->after));
	if (change->severity)
		tu_buf_printf(out, "; severity %s -> %s", tu_harm_name(change->before->severity),
			tu_harm_name(change->after->severity));
	if (change->reach) {
		tu_buf_c(out, "; patients ");
		add_reach(out, change->before->reach);
		tu_buf_c(out, " -> ");
		add_reach(out, change->after->reach);
	}
	tu_buf_printf(out, "  %.*s\n", TU_STR_FMT(threat->title));
}

static const char *verdict(const struct tu_model_diff *diff)
{
	if (!diff->words_only)
		return "The change may affect security.";
	return diff->count ? "Only names and descriptions changed: unlikely to affect security."
			   : "No change.";
}

void tu_threat_diff_text(const struct tu_model_diff *diff, struct tu_sink *out)
{
	for (size_t i = 0; i < diff->count; i++) {
		add_change(&out->buf, &diff->changes[i]);
		tu_sink_spill(out);
	}
	if (diff->threat_count)
		tu_buf_c(&out->buf, "\nThreats\n");
	for (size_t i = 0; i < diff->threat_count; i++) {
		add_threat(&out->buf, &diff->threats[i]);
		tu_sink_spill(out);
	}
	tu_buf_printf(&out->buf, "%s%zu changes, %zu threats changed, questions %zu -> %zu\n%s\n",
		diff->count ? "\n" : "", diff->count, diff->threat_count, diff->questions_before,
		diff->questions_after, verdict(diff));
}

/* ---- JSON ---- */

static void change_json(struct tu_json_writer *json, const struct tu_model_change *change)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "change", tu_str_c(tu_change_name(change->kind)));
	tu_json_member_opt(json, "list", change->list);
	tu_json_member_opt(json, "id", change->id);
	tu_json_member_opt(json, "member", change->member);
	tu_json_member_opt(json, "before", change->before);
	tu_json_member_opt(json, "after", change->after);
	tu_json_member_bool(json, "words", change->words);
	tu_json_close_object(json);
}

static void side_json(struct tu_json_writer *json, const char *key, const struct tu_threat *threat)
{
	tu_json_key(json, key);
	if (!threat) {
		tu_json_add_null(json);
		return;
	}
	tu_json_open_object(json);
	tu_json_member_str(json, "outcome", tu_str_c(tu_threat_outcome_name(threat->outcome)));
	tu_json_member_str(json, "severity", tu_str_c(tu_harm_name(threat->severity)));
	tu_json_key(json, "reach");
	if (threat->reach > INT64_MAX)
		tu_json_add_null(json);
	else
		tu_json_add_int(json, (int64_t)threat->reach);
	tu_json_close_object(json);
}

static void threat_json(struct tu_json_writer *json, const struct tu_threat_change *change)
{
	const struct tu_threat *threat = change->after ? change->after : change->before;

	tu_json_open_object(json);
	tu_json_member_str(json, "change", tu_str_c(tu_change_name(change->kind)));
	tu_json_member_str(json, "key", threat->key);
	tu_json_member_str(json, "title", threat->title);
	side_json(json, "before", change->before);
	side_json(json, "after", change->after);
	tu_json_close_object(json);
}

void tu_threat_diff_json(const struct tu_model_diff *diff, struct tu_sink *out)
{
	struct tu_json_writer json = tu_json_writer(&out->buf, true);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-threat-diff"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_tool(&json);
	tu_json_member_bool(&json, "words_only", diff->words_only);
	tu_json_key(&json, "changes");
	tu_json_open_array(&json);
	for (size_t i = 0; i < diff->count; i++) {
		change_json(&json, &diff->changes[i]);
		tu_sink_spill(out);
	}
	tu_json_close_array(&json);
	tu_json_key(&json, "threats");
	tu_json_open_array(&json);
	for (size_t i = 0; i < diff->threat_count; i++) {
		threat_json(&json, &diff->threats[i]);
		tu_sink_spill(out);
	}
	tu_json_close_array(&json);
	tu_json_key(&json, "questions");
	tu_json_open_object(&json);
	tu_json_member_int(&json, "before", (int64_t)diff->questions_before);
	tu_json_member_int(&json, "after", (int64_t)diff->questions_after);
	tu_json_close_object(&json);
	tu_json_close_object(&json);
	tu_buf_byte(&out->buf, '\n');
}
