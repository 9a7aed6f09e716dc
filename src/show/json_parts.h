/*
 * Objects that several JSON outputs share; docs/formats/scan.md describes each.
 */
#ifndef TU_SHOW_JSON_PARTS_H
#define TU_SHOW_JSON_PARTS_H

#include "base/json_writer.h"
#include "app/findings.h"
#include "gate/gate.h"
#include "match/version_keys.h"

/* "tool": name and version. */
void tu_json_tool(struct tu_json_writer *json);
/* "knowledge_base": which, checksum, newest date, counts, sources. `path` empty: the starter;
 * `sidecar` NULL: nothing says how fresh its sources are. */
void tu_json_knowledge_base(struct tu_json_writer *json, const struct tu_kb_info *info,
	struct tu_str path, const struct tu_sidecar *sidecar);
/* "sbom": format, serial, name, … */
void tu_json_sbom(
	struct tu_json_writer *json, const struct tu_inventory *inventory, struct tu_str path);

/* Member "policy": the expression of --fail-on and what came of it; none for an empty expression.
 */
void tu_json_gate(struct tu_json_writer *json, struct tu_str expression,
	const struct tu_gate_verdict *verdict);

/* Members "severity", "score", "kev", "exploited", "epss" of the open object. */
void tu_json_weight(struct tu_json_writer *json, const struct tu_kb *kb,
	const struct tu_report_vulnerability *vulnerability);
/* Member "exploited": every catalogue's word that it is, the withdrawn ones too. */
void tu_json_exploited(struct tu_json_writer *json, const struct tu_kb *kb, uint32_t vulnerability);
/* A score as an object value. */
void tu_json_score(struct tu_json_writer *json, const struct tu_kb *kb,
	const struct tu_score *score, uint32_t record);
/* A piece of a finding's evidence as an object value. */
void tu_json_evidence(struct tu_json_writer *json, struct kb_versions *versions,
	const struct tu_finding *finding, size_t index);
/* Reference to a component as an object value: bom_ref, name, version, purl, pointer. */
void tu_json_component(struct tu_json_writer *json, const struct tu_inventory *inventory,
	const struct tu_component *component);
/* A date of seconds since 1970 as a member; none for 0. */
void tu_json_date(struct tu_json_writer *json, const char *key, int64_t seconds);
/* A list of texts as a member; none when it is empty. */
void tu_json_texts(
	struct tu_json_writer *json, const char *key, const struct tu_str *texts, size_t count);

/* The release of a product and the ends of its support: as members, or as an object. */
void tu_json_lifecycle_members(struct tu_json_writer *json, const struct tu_support_cycle *cycle);
void tu_json_lifecycle(struct tu_json_writer *json, const struct tu_support_cycle *cycle);

#endif
