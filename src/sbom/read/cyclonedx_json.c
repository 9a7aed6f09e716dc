/* CycloneDX JSON, the document (see cyclonedx.h). */
#include "sbom/read/cyclonedx.h"
#include "sbom/read/members.h"

#include <stddef.h>

/* Tools: [{"vendor", "name", "version"}]; from 1.5 on also {"components": […], "services": […]}. */
static enum tu_status read_tool(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_walk walk = tu_sbom__walk(at);
	enum tu_status status = tu_sbom__add_tool(
		b, TU_JSON_STR(at->value, "name"), TU_JSON_STR(at->value, "version"));

	(void)into;
	while (!status && tu_sbom__next(&walk)) {
		if (!tu_str_eq(walk.at.key, TU_STR("name")) &&
			!tu_str_eq(walk.at.key, TU_STR("version")) &&
			!tu_str_eq(walk.at.key, TU_STR("type")))
			status = tu_sbom__unkept(
				b, &walk.at, "lost: member of a tool:", walk.at.key);
	}
	return status;
}

static enum tu_status read_tool_list(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_tool, into);
}

static const struct tu_sbom_member tools_members[] = {
	{TU_STR_INIT("components"), TU_SBOM_ARRAY, read_tool_list, 0},
	{TU_STR_INIT("services"), TU_SBOM_ARRAY, read_tool_list, 0},
};
static const struct tu_sbom_shape tools_shape = {
	"not understood: member of the tools:", tools_members, TU_COUNT(tools_members)};

static enum tu_status read_tools(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	if (tu_json_is_object(at->value))
		return tu_sbom__object(b, at, &tools_shape, into);
	return read_tool_list(b, at, into);
}

/* The subject is a component too, the first one. */
static enum tu_status read_subject(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_inventory *inventory = b->inventory;
	enum tu_status status = tu_sbom__cyclonedx_component(
		b, at, TU_NO_COMPONENT, TU_NO_COMPONENT, &inventory->subject);

	(void)into;
	if (!status && inventory->subject != TU_NO_COMPONENT)
		inventory->name = b->components.at[inventory->subject].name;
	return status;
}

/* One of the maker's own has a name. */
static enum tu_status read_phase(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_at description = tu_sbom__member(at, TU_STR("description"));
	struct tu_str phase = TU_JSON_STR(at->value, "phase");
	struct tu_str copy;

	(void)into;
	if (!phase.len)
		phase = TU_JSON_STR(at->value, "name");
	if (!phase.len)
		return TU_OK;
	if (tu_sbom__copy(b, phase, &copy) || !TU_VEC_PUSH(&b->phases, copy))
		return tu_sbom__nomem(b);
	if (!b->inventory->phase.len)
		b->inventory->phase = copy;
	return tu_sbom__unkept(
		b, &description, "lost: member of a lifecycle:", TU_STR("description"));
}

static enum tu_status read_phases(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, read_phase, into);
}

static enum tu_status read_authors(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	return tu_sbom__each(b, at, TU_SBOM_OBJECT, tu_sbom__cyclonedx_author, into);
}

static enum tu_status read_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__cyclonedx_licences(b, at, &b->document);
}

static enum tu_status read_properties(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return b->for_matching ? TU_OK : tu_sbom__cyclonedx_properties(b, at, &b->document);
}

static enum tu_status keep(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__keep(b, at, &b->document);
}

