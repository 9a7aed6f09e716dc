/* tutela scan: what is vulnerable in an SBOM. */
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/gate_conclude.h"
#include "show/format.h"
#include "app/scan.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "app/compare.h"

static const char name[] = "scan";

/* What the user asked for, as typed and as understood. */
struct request {
	struct tu_sbom_source source;
	const char *kb;
	struct tu_values format_names;
	const char *fail_on;
	const char *min_severity;
	const char *only;
	const char *limit_text;
	uint64_t limit; /* components without data to name */
	const char *since;
	const char *output;
	const char *colour_when;
	const char *kernel_config;
	const char *compiled_files;
	struct tu_values statements;
	bool trust_vex;
	bool no_trust_sbom;
	struct tu_outputs outputs;
	const struct tu_scan_format *formats[TU_OUTPUTS_MAX]; /* by output */
	struct tu_gate gate;
	struct tu_report_filter filter;
};

/* What a scan holds on to. */
struct scan {
	struct request request;
	struct tu_matching matching;
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

/* What is new stands on its own: it is no report that a filter or a policy could judge. */
static bool check_since(const struct request *request)
{
	const struct tu_scan_format *format = request->formats[0];
	bool shown = request->outputs.count == 1 &&
		(format->write == tu_format_table || format->write == tu_format_json);

	if (!request->since)
		return true;
	if (request->fail_on || request->min_severity || request->only || !shown) {
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

static bool read_request(int argc, char **argv, struct request *request, struct tu_vex_files *vex)
{
	if (!tu_options_take(&tu_cmd_scan, &argc, argv, request) ||
		!take_statements(&request->statements, vex))
		return false;
	vex->trust.files = request->trust_vex;
	vex->distrust_sbom = request->no_trust_sbom;
	read_filter(request);
	return read_formats(request) && tu_sbom_source_take(name, argc, argv, &request->source) &&
		tu_gate_take(name, TU_GATE_SCAN, "fail-on", request->fail_on, &request->gate) &&
		read_limit(request) && check_since(request);
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

/* The table says so in its heading; the other formats are read by programs. */
static void warn_of_sources(const struct tu_report_origin *origin)
{
	const struct tu_sidecar *sidecar = origin->sidecar;

	if (origin->sidecar_problem.len)
		tu_command_warn(name, "%.*s%s: %.*s", TU_STR_FMT(origin->path), TU_KB_SIDECAR,
			TU_STR_FMT(origin->sidecar_problem));
	for (size_t i = 0; sidecar && i < sidecar->source_count; i++) {
		const struct tu_sidecar_source *source = &sidecar->sources[i];
		enum tu_freshness freshness = tu_sidecar_judge(source, origin->now);

		if (freshness != TU_FRESH)
			tu_command_warn(name, "source %.*s: %s%s%.*s", TU_STR_FMT(source->name),
				tu_freshness_name(freshness), source->last_error.len ? ": " : "",
				TU_STR_FMT(source->last_error));
	}
}

static void warn(const struct scan *scan)
{
	const struct tu_inventory *inventory = scan->matching.report.inventory;
	bool table = writes(&scan->request, tu_scan_format_by_name(TU_STR("table")));

	if (inventory->component_count == 0)
		tu_command_warn(name,
			"%s lists no components. That is not \"no vulnerabilities\": there was "
			"nothing to look for.",
			tu_sbom_source_name(&scan->request.source));
	if (!table)
		warn_of_sources(&scan->matching.report.origin);
	if (inventory->note_count && !table)
		tu_command_warn(name,
			"%s: %zu kinds of things were not understood; the table and json formats "
			"list them",
			tu_sbom_source_name(&scan->request.source),
			inventory->note_count + inventory->notes_left_out);
}

/* A statement that does not apply is never passed over in silence. */
static void tell_statements(const struct scan *scan)
{
	const struct tu_vex_files *files = &scan->matching.vex;
	const struct tu_vex_result *first;
	const struct tu_vex_claim *claim;
	size_t counts[TU_VEX_OUTCOMES] = {0};
	size_t count = tu_vex_files_count(files, counts);
	size_t unused = tu_vex_files_unused(files, &first);

	if (counts[TU_VEX_APPLIES] < count)
		tu_command_warn(name,
			"%zu of %zu statements of --vex apply; \"tutela vex check\" says why the "
			"others do not",
			counts[TU_VEX_APPLIES], count);
	if (!unused)
		return;
	claim = &files->documents[first->document]->claims[first->claim];
	tu_command_warn(name,
		"%zu statement%s inside the SBOM do%s not apply, such as %.*s on %.*s (%s%.*s): %s",
		unused, unused == 1 ? "" : "s", unused == 1 ? "es" : "",
		TU_STR_FMT(tu_claim_state(claim)), TU_STR_FMT(claim->vulnerability),
		tu_vex_outcome_name(first->outcome), TU_STR_FMT(claim->pointer),
		tu_vex_outcome_sentence(first->outcome));
}

static int run_since(const struct request *request)
{
	const struct tu_since_request since = {.source = &request->source,
		.kb = request->kb,
		.since = request->since,
		.output = request->outputs.at[0].path,
		.json = request->formats[0]->write == tu_format_json,
		.colour = colour_of(request, 0)};

	return tu_since_run(&since);
}

static int run(struct scan *scan)
{
	struct tu_error err = {0};
	struct tu_match_options options = {0};
	enum tu_status status = tu_matching_kernel(scan->request.kernel_config,
		scan->request.compiled_files, &scan->matching.kernel, &err);

	options.kernel = scan->matching.kernel;
	if (status == TU_OK)
		status = tu_matching_run(&scan->matching, &scan->request.source, scan->request.kb,
			scan->request.filter, &options, &err);
	if (status == TU_OK) {
		warn(scan);
		tell_statements(scan);
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

	if (!read_request(argc, argv, &scan.request, &scan.matching.vex))
		return TU_EXIT_USAGE;
	if (scan.request.since)
		return run_since(&scan.request);
	code = run(&scan);
	tu_matching_done(&scan.matching);
	return code;
}

static const struct tu_option options[] = {
	TU_OPTION_KB(struct request, kb),
	TU_OPTION_ROOTFS(struct request, source.rootfs),
	TU_OPTION_SUPPLEMENT(struct request, source.supplement),
	{"format", 'f', "FORMAT[=FILE]", "Choose the output format, and with FILE one more output",
		TU_LIST(struct request, format_names), .word = format_word},
	TU_OPTION_OUTPUT(struct request, output),
	{"fail-on", 0, "RULES", "Exit with 1 when a finding matches one of the rules; see below",
		TU_TEXT(struct request, fail_on), .joined = true},
	{"min-severity", 0, "LEVEL", "Leave out findings of a lower severity",
		TU_TEXT(struct request, min_severity), .word = severity_word},
	{"only", 0, "KIND", "Show only findings that are known to be exploited",
		TU_TEXT(struct request, only), .word = only_word},
	{"limit", 0, "N", "Name N of the components without data (default: 5)",
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
	{"kernel-config", 0, "FILE",
		"Read the .config of the kernel that was built, and clear vulnerabilities of "
		"source "
		"files that it leaves out",
		TU_TEXT(struct request, kernel_config)},
	{"compiled-files", 0, "FILE", "Read the list of the kernel's compiled files, one a line",
		TU_TEXT(struct request, compiled_files)},
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
