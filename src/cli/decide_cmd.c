/* tutela decide: write one decision, by options or asked on a terminal. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "app/decide.h"
#include "cli/options.h"
#include "cli/output.h"

static const char name[] = "decide";

enum { DECISION_MAX = 1 << 20 };

/* ---- which finding ---- */

static bool is_named(const struct tu_deciding *d, const struct tu_assessment *a)
{
	const struct tu_component *component = tu_deciding_component(d, a);
	struct tu_str wanted = tu_str_c(d->request->component);

	return !wanted.len || tu_assessing_is_named(component, wanted);
}

static enum tu_status find_assessment(struct tu_deciding *d, struct tu_error *err)
{
	const struct tu_assess_result *result = d->assessing.result;
	uint32_t wanted = tu_kb_find(d->assessing.input.kb, tu_str_c(d->request->vulnerability));
	size_t found = 0;

	for (size_t i = 0; i < result->count && wanted != TU_KB_NONE; i++) {
		const struct tu_assessment *a = &result->assessments[i];

		if (a->of->finding->vulnerability != wanted || !is_named(d, a))
			continue;
		if (found++ == 0)
			d->assessment = a;
	}
	if (found == 1)
		return TU_OK;
	if (found == 0)
		return tu_fail(err, TU_E_NOTFOUND, 0, "release %.*s has no finding %s%s%s",
			TU_STR_FMT(d->assessing.release->version), d->request->vulnerability,
			d->request->component ? " in " : "",
			d->request->component ? d->request->component : "");
	return tu_fail(err, TU_E_USAGE, 0,
		"%zu components have %s: name one, as in --component \"%.*s\"", found,
		d->request->vulnerability,
		TU_STR_FMT(tu_deciding_component(d, d->assessment)->name));
}

/* ---- writing ---- */

/* "CVE-2022-0847-linux-yocto-4.3.1.yaml": what a name may not hold becomes a hyphen. */
static bool default_file(struct tu_deciding *d, struct tu_buf *out)
{
	const struct tu_component *component = tu_deciding_component(d, d->assessment);
	const struct tu_str parts[] = {
		d->decision.vulnerability, component->name, d->assessing.release->version};

	for (size_t i = 0; i < TU_COUNT(parts); i++) {
		if (i)
			tu_buf_byte(out, '-');
		for (size_t k = 0; k < parts[i].len; k++) {
			char c = parts[i].ptr[k];
			bool fine = tu_char_is_alnum(c) || c == '.' || c == '_' || c == '-';

			tu_buf_byte(out, fine ? c : '-');
		}
	}
	return !out->failed;
}

static enum tu_status path_of(struct tu_deciding *d, struct tu_buf *out, struct tu_error *err)
{
	tu_buf_printf(out, "%.*s/decisions", TU_STR_FMT(d->assessing.folder.path));
	tu_buf_byte(out, '\0');
	if (!out->failed && !d->request->dry_run)
		(void)mkdir(out->ptr, 0777);
	if (!out->failed)
		out->len--;
	tu_buf_byte(out, '/');
	if (d->request->file)
		tu_buf_c(out, d->request->file);
	else
		(void)default_file(d, out);
	if (!tu_str_ends(tu_buf_str(out), TU_STR(".yaml")))
		tu_buf_c(out, ".yaml");
	tu_buf_byte(out, '\0');
	if (out->failed)
		return tu_no_memory(err);
	if (d->request->file && strchr(d->request->file, '/'))
		return tu_fail(err, TU_E_USAGE, 0, "--file is a name in decisions/, not a path");
	return TU_OK;
}

