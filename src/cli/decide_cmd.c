/* tutela decide: write one decision, by options or asked on a terminal. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "app/decide.h"
#include "cli/options.h"
#include "app/output.h"

static const char name[] = "decide";

enum { DECISION_MAX = 1 << 20 };

/* ---- which finding ---- */

static bool is_named(const struct tu_deciding *d, const struct tu_assessment *a)
{
	const struct tu_component *component = tu_deciding_component(d, a);
	struct tu_str wanted = tu_str_c(d->request->component);

	return !wanted.len || tu_assess_is_named(component, wanted);
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
	if (!replaces)
		status = tu_decide_check(d, read, err);
	if (status != TU_OK)
		return status;
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
	enum tu_status status =
		tu_app_assess(tu_context(), &d->request->assessing, &d->assessing, err);

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

/* By its id, or by the vulnerability where one decision alone is about it. */
static enum tu_status find_decision(const struct tu_device_folder *folder, struct tu_str id,
	const struct tu_decision **out, struct tu_error *err)
{
	size_t count = 0;

	for (size_t i = 0; i < folder->decision_count; i++) {
		const struct tu_decision *decision = folder->decisions[i];

		if (tu_str_eq(decision->id, id)) {
			*out = decision;
			return TU_OK;
		}
		if (!tu_decision_is_about(decision, id))
			continue;
		*out = decision;
		count++;
	}
	if (count == 1)
		return TU_OK;
	if (count)
		return tu_fail(err, TU_E_USAGE, 0,
			"%zu decisions are about %.*s: name one by its id, such as \"%.*s\"", count,
			TU_STR_FMT(id), TU_STR_FMT((*out)->id));
	return tu_fail(err, TU_E_NOTFOUND, 0, "no decision has the id \"%.*s\"", TU_STR_FMT(id));
}

static enum tu_status add_event(struct tu_deciding *d, struct tu_error *err)
{
	struct tu_decision *decision = &d->decision;
	struct tu_case_event *events = tu_arena_array(
		d->assessing.folder.arena, decision->event_count + 1, sizeof(*events));
	struct tu_case_event *added;
	enum tu_status status;

	if (!events)
		return tu_no_memory(err);
	if (decision->event_count)
		memcpy(events, decision->events, decision->event_count * sizeof(*events));
	added = &events[decision->event_count++];
	*added = (struct tu_case_event){.name = tu_str_c(d->request->event),
		.at = d->now,
		.evidence = tu_str_c(d->request->evidence)};
	decision->events = events;
	status = tu_decide_list(d, d->request->contents, &added->contents, err);
	return status == TU_OK ? tu_decide_check_event(d, added, err) : status;
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
	const struct tu_decision *old = NULL;
	struct tu_str id = tu_str_c(d->request->vulnerability);
	struct tu_buf path;
	enum tu_status status =
		tu_device_folder_open(d->request->assessing.folder, &d->assessing.folder, err);

	if (status != TU_OK)
		return status;
	status = find_decision(&d->assessing.folder, id, &old, err);
	if (status != TU_OK)
		return status;
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

#define NAMED(word_name, type, first, last, name_of) \
	static const char *word_name(size_t index) \
	{ \
		size_t value = index + (first); \
\
		return value <= (last) ? name_of((type)value) : NULL; \
	}

NAMED(status_word, enum tu_claim_status, TU_CLAIM_UNDER_INVESTIGATION, TU_CLAIM_FIXED,
	tu_claim_status_name)
NAMED(justification_word, enum tu_justification, TU_JUSTIFY_COMPONENT_NOT_PRESENT,
	TU_JUSTIFY_INLINE_MITIGATIONS, tu_justification_name)
NAMED(remedy_word, enum tu_remediation, TU_REMEDY_VENDOR_FIX, TU_REMEDY_NO_FIX_PLANNED,
	tu_remediation_name)
NAMED(harm_word, enum tu_harm, TU_HARM_UNKNOWN, TU_HARM_CATASTROPHIC, tu_harm_name)
NAMED(privacy_word, enum tu_privacy, TU_PRIVACY_UNKNOWN, TU_PRIVACY_SERIOUS, tu_privacy_name)
NAMED(risk_word, enum tu_risk, TU_RISK_CONTROLLED, TU_RISK_UNCONTROLLED, tu_risk_name)

static bool read_request(int argc, char **argv, struct tu_decide_request *r)
{
	if (!tu_options_take(&tu_cmd_decide, &argc, argv, r))
		return false;
	if (argc != 3) {
		tu_command_misused(name,
			"expected a device folder and a vulnerability id (or, with "
			"--event or --correct-learned, a decision's id)");
		return false;
	}
	r->assessing.folder = argv[1];
	r->vulnerability = argv[2];
	return tu_context_time(name, "at", r->at, &r->assessing.at);
}

static int run_decide(int argc, char **argv)
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
	for (size_t i = 0; i < deciding.warnings.count && status == TU_OK; i++)
		tu_command_warn(name, "%.*s", TU_STR_FMT(deciding.warnings.at[i]));
	tu_assess_done(&deciding.assessing);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	{"release", 'r', "VERSION", "Decide on a finding of this release (default: the newest)",
		TU_TEXT(struct tu_decide_request, assessing.release)},
	{"component", 'c', "NAME",
		"Choose the component, by name, reference or purl, when several have the "
		"vulnerability",
		TU_TEXT(struct tu_decide_request, component)},
	{"kb", 0, "FILE", "Use this knowledge base; see tutela(1) for the default",
		TU_TEXT(struct tu_decide_request, assessing.kb)},
	{"status", 's', "STATUS", "Record this status", TU_TEXT(struct tu_decide_request, status),
		.word = status_word},
	{"justification", 'j', "WORD", "Say why the device is not affected",
		TU_TEXT(struct tu_decide_request, justification), .word = justification_word},
	{"impact", 0, "TEXT", "Explain for others why the device is not affected",
		TU_TEXT(struct tu_decide_request, impact)},
	{"rationale", 0, "TEXT", "Explain the decision for the file",
		TU_TEXT(struct tu_decide_request, rationale)},
	{"exploitability", 0, "BAND", "Record this band of the maker's policy",
		TU_TEXT(struct tu_decide_request, exploitability)},
	{"harm", 0, "LEVEL", "Record this severity of harm",
		TU_TEXT(struct tu_decide_request, harm), .word = harm_word},
	{"privacy", 0, "LEVEL", "Record this severity for privacy",
		TU_TEXT(struct tu_decide_request, privacy), .word = privacy_word},
	{"risk", 0, "RISK", "Record this risk", TU_TEXT(struct tu_decide_request, risk),
		.word = risk_word},
	{"controls", 0, "ID,ID", "Name the controls of the device that the decision relies on",
		TU_TEXT(struct tu_decide_request, controls)},
	{"remedy", 0, "WORD", "Record what is planned or advised",
		TU_TEXT(struct tu_decide_request, remedy), .word = remedy_word},
	{"action", 0, "TEXT", "Describe the remedy", TU_TEXT(struct tu_decide_request, action)},
	{"fix-release", 0, "VERSION", "Name the release that fixes it",
		TU_TEXT(struct tu_decide_request, fix_release)},
	{"due", 0, "DATE", "Record when the fix is due", TU_TEXT(struct tu_decide_request, due)},
	{"range", 0, "VERS", "Limit the decision to versions of the component in this range",
		TU_TEXT(struct tu_decide_request, range)},
	{"configuration", 0, "WORD", "Limit the decision to this configuration",
		TU_TEXT(struct tu_decide_request, configuration)},
	{"expires", 0, "DATE", "End the decision on this day",
		TU_TEXT(struct tu_decide_request, expires)},
	{"no-carry", 0, NULL, "Do not carry the decision to later releases",
		TU_FLAG(struct tu_decide_request, no_carry)},
	{"supersedes", 0, "ID", "Replace this decision",
		TU_TEXT(struct tu_decide_request, supersedes)},
	{"by", 0, "NAME", "Record who decided", TU_TEXT(struct tu_decide_request, by)},
	{"role", 0, "ROLE", "Record the role of that person",
		TU_TEXT(struct tu_decide_request, role)},
	{"at", 0, "TIME", "Record when it was decided, or when the event happened (default: now)",
		TU_TEXT(struct tu_decide_request, at)},
	{"learned-at", 0, "TIME",
		"Record when the maker learned of the vulnerability (default: now)",
		TU_TEXT(struct tu_decide_request, learned)},
	{"file", 0, "NAME",
		"Write decisions/NAME.yaml (default: made from vulnerability, component and "
		"release)",
		TU_TEXT(struct tu_decide_request, file)},
	{"dry-run", 0, NULL, "Write to standard output instead",
		TU_FLAG(struct tu_decide_request, dry_run)},
	{"event", 0, "WORD", "Add this event to the decision",
		TU_TEXT(struct tu_decide_request, event)},
	{"evidence", 0, "REF", "Name the evidence of the event",
		TU_TEXT(struct tu_decide_request, evidence)},
	{"contents", 0, "WORD,WORD", "List what the evidence contains",
		TU_TEXT(struct tu_decide_request, contents)},
	{"correct-learned", 0, "TIME", "Correct when the maker learned of the vulnerability",
		TU_TEXT(struct tu_decide_request, correct_learned)},
	{"reason", 0, "TEXT", "Say why that is corrected",
		TU_TEXT(struct tu_decide_request, reason)},
};

const struct tu_command tu_cmd_decide = {
	.name = "decide",
	.summary = "Record a decision on a finding",
	.usage = {"DIR ID [OPTION...]",
		"DIR DECISION --event WORD [--at TIME] [--evidence REF] [--contents WORD,WORD]",
		"DIR DECISION --correct-learned TIME --reason TEXT --by NAME"},
	TU_OPTIONS(options),
	.notes = "DIR is a device folder, ID a vulnerability, DECISION the id of a decision. Asks "
		 "on a\n"
		 "terminal for what no option states.\n",
	.run = run_decide,
};