static const struct tu_sbom_member metadata_members[] = {
	{TU_STR_INIT("timestamp"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, created)},
	{TU_STR_INIT("tools"), TU_SBOM_ARRAY | TU_SBOM_OBJECT, read_tools, 0},
	{TU_STR_INIT("component"), TU_SBOM_OBJECT, read_subject, 0},
	{TU_STR_INIT("authors"), TU_SBOM_ARRAY, read_authors, 0},
	{TU_STR_INIT("licenses"), TU_SBOM_ARRAY, read_licences, 0},
	{TU_STR_INIT("lifecycles"), TU_SBOM_ARRAY, read_phases, 0},
	{TU_STR_INIT("manufacture"), TU_SBOM_OBJECT, tu_sbom__cyclonedx_author, 0},
	{TU_STR_INIT("manufacturer"), TU_SBOM_OBJECT, tu_sbom__cyclonedx_author, 0},
	{TU_STR_INIT("properties"), TU_SBOM_ARRAY, read_properties, 0},
	{TU_STR_INIT("supplier"), TU_SBOM_OBJECT, tu_sbom__cyclonedx_supplier,
		SLOT(tu_inventory, supplier)},
	{TU_STR_INIT("distributionConstraints"), TU_SBOM_OBJECT, keep, 0},
};
static const struct tu_sbom_shape metadata_shape = {
	"not understood: member of the metadata:", metadata_members, TU_COUNT(metadata_members)};

/* Services are no components, but dependencies name them. */
static enum tu_status read_service(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_sbom_at nested = tu_sbom__member(at, TU_STR("services"));

	if (tu_sbom__other_ref(b, TU_JSON_STR(at->value, "bom-ref")))
		return TU_E_NOMEM;
	return tu_sbom__each(b, &nested, TU_SBOM_OBJECT, read_service, into);
}

static bool has_names(struct tu_json list)
{
	struct tu_json_iter iter = tu_json_iter(list);
	struct tu_json item;

	return tu_json_next_item(&iter, &item) && TU_JSON_STR(item, "name").len;
}

static enum tu_status read_services(struct tu_sbom_builder *b, const struct tu_sbom_at *at)
{
	enum tu_status status = tu_sbom__each(b, at, TU_SBOM_OBJECT, read_service, NULL);

	/* XML's are read only as far as dependencies name them. */
	if (!status && has_names(at->value))
		status = tu_sbom__keep(b, at, &b->document);
	else if (!status)
		status = tu_sbom__unkept(b, at, "lost: what only CycloneDX has:", at->key);
	return status ? status
		      : tu_sbom__note_count(b, at, "not read as components: services,",
				tu_json_count(at->value));
}

/* dependencies: [{"ref", "dependsOn": [ref…], "provides": [ref…]}] */
struct dependency {
	uint32_t from;
	enum tu_relation relation;
};

static enum tu_status find_end(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	struct tu_str ref, uint32_t *out_index)
{
	if (tu_sbom__find(b, ref, out_index) != TU_SBOM_FOUND_NOTHING)
		return TU_OK;
	return tu_sbom__note(b, at, "a dependency names what the document does not have:", ref);
}

static enum tu_status read_target(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct dependency *dependency = into;
	uint32_t to;
	enum tu_status status = find_end(b, at, tu_json_str(at->value), &to);

	if (!status && (to == TU_NO_COMPONENT || dependency->from == TU_NO_COMPONENT))
		return tu_sbom__unkept(
			b, at, "lost: dependencies of and on what is no component", TU_STR(""));
	if (status)
		return status;
	return tu_sbom__relate(b, dependency->from, dependency->relation, to);
}

static enum tu_status read_depends_on(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct dependency *dependency = into;

	dependency->relation = TU_REL_DEPENDS_ON;
	return tu_sbom__each(b, at, TU_SBOM_STRING, read_target, into);
}

static enum tu_status read_provides(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct dependency *dependency = into;

	dependency->relation = TU_REL_PROVIDES;
	return tu_sbom__each(b, at, TU_SBOM_STRING, read_target, into);
}

static const struct tu_sbom_member dependency_members[] = {
	KNOWN("ref"), /* looked up beforehand */
	{TU_STR_INIT("dependsOn"), TU_SBOM_ARRAY, read_depends_on, 0},
	{TU_STR_INIT("provides"), TU_SBOM_ARRAY, read_provides, 0},
};
static const struct tu_sbom_shape dependency_shape = {"not understood: member of a dependency:",
	dependency_members, TU_COUNT(dependency_members)};

