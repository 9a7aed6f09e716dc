/* tutela vex check: which statements apply to an SBOM's findings, which do not, and why. */
#include <string.h>

#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "app/scan.h"
#include "cli/options.h"
#include "app/output.h"
#include "show/paint.h"
#include "app/statements.h"

static const char name[] = "vex";

struct check {
	const char *sbom, *kb, *format;
	bool json;
	struct tu_vex_files vex;
	struct tu_scan_answer matching;
	struct tu_output output;
};

static const struct tu_vex_claim *claim_of(
	const struct check *check, const struct tu_vex_result *result)
{
	return &check->matching.vex.documents[result->document]->claims[result->claim];
}

static struct tu_str product_title(const struct tu_vex_claim *claim, uint32_t index)
{
	const struct tu_vex_product *product;

	if (index == UINT32_MAX)
		return TU_STR("");
	product = &claim->products[index];
	if (product->part_count)
		product = &product->parts[0];
	if (product->purl_count)
		return product->purls[0];
	return product->cpe_count ? product->cpes[0] : product->id;
}

static const struct tu_component *component_of(
	const struct check *check, const struct tu_vex_result *result)
{
	return result->component == TU_NO_COMPONENT
		? NULL
		: &check->matching.report.inventory->components[result->component];
}

/* ---- text ---- */

static void add(struct tu_buf *out, struct tu_str text)
{
	const struct tu_paint paint = {.out = out};

	tu_paint(&paint, TU_HUE_PLAIN, text);
}

static void add_result(struct check *check, const struct tu_vex_result *result)
{
	const struct tu_vex_claim *claim = claim_of(check, result);
	const struct tu_component *component = component_of(check, result);
	struct tu_buf *out = &check->output.sink.buf;

	tu_buf_printf(out, "%-22s ", tu_vex_outcome_name(result->outcome));
	add(out, claim->vulnerability);
	tu_buf_printf(out, " %s  ", tu_claim_status_name(claim->status));
	add(out, product_title(claim, result->product));
	if (result->all_versions)
		tu_buf_c(out, ", all versions");
	tu_buf_printf(out, "\n  %s", tu_vex_outcome_sentence(result->outcome));
	if (result->findings)
		tu_buf_printf(out, " to %zu finding%s", result->findings,
			result->findings == 1 ? "" : "s");
	if (component) {
		tu_buf_c(out, ": ");
		add(out, component->name);
		tu_buf_byte(out, ' ');
		add(out, component->version);
	}
	tu_buf_printf(out, " (%s", check->matching.vex.paths[result->document]);
	add(out, claim->pointer);
	tu_buf_c(out, ")\n");
	tu_sink_spill(&check->output.sink);
}

static void write_text(struct check *check)
{
	const struct tu_vex_application *application = check->matching.vex.application;
	struct tu_buf *out = &check->output.sink.buf;

	size_t counts[TU_VEX_OUTCOMES] = {0};
	size_t count = tu_vex_files_count(&check->matching.vex, counts);

	for (size_t i = 0; i < count; i++)
		add_result(check, &application->results[i]);
	tu_buf_printf(out, "%s%zu of %zu apply", count ? "\n" : "", counts[TU_VEX_APPLIES], count);
	for (unsigned i = 0; i < TU_VEX_OUTCOMES; i++)
		if (counts[i] && i != TU_VEX_APPLIES)
			tu_buf_printf(out, ", %zu %s", counts[i],
				tu_vex_outcome_name((enum tu_vex_outcome)i));
	tu_buf_byte(out, '\n');
}

/* ---- JSON ---- */

static void add_json(
	struct check *check, struct tu_json_writer *json, const struct tu_vex_result *result)
{
	const struct tu_vex_claim *claim = claim_of(check, result);
	const struct tu_component *component = component_of(check, result);

	tu_json_open_object(json);
	tu_json_member_str(json, "outcome", tu_str_c(tu_vex_outcome_name(result->outcome)));
	tu_json_member_str(json, "why", tu_str_c(tu_vex_outcome_sentence(result->outcome)));
	tu_json_member_str(json, "vulnerability", claim->vulnerability);
	tu_json_member_str(json, "status", tu_str_c(tu_claim_status_name(claim->status)));
	tu_json_member_opt(json, "product", product_title(claim, result->product));
	if (result->all_versions)
		tu_json_member_bool(json, "all_versions", true);
	tu_json_member_int(json, "findings", (int64_t)result->findings);
	if (component) {
		tu_json_key(json, "component");
		tu_json_open_object(json);
		tu_json_member_opt(json, "bom_ref", component->ref);
		tu_json_member_str(json, "name", component->name);
		tu_json_member_opt(json, "version", component->version);
		tu_json_member_opt(json, "purl", component->purl);
		tu_json_close_object(json);
	}
	tu_json_member_str(json, "file", tu_str_c(check->matching.vex.paths[result->document]));
	tu_json_member_str(json, "pointer", claim->pointer);
	tu_json_close_object(json);
	tu_sink_spill(&check->output.sink);
}

static void write_json(struct check *check)
{
	const struct tu_vex_application *application = check->matching.vex.application;
	struct tu_json_writer json = tu_json_writer(&check->output.sink.buf, true);

	size_t counts[TU_VEX_OUTCOMES] = {0};
	size_t count = tu_vex_files_count(&check->matching.vex, counts);

	tu_json_open_object(&json);
	tu_json_member_int(&json, "applied", (int64_t)counts[TU_VEX_APPLIES]);
	tu_json_key(&json, "results");
	tu_json_open_array(&json);
	for (size_t i = 0; i < count; i++)
		add_json(check, &json, &application->results[i]);
	tu_json_close_array(&json);
	tu_json_close_object(&json);
	tu_buf_byte(&check->output.sink.buf, '\n');
}

static enum tu_status run(struct check *check, struct tu_error *err)
{
	const struct tu_scan_request request = {.source = {.path = check->sbom},
		.kb = check->kb,
		.vex = check->vex,
		.options = {.keep_all = true}};
	enum tu_status status = tu_app_scan(tu_context(), &request, &check->matching, err);

	if (status == TU_OK)
		status = tu_output_open(&check->output, NULL, err);
	if (status != TU_OK)
		return status;
	(check->json ? write_json : write_text)(check);
	return tu_output_close(&check->output, err);
}

static int run_check(int argc, char **argv)
{
	struct check check = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!tu_options_take(&tu_cmd_vex_check, &argc, argv, &check))
		return TU_EXIT_USAGE;
	if (argc < 2 || argc > TU_VEX_FILES_MAX)
		return tu_command_misused(
			name, "expected one to %d documents", TU_VEX_FILES_MAX - 1);
	check.json = tu_options_json(check.format);
	for (int i = 1; i < argc; i++)
		check.vex.paths[check.vex.count++] = argv[i];
	status = run(&check, &err);
	tu_scan_done(&check.matching);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	{"sbom", 0, "SBOM", "Check the statements against this SBOM", TU_TEXT(struct check, sbom),
		.required = true},
	TU_OPTION_KB(struct check, kb),
	TU_OPTION_TEXT_OR_JSON(struct check, format),
};

const struct tu_command tu_cmd_vex_check = {
	.name = "vex check",
	.summary = "List which statements apply to an SBOM, which do not, and why",
	.usage = {"FILE... --sbom SBOM [OPTION...]"},
	TU_OPTIONS(options),
	.run = run_check,
};
