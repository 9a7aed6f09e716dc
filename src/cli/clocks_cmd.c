/* tutela clocks: what is due, met, missed, and what evidence is lacking. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "app/deadlines.h"
#include "app/scan.h"
#include "cli/clock.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/gate_conclude.h"
#include "show/json_parts.h"
#include "app/kb_file.h"
#include "cli/options.h"
#include "cli/output.h"
#include "show/paint.h"

static const char name[] = "clocks";

enum { EXPRESSION_MAX = 64 * 1024 };

struct clocks_run {
	const char *path;
	const char *at_text;
	const char *kb_path;
	const char *format;
	const char *fail_on;
	bool fail_on_missed;
	bool json;
	int64_t at;
	struct tu_device_folder folder;
	struct tu_kb_source_file kb;
	struct tu_clocking clocking;
	struct tu_buf expression; /* of --fail-on and --fail-on-missed; empty: neither */
	struct tu_gate gate;
	struct tu_report_origin origin;
	struct tu_gate_verdict verdict;
};

static enum tu_status run_clocks(struct clocks_run *run, struct tu_error *err)
{
	enum tu_status status = tu_device_folder_open(run->path, &run->folder, err);

	if (status == TU_OK)
		status = tu_kb_source_open(run->kb_path, TU_KB_VERIFY_ONCE, &run->kb, err);
	if (status == TU_OK)
		status = tu_clocking_run(&run->clocking, &run->folder, run->kb.kb, run->at, err);
	return status;
}

/* ---- for people ---- */

static void add_days(struct tu_buf *out, int64_t seconds)
{
	int64_t days = seconds / 86400, hours = seconds / 3600;

	if (days)
		tu_buf_printf(out, "%lld day%s", (long long)days, days == 1 ? "" : "s");
	else
		tu_buf_printf(out, "%lld hour%s", (long long)hours, hours == 1 ? "" : "s");
}

/* Words of the maker's own clocks come from a file. */
static void add_words(struct tu_buf *out, const char *words)
{
	const struct tu_paint paint = {out, false};

	tu_paint_c(&paint, TU_HUE_PLAIN, words);
}

static void add_when(
	const struct clocks_run *run, const struct tu_deadline *clock, struct tu_buf *out)
{
	if (!clock->due) {
		tu_buf_c(out, "waits for ");
		add_words(out, clock->rule->start);
		return;
	}
	tu_buf_c(out, "due ");
	tu_time_write(clock->due, out);
	if (clock->state == TU_DEADLINE_MET || clock->stopped) {
		tu_buf_c(out, ", done ");
		tu_time_write(clock->stopped, out);
	}
	if (clock->state == TU_DEADLINE_RUNNING) {
		tu_buf_c(out, ", in ");
		add_days(out, clock->due - run->at);
	}
	if (clock->state == TU_DEADLINE_MISSED) {
		tu_buf_c(out, ", late by ");
		add_days(out, (clock->stopped ? clock->stopped : run->at) - clock->due);
	}
}

static void add_lacking(const struct tu_deadline *clock, struct tu_buf *out)
{
	for (size_t i = 0; i < clock->lacking_count; i++) {
		struct tu_str word = tu_str_c(clock->lacking[i]);
		bool part = tu_str_skip(&word, TU_STR("stop:"));

		tu_buf_c(out, i ? ", " : "; lacking ");
		if (part)
			tu_buf_printf(out, "%s says: ", clock->rule->stop);
		add_words(out, part ? word.ptr : clock->lacking[i]);
	}
}

