/* tutela scan: what is vulnerable in an SBOM. */
#include <string.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/context.h"
#include "cli/commands.h"
#include "cli/gate_conclude.h"
#include "show/format.h"
#include "app/scan.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "show/compare.h"

static const char name[] = "scan";

/* What the user asked for, as typed and as understood. */
struct request {
	struct tu_sbom_source source;
	const char *kb;
	const char *at_text;
	int64_t at;
	struct tu_values format_names;
	const char *fail_on;
	const char *min_severity;
	const char *only;
	const char *group_by;
	const char *limit_text;
	uint64_t limit; /* components without data to name */
	const char *since;
	const char *output;
	const char *colour_when;
	struct tu_kernel_files kernel;
	struct tu_values statements;
	bool trust_vex;
	bool no_trust_sbom;
	struct tu_outputs outputs;
	const struct tu_scan_format *formats[TU_OUTPUTS_MAX]; /* by output */
	struct tu_gate gate;
	struct tu_report_filter filter;
	struct tu_vex_files vex;
};

/* What a scan holds on to. */
struct scan {
	struct request request;
	struct tu_scan_answer matching;
	struct tu_gate_input gate_input;
	struct tu_gate_verdict verdict;
	struct tu_scan_style style;
};

/* ---- the request ---- */

static const char *severity_word(size_t index)
{
	size_t severity = index + TU_SEVERITY_NONE;

	return severity < TU_SEVERITY_COUNT_ ? tu_severity_name((enum tu_severity)severity) : NULL;
}

static const char *only_word(size_t index)
{
	return index == 0 ? "kev" : NULL;
}

static const char *group_word(size_t index)
{
	return index == 0 ? "component" : index == 1 ? "upgrade" : NULL;
}

static const char *format_word(size_t index)
{
	const struct tu_scan_format *format = tu_scan_format_at(index);

	return format ? format->name : NULL;
}

static void read_filter(struct request *request)
{
	if (request->min_severity)
		(void)tu_severity_by_name(
			tu_str_c(request->min_severity), &request->filter.min_severity);
	request->filter.only_kev = request->only != NULL;
}

static bool read_limit(struct request *request)
{
	enum { LIMIT_DEFAULT = 5, LIMIT_MAX = 1000000000 };

	request->limit = LIMIT_DEFAULT;
	if (!request->limit_text ||
		tu_str_to_u64(tu_str_c(request->limit_text), LIMIT_MAX, &request->limit))
		return true;
	tu_command_misused(name, "--limit must be a number, not \"%s\"", request->limit_text);
	return false;
}

static bool read_formats(struct request *request)
{
	struct tu_outputs *outputs = &request->outputs;

	if (!tu_outputs_take(name, &request->format_names, "table", request->output, outputs))
		return false;
	for (size_t i = 0; i < outputs->count; i++)
		request->formats[i] = tu_scan_format_by_name(outputs->at[i].format);
	return true;
}

static bool writes(const struct request *request, const struct tu_scan_format *format)
{
	for (size_t i = 0; i < request->outputs.count; i++)
		if (request->formats[i] == format)
			return true;
	return false;
}

static bool colour_of(const struct request *request, size_t output)
{
	return tu_options_colour(
		request->colour_when, tu_outputs_terminal(&request->outputs, output));
}

static bool by_upgrade(const struct request *request)
{
	return request->group_by && strcmp(request->group_by, "upgrade") == 0;
}

static bool check_group(const struct request *request)
{
	if (!by_upgrade(request) || writes(request, tu_scan_format_by_name(TU_STR("table"))) ||
		writes(request, tu_scan_format_by_name(TU_STR("json"))))
		return true;
	tu_command_misused(name, "--group-by upgrade needs one of the formats table and json");
	return false;
}

/* What is new stands on its own: it is no report that a filter or a policy could judge. */
static bool check_since(const struct request *request)
{
	const struct tu_scan_format *format = request->formats[0];
	bool shown = request->outputs.count == 1 &&
		(format->write == tu_format_table || format->write == tu_format_json);

	if (!request->since)
		return true;
	if (request->fail_on || request->min_severity || request->only || by_upgrade(request) ||
		!shown) {
		tu_command_misused(name,
			"--since combines only with --kb, --output, --colour and one of the "
			"formats table and json");
		return false;
	}
	return true;
}

