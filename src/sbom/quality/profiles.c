/*
 * The profiles, as data.
 *
 * Sources: NTIA, The Minimum Elements For a Software Bill of Materials, July 2021; FDA,
 * Cybersecurity in Medical Devices: Quality Management System Considerations and Content of
 * Premarket Submissions, June 2025; CISA, 2025 Minimum Elements for a Software Bill of Materials,
 * draft of August 2025; BSI TR-03183-2, version 2.1.0.
 */
#include <tutela/supplement.h>

#include "base/time.h"
#include "sbom/details.h"
#include "sbom/quality/check.h"

static enum tu_check_answer stated(bool present)
{
	return present ? TU_CHECK_PRESENT : TU_CHECK_MISSING;
}

/* ---- predicates: the document ---- */

static enum tu_check_answer has_author(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)component;
	return stated(facts->inventory->author_count > 0);
}

static bool is_address(struct tu_str text)
{
	return tu_str_find(text, '@') < text.len || tu_str_search(text, TU_STR("://")) < text.len;
}

static enum tu_check_answer has_author_address(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	const struct tu_inventory *inventory = facts->inventory;

	(void)component;
	for (size_t i = 0; i < inventory->author_count; i++) {
		const struct tu_party *author = &inventory->authors[i];

		if (is_address(author->name) || is_address(tu_party_contact(author)))
			return TU_CHECK_PRESENT;
	}
	return TU_CHECK_MISSING;
}

/* "Z" or "+01:00" at the end. */
static bool has_offset(struct tu_str time)
{
	enum { OFFSET = 6 };
	struct tu_str end = tu_str_from(time, time.len > OFFSET ? time.len - OFFSET : 0);

	return tu_str_ends(time, TU_STR("Z")) ||
		(end.len == OFFSET && (end.ptr[0] == '+' || end.ptr[0] == '-') &&
			end.ptr[3] == ':');
}

/* ISO 8601 as all of them ask, in full: a reader of feeds may be more lenient. */
static enum tu_check_answer has_time(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	enum { DATE = 10 };
	struct tu_str created = facts->inventory->created;
	int64_t ignored;

	(void)component;
	return stated(created.len > DATE && created.ptr[DATE] == 'T' && has_offset(created) &&
		tu_time_parse(created, &ignored));
}

static enum tu_check_answer has_tool(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)component;
	return stated(facts->inventory->tool_count > 0);
}

/* Only SPDX 2 has no member for it. */
static enum tu_check_answer has_phase(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)component;
	return stated(facts->inventory->phase.len > 0);
}

static enum tu_check_answer has_uri(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	struct tu_str serial = facts->inventory->serial;

	(void)component;
	return stated(tu_str_starts(serial, TU_STR("urn:")) ||
		tu_str_search(serial, TU_STR("://")) < serial.len);
}

/* CycloneDX from 1.6, SPDX from 3.0.1. */
static enum tu_check_answer has_new_format(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	static const struct {
		enum tu_sbom_format format;
		struct tu_str version;
	} accepted[] = {
		{TU_SBOM_CYCLONEDX_JSON, TU_STR_INIT("1.6")},
		{TU_SBOM_CYCLONEDX_XML, TU_STR_INIT("1.6")},
		{TU_SBOM_CYCLONEDX_JSON, TU_STR_INIT("1.7")},
		{TU_SBOM_CYCLONEDX_XML, TU_STR_INIT("1.7")},
		{TU_SBOM_SPDX3_JSON, TU_STR_INIT("3.0.1")},
	};

	(void)component;
	for (size_t i = 0; i < TU_COUNT(accepted); i++)
		if (accepted[i].format == facts->inventory->format &&
			tu_str_eq(accepted[i].version, facts->inventory->spec_version))
			return TU_CHECK_PRESENT;
	return TU_CHECK_MISSING;
}

/* ---- predicates: a component ---- */

static enum tu_check_answer has_supplier(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(component->supplier.len > 0);
}

static enum tu_check_answer has_contact(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(component->contact.len > 0);
}

static enum tu_check_answer has_name(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(component->name.len > 0);
}

static enum tu_check_answer has_version(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(component->version.len > 0);
}

/* One by which it can be looked up; the document's own references are not. */
static enum tu_check_answer has_identifier(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(component->purl.len || component->cpe_count || component->swid.len);
}

static enum tu_check_answer has_link(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	return stated(facts->linked[component - facts->inventory->components]);
}

