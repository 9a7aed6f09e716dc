/* The questions about a document and its components. Those about support: answers_support.c. */
#include "sbom/quality/answers.h"

#include "base/time.h"
#include "ident/lenient.h"
#include "sbom/nothing.h"

static enum tu_check_answer stated(bool present)
{
	return present ? TU_CHECK_PRESENT : TU_CHECK_MISSING;
}

static bool is_spdx3(const struct tu_check_facts *facts)
{
	return facts->inventory->format == TU_SBOM_SPDX3_JSON;
}

/* In SPDX 3 some facts stand with the file that a package is distributed as, and such files are not
 * kept beside packages. */
static enum tu_check_answer stated_or_unkept(const struct tu_check_facts *facts, bool present)
{
	return !present && is_spdx3(facts) ? TU_CHECK_UNDECIDED : stated(present);
}

/* ---- the document ---- */

/* An e-mail address or URL in the text: something on both sides of its mark. */
static bool has_address(struct tu_str text)
{
	static const struct tu_str marks[] = {TU_STR_INIT("@"), TU_STR_INIT("://")};

	for (size_t i = 0; i < TU_COUNT(marks); i++) {
		size_t at = tu_str_search(text, marks[i]);
		size_t after = at + marks[i].len;

		if (at > 0 && after < text.len && text.ptr[at - 1] != ' ' && text.ptr[after] != ' ')
			return true;
	}
	return false;
}

TU_ANSWER(author)
{
	const struct tu_inventory *inventory = facts->inventory;

	(void)component;
	for (size_t i = 0; i < inventory->author_count; i++)
		if (!tu_sbom__says_nothing(inventory->authors[i].name) ||
			has_address(tu_party_contact(&inventory->authors[i])))
			return TU_CHECK_PRESENT;
	return TU_CHECK_MISSING;
}