static enum tu_status read_dependency(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct dependency dependency;
	struct tu_sbom_at ref = tu_sbom__member(at, TU_STR("ref"));
	enum tu_status status;

	(void)into;
	if (!tu_json_is_string(ref.value))
		return tu_sbom__note_each(b, at, "left out: a dependency without ref", TU_STR(""));
	status = find_end(b, &ref, tu_json_str(ref.value), &dependency.from);
	if (!status && !tu_json_count(tu_json_get(at->value, TU_STR("dependsOn"))))
		status = tu_sbom__add_leaf(b, dependency.from);
	return status ? status : tu_sbom__object(b, at, &dependency_shape, &dependency);
}

/* Parts of the document that are understood but not taken up. */
static enum tu_status read_aside(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	if (tu_json_count(at->value) == 0)
		return TU_OK;
	if (keep(b, at, into))
		return TU_E_NOMEM;
	return tu_sbom__note(b, at, "not read:", at->key);
}

static enum tu_status read_references(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__cyclonedx_references(b, at, &b->document);
}

static enum tu_status read_bom_version(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	uint32_t *version = into;
	uint64_t number;

	if (!tu_json_u64(at->value, UINT32_MAX, &number))
		return tu_sbom__note_each(
			b, at, "not understood: the version of the document", TU_STR(""));
	*version = (uint32_t)number;
	return TU_OK;
}

static const struct tu_sbom_member root_members[] = {
	/* Read in the order of read_sections(). */
	KNOWN("metadata"),
	KNOWN("components"),
	KNOWN("services"),
	KNOWN("dependencies"),
	KNOWN("vulnerabilities"),
	KNOWN("specVersion"),
	KNOWN("bomFormat"),
	{TU_STR_INIT("serialNumber"), TU_SBOM_STRING, tu_sbom__text, SLOT(tu_inventory, serial)},
	KNOWN("$schema"),
	{TU_STR_INIT("version"), TU_SBOM_NUMBER, read_bom_version, SLOT(tu_inventory, bom_version)},
	{TU_STR_INIT("externalReferences"), TU_SBOM_ARRAY, read_references, 0},
	{TU_STR_INIT("properties"), TU_SBOM_ARRAY, keep, 0},
	UNKEPT("signature"),
	{TU_STR_INIT("citations"), TU_SBOM_ARRAY, keep, 0},
	{TU_STR_INIT("compositions"), TU_SBOM_ARRAY, read_aside, 0},
	{TU_STR_INIT("annotations"), TU_SBOM_ARRAY, read_aside, 0},
	{TU_STR_INIT("formulation"), TU_SBOM_ARRAY, read_aside, 0},
	{TU_STR_INIT("declarations"), TU_SBOM_OBJECT, read_aside, 0},
	{TU_STR_INIT("definitions"), TU_SBOM_OBJECT, read_aside, 0},
};
static const struct tu_sbom_shape root_shape = {"not understood: member of the document:",
	root_members, TU_COUNT(root_members), "lost: member of the document:"};

struct sections {
	struct tu_sbom_at metadata;
	struct tu_sbom_at components;
	struct tu_sbom_at services;
	struct tu_sbom_at dependencies;
	struct tu_sbom_at vulnerabilities;
};

static enum tu_status find_sections(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, struct sections *out_sections)
{
	const struct {
		struct tu_str name;
		enum tu_json_type type;
		struct tu_sbom_at *at;
	} wanted[] = {
		{TU_STR("metadata"), TU_JSON_OBJECT, &out_sections->metadata},
		{TU_STR("components"), TU_JSON_ARRAY, &out_sections->components},
		{TU_STR("services"), TU_JSON_ARRAY, &out_sections->services},
		{TU_STR("dependencies"), TU_JSON_ARRAY, &out_sections->dependencies},
		{TU_STR("vulnerabilities"), TU_JSON_ARRAY, &out_sections->vulnerabilities},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(wanted); i++)
		status = tu_sbom__section(b, root, wanted[i].name, wanted[i].type, wanted[i].at);
	return status;
}

