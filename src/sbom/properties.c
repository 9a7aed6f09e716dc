/*
 * What the free-form properties of a component mean.
 *
 * All properties are kept as written; those of this table also do something. Others that matter to
 * matching (syft:distro:id, syft:metadata:source, aquasecurity:trivy:SrcName, …) are looked up by
 * the matcher with tu_component_property().
 */
#include "sbom/inventory.h"

/* How a row's text is compared with a property's name. */
enum fit { FIT_WHOLE, FIT_START, FIT_END };

struct rule {
	enum fit fit;
	struct tu_str text;
	enum tu_status (*apply)(struct tu_sbom_builder *b, struct tu_sbom_draft *draft,
		const struct tu_property *property);
};

/* A CPE beside the component's own. */
static enum tu_status more_cpe(
	struct tu_sbom_builder *b, struct tu_sbom_draft *draft, const struct tu_property *property)
{
	(void)draft;
	return tu_sbom__add_cpe(b, property->value);
}

/* Built to run on the build machine: it is not on the device. */
static enum tu_status host_tool(
	struct tu_sbom_builder *b, struct tu_sbom_draft *draft, const struct tu_property *property)
{
	(void)b;
	if (!draft->scope_stated && tu_str_eq(property->value, TU_STR("host")))
		draft->component.scope = TU_SCOPE_EXCLUDED;
	return TU_OK;
}

/* The words of OpenEmbedded's conf/cve-check-map.conf that it maps to "Patched". */
static bool says_patched(struct tu_str status)
{
	static const struct tu_str words[] = {
		TU_STR_INIT("backported-patch"),
		TU_STR_INIT("cpe-stable-backport"),
		TU_STR_INIT("fixed-version"),
		TU_STR_INIT("patched"),
	};
	struct tu_str word = tu_str_trim(tu_str_first(status, tu_str_find(status, ':')));

	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (tu_str_ieq(words[i], word))
			return true;
	}
	return false;
}

/* CVE_STATUS[CVE-2021-1234] = "backported-patch: in 0003-fix.patch", as in a recipe. */
static enum tu_status cve_status(
	struct tu_sbom_builder *b, struct tu_sbom_draft *draft, const struct tu_property *property)
{
	struct tu_str id = tu_str_from(property->name, sizeof("CVE_STATUS[") - 1);

	(void)draft;
	id = tu_str_first(id, tu_str_find(id, ']'));
	if (!tu_sbom__is_vulnerability_id(id) || !says_patched(property->value))
		return TU_OK;
	return tu_sbom__add_resolved(b, id, TU_STR("yocto cve status"), property->value);
}

static const struct rule rules[] = {
	/* syft: one for each further candidate; other tools that wrap it change the prefix. */
	{FIT_END, TU_STR_INIT(":cpe23"), more_cpe},
	/* Buildroot, support/scripts/generate-cyclonedx: "target" or "host". */
	{FIT_WHOLE, TU_STR_INIT("BR_TYPE"), host_tool},
	/* Yocto recipes' own spelling. */
	{FIT_START, TU_STR_INIT("CVE_STATUS["), cve_status},
};

static bool fits(const struct rule *rule, struct tu_str name)
{
	switch (rule->fit) {
	case FIT_START:
		return tu_str_starts(name, rule->text);
	case FIT_END:
		return tu_str_ends(name, rule->text);
	case FIT_WHOLE:
	default:
		return tu_str_eq(name, rule->text);
	}
}

static enum tu_status apply_one(
	struct tu_sbom_builder *b, struct tu_sbom_draft *draft, const struct tu_property *property)
{
	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		if (fits(&rules[i], property->name))
			return rules[i].apply(b, draft, property);
	}
	return TU_OK;
}

enum tu_status tu_sbom__apply_properties(struct tu_sbom_builder *b, struct tu_sbom_draft *draft)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; !status && i < b->own.properties.count; i++)
		status = apply_one(b, draft, &b->own.properties.at[i]);
	return status;
}

enum tu_status tu_sbom__property(struct tu_sbom_builder *b, const struct tu_sbom_at *at,
	const struct tu_sbom_shape *shape, struct tu_sbom_lists *lists)
{
	struct tu_property property = {.name = {"", 0}, .value = {"", 0}};
	enum tu_status status = tu_sbom__object(b, at, shape, &property);

	if (status || property.name.len == 0)
		return status;
	return TU_VEC_PUSH(&lists->properties, property) ? TU_OK : tu_sbom__nomem(b);
}

bool tu_sbom__is_vulnerability_id(struct tu_str text)
{
	static const struct tu_str prefixes[] = {
		TU_STR_INIT("CVE-"),
		TU_STR_INIT("GHSA-"),
		TU_STR_INIT("OSV-"),
		TU_STR_INIT("RUSTSEC-"),
		TU_STR_INIT("PYSEC-"),
		TU_STR_INIT("GO-"),
		TU_STR_INIT("EUVD-"),
	};

	for (size_t i = 0; i < TU_COUNT(prefixes); i++) {
		if (text.len > prefixes[i].len && tu_str_istarts(text, prefixes[i]))
			return tu_char_is_alnum(text.ptr[prefixes[i].len]);
	}
	return false;
}

static bool is_id_char(char c)
{
	return tu_char_is_alnum(c) || c == '-';
}

enum tu_status tu_sbom__add_resolved_list(
	struct tu_sbom_builder *b, struct tu_str text, struct tu_str source)
{
	enum tu_status status = TU_OK;

	while (!status && text.len) {
		size_t len = 0;

		while (len < text.len && is_id_char(text.ptr[len]))
			len++;
		if (tu_sbom__is_vulnerability_id(tu_str_first(text, len)))
			status = tu_sbom__add_resolved(
				b, tu_str_first(text, len), source, TU_STR(""));
		text = tu_str_from(text, len ? len : 1);
	}
	return status;
}

/* OpenEmbedded's create-spdx class writes "CVEs fixed: CVE-… CVE-…" for a recipe's patches. */
enum tu_status tu_sbom__source_info(
	struct tu_sbom_builder *b, const struct tu_sbom_at *at, void *into)
{
	struct tu_str text = tu_json_str(at->value);

	(void)into;
	if (!tu_str_skip(&text, TU_STR("CVEs fixed:")))
		return TU_OK;
	return tu_sbom__add_resolved_list(b, text, TU_STR("yocto recipe patch"));
}
