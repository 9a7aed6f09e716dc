/*
 * CycloneDX XML 1.0 to 1.7, written as CycloneDX JSON (see rewrite.h).
 *
 * Elements and attributes: the specification's XML schemas, github.com/CycloneDX/specification,
 * schema/bom-1.0.xsd to bom-1.7.xsd; and the two extensions of the time before 1.4,
 * schema/ext/vulnerability-1.0.xsd and dependency-graph-1.0.xsd.
 *
 * The tables say what becomes of each element. EMPTY: the JSON reader says that it is not kept. The
 * walk is in cyclonedx_xml_walk.c.
 */
#include "sbom/read/cyclonedx_xml.h"

static const struct tu_cdx_shape aside = {.kind = TU_CDX_ASIDE};
static const struct tu_cdx_shape text = {.kind = TU_CDX_TEXT};
static const struct tu_cdx_shape number = {.kind = TU_CDX_NUMBER};
static const struct tu_cdx_shape ref = {.kind = TU_CDX_REF};
static const struct tu_cdx_shape empty = {.kind = TU_CDX_EMPTY};

/* A shape with the children in name_children. */
#define SHAPE(name, ...) \
	static const struct tu_cdx_shape name = { \
		.children = name##_children, .count = TU_COUNT(name##_children), __VA_ARGS__}

/* ---- what a component has ---- */

static const struct tu_cdx_child contact_children[] = {{"name", "name", &text, false},
	{"email", "email", &text, false}, {"phone", "phone", &text, false}};
SHAPE(contact, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child entity_children[] = {{"name", "name", &text, false},
	{"email", "email", &text, false}, {"phone", "phone", &text, false},
	{"url", "url", &text, true}, {"contact", "contact", &contact, true},
	{"address", "address", &empty, false}};
SHAPE(entity, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child entities_children[] = {
	{"author", NULL, &entity, false}, {"individual", NULL, &entity, false}};
SHAPE(entities, .kind = TU_CDX_LIST);

static const struct tu_cdx_attribute hash_attributes[] = {
	{"alg", "alg", false}, {NULL, NULL, false}};
static const struct tu_cdx_shape hash = {
	.kind = TU_CDX_OBJECT, .text = "content", .attributes = hash_attributes};
static const struct tu_cdx_child hashes_children[] = {{"hash", NULL, &hash, false}};
SHAPE(hashes, .kind = TU_CDX_LIST);

static const struct tu_cdx_attribute property_attributes[] = {
	{"name", "name", false}, {NULL, NULL, false}};
static const struct tu_cdx_shape property = {
	.kind = TU_CDX_OBJECT, .text = "value", .attributes = property_attributes};
static const struct tu_cdx_child properties_children[] = {{"property", NULL, &property, false}};
SHAPE(properties, .kind = TU_CDX_LIST);

static const struct tu_cdx_attribute attachment_attributes[] = {
	{"content-type", "contentType", false}, {"encoding", "encoding", false},
	{NULL, NULL, false}};
static const struct tu_cdx_shape attachment = {
	.kind = TU_CDX_OBJECT, .text = "content", .attributes = attachment_attributes};
static const struct tu_cdx_attribute licence_attributes[] = {
	{"acknowledgement", "acknowledgement", false}, {NULL, NULL, false}};
static const struct tu_cdx_child licence_children[] = {
	{"id", "id", &text, false},
	{"name", "name", &text, false},
	{"text", "text", &attachment, false},
	{"url", "url", &text, false},
	{"licensing", "licensing", &empty, false},
	{"properties", "properties", &empty, false},
};
SHAPE(licence, .kind = TU_CDX_OBJECT, .attributes = licence_attributes, .open = true);
static const struct tu_cdx_shape expression = {
	.kind = TU_CDX_OBJECT, .text = "expression", .attributes = licence_attributes};
/* expression-detailed: 1.7. */
static const struct tu_cdx_attribute detailed_attributes[] = {{"expression", "expression", false},
	{"acknowledgement", "acknowledgement", false}, {NULL, NULL, false}};
static const struct tu_cdx_child detailed_children[] = {
	{"details", "expressionDetails", &empty, true}};
SHAPE(detailed, .kind = TU_CDX_OBJECT, .attributes = detailed_attributes, .open = true);
static const struct tu_cdx_child licences_children[] = {
	{"license", "license", &licence, false},
	{"expression", NULL, &expression, false},
	{"expression-detailed", NULL, &detailed, false},
};
SHAPE(licences, .kind = TU_CDX_LIST);

static const struct tu_cdx_attribute swid_attributes[] = {
	{"tagId", "tagId", false}, {NULL, NULL, false}};
static const struct tu_cdx_shape swid = {
	.kind = TU_CDX_OBJECT, .attributes = swid_attributes, .open = true};

static const struct tu_cdx_attribute type_attributes[] = {
	{"type", "type", false}, {NULL, NULL, false}};
static const struct tu_cdx_child source_children[] = {
	{"name", "name", &text, false}, {"url", "url", &text, false}};
SHAPE(source, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child links_children[] = {{"url", NULL, &text, false}};
SHAPE(links, .kind = TU_CDX_LIST);
static const struct tu_cdx_child issue_children[] = {
	{"id", "id", &text, false},
	{"name", "name", &text, false},
	{"description", "description", &text, false},
	{"source", "source", &source, false},
	{"references", "references", &links, false},
};
SHAPE(issue, .kind = TU_CDX_OBJECT, .attributes = type_attributes);
static const struct tu_cdx_child resolves_children[] = {{"issue", NULL, &issue, false}};
SHAPE(resolves, .kind = TU_CDX_LIST);
static const struct tu_cdx_child diff_children[] = {
	{"url", "url", &text, false}, {"text", "text", &attachment, false}};
SHAPE(diff, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child patch_children[] = {
	{"diff", "diff", &diff, false}, {"resolves", "resolves", &resolves, false}};
SHAPE(patch, .kind = TU_CDX_OBJECT, .attributes = type_attributes);
static const struct tu_cdx_child patches_children[] = {{"patch", NULL, &patch, false}};
SHAPE(patches, .kind = TU_CDX_LIST);
static const struct tu_cdx_child actor_children[] = {
	{"timestamp", "timestamp", &text, false},
	{"name", "name", &text, false},
	{"email", "email", &text, false},
};
SHAPE(actor, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child commit_children[] = {
	{"uid", "uid", &text, false},
	{"url", "url", &text, false},
	{"author", "author", &actor, false},
	{"committer", "committer", &actor, false},
	{"message", "message", &text, false},
};
SHAPE(commit, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child commits_children[] = {{"commit", NULL, &commit, false}};
SHAPE(commits, .kind = TU_CDX_LIST);
static const struct tu_cdx_shape components;
static const struct tu_cdx_child pedigree_children[] = {
	{"ancestors", "ancestors", &components, false},
	{"descendants", "descendants", &components, false},
	{"variants", "variants", &components, false},
	{"commits", "commits", &commits, false},
	{"patches", "patches", &patches, false},
	{"notes", "notes", &text, false},
};
SHAPE(pedigree, .kind = TU_CDX_OBJECT);

static const struct tu_cdx_child method_children[] = {
	{"technique", "technique", &text, false},
	{"confidence", "confidence", &number, false},
	{"value", "value", &text, false},
};
SHAPE(method, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child methods_children[] = {{"method", NULL, &method, false}};
SHAPE(methods, .kind = TU_CDX_LIST);
static const struct tu_cdx_child tool_refs_children[] = {{"tool", NULL, &ref, false}};
SHAPE(tool_refs, .kind = TU_CDX_LIST);
static const struct tu_cdx_child identity_children[] = {
	{"field", "field", &text, false},
	{"confidence", "confidence", &number, false},
	{"concludedValue", "concludedValue", &text, false},
	{"methods", "methods", &methods, false},
	{"tools", "tools", &tool_refs, false},
};
SHAPE(identity, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_attribute occurrence_attributes[] = {
	{"bom-ref", "bom-ref", false}, {NULL, NULL, false}};
static const struct tu_cdx_child occurrence_children[] = {
	{"location", "location", &text, false},
	{"line", "line", &number, false},
	{"offset", "offset", &number, false},
	{"symbol", "symbol", &text, false},
	{"additionalContext", "additionalContext", &text, false},
};
SHAPE(occurrence, .kind = TU_CDX_OBJECT, .attributes = occurrence_attributes);
static const struct tu_cdx_child occurrences_children[] = {
	{"occurrence", NULL, &occurrence, false}};
SHAPE(occurrences, .kind = TU_CDX_LIST);
static const struct tu_cdx_child parameters_children[] = {{"parameter", NULL, &text, false}};
SHAPE(parameters, .kind = TU_CDX_LIST);
static const struct tu_cdx_child stack_frame_children[] = {
	{"package", "package", &text, false},
	{"module", "module", &text, false},
	{"function", "function", &text, false},
	{"parameters", "parameters", &parameters, false},
	{"line", "line", &number, false},
	{"column", "column", &number, false},
	{"fullFilename", "fullFilename", &text, false},
};
SHAPE(stack_frame, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child stack_frames_children[] = {{"frame", NULL, &stack_frame, false}};
SHAPE(stack_frames, .kind = TU_CDX_LIST);
static const struct tu_cdx_child callstack_children[] = {
	{"frames", "frames", &stack_frames, false}};
SHAPE(callstack, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child copyrights_children[] = {{"text", "text", &text, false}};
SHAPE(copyrights, .kind = TU_CDX_LIST);
static const struct tu_cdx_child evidence_children[] = {
	{"identity", "identity", &identity, true},
	{"occurrences", "occurrences", &occurrences, false},
	{"callstack", "callstack", &callstack, false},
	{"licenses", "licenses", &licences, false},
	{"copyright", "copyright", &copyrights, false},
};
SHAPE(evidence, .kind = TU_CDX_OBJECT);

static const struct tu_cdx_child reference_children[] = {
	{"url", "url", &text, false},
	{"comment", "comment", &text, false},
	{"hashes", "hashes", &hashes, false},
	{"properties", "properties", &empty, false},
};
SHAPE(reference, .kind = TU_CDX_OBJECT, .attributes = type_attributes);
static const struct tu_cdx_child references_children[] = {{"reference", NULL, &reference, false}};
SHAPE(references, .kind = TU_CDX_LIST);
static const struct tu_cdx_child tags_children[] = {{"tag", NULL, &text, false}};
SHAPE(tags, .kind = TU_CDX_LIST);

/* ---- statements ---- */

static const struct tu_cdx_child analysis_children[] = {
	{"state", "state", &text, false},
	{"justification", "justification", &text, false},
	{"detail", "detail", &text, false},
	{"responses", "response", &empty, false},
	{"firstIssued", "firstIssued", &text, false},
	{"lastUpdated", "lastUpdated", &text, false},
};
SHAPE(analysis, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child affected_children[] = {
	{"version", "version", &text, false},
	{"range", "range", &text, false},
	{"status", "status", &text, false},
};
SHAPE(affected, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child versions_children[] = {{"version", NULL, &affected, false}};
SHAPE(versions, .kind = TU_CDX_LIST);
static const struct tu_cdx_child target_children[] = {
	{"ref", "ref", &text, false}, {"versions", "versions", &versions, false}};
SHAPE(target, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child affects_children[] = {{"target", NULL, &target, false}};
SHAPE(affects, .kind = TU_CDX_LIST);
static const struct tu_cdx_child vulnerability_children[] = {
	{"id", "id", &text, false},
	{"analysis", "analysis", &analysis, false},
	{"affects", "affects", &affects, false},
	{"source", "source", &empty, false},
	{"references", "references", &empty, false},
	{"ratings", "ratings", &empty, false},
	{"cwes", "cwes", &empty, false},
	{"description", "description", &empty, false},
	{"detail", "detail", &empty, false},
	{"recommendation", "recommendation", &empty, false},
	{"workaround", "workaround", &empty, false},
	{"proofOfConcept", "proofOfConcept", &empty, false},
	{"advisories", "advisories", &empty, false},
	{"created", "created", &empty, false},
	{"published", "published", &empty, false},
	{"updated", "updated", &empty, false},
	{"rejected", "rejected", &empty, false},
	{"credits", "credits", &empty, false},
	{"tools", "tools", &empty, false},
	{"properties", "properties", &empty, false},
};
SHAPE(vulnerability, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child vulnerabilities_children[] = {
	{"vulnerability", NULL, &vulnerability, false}};
SHAPE(vulnerabilities, .kind = TU_CDX_LIST, .to_statements = true);

/* The extension's: inside a component, about the one in its attribute "ref". */
static const struct tu_cdx_child ext_vulnerability_children[] = {{"id", "id", &text, false}};
SHAPE(ext_vulnerability, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child ext_vulnerabilities_children[] = {
	{"vulnerability", NULL, &ext_vulnerability, false}};
SHAPE(ext_vulnerabilities, .kind = TU_CDX_LIST, .to_statements = true);

/* ---- components and services ---- */

static const struct tu_cdx_attribute component_attributes[] = {{"type", "type", false},
	{"bom-ref", "bom-ref", false}, {"mime-type", "mime-type", false},
	{"isExternal", "isExternal", true}, {NULL, NULL, false}};
static const struct tu_cdx_child component_children[] = {
	{"group", "group", &text, false},
	{"name", "name", &text, false},
	{"version", "version", &text, false},
	{"purl", "purl", &text, false},
	{"cpe", "cpe", &text, false},
	{"licenses", "licenses", &licences, false},
	{"hashes", "hashes", &hashes, false},
	{"properties", "properties", &properties, false},
	{"scope", "scope", &text, false},
	{"publisher", "publisher", &text, false},
	{"author", "author", &text, false},
	{"authors", "authors", &entities, false},
	{"supplier", "supplier", &entity, false},
	{"manufacturer", "manufacturer", &entity, false},
	{"components", "components", &components, false},
	{"evidence", "evidence", &evidence, false},
	{"pedigree", "pedigree", &pedigree, false},
	{"swid", "swid", &swid, false},
	{"versionRange", "versionRange", &text, false},
	{"description", "description", &text, false},
	{"externalReferences", "externalReferences", &references, false},
	{"copyright", "copyright", &text, false},
	{"modified", "modified", &text, false},
	{"releaseNotes", "releaseNotes", &empty, false},
	{"signature", "signature", &empty, false},
	{"modelCard", "modelCard", &empty, false},
	{"data", "data", &empty, true},
	{"cryptoProperties", "cryptoProperties", &empty, false},
	{"omniborId", "omniborId", &text, true},
	{"swhid", "swhid", &text, true},
	{"tags", "tags", &tags, false},
	{"patentAssertions", "patentAssertions", &empty, false},
};
SHAPE(component, .kind = TU_CDX_OBJECT, .attributes = component_attributes);
static const struct tu_cdx_child components_children[] = {{"component", NULL, &component, false}};
SHAPE(components, .kind = TU_CDX_LIST);

static const struct tu_cdx_shape services;
static const struct tu_cdx_attribute service_attributes[] = {
	{"bom-ref", "bom-ref", false}, {NULL, NULL, false}};
static const struct tu_cdx_child service_children[] = {{"services", "services", &services, false}};
SHAPE(service, .kind = TU_CDX_OBJECT, .attributes = service_attributes, .open = true);
static const struct tu_cdx_child services_children[] = {{"service", NULL, &service, false}};
SHAPE(services, .kind = TU_CDX_LIST);

/* ---- the document ---- */

static const struct tu_cdx_child tool_children[] = {
	{"name", "name", &text, false},
	{"version", "version", &text, false},
	{"vendor", "vendor", &text, false},
	{"hashes", "hashes", &empty, false},
	{"externalReferences", "externalReferences", &empty, false},
};
SHAPE(tool, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child tool_components_children[] = {
	{"component", NULL, &tool, false}, {"service", NULL, &tool, false}};
SHAPE(tool_components, .kind = TU_CDX_LIST);
/* Up to 1.4 a list of tools, then two lists; JSON's second form contains both. */
static const struct tu_cdx_child tools_children[] = {
	{"tool", "components", &tool, true},
	{"components", "components", &tool_components, false},
	{"services", "services", &tool_components, false},
};
SHAPE(tools, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child lifecycle_children[] = {{"phase", "phase", &text, false},
	{"name", "name", &text, false}, {"description", "description", &text, false}};
SHAPE(lifecycle, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child lifecycles_children[] = {{"lifecycle", NULL, &lifecycle, false}};
SHAPE(lifecycles, .kind = TU_CDX_LIST);
static const struct tu_cdx_child metadata_children[] = {
	{"timestamp", "timestamp", &text, false},
	{"tools", "tools", &tools, false},
	{"component", "component", &component, false},
	{"authors", "authors", &entities, false},
	{"licenses", "licenses", &licences, false},
	{"lifecycles", "lifecycles", &lifecycles, false},
	{"manufacture", "manufacture", &entity, false},
	{"manufacturer", "manufacturer", &entity, false},
	{"properties", "properties", &properties, false},
	{"supplier", "supplier", &entity, false},
	{"distributionConstraints", "distributionConstraints", &empty, false},
};
SHAPE(metadata, .kind = TU_CDX_OBJECT);

static const struct tu_cdx_attribute dependency_attributes[] = {
	{"ref", "ref", false}, {NULL, NULL, false}};
static const struct tu_cdx_child dependency_children[] = {
	{"dependency", "dependsOn", &ref, true}, {"provides", "provides", &ref, true}};
SHAPE(dependency, .kind = TU_CDX_OBJECT, .attributes = dependency_attributes);
static const struct tu_cdx_child dependencies_children[] = {
	{"dependency", NULL, &dependency, false}};
SHAPE(dependencies, .kind = TU_CDX_LIST);

static const struct tu_cdx_attribute bom_attributes[] = {
	{"serialNumber", "serialNumber", false}, {"version", "version", true}, {NULL, NULL, false}};
static const struct tu_cdx_child bom_children[] = {
	{"metadata", "metadata", &metadata, false},
	{"components", "components", &components, false},
	{"services", "services", &services, false},
	{"dependencies", "dependencies", &dependencies, false},
	{"vulnerabilities", NULL, &vulnerabilities, false},
	{"externalReferences", "externalReferences", &references, false},
	{"properties", "properties", &properties, false},
	{"signature", "signature", &empty, false},
	{"citations", NULL, &aside, false},
	{"compositions", NULL, &aside, false},
	{"annotations", NULL, &aside, false},
	{"formulation", NULL, &aside, false},
	{"declarations", NULL, &aside, false},
	{"definitions", NULL, &aside, false},
};
SHAPE(bom, .kind = TU_CDX_OBJECT, .attributes = bom_attributes);

/* Extensions, by the start of their namespace. */
static const struct {
	struct tu_str space;
	struct tu_cdx_child child;
} extensions[] = {
	{TU_STR_INIT(TU_CDX_SPACE_VULNERABILITY),
		{"vulnerabilities", NULL, &ext_vulnerabilities, false}},
	{TU_STR_INIT(TU_CDX_SPACE_DEPENDENCY),
		{"dependencies", "dependencies", &dependencies, false}},
};

const struct tu_cdx_child *tu_sbom__cdx_extension(struct tu_str space, struct tu_str local)
{
	for (size_t i = 0; i < TU_COUNT(extensions); i++) {
		if (tu_str_starts(space, extensions[i].space) &&
			tu_str_eq(tu_str_c(extensions[i].child.element), local))
			return &extensions[i].child;
	}
	return NULL;
}

const struct tu_cdx_shapes tu_sbom__cdx_shapes = {
	.bom = &bom,
	.metadata = &metadata,
	.component = &component,
	.vulnerability = &vulnerability,
	.ext_vulnerability = &ext_vulnerability,
};
