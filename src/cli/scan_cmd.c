/* tutela scan: what is vulnerable in an SBOM. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/format.h"
#include "cli/matching.h"
#include "cli/options.h"

static const char name[] = "scan";

/* What the user asked for, as typed and as understood. */
struct request {
	const char *sbom;
	const char *kb;
	const char *format_name;
	const char *fail_on;
	const char *min_severity;
	const char *only;
	const char *output;
	const char *colour_when;
	const struct tu_scan_format *format;
	struct tu_policy policy;
	struct tu_report_filter filter;
	bool colour;
};

/* What a scan holds on to. */
struct scan {
	struct request request;
	struct tu_matching matching;
	struct tu_policy_violation violations[TU_POLICY_RULES_MAX];
	struct tu_scan_style style;
};

/* ---- the request ---- */

static bool read_filter(struct request *request)
{
	if (request->min_severity &&
		!tu_severity_by_name(
			tu_str_c(request->min_severity), &request->filter.min_severity)) {
		tu_command_misused(name,
			"--min-severity is none, low, medium, high or critical, not \"%s\"",
			request->min_severity);
		return false;
	}
	request->filter.only_kev =
		request->only && tu_str_ieq(tu_str_c(request->only), TU_STR("kev"));
	if (request->only && !request->filter.only_kev) {
		tu_command_misused(name, "--only knows KEV, not \"%s\"", request->only);
		return false;
	}
	return true;
}

static bool read_policy(struct request *request)
{
	struct tu_error err = {0};

	if (!request->fail_on)
		return true;
	if (tu_policy_parse(tu_str_c(request->fail_on), &request->policy, &err) == TU_OK)
		return true;
	tu_command_misused(name, "--fail-on \"%s\": %s", request->fail_on, err.message);
	return false;
}

static bool read_format(struct request *request)
{
	const char *format = request->format_name ? request->format_name : "table";
	int fd = request->output && strcmp(request->output, "-") != 0 ? -1 : STDOUT_FILENO;

	request->format = tu_scan_format_by_name(tu_str_c(format));
	if (!request->format) {
		tu_command_misused(
			name, "--format is one of %s, not \"%s\"", tu_scan_format_names(), format);
		return false;
	}
	return tu_options_colour(name, request->colour_when, fd, &request->colour);
}

static bool read_request(int argc, char **argv, struct request *request, struct tu_vex_files *vex)
{
	const struct tu_option options[] = {
		{.name = "kb", .value = &request->kb},
		{.name = "format", .letter = 'f', .value = &request->format_name},
		{.name = "fail-on", .value = &request->fail_on},
		{.name = "min-severity", .value = &request->min_severity},
		{.name = "only", .value = &request->only},
		{.name = "output", .letter = 'o', .value = &request->output},
		{.name = "trust-vex", .flag = &vex->trust},
		{.name = "colour", .value = &request->colour_when},
		{.name = "color", .value = &request->colour_when},
	};

	if (!tu_vex_files_take(&argc, argv, vex) ||
		!tu_options_take(&argc, argv, options, (int)TU_COUNT(options)))
		return false;
	if (argc != 2) {
		tu_command_misused(name, argc < 2 ? "no SBOM is named" : "more than one SBOM");
		return false;
	}
	request->sbom = argv[1];
	return read_filter(request) && read_policy(request) && read_format(request);
}

/* ---- the scan ---- */

/* Nothing to judge is not "nothing found": a policy cannot hold over it. */
static void judge(struct scan *scan)
{
	struct tu_scan_style *style = &scan->style;

	if (!scan->request.fail_on)
		return;
	style->policy = tu_str_c(scan->request.fail_on);
	style->violations = scan->violations;
	style->violation_count =
		tu_policy_judge(&scan->request.policy, &scan->matching.report, scan->violations);
	style->policy_unjudged = scan->matching.report.result->counts.components == 0;
}

static enum tu_status write_report(struct scan *scan, struct tu_error *err)
{
	struct tu_output output;
	enum tu_status status = tu_output_open(&output, scan->request.output, err);

	if (status != TU_OK)
		return status;
	scan->style.colour = scan->request.colour;
	scan->style.width = output.path.len ? 0 : tu_terminal_width(STDOUT_FILENO);
	scan->style.now = (int64_t)time(NULL);
	status = scan->request.format->write(&scan->matching.report, &scan->style, &output, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

/* ---- what goes to standard error ---- */

static void warn(const struct scan *scan)
{
	const struct tu_inventory *inventory = scan->matching.report.inventory;
	bool table = scan->request.format->write == tu_format_table;

	if (inventory->component_count == 0)
		tu_command_warn(name,
			"%s lists no components. That is not \"no vulnerabilities\": there was "
			"nothing to look for.",
			scan->request.sbom);
	if (inventory->note_count && !table)
		tu_command_warn(name,
			"%s: %zu kinds of things were not understood; the table and json formats "
			"list them",
			scan->request.sbom, inventory->note_count + inventory->notes_left_out);
}

/* A statement that does not apply is never passed over in silence. */
static void tell_statements(const struct scan *scan)
{
	const struct tu_vex_application *application = scan->matching.vex.application;

	if (application && application->counts[TU_VEX_APPLIES] < application->result_count)
		tu_command_warn(name,
			"%zu of %zu statements of --vex apply; \"tutela vex check\" tells why the "
			"others do not",
			application->counts[TU_VEX_APPLIES], application->result_count);
}

static void tell_violation(const struct scan *scan, const struct tu_policy_violation *violation)
{
	const struct tu_inventory *inventory = scan->matching.report.inventory;
	const struct tu_component *example = &inventory->components[violation->distinct->first];
	const struct tu_report_row *row = violation->row;
	struct tu_str id = row ? row->vulnerability->facts.id : TU_STR("");

	tu_command_warn(name, "policy violated: %.*s: %zu %s%s, such as %.*s%s%.*s %.*s",
		TU_STR_FMT(violation->rule->text), violation->count, row ? "finding" : "component",
		violation->count == 1 ? "" : "s", TU_STR_FMT(id), row ? " in " : "",
		TU_STR_FMT(example->name), TU_STR_FMT(example->version));
}

static int verdict_of_policy(const struct scan *scan)
{
	for (size_t i = 0; i < scan->style.violation_count; i++)
		tell_violation(scan, &scan->style.violations[i]);
	if (scan->style.policy_unjudged)
		tu_command_warn(name, "policy not met: there was nothing to judge");
	return scan->style.violation_count || scan->style.policy_unjudged ? TU_EXIT_POLICY
									  : TU_EXIT_OK;
}

static int run(struct scan *scan)
{
	struct tu_error err = {0};
	enum tu_status status = tu_matching_run(&scan->matching, scan->request.sbom,
		scan->request.kb, scan->request.filter, NULL, &err);

	if (status == TU_OK) {
		warn(scan);
		tell_statements(scan);
		judge(scan);
		status = write_report(scan, &err);
	}
	return status ? tu_command_failed(name, &err) : verdict_of_policy(scan);
}

int tu_cmd_scan(int argc, char **argv)
{
	struct scan scan = {0};
	int code;

	if (!read_request(argc, argv, &scan.request, &scan.matching.vex))
		return TU_EXIT_USAGE;
	code = run(&scan);
	tu_matching_done(&scan.matching);
	return code;
}