static bool take_statements(const struct tu_values *values, struct tu_vex_files *files)
{
	if (values->count > TU_VEX_FILES_MAX) {
		tu_command_misused(name, "more than %d --vex", TU_VEX_FILES_MAX);
		return false;
	}
	for (size_t i = 0; i < values->count; i++)
		files->paths[files->count++] = values->at[i];
	return true;
}

static bool read_request(int argc, char **argv, struct request *request)
{
	if (!tu_options_take(&tu_cmd_scan, &argc, argv, request) ||
		!take_statements(&request->statements, &request->vex))
		return false;
	request->vex.trust.files = request->trust_vex;
	request->vex.distrust_sbom = request->no_trust_sbom;
	read_filter(request);
	if (!read_formats(request) || !tu_sbom_source_take(name, argc, argv, &request->source))
		return false;
	/* A document of components says all that is known of them. */
	request->source.for_matching =
		!writes(request, tu_scan_format_by_name(TU_STR("cyclonedx")));
	return tu_gate_take(name, TU_GATE_SCAN, "fail-on", request->fail_on, &request->gate) &&
		read_limit(request) && check_group(request) && check_since(request) &&
		tu_context_time(name, "at", request->at_text, &request->at);
}

/* ---- the scan ---- */

static void judge(struct scan *scan)
{
	const struct tu_report *report = &scan->matching.report;

	scan->gate_input = (struct tu_gate_input){
		.report = report, .origin = &report->origin, .kb = report->kb};
	tu_gate_judge(&scan->request.gate, &scan->gate_input, &scan->verdict);
	scan->style.gate = tu_str_c(scan->request.fail_on);
	scan->style.verdict = &scan->verdict;
	if (by_upgrade(&scan->request))
		scan->style.upgrades = &scan->matching.upgrades;
}

static enum tu_status write_report(
	void *context, size_t index, struct tu_sink *sink, struct tu_error *err)
{
	const struct scan *scan = context;
	struct tu_scan_style style = scan->style;
	int fd = tu_outputs_terminal(&scan->request.outputs, index);

	style.colour = colour_of(&scan->request, index);
	style.limit = (size_t)scan->request.limit;
	style.width = fd < 0 ? 0 : tu_terminal_width(fd);
	style.now = scan->matching.report.origin.now;
	return scan->request.formats[index]->write(&scan->matching.report, &style, sink, err);
}

/* ---- what goes to standard error ---- */

/* The table shows the SBOM's notes and how fresh the sources are; programs read the other formats.
 */
static void warn(const struct scan *scan)
{
	const struct tu_warnings *all = &scan->matching.warnings;
	bool table = writes(&scan->request, tu_scan_format_by_name(TU_STR("table")));

	for (size_t i = 0; i < all->count; i++) {
		const struct tu_warning *warning = &all->at[i];
		bool shown =
			warning->kind == TU_WARN_FRESHNESS || warning->kind == TU_WARN_SBOM_NOTES;

		if (!table || !shown)
			tu_command_warn(name, "%.*s", TU_STR_FMT(warning->text));
	}
}

struct since {
	const struct request *request;
	struct tu_compare_answer answer;
};

static enum tu_status write_since(
	void *context, size_t index, struct tu_sink *sink, struct tu_error *err)
{
	const struct since *since = context;

	(void)err;
	if (since->request->formats[index]->write == tu_format_json)
		tu_compare_json(&since->answer, sink);
	else
		tu_compare_table(&since->answer, colour_of(since->request, index), sink);
	return TU_OK;
}

