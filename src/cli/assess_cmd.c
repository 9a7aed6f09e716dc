/* tutela assess: findings of a release, proposals beside decisions. */
#include <string.h>
#include <unistd.h>

#include "show/assess.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "cli/output.h"

static const char name[] = "assess";

static const struct {
	const char *name;
	enum tu_status (*write)(
		const struct tu_assess_view *view, struct tu_sink *out, struct tu_error *err);
} formats[] = {{"table", tu_assess_table}, {"json", tu_assess_json}};

struct request {
	struct tu_assessing_request assessing;
	const char *format_name;
	const char *fail_on;
	const char *at;
	const char *output;
	const char *colour_when;
	size_t format;
	bool colour;
	struct tu_assess_policy policy;
	const char *only;
	const char *limit;
	bool summary;
	struct tu_assess_policy only_terms;
	struct tu_assess_selection selection;
};

static const char *format_word(size_t index)
{
	return index < TU_COUNT(formats) ? formats[index].name : NULL;
}

static void read_format(struct request *request)
{
	int fd = request->output && strcmp(request->output, "-") != 0 ? -1 : STDOUT_FILENO;

	while (strcmp(formats[request->format].name, request->format_name) != 0)
		request->format++;
	request->colour = tu_options_colour(request->colour_when, fd);
}

/* An expression over findings, of --fail-on or --only. */
static bool read_terms(const char *option, const char *text, struct tu_assess_policy *out)
{
	struct tu_error err = {0};

	if (!text || tu_assess_policy_parse(tu_str_c(text), out, &err) == TU_OK)
		return true;
	tu_command_misused(name, "--%s \"%s\": %s", option, text, err.message);
	return false;
}

/* --summary alone lists no findings. */
static bool read_selection(struct request *request)
{
	enum { LIMIT_MAX = 1000000000 };
	uint64_t limit = 0;

	if (request->limit && !tu_str_to_u64(tu_str_c(request->limit), LIMIT_MAX, &limit)) {
		tu_command_misused(name, "--limit must be a number, not \"%s\"", request->limit);
		return false;
	}
	request->selection.limit = request->limit || request->summary ? (size_t)limit : SIZE_MAX;
	if (!read_terms("only", request->only, &request->only_terms))
		return false;
	if (request->only)
		request->selection.only = &request->only_terms;
	return true;
}

static bool read_request(int argc, char **argv, struct request *request)
{
	if (!tu_options_take(&tu_cmd_assess, &argc, argv, request))
		return false;
	if (argc != 2) {
		tu_command_misused(
			name, argc < 2 ? "a device folder is missing" : "more than one folder");
		return false;
	}
	request->assessing.folder = argv[1];
	read_format(request);
	return tu_device_folder_time(name, "at", request->at, &request->assessing.at) &&
		read_terms("fail-on", request->fail_on, &request->policy) &&
		read_selection(request);
}

/* ---- the run ---- */

static size_t judge(const struct request *request, const struct tu_assessing *assessing,
	struct tu_assess_violation violations[TU_ASSESS_RULES_MAX])
{
	size_t violated = 0;

	for (size_t i = 0; i < request->policy.rule_count; i++) {
		struct tu_assess_violation violation = {.rule = &request->policy.rules[i]};

		violation.count = tu_assess_rule_judge(
			violation.rule, assessing->result, request->assessing.at, &violation.first);
		if (violation.count)
			violations[violated++] = violation;
	}
	return violated;
}

