/*
 * CycloneDX XML 1.0 to 1.7, written as CycloneDX JSON (see rewrite.h).
 *
 * Elements and attributes: the specification's XML schemas, github.com/CycloneDX/specification,
 * schema/bom-1.0.xsd to bom-1.7.xsd; and the two extensions of the time before 1.4,
 * schema/ext/vulnerability-1.0.xsd and dependency-graph-1.0.xsd.
 *
 * The tables say what becomes of each element. SKIPPED: understood and not needed, as in the tables
 * of the JSON reader. The walk is in cyclonedx_xml_walk.c.
 */
#include "sbom/read/cyclonedx_xml.h"

static const struct tu_cdx_shape skipped = {.kind = TU_CDX_SKIPPED};
static const struct tu_cdx_shape aside = {.kind = TU_CDX_ASIDE};
static const struct tu_cdx_shape text = {.kind = TU_CDX_TEXT};
static const struct tu_cdx_shape ref = {.kind = TU_CDX_REF};
static const struct tu_cdx_shape empty = {.kind = TU_CDX_EMPTY};

/* A shape with the children in name_children. */
#define SHAPE(name, ...) \
	static const struct tu_cdx_shape name = { \
		.children = name##_children, .count = TU_COUNT(name##_children), __VA_ARGS__}

/* ---- what a component has ---- */

static const struct tu_cdx_child contact_children[] = {{"email", "email", &text, false}};
SHAPE(contact, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child entity_children[] = {{"name", "name", &text, false},
	{"email", "email", &text, false}, {"url", "url", &text, true},
	{"contact", "contact", &contact, true}};
SHAPE(entity, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child entities_children[] = {
	{"author", NULL, &entity, false}, {"individual", NULL, &entity, false}};
SHAPE(entities, .kind = TU_CDX_LIST);

static const char *const hash_attributes[] = {"alg", NULL};
static const struct tu_cdx_shape hash = {
	.kind = TU_CDX_OBJECT, .text = "content", .attributes = hash_attributes};
static const struct tu_cdx_child hashes_children[] = {{"hash", NULL, &hash, false}};
SHAPE(hashes, .kind = TU_CDX_LIST);

static const char *const property_attributes[] = {"name", NULL};
static const struct tu_cdx_shape property = {
	.kind = TU_CDX_OBJECT, .text = "value", .attributes = property_attributes};
static const struct tu_cdx_child properties_children[] = {{"property", NULL, &property, false}};
SHAPE(properties, .kind = TU_CDX_LIST);

static const struct tu_cdx_child licence_children[] = {
	{"id", "id", &text, false}, {"name", "name", &text, false}};
SHAPE(licence, .kind = TU_CDX_OBJECT, .open = true);
/* expression-detailed: 1.7. */
static const char *const expression_attributes[] = {"expression", NULL};
static const struct tu_cdx_shape expression_detailed = {
	.kind = TU_CDX_OBJECT, .attributes = expression_attributes, .open = true};
static const struct tu_cdx_child licences_children[] = {
	{"license", "license", &licence, false},
	{"expression", "expression", &text, false},
	{"expression-detailed", NULL, &expression_detailed, false},
};
SHAPE(licences, .kind = TU_CDX_LIST);

static const char *const swid_attributes[] = {"tagId", NULL};
static const struct tu_cdx_shape swid = {
	.kind = TU_CDX_OBJECT, .attributes = swid_attributes, .open = true};

static const char *const type_attributes[] = {"type", NULL};
static const struct tu_cdx_child issue_children[] = {
	{"id", "id", &text, false},
	{"name", "name", &text, false},
	{"description", "description", &text, false},
	{"source", NULL, &skipped, false},
	{"references", NULL, &skipped, false},
};
SHAPE(issue, .kind = TU_CDX_OBJECT, .attributes = type_attributes);
static const struct tu_cdx_child resolves_children[] = {{"issue", NULL, &issue, false}};
SHAPE(resolves, .kind = TU_CDX_LIST);
static const struct tu_cdx_child diff_children[] = {
	{"url", "url", &text, false}, {"text", NULL, &skipped, false}};
SHAPE(diff, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child patch_children[] = {
	{"diff", "diff", &diff, false}, {"resolves", "resolves", &resolves, false}};
SHAPE(patch, .kind = TU_CDX_OBJECT, .attributes = type_attributes);
static const struct tu_cdx_child patches_children[] = {{"patch", NULL, &patch, false}};
SHAPE(patches, .kind = TU_CDX_LIST);
static const struct tu_cdx_child relatives_children[] = {{"component", NULL, &empty, false}};
SHAPE(relatives, .kind = TU_CDX_LIST);
static const struct tu_cdx_child pedigree_children[] = {
	{"patches", "patches", &patches, false},
	{"ancestors", "ancestors", &relatives, false},
	{"descendants", "descendants", &relatives, false},
	{"variants", "variants", &relatives, false},
	{"commits", NULL, &skipped, false},
	{"notes", NULL, &skipped, false},
};
SHAPE(pedigree, .kind = TU_CDX_OBJECT);

static const struct tu_cdx_child identity_children[] = {
	{"field", "field", &text, false},
	{"concludedValue", "concludedValue", &text, false},
	{"confidence", NULL, &skipped, false},
	{"methods", NULL, &skipped, false},
	{"tools", NULL, &skipped, false},
};
SHAPE(identity, .kind = TU_CDX_OBJECT);
static const struct tu_cdx_child evidence_children[] = {
	{"identity", "identity", &identity, true},
	{"occurrences", NULL, &skipped, false},
	{"callstack", NULL, &skipped, false},
	{"licenses", NULL, &skipped, false},
	{"copyright", NULL, &skipped, false},
};
SHAPE(evidence, .kind = TU_CDX_OBJECT);

/* ---- statements ---- */

static const struct tu_cdx_child analysis_children[] = {
	{"state", "state", &text, false},
	{"justification", "justification", &text, false},
	{"detail", "detail", &text, false},
	{"responses", NULL, &skipped, false},
	{"firstIssued", NULL, &skipped, false},
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
	{"source", NULL, &skipped, false},
	{"references", NULL, &skipped, false},
	{"ratings", NULL, &skipped, false},
	{"cwes", NULL, &skipped, false},
	{"description", NULL, &skipped, false},
	{"detail", NULL, &skipped, false},
	{"recommendation", NULL, &skipped, false},
	{"workaround", NULL, &skipped, false},
	{"proofOfConcept", NULL, &skipped, false},
	{"advisories", NULL, &skipped, false},
	{"created", NULL, &skipped, false},
	{"published", NULL, &skipped, false},
	{"updated", NULL, &skipped, false},
	{"rejected", NULL, &skipped, false},
	{"credits", NULL, &skipped, false},
	{"tools", NULL, &skipped, false},
	{"properties", NULL, &skipped, false},
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

static const struct tu_cdx_shape components;
static const char *const component_attributes[] = {"type", "bom-ref", NULL};
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
	{"description", NULL, &skipped, false},
	{"externalReferences", NULL, &skipped, false},
	{"copyright", NULL, &skipped, false},
	{"modified", NULL, &skipped, false},
	{"releaseNotes", NULL, &skipped, false},
	{"signature", NULL, &skipped, false},
	{"modelCard", NULL, &skipped, false},
	{"data", NULL, &skipped, false},
	{"cryptoProperties", NULL, &skipped, false},
	{"omniborId", NULL, &skipped, false},
	{"swhid", NULL, &skipped, false},
	{"tags", NULL, &skipped, false},
	{"isExternal", NULL, &skipped, false},
	{"patentAssertions", NULL, &skipped, false},
};
SHAPE(component, .kind = TU_CDX_OBJECT, .attributes = component_attributes);
static const struct tu_cdx_child components_children[] = {{"component", NULL, &component, false}};
SHAPE(components, .kind = TU_CDX_LIST);

static const struct tu_cdx_shape services;
static const char *const service_attributes[] = {"bom-ref", NULL};
static const struct tu_cdx_child service_children[] = {{"services", "services", &services, false}};
SHAPE(service, .kind = TU_CDX_OBJECT, .attributes = service_attributes, .open = true);
static const struct tu_cdx_child services_children[] = {{"service", NULL, &service, false}};
SHAPE(services, .kind = TU_CDX_LIST);

/* ---- the document ---- */

static const struct tu_cdx_child tool_children[] = {
	{"name", "name", &text, false}, {"version", "version", &text, false}};
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
static const struct tu_cdx_child lifecycle_children[] = {
	{"phase", "phase", &text, false}, {"name", "name", &text, false}};
SHAPE(lifecycle, .kind = TU_CDX_OBJECT, .open = true);
static const struct tu_cdx_child lifecycles_children[] = {{"lifecycle", NULL, &lifecycle, false}};
SHAPE(lifecycles, .kind = TU_CDX_LIST);
static const struct tu_cdx_child metadata_children[] = {
	{"timestamp", "timestamp", &text, false},
	{"tools", "tools", &tools, false},
	{"component", "component", &component, false},
	{"authors", "authors", &entities, false},
	{"licenses", NULL, &skipped, false},
	{"lifecycles", "lifecycles", &lifecycles, false},
	{"manufacture", NULL, &skipped, false},
	{"manufacturer", "manufacturer", &entity, false},
	{"properties", NULL, &skipped, false},
	{"supplier", NULL, &skipped, false},
	{"distributionConstraints", NULL, &skipped, false},
};
SHAPE(metadata, .kind = TU_CDX_OBJECT);

static const char *const dependency_attributes[] = {"ref", NULL};
static const struct tu_cdx_child dependency_children[] = {
	{"dependency", "dependsOn", &ref, true}, {"provides", "provides", &ref, true}};
SHAPE(dependency, .kind = TU_CDX_OBJECT, .attributes = dependency_attributes);
static const struct tu_cdx_child dependencies_children[] = {
	{"dependency", NULL, &dependency, false}};
SHAPE(dependencies, .kind = TU_CDX_LIST);

static const char *const bom_attributes[] = {"serialNumber", NULL};
static const struct tu_cdx_child bom_children[] = {
	{"metadata", "metadata", &metadata, false},
	{"components", "components", &components, false},
	{"services", "services", &services, false},
	{"dependencies", "dependencies", &dependencies, false},
	{"vulnerabilities", NULL, &vulnerabilities, false},
	{"externalReferences", NULL, &skipped, false},
	{"properties", NULL, &skipped, false},
	{"signature", NULL, &skipped, false},
	{"citations", NULL, &skipped, false},
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
