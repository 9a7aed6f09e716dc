/*
 * Buildroot's two reports on its packages:
 *
 *   show-info   `make show-info`: an object with one member for each package of the configuration
 *               (package/pkg-utils.mk, json-info)
 *   pkg-stats   support/scripts/pkg-stats --json: the packages with what its own look at NVD found
 *
 * A package's ignored CVEs (<PKG>_IGNORE_CVES) are those that the maintainer of the recipe found
 * not to concern it, mostly because of a patch; they are stated as not affected.
 */
#include "sbom/evidence.h"
#include "sbom/read/members.h"

#include <stddef.h>

static enum tu_status read_cpe(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	(void)into;
	return tu_sbom__add_cpe(b, tu_json_str(at->value));
}

/* "GPL-2.0, bzip2-1.0.4" */
static enum tu_status read_licences(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str rest = tu_json_str(at->value);
	enum tu_status status = TU_OK;
	struct tu_str licence;

	(void)into;
	while (!status && tu_str_split(&rest, ',', &licence)) {
		licence = tu_str_trim(licence);
		if (!tu_str_ieq(licence, TU_STR("unknown")))
			status = tu_sbom__add_licence(b, licence);
	}
	return status;
}

/* "host": built for the build machine only. */
static enum tu_status read_type(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	enum tu_scope *scope = into;

	(void)b;
	if (tu_str_eq(tu_json_str(at->value), TU_STR("host")))
		*scope = TU_SCOPE_EXCLUDED;
	return TU_OK;
}

/* ---- statements ---- */

struct stating {
	enum tu_claim_status status;
	struct tu_str detail;
	uint32_t component;
};

static enum tu_status state_one(struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const struct stating *stating = into;
	const struct tu_sbom_evidence evidence = {.id = tu_json_str(at->value),
		.status = stating->status,
		.justification = {"", 0},
		.detail = stating->detail,
		.component = stating->component};

	if (!tu_sbom__is_vulnerability_id(evidence.id))
		return tu_sbom__note(b, at, "not understood: vulnerability id", evidence.id);
	return tu_sbom__add_evidence(b, &evidence);
}

/* The lists of ids that packages have, in either report. */
static enum tu_status read_statements(
	struct tu_sbom_builder *b, const struct tu_sbom_at *package, uint32_t component)
{
	static const struct {
		struct tu_str member;
		enum tu_claim_status status;
		struct tu_str detail;
	} lists[] = {
		{TU_STR_INIT("ignore_cves"), TU_CLAIM_NOT_AFFECTED,
			TU_STR_INIT("buildroot IGNORE_CVES")},
		{TU_STR_INIT("ignored_cves"), TU_CLAIM_NOT_AFFECTED,
			TU_STR_INIT("buildroot IGNORE_CVES")},
		{TU_STR_INIT("cves"), TU_CLAIM_UNDER_INVESTIGATION,
			TU_STR_INIT("buildroot pkg-stats")},
		{TU_STR_INIT("unsure_cves"), TU_CLAIM_UNDER_INVESTIGATION,
			TU_STR_INIT("buildroot pkg-stats: unsure")},
	};
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < TU_COUNT(lists); i++) {
		struct stating stating = {lists[i].status, lists[i].detail, component};
		struct tu_sbom_at list = tu_sbom__member(package, lists[i].member);
		bool accepted;

		status = tu_sbom__accept(b, &list, TU_SBOM_ARRAY, &accepted);
		if (!status && accepted)
			status = tu_sbom__each(b, &list, TU_SBOM_STRING, state_one, &stating);
	}
	return status;
}

/* ---- packages ---- */

#define IN_DRAFT(member) SLOT(tu_sbom_draft, member)

static const struct tu_sbom_member stats_members[] = {
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.name)},
	{TU_STR_INIT("current_version"), TU_SBOM_STRING, tu_sbom__text,
		IN_DRAFT(component.version)},
	{TU_STR_INIT("cpeid"), TU_SBOM_STRING, read_cpe, 0},
	{TU_STR_INIT("license"), TU_SBOM_STRING, read_licences, 0},
	KNOWN("cves"),
	KNOWN("ignored_cves"),
	KNOWN("unsure_cves"),
	KNOWN("path"),
	KNOWN("pkg_path"),
	KNOWN("infras"),
	KNOWN("has_license"),
	KNOWN("has_license_files"),
	KNOWN("has_hash"),
	KNOWN("patch_files"),
	KNOWN("patch_count"),
	KNOWN("warnings"),
	KNOWN("url"),
	KNOWN("latest_version"),
	KNOWN("status"),
	KNOWN("developers"),
	KNOWN("cpeid_updated"),
};
static const struct tu_sbom_shape stats_shape = {
	"not understood: member of a package:", stats_members, TU_COUNT(stats_members)};