static enum tu_status count_item(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	size_t *count = into;

	(void)b;
	*count += 1 + tu_sbom__cyclonedx_count(tu_json_get(at->value, TU_STR("components")));
	return TU_OK;
}

/* A list that was cut is parsed once more to count what is nested in it: an array that had to grow
 * would cost as much memory again. */
static enum tu_status count_list(
	struct tu_sbom_builder *b, const struct tu_sbom_at *list, size_t *count)
{
	if (tu_sbom__list_mentions(b, list, TU_STR("\"components\"")))
		return tu_sbom__list(b, list, 0, count_item, count);
	*count += tu_sbom__list_count(b, list);
	return TU_OK;
}

static enum tu_status reserve(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, const struct sections *sections)
{
	struct tu_json subject = tu_json_get(sections->metadata.value, TU_STR("component"));
	size_t count = tu_json_is_object(subject) +
		tu_sbom__cyclonedx_count(tu_json_get(subject, TU_STR("components")));
	enum tu_status status = count_list(b, &sections->components, &count);

	return status ? status : tu_sbom__reserve(b, root, count);
}

/* Components first, whatever the order of the members: the rest refers to them. */
static enum tu_status read_sections(
	struct tu_sbom_builder *b, const struct tu_sbom_at *root, const struct sections *sections)
{
	enum tu_status status = tu_sbom__object(b, root, &root_shape, b->inventory);

	if (!status)
		status = reserve(b, root, sections);
	if (!status)
		status = tu_sbom__object(b, &sections->metadata, &metadata_shape, b->inventory);
	if (!status)
		status = tu_sbom__cyclonedx_components(b, &sections->components, TU_NO_COMPONENT);
	if (!status)
		status = read_services(b, &sections->services);
	if (!status)
		status = tu_sbom__index(b);
	if (!status)
		status = tu_sbom__list(
			b, &sections->dependencies, TU_SBOM_OBJECT, read_dependency, NULL);
	if (!status)
		status = tu_sbom__list(b, &sections->vulnerabilities, TU_SBOM_OBJECT,
			tu_sbom__cyclonedx_vulnerability, NULL);
	return status;
}

static enum tu_status read_version(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	static const struct tu_str known[] = {TU_STR_INIT("1.2"), TU_STR_INIT("1.3"),
		TU_STR_INIT("1.4"), TU_STR_INIT("1.5"), TU_STR_INIT("1.6"), TU_STR_INIT("1.7")};
	struct tu_sbom_at at = tu_sbom__member(root, TU_STR("specVersion"));
	struct tu_str version = tu_json_str(at.value);

	if (version.len == 0)
		return tu_sbom__note(b, root,
			"no specVersion: read as the newest one known, CycloneDX 1.7", TU_STR(""));
	for (size_t i = 0; i < TU_COUNT(known); i++) {
		if (tu_str_eq(known[i], version))
			return tu_sbom__copy(b, version, &b->inventory->spec_version);
	}
	return tu_json_fail(b->err, TU_E_UNSUPPORTED, at.value,
		"CycloneDX JSON %.*s; versions 1.2 to 1.7 are read",
		TU_STR_FMT(tu_str_first(version, 32)));
}

enum tu_status tu_sbom__read_cyclonedx(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct sections sections;
	enum tu_status status;

	b->inventory->format = TU_SBOM_CYCLONEDX_JSON;
	b->inventory->list = TU_STR("components");
	status = read_version(b, root);
	if (!status && !tu_str_ieq(TU_JSON_STR(root->value, "bomFormat"), TU_STR("CycloneDX")))
		status = tu_sbom__note(b, root,
			"bomFormat does not say \"CycloneDX\": taken for it by its members",
			TU_STR(""));
	if (!status)
		status = find_sections(b, root, &sections);
	return status ? status : read_sections(b, root, &sections);
}