static enum tu_status write_view(
	const struct request *request, struct tu_assess_view *view, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, request->output, err);

	if (status != TU_OK)
		return status;
	status = formats[request->format].write(view, &output.sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static void tell_violation(
	const struct tu_assessing *assessing, const struct tu_assess_violation *violation)
{
	const struct tu_component *component =
		&assessing->input.inventory->components[violation->first->of->distinct->first];

	tu_command_warn(name, "policy violated: %.*s: %zu finding%s, such as %.*s in %.*s",
		TU_STR_FMT(violation->rule->text), violation->count,
		violation->count == 1 ? "" : "s", TU_STR_FMT(violation->first->of->facts.id),
		TU_STR_FMT(component->name));
}

static void warn(const struct tu_assessing *assessing)
{
	if (assessing->input.inventory->component_count == 0)
		tu_command_warn(name, "the SBOM lists no components: there was nothing to assess");
	tu_assessing_warn(assessing, name);
}

static int conclude(const struct request *request, const struct tu_assessing *assessing,
	const struct tu_assess_view *view)
{
	bool nothing = request->fail_on && assessing->input.inventory->component_count == 0;

	for (size_t i = 0; i < view->violation_count; i++)
		tell_violation(assessing, &view->violations[i]);
	if (nothing)
		tu_command_warn(name, "policy not met: there was nothing to judge");
	return tu_command_judged(!view->violation_count && !nothing);
}

/* Everything that the view shows beside the findings' own facts. */
static enum tu_status complete(const struct request *request, struct tu_assessing *assessing,
	struct tu_assess_view *view, struct tu_error *err)
{
	struct tu_clocking clocking = {0};
	enum tu_status status = tu_deadline_rules(assessing->matching.arena,
		assessing->folder.device, &view->rules, &view->rule_count, err);

	if (status == TU_OK)
		status = tu_clocking_run(&clocking, &assessing->folder,
			assessing->matching.report.kb, request->assessing.at, err);
	if (status == TU_OK)
		status = tu_clocking_sort(
			&clocking, assessing->matching.arena, &view->deadlines, err);
	if (status == TU_OK)
		status = tu_assess_select(assessing, &request->selection, &view->findings, err);
	return status;
}

static int run(const struct request *request, struct tu_assessing *assessing)
{
	struct tu_assess_violation violations[TU_ASSESS_RULES_MAX];
	struct tu_assess_view view = {.assessing = assessing,
		.policy = tu_str_c(request->fail_on),
		.violations = violations,
		.selected = request->summary || request->only || request->limit ||
			request->selection.component,
		.summary = request->summary,
		.colour = request->colour};
	struct tu_error err = {0};
	enum tu_status status = tu_assessing_run(assessing, &request->assessing, &err);

	if (status == TU_OK)
		status = complete(request, assessing, &view, &err);
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	view.violation_count = judge(request, assessing, violations);
	warn(assessing);
	if (write_view(request, &view, &err) != TU_OK)
		return tu_command_failed(name, &err);
	return conclude(request, assessing, &view);
}

static int run_assess(int argc, char **argv)
{
	struct request request = {0};
	struct tu_assessing assessing = {0};
	int code;

	if (!read_request(argc, argv, &request))
		return TU_EXIT_USAGE;
	code = run(&request, &assessing);
	tu_assessing_done(&assessing);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_RELEASE(struct request, assessing.release),
	TU_OPTION_KB(struct request, assessing.kb),
	{"format", 'f', "FORMAT", "Choose the output format", TU_TEXT(struct request, format_name),
		.word = format_word, .preset = "table"},
	TU_OPTION_OUTPUT(struct request, output),
	{"summary", 0, NULL,
		"Print counts, matrix and next deadline; findings only with --limit, in two lines "
		"each",
		TU_FLAG(struct request, summary)},
	{"limit", 0, "N", "List the N findings that matter most", TU_TEXT(struct request, limit)},
	{"component", 'c', "NAME", "List the findings in this component (name, reference or purl)",
		TU_TEXT(struct request, selection.component)},
	{"only", 0, "RULES", "List the findings that match one of the rules; see below",
		TU_TEXT(struct request, only)},
	{"fail-on", 0, "RULES",
		"Exit with 1 when a finding, listed or not, matches one of the rules; see below",
		TU_TEXT(struct request, fail_on), .joined = true},
	TU_OPTION_AT(struct request, at),
	TU_OPTION_COLOUR(struct request, colour_when),
};

const struct tu_command tu_cmd_assess = {
	.name = "assess",
	.summary = "Assess the findings of a release: what is proposed and what is decided",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "DIR is a device folder. RULES are separated by \",\", the terms of a rule by "
		 "\"&\"; \"!\"\n"
		 "negates a term: any undecided undecided>DAYS age>DAYS decided carried reopened\n"
		 "uncontrolled controlled closed affected kev fixable harm-unknown expired "
		 "harm>=LEVEL\n"
		 "cvss>=N level>=N. Example: --fail-on 'uncontrolled,undecided>7d,kev&!decided'\n",
	.run = run_assess,
};
