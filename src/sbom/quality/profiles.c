/*
 * The profiles, as data.
 *
 * Sources: NTIA, The Minimum Elements For a Software Bill of Materials, July 2021; NTIA, Framing
 * Software Component Transparency, second edition, October 2021 (the baseline attributes that FDA
 * names; a component hash is one of them); FDA, Cybersecurity in Medical Devices: Quality
 * Management System Considerations and Content of Premarket Submissions, June 2025, reissued in
 * February 2026; CISA, 2025 Minimum Elements for a Software Bill of Materials, draft of August
 * 2025; BSI TR-03183-2, version 2.1.0.
 */
#include "sbom/quality/answers.h"

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
#define NTIA_PRACTICES "minimum elements, Practices and Processes, Known Unknowns"
#define NTIA_RULES \
	RULE("author", "author of the SBOM data", DOCUMENT, REQUIRED, NTIA_FIELDS, \
		tu_answer__author), \
		RULE("timestamp", "timestamp", DOCUMENT, REQUIRED, NTIA_FIELDS, tu_answer__time), \
		RULE("supplier", "supplier name", COMPONENT, REQUIRED, NTIA_FIELDS, \
			tu_answer__supplier), \
		RULE("name", "component name", COMPONENT, REQUIRED, NTIA_FIELDS, tu_answer__name), \
		RULE("version", "version", COMPONENT, REQUIRED, NTIA_FIELDS, tu_answer__version), \
		RULE("identifier", "other unique identifier", COMPONENT, REQUIRED, NTIA_FIELDS, \
			tu_answer__identifier), \
		RULE("relationship", "dependency relationship", COMPONENT, REQUIRED, NTIA_FIELDS, \
			tu_answer__link), \
		RULE("licence", "licence", COMPONENT, RECOMMENDED, NTIA_MORE, tu_answer__licence), \
		RULE("known-unknowns", "dependencies, none, or known unknowns", COMPONENT, \
			RECOMMENDED, NTIA_PRACTICES, tu_answer__dependencies_known)

static const struct tu_check_rule ntia[] = {
	NTIA_RULES,
	RULE("hash", "hash", COMPONENT, RECOMMENDED, NTIA_MORE, tu_answer__hash),
};

#define FDA_BASELINE "section V.A.4, NTIA's baseline attributes of October 2021"
#define FDA_SBOM "section V.A.4, supporting documentation of the SBOM"
static const struct tu_check_rule fda[] = {
	NTIA_RULES,
	RULE("hash", "hash by a secure algorithm", COMPONENT, REQUIRED, FDA_BASELINE,
		tu_answer__secure_hash),
	RULE("support-level", "level of support", COMPONENT, REQUIRED, FDA_SBOM,
		tu_answer__support),
	RULE("end-of-support", "end-of-support date", COMPONENT, REQUIRED, FDA_SBOM,
		tu_answer__support_end),
};

#define CISA_FIELDS "draft of August 2025, Data Fields"
static const struct tu_check_rule cisa[] = {
	RULE("author", "SBOM author", DOCUMENT, REQUIRED, CISA_FIELDS, tu_answer__author),
	RULE("timestamp", "timestamp", DOCUMENT, REQUIRED, CISA_FIELDS, tu_answer__time),
	RULE("tool", "tool name", DOCUMENT, REQUIRED, CISA_FIELDS, tu_answer__tool),
	RULE("generation-context", "generation context", DOCUMENT, REQUIRED, CISA_FIELDS,
		tu_answer__phase),
	RULE("supplier", "software producer", COMPONENT, REQUIRED, CISA_FIELDS,
		tu_answer__supplier),
	RULE("name", "component name", COMPONENT, REQUIRED, CISA_FIELDS, tu_answer__name),
	RULE("version", "component version", COMPONENT, REQUIRED, CISA_FIELDS, tu_answer__version),
	RULE("identifier", "software identifier", COMPONENT, REQUIRED, CISA_FIELDS,
		tu_answer__identifier),
	RULE("hash", "component hash", COMPONENT, REQUIRED, CISA_FIELDS, tu_answer__hash),
	RULE("licence", "licence", COMPONENT, REQUIRED, CISA_FIELDS, tu_answer__licence),
	RULE("relationship", "dependency relationship", COMPONENT, REQUIRED, CISA_FIELDS,
		tu_answer__link),
};