/* What is written must read back, and agree with what is there. */
static enum tu_status prove(struct tu_deciding *d, struct tu_str file, struct tu_str text,
	const char *replaces, struct tu_error *err)
{
	const struct tu_device_folder *folder = &d->assessing.folder;
	const struct tu_decision **all =
		tu_arena_array(folder->arena, folder->decision_count + 1, sizeof(*all));
	const struct tu_decision *read;
	size_t count = 0;
	enum tu_status status = tu_decision_read(folder->arena, file, text, NULL, &read, err);

	if (status != TU_OK)
		return status;
	if (!all)
		return tu_no_memory(err);
	for (size_t i = 0; i < folder->decision_count; i++)
		if (!replaces || !tu_str_eq(folder->decisions[i]->file, tu_str_c(replaces)))
			all[count++] = folder->decisions[i];
	all[count++] = read;
	return tu_decisions_check(all, count, err);
}

static enum tu_status write_decision(
	struct tu_deciding *d, const char *path, bool replace, struct tu_error *err)
{
	struct tu_buf text;
	struct tu_output output;
	enum tu_status status = TU_OK;

	tu_buf_init(&text, DECISION_MAX);
	tu_decision_write(&d->decision, &text);
	if (text.failed)
		status = tu_fail(err, TU_E_LIMIT, 0, "the decision is larger than a file may be");
	if (status == TU_OK)
		status = prove(d, tu_str_c(path), tu_buf_str(&text), replace ? path : NULL, err);
	if (status == TU_OK && !replace && access(path, F_OK) == 0)
		status = tu_fail(err, TU_E_USAGE, 0,
			"%s exists; name another with --file and --supersedes", path);
	if (status == TU_OK)
		status = tu_output_open(&output, d->request->dry_run ? NULL : path, err);
	if (status == TU_OK) {
		tu_buf_str_add(&output.sink.buf, tu_buf_str(&text));
		status = tu_output_close(&output, err);
	}
	if (status == TU_OK && !d->request->dry_run)
		printf("%s\n", path);
	tu_buf_done(&text);
	return status;
}

static enum tu_status decide(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_buf path;
	enum tu_status status = tu_assessing_run(&d->assessing, &d->request->assessing, err);

	if (status == TU_OK)
		status = find_assessment(d, err);
	if (status == TU_OK && !d->request->status) {
		if (!isatty(STDIN_FILENO))
			return tu_fail(err, TU_E_USAGE, 0, "--status is missing");
		status = tu_decide_ask(d, err);
	}
	if (status == TU_OK)
		status = tu_decide_fill(d, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&path, 64 * 1024);
	status = path_of(d, &path, err);
	if (status == TU_OK) {
		d->decision.id = (struct tu_str){0};
		status = write_decision(d, path.ptr, false, err);
	}
	tu_buf_done(&path);
	return status;
}

/* ---- amending: an event that happened, a learned_at that was wrong ---- */

static const struct tu_decision *decision_by_id(
	const struct tu_device_folder *folder, struct tu_str id)
{
	for (size_t i = 0; i < folder->decision_count; i++)
		if (tu_str_eq(folder->decisions[i]->id, id))
			return folder->decisions[i];
	return NULL;
}

static enum tu_status add_event(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_case_event *events = tu_arena_array(
		d->assessing.folder.arena, decision->event_count + 1, sizeof(*events));
	struct tu_case_event *added;

	if (!events)
		return tu_no_memory(err);
	if (decision->event_count)
		memcpy(events, decision->events, decision->event_count * sizeof(*events));
	added = &events[decision->event_count++];
	*added = (struct tu_case_event){.name = tu_str_c(d->request->event),
		.at = d->now,
		.evidence = tu_str_c(d->request->evidence)};
	decision->events = events;
	return tu_decide_list(d, d->request->contents, &added->contents, err);
}

static enum tu_status add_correction(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_correction *list = tu_arena_array(
		d->assessing.folder.arena, decision->correction_count + 1, sizeof(*list));
	struct tu_correction *added;

	if (!list)
		return tu_no_memory(err);
	if (!d->request->reason || !d->request->by)
		return tu_fail(
			err, TU_E_USAGE, 0, "learned_at is corrected only with --reason and --by");
	if (decision->correction_count)
		memcpy(list, decision->corrections, decision->correction_count * sizeof(*list));
	added = &list[decision->correction_count];
	*added = (struct tu_correction){.was = tu_decision_learned(decision),
		.reason = tu_str_c(d->request->reason),
		.by = tu_str_c(d->request->by),
		.at = d->now};
	decision->corrections = list;
	decision->correction_count++;
	return tu_decide_time("correct-learned", d->request->correct_learned, &added->now, err);
}