static enum tu_check_answer has_hash(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(component->hash_count > 0);
}

static enum tu_check_answer has_licence(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	(void)facts;
	return stated(tu_sbom__states_licence(component));
}

/* The first of some names of a property that has a value. */
static struct tu_str property_of(
	const struct tu_component *component, const struct tu_str *names, size_t count)
{
	struct tu_str value = {"", 0};

	for (size_t i = 0; i < count && !value.len; i++)
		value = tu_component_property(component, names[i]);
	return value;
}

static enum tu_check_answer has_support(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	static const struct tu_str names[] = {
		TU_STR_INIT(TU_PROPERTY_SUPPORT), TU_STR_INIT("level_of_support")};

	(void)facts;
	return stated(property_of(component, names, TU_COUNT(names)).len > 0);
}

/* github.com/CycloneDX/cyclonedx-property-taxonomy has the names with "cdx:". */
static enum tu_check_answer has_support_end(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	static const struct tu_str names[] = {TU_STR_INIT(TU_PROPERTY_SUPPORT_END),
		TU_STR_INIT("end_of_support"), TU_STR_INIT("cdx:lifecycle:milestone:endOfSupport")};
	int64_t ignored;

	(void)facts;
	return stated(tu_time_parse(property_of(component, names, TU_COUNT(names)), &ignored));
}

/* In SPDX 3 these stand with the file that a package is distributed as, and such files are not
 * kept beside packages. github.com/BSI-Bund/tr-03183-cyclonedx-property-taxonomy has the names. */
static enum tu_check_answer distributed(const struct tu_check_facts *facts,
	const struct tu_component *component, struct tu_str name)
{
	if (tu_component_property(component, name).len)
		return TU_CHECK_PRESENT;
	return facts->inventory->format == TU_SBOM_SPDX3_JSON ? TU_CHECK_UNDECIDED
							      : TU_CHECK_MISSING;
}

static enum tu_check_answer has_file_name(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	return distributed(facts, component, TU_STR("bsi:component:filename"));
}

static enum tu_check_answer has_executable(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	return distributed(facts, component, TU_STR("bsi:component:executable"));
}

static enum tu_check_answer has_archive(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	return distributed(facts, component, TU_STR("bsi:component:archive"));
}

static enum tu_check_answer has_structured(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	return distributed(facts, component, TU_STR("bsi:component:structured"));
}

/* CycloneDX may have it with the reference to the distribution, which is not kept. */
static enum tu_check_answer has_sha512(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	enum tu_sbom_format format = facts->inventory->format;

	for (size_t i = 0; i < component->hash_count; i++)
		if (tu_str_eq(component->hashes[i].algorithm, TU_STR("SHA-512")))
			return TU_CHECK_PRESENT;
	return format == TU_SBOM_SPDX3_JSON || format == TU_SBOM_CYCLONEDX_JSON ||
			format == TU_SBOM_CYCLONEDX_XML
		? TU_CHECK_UNDECIDED
		: TU_CHECK_MISSING;
}

/* ---- the tables ---- */

#define RULE(element, title, document, required, clause, answer) \
	{ \
		TU_STR_INIT(element), TU_STR_INIT(title), document, required, TU_STR_INIT(clause), \
			answer \
	}
#define DOCUMENT true
#define COMPONENT false
#define REQUIRED true
#define RECOMMENDED false

#define NTIA_FIELDS "minimum elements, Data Fields"
#define NTIA_MORE "minimum elements, Recommended Data Fields"
#define NTIA_RULES \
	RULE("author", "author of the SBOM data", DOCUMENT, REQUIRED, NTIA_FIELDS, has_author), \
		RULE("timestamp", "timestamp", DOCUMENT, REQUIRED, NTIA_FIELDS, has_time), \
		RULE("supplier", "supplier name", COMPONENT, REQUIRED, NTIA_FIELDS, has_supplier), \
		RULE("name", "component name", COMPONENT, REQUIRED, NTIA_FIELDS, has_name), \
		RULE("version", "version", COMPONENT, REQUIRED, NTIA_FIELDS, has_version), \
		RULE("identifier", "other unique identifier", COMPONENT, REQUIRED, NTIA_FIELDS, \
			has_identifier), \
		RULE("relationship", "dependency relationship", COMPONENT, REQUIRED, NTIA_FIELDS, \
			has_link), \
		RULE("hash", "hash", COMPONENT, RECOMMENDED, NTIA_MORE, has_hash), \
		RULE("licence", "licence", COMPONENT, RECOMMENDED, NTIA_MORE, has_licence)