static int run_since(struct request *request)
{
	const struct tu_compare_request asked = {
		.source = request->source, .kb = request->kb, .since = request->since};
	struct since since = {.request = request};
	struct tu_error err = {0};
	enum tu_status status = tu_app_compare(tu_context(), &asked, &since.answer, &err);

	if (status == TU_OK) {
		tu_command_warnings(name, &since.answer.warnings);
		status = tu_outputs_write(&request->outputs, write_since, &since, &err);
	}
	tu_compare_done(&since.answer);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static int run(struct scan *scan)
{
	struct tu_error err = {0};
	const struct request *asked = &scan->request;
	const struct tu_scan_request request = {.source = asked->source,
		.kb = asked->kb,
		.at = asked->at,
		.filter = asked->filter,
		.upgrades = by_upgrade(asked),
		.kernel = asked->kernel,
		.vex = asked->vex};
	enum tu_status status = tu_app_scan(tu_context(), &request, &scan->matching, &err);

	if (status == TU_OK) {
		warn(scan);
		judge(scan);
		status = tu_outputs_write(&scan->request.outputs, write_report, scan, &err);
	}
	if (status != TU_OK)
		return tu_command_failed(name, &err);
	return tu_gate_conclude(name, &scan->request.gate, &scan->gate_input, &scan->verdict);
}

static int run_scan(int argc, char **argv)
{
	struct scan scan = {0};
	int code;

	if (!read_request(argc, argv, &scan.request))
		return TU_EXIT_USAGE;
	if (scan.request.since)
		return run_since(&scan.request);
	code = run(&scan);
	tu_scan_done(&scan.matching);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct request, kb),
	TU_OPTION_AT(struct request, at_text),
	TU_OPTION_ROOTFS(struct request, source.rootfs),
	TU_OPTION_SUPPLEMENT(struct request, source.supplement),
	{"format", 'f', "FORMAT[=FILE]", "Choose the output format, and with FILE one more output",
		TU_LIST(struct request, format_names), .written = true, .word = format_word},
	TU_OPTION_OUTPUT(struct request, output),
	{"fail-on", 0, "RULES", "Exit with 1 when a finding matches one of the rules; see below",
		TU_TEXT(struct request, fail_on), .joined = true},
	{"min-severity", 0, "LEVEL", "Leave out findings of a lower severity",
		TU_TEXT(struct request, min_severity), .word = severity_word},
	{"only", 0, "KIND", "Show only findings that are known to be exploited",
		TU_TEXT(struct request, only), .word = only_word},
	{"group-by", 0, "WHAT",
		"Show the findings by component, or which upgrade of each component closes how "
		"many",
		TU_TEXT(struct request, group_by), .word = group_word},
	{"limit", 0, "N",
		"Name N of the components without data and of the steps of an upgrade (default: 5)",
		TU_TEXT(struct request, limit_text)},
	{"since", 0, "FILE",
		"Show only what is new, changed or gone compared with this older knowledge base",
		TU_TEXT(struct request, since)},
	{"vex", 0, "FILE", "Apply the statements in FILE (OpenVEX, CycloneDX or CSAF)",
		TU_LIST(struct request, statements)},
	{"trust-vex", 0, NULL, "Let the statements of --vex decide; otherwise they are proposals",
		TU_FLAG(struct request, trust_vex)},
	{"no-trust-sbom", 0, NULL, "Show the SBOM's own statements as proposals, too",
		TU_FLAG(struct request, no_trust_sbom)},
	{"kernel-build", 0, "DIR",
		"Read the kernel's build folder: clear vulnerabilities of source files that none "
		"of its .cmd files names",
		TU_TEXT(struct request, kernel.build)},
	{"kernel-source", 0, "DIR",
		"Read the kernel's source tree: with --kernel-config, clear what its Makefiles do "
		"not build",
		TU_TEXT(struct request, kernel.source)},
	{"kernel-config", 0, "FILE",
		"Read the .config of the kernel that was built, and clear vulnerabilities of "
		"source files that it leaves out",
		TU_TEXT(struct request, kernel.config)},
	{"compiled-files", 0, "FILE", "Read the list of the kernel's compiled files, one a line",
		TU_TEXT(struct request, kernel.compiled)},
	TU_OPTION_COLOUR(struct request, colour_when),
};

const struct tu_command tu_cmd_scan = {
	.name = "scan",
	.summary = "List the vulnerabilities in an SBOM",
	.usage = {"SBOM [OPTION...]", "PURL... [OPTION...]", "--rootfs DIR [OPTION...]"},
	TU_OPTIONS(options),
	.notes = "RULES are separated by \",\" (or), the terms of a rule by \"&\" or \"+\" (and); "
		 "\"!\"\n"
		 "negates a term: any affected undecided kev fixable unscored low medium high\n"
		 "critical severity>=LEVEL cvss>=N epss>=N; unknown and unidentified are about\n"
		 "components, stale and failed-source about the sources of the knowledge base.\n"
		 "Example: --fail-on 'critical,kev,high&fixable'\n",
	.run = run_scan,
};
