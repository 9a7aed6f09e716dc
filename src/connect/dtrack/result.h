/*
 * What the calls of results and triage have in common: the project that is meant, its findings, a
 * vulnerability in the words of Dependency-Track.
 *
 * All lives in the call's arena or in the list of the call. What is not in the scope is
 * "no such project".
 */
#ifndef TU_CONNECT_DTRACK_RESULT_H
#define TU_CONNECT_DTRACK_RESULT_H

#include "api/call.h"
#include "connect/dtrack/ids.h"
#include "portfolio/release.h"

struct tu_dtrack_project {
	struct tu_dtrack_uuid uuid;
	struct tu_str id; /* public id of the release */
	struct tu_str name, version; /* as its clients know it (portfolio/project.h) */
	struct tu_str device, release; /* name and version */
	int64_t imported; /* us, when its SBOM came; 0: it has none */
	int64_t release_id, device_id;
	bool has_sbom;
	bool due; /* something changed of which its findings do not know yet */
	struct tu_release_data data;
	uint32_t undecided_days; /* of its policy; 0: no limit */
};

/* The project of a UUID. TU_E_NOTFOUND. */
TU_NODISCARD enum tu_status tu_dtrack__project(struct tu_api_call *call, struct tu_str uuid,
	struct tu_dtrack_project *out, struct tu_error *err);
/* The same by name and version. */
TU_NODISCARD enum tu_status tu_dtrack__project_named(struct tu_api_call *call, struct tu_str name,
	struct tu_str version, struct tu_dtrack_project *out, struct tu_error *err);

/* All findings of a project, in an order of the list: zeroed is by severity, rising. */
struct tu_dtrack_order {
	enum tu_list_sort sort;
	bool descending;
};
extern const struct tu_dtrack_order tu_dtrack__worst_first;

struct tu_dtrack_findings {
	struct tu_list_finding *at;
	size_t count;
};
TU_NODISCARD enum tu_status tu_dtrack__findings(struct tu_api_call *call,
	const struct tu_dtrack_project *project, const struct tu_dtrack_order *order,
	struct tu_dtrack_findings *out, struct tu_error *err);

/* ---- paging ---- */

/* pageNumber and pageSize, or offset and limit. Without any of them everything is meant, as of the
 * version of the API that this is: what was not asked to be cut is not cut. Sets
 * X-Total-Count. TU_E_USAGE. */
struct tu_dtrack_cut {
	size_t from, to;
};
TU_NODISCARD enum tu_status tu_dtrack__cut(
	struct tu_api_call *call, size_t total, struct tu_dtrack_cut *out, struct tu_error *err);

/* ---- words ---- */

/* "CRITICAL" and its rank; unknown is UNASSIGNED, never LOW. */
const char *tu_dtrack__severity(uint8_t severity);
int tu_dtrack__severity_rank(uint8_t severity);
/* "NVD", "GITHUB", "SNYK", "OSV"; "UNKNOWN". */
const char *tu_dtrack__source(struct tu_str vulnerability);
/* The state of an analysis: NULL for a finding that nobody has assessed. What is proposed or was
 * re-opened is IN_TRIAGE: it is not what the proposal says until that is approved. */
const char *tu_dtrack__state(const struct tu_list_finding *finding);

/* ---- JSON ---- */

/* Members of a vulnerability that a finding and the vulnerability itself have alike. */
TU_NODISCARD enum tu_status tu_dtrack__vulnerability(struct tu_api_call *call,
	struct tu_json_writer *json, const struct tu_list_vulnerability *vulnerability,
	struct tu_error *err);
/* The uuid of a component of a finding. */
struct tu_dtrack_uuid tu_dtrack__component_uuid(const struct tu_list_finding *finding);
/* Members "uuid", "name", "version", … of a component, without project. */
void tu_dtrack__component(struct tu_json_writer *json, const struct tu_list_finding *finding);
/* Time in ms since 1970, as its clients read them. */
static inline int64_t tu_dtrack__ms(int64_t us)
{
	return us / 1000;
}
/* A finding as an object. */
TU_NODISCARD enum tu_status tu_dtrack__finding(struct tu_api_call *call,
	const struct tu_dtrack_project *project, const struct tu_list_finding *finding,
	struct tu_error *err);

#endif
