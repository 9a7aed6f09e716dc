/* The SBOM of a project as CycloneDX; with findings and decisions where they are asked for. */
#include "api/stored.h"
#include "app/sbom_convert.h"
#include "connect/dtrack/operations.h"
#include "connect/dtrack/project.h"
#include "portfolio/look.h"
#include "service/service.h"
#include "show/format.h"

#define DOCUMENT_MAX ((size_t)2 << 30)
enum { SECOND = 1000000 };

static const struct {
	const char *format, *version;
	enum tu_sbom_target target;
	const char *type;
} targets[] = {
	{"json", "1.6", TU_SBOM_TO_CYCLONEDX_16_JSON, "application/vnd.cyclonedx+json"},
	{"json", "1.7", TU_SBOM_TO_CYCLONEDX_17_JSON, "application/vnd.cyclonedx+json"},
	{"xml", "1.6", TU_SBOM_TO_CYCLONEDX_16_XML, "application/vnd.cyclonedx+xml"},
	{"xml", "1.7", TU_SBOM_TO_CYCLONEDX_17_XML, "application/vnd.cyclonedx+xml"},
};

static enum tu_status convert(
	struct tu_api_call *call, struct tu_str release, size_t target, struct tu_error *err)
{
	bool saves = tu_api_query_true(call, "download");
	struct tu_api_sbom sbom;
	struct tu_sink sink;
	struct tu_sbom_losses losses = {0};
	enum tu_status status = tu_api_sbom_open(call, release, &sbom, err);

	tu_sink_init_memory(&sink, DOCUMENT_MAX);
	if (status == TU_OK)
		status = tu_sbom_convert(sbom.arena,
			&(struct tu_sbom_convert){.inventory = sbom.inventory,
				.target = targets[target].target,
				.now = sbom.stored.document.received / SECOND},
			&sink, &losses, err);
	if (status == TU_OK)
		status = tu_api_sbom_answer(call, targets[target].type, &sink,
			!saves		      ? ""
				: target >= 2 ? "bom.xml"
					      : "bom.json",
			err);
	tu_sink_done(&sink);
	tu_api_sbom_close(&sbom);
	return status;
}

/* ---- with what was found ---- */

struct writing {
	struct tu_api_call *call;
	struct tu_str release;
	struct tu_scan_style style;
	struct tu_sink sink;
};

/* What the core says of the release, as `tutela scan` writes it. */
static enum tu_status write_findings(struct tu_work *w, void *self, struct tu_error *err)
{
	struct writing *x = self;
	struct tu_look look = {.scope = &x->call->who.scope,
		.kb = x->call->kb->kb,
		.reader = tu_service_reader(x->call->service)};
	enum tu_status status = tu_look_open(w, x->release, &look, err);

	tu_buf_clear(&x->sink.buf);
	return status ? status
		      : tu_format_cyclonedx(&look.answer.matching.report, &x->style, &x->sink, err);
}

static enum tu_status answer_findings(
	struct tu_api_call *call, struct tu_str release, bool whole, struct tu_error *err)
{
	struct writing x = {.call = call, .release = release, .style.every_component = whole};
	bool saves = tu_api_query_true(call, "download");
	enum tu_status status = tu_api_kb(call, err);

	if (status != TU_OK)
		return status;
	tu_sink_init_memory(&x.sink, DOCUMENT_MAX);
	status = tu_api_read(call, write_findings, &x, err);
	if (status == TU_OK)
		tu_api_answer_buf(call, "application/vnd.cyclonedx+json", &x.sink.buf,
			!saves		? TU_STR("")
				: whole ? TU_STR("bom.json")
					: TU_STR("vdr.json"));
	tu_sink_done(&x.sink);
	return status;
}

/* ---- which ---- */

static enum tu_status wrong(struct tu_api_call *call, struct tu_error *err, const char *words)
{
	return tu_dtrack__bad(call, tu_fail(err, TU_E_USAGE, 0, "%s", words));
}

enum tu_status tu_dtrack_get_bom(struct tu_api_call *call, struct tu_error *err)
{
	struct tu_str format = tu_api_query(call, "format"),
		      version = tu_api_query(call, "version");
	struct tu_str variant = tu_api_query(call, "variant");
	struct tu_projects projects;
	bool finds;
	enum tu_status status = tu_dtrack__read_project(call, call->path[0], &projects, err);

	if (status != TU_OK)
		return status;
	finds = tu_str_ieq(variant, TU_STR("withVulnerabilities")) ||
		tu_str_ieq(variant, TU_STR("vdr"));
	if (variant.len && !finds && !tu_str_ieq(variant, TU_STR("inventory")))
		return wrong(call, err, "variant is inventory, withVulnerabilities or vdr");
	if (finds &&
		((format.len && !tu_str_ieq(format, TU_STR("json"))) ||
			(version.len && !tu_str_eq(version, TU_STR("1.6")))))
		return wrong(
			call, err, "with vulnerabilities it is written as JSON of version 1.6");
	if (!projects.one->imported)
		return tu_fail(err, TU_E_NOTFOUND, 0, "The project has no SBOM.");
	if (finds)
		return answer_findings(
			call, projects.one->public_id, !tu_str_ieq(variant, TU_STR("vdr")), err);
	for (size_t i = 0; i < TU_COUNT(targets); i++)
		if (tu_str_ieq(format.len ? format : TU_STR("json"), tu_str_c(targets[i].format)) &&
			tu_str_eq(version.len ? version : TU_STR("1.6"),
				tu_str_c(targets[i].version)))
			return convert(call, projects.one->public_id, i, err);
	return wrong(call, err, "format is json or xml, version 1.6 or 1.7");
}