TU_ANSWER(author_address)
{
	const struct tu_inventory *inventory = facts->inventory;

	(void)component;
	for (size_t i = 0; i < inventory->author_count; i++)
		if (has_address(inventory->authors[i].name) ||
			has_address(tu_party_contact(&inventory->authors[i])))
			return TU_CHECK_PRESENT;
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
TU_ANSWER(time)
{
	enum { DATE = 10 };
	struct tu_str created = tu_identifier_trim(facts->inventory->created);
	int64_t ignored;

	(void)component;
	return stated(created.len > DATE && created.ptr[DATE] == 'T' && has_offset(created) &&
		tu_time_parse(created, &ignored));
}

TU_ANSWER(tool)
{
	(void)component;
	for (size_t i = 0; i < facts->inventory->tool_count; i++)
		if (!tu_sbom__says_nothing(facts->inventory->tools[i]))
			return TU_CHECK_PRESENT;
	return TU_CHECK_MISSING;
}

/* Only SPDX 2 has no member for it. */
TU_ANSWER(phase)
{
	(void)component;
	return stated(!tu_sbom__says_nothing(facts->inventory->phase));
}

TU_ANSWER(uri)
{
	struct tu_str serial = tu_identifier_trim(facts->inventory->serial);

	(void)component;
	return stated(tu_str_istarts(serial, TU_STR("urn:")) ||
		tu_str_search(serial, TU_STR("://")) < serial.len);
}

TU_ANSWER(new_format)
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

TU_ANSWER(no_vulnerabilities)
{
	(void)component;
	return stated(facts->inventory->claim_count == 0);
}

/* ---- a component ---- */

/* The first name may be a word that states nothing, and another role's a real one. */
TU_ANSWER(supplier)
{
	const struct tu_sbom_detail *detail = component->detail;

	(void)facts;
	if (!tu_sbom__says_nothing(component->supplier))
		return TU_CHECK_PRESENT;
	for (size_t i = 0; detail && i < detail->maker_count; i++)
		if (!tu_sbom__says_nothing(detail->makers[i].name))
			return TU_CHECK_PRESENT;
	return TU_CHECK_MISSING;
}

TU_ANSWER(contact)
{
	const struct tu_sbom_detail *detail = component->detail;

	(void)facts;
	if (has_address(component->contact))
		return TU_CHECK_PRESENT;
	for (size_t i = 0; detail && i < detail->maker_count; i++)
		if (has_address(tu_party_contact(&detail->makers[i])))
			return TU_CHECK_PRESENT;
	return TU_CHECK_MISSING;
}

TU_ANSWER(name)
{
	(void)facts;
	return stated(!tu_sbom__names_nothing(component->name));
}

TU_ANSWER(version)
{
	(void)facts;
	return stated(!tu_sbom__says_nothing(component->version));
}

static bool purl_is_clear(struct tu_check_facts *facts, struct tu_str text)
{
	struct tu_error fault = {0};
	struct tu_purl purl;
	enum tu_status status;

	if (!text.len)
		return false;
	tu_arena_reset(facts->moment);
	status = tu_purl_read(facts->moment, text, &purl, &fault);
	facts->starved |= status == TU_E_NOMEM;
	return status == TU_OK && !tu_sbom__names_nothing(purl.name);
}

/* Neither ANY nor NA. */
static bool is_named(struct tu_str attr)
{
	return !tu_sbom__names_nothing(attr) && !tu_str_eq(attr, TU_STR("*")) &&
		!tu_str_eq(attr, TU_STR("-"));
}

static bool cpe_is_clear(struct tu_check_facts *facts, struct tu_str text)
{
	struct tu_error fault = {0};
	struct tu_cpe cpe;
	enum tu_status status;

	tu_arena_reset(facts->moment);
	status = tu_cpe_read(facts->moment, text, &cpe, &fault);
	facts->starved |= status == TU_E_NOMEM;
	return status == TU_OK && is_named(cpe.attr[TU_CPE_VENDOR]) &&
		is_named(cpe.attr[TU_CPE_PRODUCT]);
}

/* Identifiers of content: ISO/IEC 18670 (SWHID), OmniBOR. */
static bool has_content_id(const struct tu_component *component)
{
	const struct tu_sbom_detail *detail = component->detail;

	for (size_t i = 0; detail && i < detail->text_count; i++) {
		struct tu_str text = tu_identifier_trim(detail->texts[i].text);

		if ((detail->texts[i].kind == TU_TEXT_SWHID &&
			    tu_str_istarts(text, TU_STR("swh:1:"))) ||
			(detail->texts[i].kind == TU_TEXT_OMNIBOR &&
				tu_str_istarts(text, TU_STR("gitoid:"))))
			return true;
	}
	return false;
}

/* One by which it can be looked up; the document's own references are not. */
TU_ANSWER(identifier)
{
	if (purl_is_clear(facts, component->purl))
		return TU_CHECK_PRESENT;
	for (size_t i = 0; i < component->cpe_count; i++)
		if (cpe_is_clear(facts, component->cpes[i]))
			return TU_CHECK_PRESENT;
	return stated(!tu_sbom__says_nothing(component->swid) || has_content_id(component));
}

TU_ANSWER(link)
{
	return stated(facts->linked[component - facts->inventory->components]);
}

static enum tu_check_known known_of(
	const struct tu_check_facts *facts, const struct tu_component *component)
{
	return (enum tu_check_known)facts->known[component - facts->inventory->components];
}

TU_ANSWER(dependencies_known)
{
	if (known_of(facts, component) != TU_KNOWN_UNSAID)
		return TU_CHECK_PRESENT;
	return facts->unknowns_unkept ? TU_CHECK_UNDECIDED : TU_CHECK_MISSING;
}

TU_ANSWER(completeness)
{
	return stated_or_unkept(facts, known_of(facts, component) == TU_KNOWN_COMPLETENESS);
}

/* ---- hashes ---- */

TU_ANSWER(hash)
{
	(void)facts;
	return stated(component->hash_count > 0);
}

/* By collisions that were found. The names are CycloneDX's and SPDX's. */
static bool is_broken(struct tu_str algorithm)
{
	static const char *const broken[] = {"md2", "md4", "md5", "sha1", "adler32", "crc32"};

	return tu_sbom__is_word(algorithm, broken, TU_COUNT(broken));
}

TU_ANSWER(secure_hash)
{
	for (size_t i = 0; i < component->hash_count; i++)
		if (!is_broken(component->hashes[i].algorithm))
			return TU_CHECK_PRESENT;
	if (component->hash_count)
		tu_check__remark(facts, component,
			"%.*s is the only hash, and collisions of it can be made: state SHA-256 or "
			"better",
			TU_STR_FMT(component->hashes[0].algorithm));
	return TU_CHECK_MISSING;
}

static bool holds_sha512(const struct tu_hash_value *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (tu_str_eq(hashes[i].algorithm, TU_STR("SHA-512")))
			return true;
	return false;
}

static bool is_distribution(struct tu_str type)
{
	return tu_str_eq(type, TU_STR("distribution")) || tu_str_eq(type, TU_STR("binaryArtifact"));
}

TU_ANSWER(sha512)
{
	const struct tu_sbom_detail *detail = component->detail;

	if (holds_sha512(component->hashes, component->hash_count))
		return TU_CHECK_PRESENT;
	for (size_t i = 0; detail && i < detail->reference_count; i++) {
		const struct tu_sbom_reference *reference = &detail->references[i];

		if (is_distribution(reference->type) &&
			holds_sha512(reference->hashes, reference->hash_count))
			return TU_CHECK_PRESENT;
	}
	return stated_or_unkept(facts, false);
}

/* ---- licences and places ---- */

TU_ANSWER(licence)
{
	(void)facts;
	return stated(tu_sbom__states_licence(component));
}

TU_ANSWER(original_licence)
{
	(void)facts;
	for (size_t i = 0; i < component->licence_count; i++)
		if (component->licences[i].acknowledgement == TU_ACK_DECLARED &&
			!tu_sbom__licenses_nothing(component->licences[i].text))
			return TU_CHECK_PRESENT;
	return TU_CHECK_MISSING;
}

TU_ANSWER(source_uri)
{
	static const struct tu_str types[] = {TU_STR_INIT("source-distribution"),
		TU_STR_INIT("sourceArtifact"), TU_STR_INIT("vcs")};
	const struct tu_sbom_detail *detail = component->detail;

	for (size_t i = 0; detail && i < detail->reference_count; i++)
		for (size_t k = 0; k < TU_COUNT(types); k++)
			if (tu_str_eq(detail->references[i].type, types[k]) &&
				!tu_sbom__says_nothing(detail->references[i].url))
				return TU_CHECK_PRESENT;
	return stated_or_unkept(facts, false);
}

TU_ANSWER(deployable_uri)
{
	const struct tu_sbom_detail *detail = component->detail;

	if (!tu_sbom__says_nothing(tu_sbom_detail_text(detail, TU_TEXT_DOWNLOAD)))
		return TU_CHECK_PRESENT;
	for (size_t i = 0; detail && i < detail->reference_count; i++)
		if (is_distribution(detail->references[i].type) &&
			!tu_sbom__says_nothing(detail->references[i].url))
			return TU_CHECK_PRESENT;
	return stated_or_unkept(facts, false);
}

/* github.com/BSI-Bund/tr-03183-cyclonedx-property-taxonomy has the names. */
static enum tu_check_answer distributed(const struct tu_check_facts *facts,
	const struct tu_component *component, struct tu_str name)
{
	struct tu_str value = tu_component_property(component, name);

	return stated_or_unkept(facts, !tu_sbom__says_nothing(value));
}

TU_ANSWER(file_name)
{
	return distributed(facts, component, TU_STR("bsi:component:filename"));
}

TU_ANSWER(executable)
{
	return distributed(facts, component, TU_STR("bsi:component:executable"));
}

TU_ANSWER(archive)
{
	return distributed(facts, component, TU_STR("bsi:component:archive"));
}

TU_ANSWER(structured)
{
	return distributed(facts, component, TU_STR("bsi:component:structured"));
}