static const struct tu_check_rule bsi[] = {
	RULE("format", "CycloneDX from 1.6 or SPDX from 3.0.1", DOCUMENT, REQUIRED, "4",
		tu_answer__new_format),
	RULE("creator", "creator of the SBOM: e-mail address or URL", DOCUMENT, REQUIRED, "5.2.1",
		tu_answer__author_address),
	RULE("timestamp", "timestamp", DOCUMENT, REQUIRED, "5.2.1", tu_answer__time),
	RULE("no-vulnerabilities", "no statements on vulnerabilities in it", DOCUMENT, REQUIRED,
		"3.1", tu_answer__no_vulnerabilities),
	RULE("component-creator", "component creator: e-mail address or URL", COMPONENT, REQUIRED,
		"5.2.2", tu_answer__contact),
	RULE("name", "component name", COMPONENT, REQUIRED, "5.2.2", tu_answer__name),
	RULE("version", "component version", COMPONENT, REQUIRED, "5.2.2", tu_answer__version),
	RULE("filename", "file name", COMPONENT, REQUIRED, "5.2.2", tu_answer__file_name),
	RULE("relationship", "dependencies", COMPONENT, REQUIRED, "5.2.2", tu_answer__link),
	RULE("completeness", "whether the dependencies are complete", COMPONENT, REQUIRED, "5.2.2",
		tu_answer__completeness),
	RULE("licence", "distribution licence", COMPONENT, REQUIRED, "5.2.2", tu_answer__licence),
	RULE("hash", "SHA-512 of the deployable component", COMPONENT, REQUIRED, "5.2.2",
		tu_answer__sha512),
	RULE("executable", "executable property", COMPONENT, REQUIRED, "5.2.2",
		tu_answer__executable),
	RULE("archive", "archive property", COMPONENT, REQUIRED, "5.2.2", tu_answer__archive),
	RULE("structured", "structured property", COMPONENT, REQUIRED, "5.2.2",
		tu_answer__structured),
	/* From here on: to be stated where it exists, which no document shows. */
	RULE("sbom-uri", "URI of the SBOM", DOCUMENT, RECOMMENDED, "5.2.3", tu_answer__uri),
	RULE("source-uri", "URI of the source code", COMPONENT, RECOMMENDED, "5.2.4",
		tu_answer__source_uri),
	RULE("deployable-uri", "URI of the deployable form", COMPONENT, RECOMMENDED, "5.2.4",
		tu_answer__deployable_uri),
	RULE("identifier", "other unique identifier", COMPONENT, RECOMMENDED, "5.2.4",
		tu_answer__identifier),
	RULE("original-licence", "original licences", COMPONENT, RECOMMENDED, "5.2.4",
		tu_answer__original_licence),
};

#define PROFILE(name, title, rules) \
	{ \
		TU_STR_INIT(name), TU_STR_INIT(title), rules, TU_COUNT(rules) \
	}

const struct tu_check_profile tu_check_profiles[] = {
	PROFILE("ntia", "NTIA minimum elements, July 2021", ntia),
	PROFILE("fda", "FDA premarket guidance, February 2026", fda),
	PROFILE("cisa-2025", "CISA minimum elements, draft of August 2025", cisa),
	PROFILE("bsi-tr-03183-2", "BSI TR-03183-2, version 2.1.0", bsi),
};

const size_t tu_check_profile_count = TU_COUNT(tu_check_profiles);