static const struct tu_check_rule ntia[] = {NTIA_RULES};

#define FDA_SBOM "section V.A.4, supporting documentation of the SBOM"
static const struct tu_check_rule fda[] = {
	NTIA_RULES,
	RULE("support-level", "level of support", COMPONENT, REQUIRED, FDA_SBOM, has_support),
	RULE("end-of-support", "end-of-support date", COMPONENT, REQUIRED, FDA_SBOM,
		has_support_end),
};

#define CISA_FIELDS "draft of August 2025, Data Fields"
static const struct tu_check_rule cisa[] = {
	RULE("author", "SBOM author", DOCUMENT, REQUIRED, CISA_FIELDS, has_author),
	RULE("timestamp", "timestamp", DOCUMENT, REQUIRED, CISA_FIELDS, has_time),
	RULE("tool", "tool name", DOCUMENT, REQUIRED, CISA_FIELDS, has_tool),
	RULE("generation-context", "generation context", DOCUMENT, REQUIRED, CISA_FIELDS,
		has_phase),
	RULE("supplier", "software producer", COMPONENT, REQUIRED, CISA_FIELDS, has_supplier),
	RULE("name", "component name", COMPONENT, REQUIRED, CISA_FIELDS, has_name),
	RULE("version", "component version", COMPONENT, REQUIRED, CISA_FIELDS, has_version),
	RULE("identifier", "software identifier", COMPONENT, REQUIRED, CISA_FIELDS, has_identifier),
	RULE("hash", "component hash", COMPONENT, REQUIRED, CISA_FIELDS, has_hash),
	RULE("licence", "licence", COMPONENT, REQUIRED, CISA_FIELDS, has_licence),
	RULE("relationship", "dependency relationship", COMPONENT, REQUIRED, CISA_FIELDS, has_link),
};

static const struct tu_check_rule bsi[] = {
	RULE("format", "CycloneDX from 1.6 or SPDX from 3.0.1", DOCUMENT, REQUIRED, "4",
		has_new_format),
	RULE("creator", "creator of the SBOM: e-mail address or URL", DOCUMENT, REQUIRED, "5.2.1",
		has_author_address),
	RULE("timestamp", "timestamp", DOCUMENT, REQUIRED, "5.2.1", has_time),
	RULE("component-creator", "component creator: e-mail address or URL", COMPONENT, REQUIRED,
		"5.2.2", has_contact),
	RULE("name", "component name", COMPONENT, REQUIRED, "5.2.2", has_name),
	RULE("version", "component version", COMPONENT, REQUIRED, "5.2.2", has_version),
	RULE("filename", "file name", COMPONENT, REQUIRED, "5.2.2", has_file_name),
	RULE("relationship", "dependencies", COMPONENT, REQUIRED, "5.2.2", has_link),
	RULE("licence", "distribution licence", COMPONENT, REQUIRED, "5.2.2", has_licence),
	RULE("hash", "SHA-512 of the deployable component", COMPONENT, REQUIRED, "5.2.2",
		has_sha512),
	RULE("executable", "executable property", COMPONENT, REQUIRED, "5.2.2", has_executable),
	RULE("archive", "archive property", COMPONENT, REQUIRED, "5.2.2", has_archive),
	RULE("structured", "structured property", COMPONENT, REQUIRED, "5.2.2", has_structured),
	RULE("sbom-uri", "URI of the SBOM", DOCUMENT, RECOMMENDED, "5.2.3", has_uri),
	RULE("identifier", "other unique identifier", COMPONENT, RECOMMENDED, "5.2.4",
		has_identifier),
};

#define PROFILE(name, title, rules) \
	{ \
		TU_STR_INIT(name), TU_STR_INIT(title), rules, TU_COUNT(rules) \
	}

const struct tu_check_profile tu_check_profiles[] = {
	PROFILE("ntia", "NTIA minimum elements, July 2021", ntia),
	PROFILE("fda", "FDA premarket guidance, June 2025", fda),
	PROFILE("cisa-2025", "CISA minimum elements, draft of August 2025", cisa),
	PROFILE("bsi-tr-03183-2", "BSI TR-03183-2, version 2.1.0", bsi),
};

const size_t tu_check_profile_count = TU_COUNT(tu_check_profiles);