static void add_clock(
	const struct clocks_run *run, const struct tu_deadline *clock, struct tu_sink *out)
{
	static const enum tu_hue hues[] = {[TU_DEADLINE_WAITING] = TU_HUE_DIM,
		[TU_DEADLINE_RUNNING] = TU_HUE_YELLOW,
		[TU_DEADLINE_MET] = TU_HUE_GREEN,
		[TU_DEADLINE_MISSED] = TU_HUE_BRIGHT_RED,
		[TU_DEADLINE_WAIVED] = TU_HUE_GREEN,
		[TU_DEADLINE_CONDITIONAL] = TU_HUE_YELLOW};
	const struct tu_paint paint = {&out->buf, false};

	tu_buf_c(&out->buf, "  ");
	tu_paint_cell(&paint, hues[clock->state], tu_str_c(tu_deadline_state_name(clock->state)),
		12, false);
	tu_paint_cell(&paint, TU_HUE_PLAIN, tu_str_c(clock->rule->id), 16, false);
	add_when(run, clock, &out->buf);
	if (clock->state != TU_DEADLINE_WAIVED)
		add_lacking(clock, &out->buf);
	if (clock->note.len)
		tu_buf_printf(&out->buf, "; %.*s", TU_STR_FMT(clock->note));
	tu_buf_printf(&out->buf, "\n  %28s", "");
	add_words(&out->buf, clock->rule->title);
	tu_buf_printf(&out->buf, " (%s)\n", clock->rule->source);
	tu_sink_spill(out);
}

static void add_case(const struct clocks_run *run, size_t index, struct tu_sink *out)
{
	const struct tu_deadline_case *c = &run->clocking.cases[index];
	const struct tu_paint paint = {&out->buf, false};

	if (run->clocking.clocks[index].count == 0)
		return;
	tu_paint(&paint, TU_HUE_BOLD, c->vulnerability);
	tu_buf_printf(&out->buf, " (%s), learned ", c->closed ? "closed" : tu_risk_name(c->risk));
	tu_time_write(c->learned, &out->buf);
	tu_buf_byte(&out->buf, '\n');
	for (size_t i = 0; i < run->clocking.clocks[index].count; i++)
		add_clock(run, &run->clocking.clocks[index].at[i], out);
}

static void write_text(const struct clocks_run *run, struct tu_sink *out)
{
	for (size_t i = 0; i < run->clocking.case_count; i++)
		add_case(run, i, out);
	tu_buf_printf(&out->buf,
		"%zu missed, %zu running, %zu conditional, %zu met, %zu waived, "
		"%zu waiting; %zu vulnerabilities with a decision\n",
		run->clocking.states[TU_DEADLINE_MISSED], run->clocking.states[TU_DEADLINE_RUNNING],
		run->clocking.states[TU_DEADLINE_CONDITIONAL],
		run->clocking.states[TU_DEADLINE_MET], run->clocking.states[TU_DEADLINE_WAIVED],
		run->clocking.states[TU_DEADLINE_WAITING], run->clocking.case_count);
}

/* ---- for programs ---- */

static void member_c(struct tu_json_writer *json, const char *key, const char *text)
{
	tu_json_member_opt(json, key, tu_str_c(text));
}

static void add_clock_json(const struct tu_deadline_case *c, const struct tu_deadline *clock,
	struct tu_json_writer *json)
{
	tu_json_open_object(json);
	tu_json_member_str(json, "vulnerability", c->vulnerability);
	member_c(json, "rule", clock->rule->id);
	member_c(json, "title", clock->rule->title);
	member_c(json, "source", clock->rule->source);
	member_c(json, "jurisdiction", clock->rule->jurisdiction);
	member_c(json, "state", tu_deadline_state_name(clock->state));
	tu_json_date(json, "start", clock->start);
	tu_json_date(json, "due", clock->due);
	tu_json_date(json, "stopped", clock->stopped);
	tu_json_key(json, "lacking");
	tu_json_open_array(json);
	for (size_t i = 0; i < clock->lacking_count; i++)
		tu_json_add_str(json, tu_str_c(clock->lacking[i]));
	tu_json_close_array(json);
	tu_json_member_opt(json, "note", clock->note);
	tu_json_close_object(json);
}