static enum tu_status amend(struct tu_deciding *d, struct tu_error *err)
{
	const struct tu_decision *old;
	struct tu_str id = tu_str_c(d->request->vulnerability);
	struct tu_buf path;
	enum tu_status status =
		tu_device_folder_open(d->request->assessing.folder, &d->assessing.folder, err);

	if (status != TU_OK)
		return status;
	old = decision_by_id(&d->assessing.folder, id);
	if (!old)
		return tu_fail(
			err, TU_E_NOTFOUND, 0, "no decision has the id \"%.*s\"", TU_STR_FMT(id));
	d->decision = *old;
	status = d->request->event ? add_event(d, err) : add_correction(d, err);
	if (status != TU_OK)
		return status;
	tu_buf_init(&path, 64 * 1024);
	tu_buf_str_add(&path, old->file);
	tu_buf_byte(&path, '\0');
	status = path.failed ? tu_no_memory(err) : write_decision(d, path.ptr, true, err);
	tu_buf_done(&path);
	return status;
}

static bool read_request(int argc, char **argv, struct tu_decide_request *r)
{
	const struct tu_option options[] = {
		{.name = "release", .letter = 'r', .value = &r->assessing.release},
		{.name = "kb", .value = &r->assessing.kb},
		{.name = "component", .letter = 'c', .value = &r->component},
		{.name = "status", .letter = 's', .value = &r->status},
		{.name = "justification", .letter = 'j', .value = &r->justification},
		{.name = "impact", .value = &r->impact},
		{.name = "rationale", .value = &r->rationale},
		{.name = "exploitability", .value = &r->exploitability},
		{.name = "harm", .value = &r->harm},
		{.name = "privacy", .value = &r->privacy},
		{.name = "risk", .value = &r->risk},
		{.name = "controls", .value = &r->controls},
		{.name = "remedy", .value = &r->remedy},
		{.name = "action", .value = &r->action},
		{.name = "fix-release", .value = &r->fix_release},
		{.name = "due", .value = &r->due},
		{.name = "range", .value = &r->range},
		{.name = "configuration", .value = &r->configuration},
		{.name = "expires", .value = &r->expires},
		{.name = "by", .value = &r->by},
		{.name = "role", .value = &r->role},
		{.name = "at", .value = &r->at},
		{.name = "learned-at", .value = &r->learned},
		{.name = "correct-learned", .value = &r->correct_learned},
		{.name = "reason", .value = &r->reason},
		{.name = "event", .value = &r->event},
		{.name = "evidence", .value = &r->evidence},
		{.name = "contents", .value = &r->contents},
		{.name = "supersedes", .value = &r->supersedes},
		{.name = "file", .value = &r->file},
		{.name = "no-carry", .flag = &r->no_carry},
		{.name = "dry-run", .flag = &r->dry_run},
	};

	if (!tu_options_take(&argc, argv, options, (int)TU_COUNT(options)))
		return false;
	if (argc != 3) {
		tu_command_misused(name,
			"expected a device folder and a vulnerability id (or, with "
			"--event or --correct-learned, a decision's id)");
		return false;
	}
	r->assessing.folder = argv[1];
	r->vulnerability = argv[2];
	return tu_device_folder_time(name, "at", r->at, &r->assessing.at);
}

int tu_cmd_decide(int argc, char **argv)
{
	struct tu_decide_request request = {0};
	struct tu_deciding deciding = {.request = &request, .decision = {.validity.carry = true}};
	struct tu_error err = {0};
	enum tu_status status;

	if (!read_request(argc, argv, &request))
		return TU_EXIT_USAGE;
	deciding.now = request.assessing.at;
	status = request.event || request.correct_learned ? amend(&deciding, &err)
							  : decide(&deciding, &err);
	tu_assessing_done(&deciding.assessing);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}