static const struct tu_sbom_member info_members[] = {
	{TU_STR_INIT("version"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.version)},
	{TU_STR_INIT("cpe-id"), TU_SBOM_STRING, read_cpe, 0},
	{TU_STR_INIT("licenses"), TU_SBOM_STRING, read_licences, 0},
	{TU_STR_INIT("type"), TU_SBOM_STRING, read_type, IN_DRAFT(component.scope)},
	{TU_STR_INIT("name"), TU_SBOM_STRING, tu_sbom__text, IN_DRAFT(component.name)},
	KNOWN("ignore_cves"),
	KNOWN("virtual"),
	KNOWN("license_files"),
	KNOWN("redistributable"),
	KNOWN("downloads"),
	KNOWN("dl_dir"),
	KNOWN("install_target"),
	KNOWN("install_staging"),
	KNOWN("install_images"),
	KNOWN("dependencies"),
	KNOWN("reverse_dependencies"),
	KNOWN("stamp_dir"),
	KNOWN("source_dir"),
	KNOWN("build_dir"),
	KNOWN("patches"),
	KNOWN("image_name"),
	KNOWN("selected_variants"),
};
static const struct tu_sbom_shape info_shape = {
	"not understood: member of a package:", info_members, TU_COUNT(info_members)};

/* The member's key is the package's name, unless it has one of its own. */
static enum tu_status read_package(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_shape *shape, uint32_t ordinal)
{
	struct tu_sbom_draft draft;
	enum tu_status status;
	uint32_t index;

	tu_sbom__draft(b, &draft);
	draft.component.ordinal = ordinal;
	status = tu_sbom__copy(b, at->key, &draft.component.ref);
	if (!status)
		status = tu_sbom__copy(b, at->key, &draft.component.name);
	if (!status)
		status = tu_sbom__object(b, at, shape, &draft);
	if (!status)
		status = tu_sbom__add(b, at, &draft, &index);
	return status ? status : read_statements(b, at, index);
}

/* File systems and virtual packages are no software of their own. */
static bool is_software(struct tu_json package)
{
	return !tu_str_eq(TU_JSON_STR(package, "type"), TU_STR("rootfs")) &&
		!tu_json_true(tu_json_get(package, TU_STR("virtual")));
}

static enum tu_status read_packages(
	struct tu_sbom_builder *b, const struct tu_sbom_at *list, const struct tu_sbom_shape *shape)
{
	struct tu_sbom_walk walk = tu_sbom__walk(list);
	enum tu_status status = tu_sbom__reserve(b, list, tu_json_count(list->value));
	uint32_t ordinal = 0;
	bool accepted;

	while (!status && tu_sbom__next(&walk)) {
		status = tu_sbom__accept(b, &walk.at, TU_SBOM_OBJECT, &accepted);
		if (!status && accepted && is_software(walk.at.value))
			status = read_package(b, &walk.at, shape, ordinal);
		ordinal++;
	}
	return status;
}

/* ---- dependencies of show-info ---- */

static enum tu_status read_dependency(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	const uint32_t *from = into;
	uint32_t to;

	/* Those on virtual packages and on the toolchain's parts have no component. */
	(void)tu_sbom__find(b, tu_json_str(at->value), &to);
	return to == TU_NO_COMPONENT ? TU_OK : tu_sbom__relate(b, *from, TU_REL_DEPENDS_ON, to);
}

static enum tu_status read_dependencies(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct tu_sbom_walk walk = tu_sbom__walk(root);
	enum tu_status status = tu_sbom__index(b);

	while (!status && tu_sbom__next(&walk)) {
		struct tu_sbom_at list = tu_sbom__member(&walk.at, TU_STR("dependencies"));
		uint32_t from;

		(void)tu_sbom__find(b, walk.at.key, &from);
		if (from != TU_NO_COMPONENT && tu_json_is_array(list.value))
			status = tu_sbom__each(b, &list, TU_SBOM_STRING, read_dependency, &from);
	}
	return status;
}

/* ---- the documents ---- */

bool tu_sbom__is_show_info(struct tu_json root)
{
	struct tu_json_iter iter = tu_json_iter(root);
	struct tu_json package;
	struct tu_str key;
	size_t count = 0;

	while (tu_json_next_member(&iter, &key, &package)) {
		struct tu_str type = TU_JSON_STR(package, "type");

		if (!tu_str_eq(type, TU_STR("target")) && !tu_str_eq(type, TU_STR("host")) &&
			!tu_str_eq(type, TU_STR("rootfs")))
			return false;
		count++;
	}
	return count > 0;
}

enum tu_status tu_sbom__read_show_info(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	enum tu_status status = read_packages(b, root, &info_shape);

	b->inventory->format = TU_SBOM_BUILDROOT_SHOW_INFO;
	b->inventory->list = TU_STR("");
	return status ? status : read_dependencies(b, root);
}

enum tu_status tu_sbom__read_pkg_stats(struct tu_sbom_builder *b, const struct tu_sbom_at *root)
{
	struct tu_sbom_at packages;
	enum tu_status status =
		tu_sbom__section(b, root, TU_STR("packages"), TU_JSON_OBJECT, &packages);

	b->inventory->format = TU_SBOM_BUILDROOT_PKG_STATS;
	b->inventory->list = TU_STR("packages");
	if (!status)
		status = tu_sbom__copy(b, TU_JSON_STR(root->value, "date"), &b->inventory->created);
	if (!status)
		status = read_packages(b, &packages, &stats_shape);
	return status ? status : tu_sbom__index(b);
}