static void write_json(const struct clocks_run *run, struct tu_sink *out)
{
	struct tu_json_writer json = tu_json_writer(&out->buf, true);

	tu_json_open_object(&json);
	tu_json_member_str(&json, "format", TU_STR("tutela-clocks"));
	tu_json_member_int(&json, "format_version", 1);
	tu_json_date(&json, "at", run->at);
	tu_json_gate(&json, tu_str_c(run->expression.ptr), &run->verdict);
	tu_json_key(&json, "clocks");
	tu_json_open_array(&json);
	for (size_t i = 0; i < run->clocking.case_count; i++)
		for (size_t k = 0; k < run->clocking.clocks[i].count; k++) {
			add_clock_json(
				&run->clocking.cases[i], &run->clocking.clocks[i].at[k], &json);
			tu_sink_spill(out);
		}
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_byte(&out->buf, '\n');
}

static enum tu_status write_out(const struct clocks_run *run, struct tu_error *err)
{
	struct tu_output out;
	enum tu_status status = tu_output_open(&out, NULL, err);

	if (status != TU_OK)
		return status;
	(run->json ? write_json : write_text)(run, &out.sink);
	return tu_output_close(&out, err);
}

static int run_command(struct clocks_run *run)
{
	struct tu_error err = {0};
	struct tu_gate_input input;
	enum tu_status status = run_clocks(run, &err);

	if (status != TU_OK)
		return tu_command_failed(name, &err);
	run->origin = tu_kb_source_origin(&run->kb, tu_clock_now());
	input = (struct tu_gate_input){.origin = &run->origin,
		.kb = run->kb.kb,
		.at = run->at,
		.cases = run->clocking.cases,
		.deadlines = run->clocking.clocks,
		.case_count = run->clocking.case_count};
	tu_gate_judge(&run->gate, &input, &run->verdict);
	if (write_out(run, &err) != TU_OK)
		return tu_command_failed(name, &err);
	return tu_gate_conclude(name, &run->gate, &input, &run->verdict);
}

/* --fail-on-missed is one rule more. */
static bool take_gate(struct clocks_run *run)
{
	if (!run->fail_on && !run->fail_on_missed)
		return true;
	if (run->fail_on)
		tu_buf_c(&run->expression, run->fail_on);
	if (run->fail_on_missed)
		tu_buf_c(&run->expression, run->fail_on ? ",missed" : "missed");
	tu_buf_byte(&run->expression, '\0');
	if (run->expression.failed) {
		tu_command_misused(name, "--fail-on: the expression is too long");
		return false;
	}
	return tu_gate_take(name, TU_GATE_CLOCKS, "fail-on", run->expression.ptr, &run->gate);
}

static int run_deadlines(int argc, char **argv)
{
	struct clocks_run run = {0};
	int code;

	if (!tu_options_take(&tu_cmd_deadlines, &argc, argv, &run))
		return TU_EXIT_USAGE;
	if (argc != 2)
		return tu_command_misused(name, "expected one device folder");
	run.path = argv[1];
	run.json = tu_options_json(run.format);
	tu_buf_init(&run.expression, EXPRESSION_MAX);
	if (!tu_device_folder_time(name, "at", run.at_text, &run.at) || !take_gate(&run))
		code = TU_EXIT_USAGE;
	else
		code = run_command(&run);
	tu_buf_done(&run.expression);
	tu_kb_source_close(&run.kb);
	tu_device_folder_done(&run.folder);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_AT(struct clocks_run, at_text),
	TU_OPTION_KB(struct clocks_run, kb_path),
	TU_OPTION_TEXT_OR_JSON(struct clocks_run, format),
	{"fail-on", 0, "RULES", "Exit with 1 when a rule is met, such as missed",
		TU_TEXT(struct clocks_run, fail_on), .joined = true},
	{"fail-on-missed", 0, NULL, "Exit with 1 when a deadline is missed: --fail-on missed",
		TU_FLAG(struct clocks_run, fail_on_missed)},
};

const struct tu_command tu_cmd_deadlines = {
	.name = "deadlines",
	.also = "clocks",
	.summary = "List the deadlines of a device: running, met, missed, and missing evidence",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_deadlines,
};
