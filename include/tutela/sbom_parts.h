/*
 * Parts of an inventory: licences, people and organisations, references, texts, relationships.
 *
 * Absent texts are empty; lists are pointer and count, NULL when empty.
 * Ownership: as of the inventory that they are in. Threads: immutable.
 */
#ifndef TUTELA_SBOM_PARTS_H
#define TUTELA_SBOM_PARTS_H

#include <stddef.h>
#include <stdint.h>

#include <tutela/attr.h>
#include <tutela/buf.h>
#include <tutela/claim.h>
#include <tutela/str.h>

TU_BEGIN_C

struct tu_property {
	struct tu_str name;
	struct tu_str value;
};

/* A vulnerability that the supplier says a patch has resolved in this component: CycloneDX
 * pedigree.patches[].resolves, Yocto's patched lists. */
struct tu_resolved {
	struct tu_str id; /* "CVE-2021-3711" */
	struct tu_str source; /* what says so: "pedigree patch", "yocto cve status", … */
	struct tu_str detail; /* the patch's URL or text, may be empty */
};

/* ---- licences ---- */

enum tu_licence_kind {
	TU_LICENCE_NAME, /* a name in free words; also where the source does not distinguish */
	TU_LICENCE_ID, /* one id of the SPDX list, or "LicenseRef-…" */
	TU_LICENCE_EXPRESSION /* SPDX 2.3, annex D */
};

/* Who says so. CycloneDX 1.6 `acknowledgement`; SPDX 2.3, 7.13 and 7.15. */
enum tu_acknowledgement {
	TU_ACK_UNSTATED,
	TU_ACK_DECLARED, /* by those who made the component */
	TU_ACK_CONCLUDED /* by those who made the document */
};

/* Two licences of one component with the same acknowledgement both apply (CycloneDX: AND); a
 * declared and a concluded one are two statements on the same thing. */
struct tu_licence {
	struct tu_str text; /* id, expression or name, as written */
	enum tu_licence_kind kind;
	enum tu_acknowledgement acknowledgement;
	struct tu_str content; /* the licence's own text */
	struct tu_str content_type; /* of `content`: "text/plain" */
	struct tu_str encoding; /* of `content`: "base64", or empty */
	struct tu_str url;
};

/* A licence that expressions of the document name: SPDX 2.3, clause 10; SPDX 3 CustomLicense. */
struct tu_licence_text {
	struct tu_str id; /* "LicenseRef-1" */
	struct tu_str name;
	struct tu_str text;
	struct tu_str comment;
	const struct tu_str *urls;
	size_t url_count;
};

/* ---- people and organisations ---- */

/* In the order in which tu_component.supplier is chosen. */
enum tu_role {
	TU_ROLE_SUPPLIER,
	TU_ROLE_MANUFACTURER,
	TU_ROLE_ORIGINATOR, /* SPDX; CycloneDX has no word for it */
	TU_ROLE_PUBLISHER,
	TU_ROLE_AUTHOR,
	TU_ROLES_
};

enum tu_party_kind { TU_PARTY_UNSTATED, TU_PARTY_PERSON, TU_PARTY_ORGANIZATION, TU_PARTY_TOOL };

struct tu_contact {
	struct tu_str name; /* of the person to ask; empty for the party itself */
	struct tu_str email;
	struct tu_str phone;
};

struct tu_party {
	enum tu_role role;
	enum tu_party_kind kind;
	struct tu_str name;
	const struct tu_contact *contacts;
	size_t contact_count;
	const struct tu_str *urls;
	size_t url_count;
};

/* ---- references ---- */

/* CycloneDX externalReferences; SPDX externalRefs other than purl, CPE and SWID tag. */
struct tu_sbom_reference {
	struct tu_str category; /* SPDX 2: "SECURITY"; empty elsewhere */
	struct tu_str type; /* as written: "vcs", "advisory" */
	struct tu_str url; /* or locator */
	struct tu_str comment;
	const struct tu_hash_value *hashes;
	size_t hash_count;
};

/* ---- texts ---- */

/* Texts of a component or a document that no rule here asks for. Which format has which, and by
 * what name: tu_text_member(). Tags, attributions, OmniBOR ids and SWHIDs may come several times.
 */
enum tu_text_kind {
	TU_TEXT_DESCRIPTION,
	TU_TEXT_SUMMARY,
	TU_TEXT_COMMENT,
	TU_TEXT_COPYRIGHT,
	TU_TEXT_DOWNLOAD, /* SPDX download location; "NONE" is kept, NOASSERTION is not */
	TU_TEXT_HOMEPAGE,
	TU_TEXT_FILE_NAME,
	TU_TEXT_SOURCE_INFO,
	TU_TEXT_RELEASED, /* RFC 3339 as written, as the two below */
	TU_TEXT_BUILT,
	TU_TEXT_VALID_UNTIL,
	TU_TEXT_LICENCE_COMMENT,
	TU_TEXT_ATTRIBUTION,
	TU_TEXT_MIME_TYPE,
	TU_TEXT_VERSION_RANGE, /* CycloneDX 1.7 */
	TU_TEXT_IS_EXTERNAL, /* CycloneDX 1.7: "true" */
	TU_TEXT_TAG,
	TU_TEXT_OMNIBOR,
	TU_TEXT_SWHID,
	TU_TEXT_LICENCE_LIST_VERSION, /* of a document: SPDX 2 */
	TU_TEXTS_
};

struct tu_sbom_text {
	enum tu_text_kind kind;
	struct tu_str text;
};

/* A part that only its own family of formats has, kept as it is there and not looked into:
 * CycloneDX evidence, compositions, services. */
struct tu_kept {
	struct tu_str name; /* of the member: "evidence" */
	struct tu_str json; /* its value, as CycloneDX JSON has it */
};

/* What matching does not ask for. NULL where nothing of it is stated, or where it was not
 * asked for (tu_sbom_limits). */
struct tu_sbom_detail {
	const struct tu_sbom_text *texts;
	size_t text_count;
	const struct tu_party *makers; /* of a document: the supplier; its authors are beside */
	size_t maker_count;
	const struct tu_sbom_reference *references;
	size_t reference_count;
	const struct tu_kept *kept;
	size_t kept_count;
};

/* ---- relationships ---- */

/* What a relationship comes to: what the tree, selectors and merging ask for. */
enum tu_relation {
	TU_REL_DEPENDS_ON,
	TU_REL_CONTAINS,
	TU_REL_DESCRIBES,
	TU_REL_PROVIDES, /* `from` implements what `to` specifies: CycloneDX "provides" */
	TU_REL_GENERATED_FROM,
	TU_REL_OTHER
};

/* What the document calls it: the rows of src/sbom/relations.c, with each format's words. `from`
 * and `to` are as the relation reads, whatever the direction of the word. */
enum tu_relation_type {
	TU_TYPE_PLAIN, /* the relation says all */
	TU_TYPE_BUILD_DEPENDENCY,
	TU_TYPE_RUNTIME_DEPENDENCY,
	TU_TYPE_OPTIONAL_DEPENDENCY,
	TU_TYPE_PROVIDED_DEPENDENCY,
	TU_TYPE_DYNAMIC_LINK,
	TU_TYPE_STATIC_LINK,
	TU_TYPE_PREREQUISITE,
	TU_TYPE_PACKAGE,
	TU_TYPE_PACKAGED_BY,
	TU_TYPE_OPTIONAL_COMPONENT,
	TU_TYPE_EXPANDED_FROM_ARCHIVE,
	/* Below: the relation is TU_REL_OTHER. `from` is the first word's subject: the tool, the
	 * test, the patch, the one that needs another for development. */
	TU_TYPE_DEV_DEPENDENCY,
	TU_TYPE_TEST_DEPENDENCY,
	TU_TYPE_ANCESTOR,
	TU_TYPE_DESCENDANT,
	TU_TYPE_VARIANT,
	TU_TYPE_COPY,
	TU_TYPE_DISTRIBUTION_ARTIFACT,
	TU_TYPE_PATCH_FOR,
	TU_TYPE_PATCH_APPLIED,
	TU_TYPE_FILE_ADDED,
	TU_TYPE_FILE_DELETED,
	TU_TYPE_FILE_MODIFIED,
	TU_TYPE_AMENDS,
	TU_TYPE_TEST,
	TU_TYPE_TEST_CASE,
	TU_TYPE_BUILD_TOOL,
	TU_TYPE_DEV_TOOL,
	TU_TYPE_TEST_TOOL,
	TU_TYPE_DATA_FILE,
	TU_TYPE_DOCUMENTATION,
	TU_TYPE_METAFILE,
	TU_TYPE_EXAMPLE,
	TU_TYPE_DEPENDENCY_MANIFEST,
	TU_TYPE_REQUIREMENT,
	/* SPDX 3 alone. */
	TU_TYPE_MODIFIED_BY,
	TU_TYPE_INPUT,
	TU_TYPE_OUTPUT,
	TU_TYPE_HOST,
	TU_TYPE_EVIDENCE,
	TU_TYPE_TESTED_ON,
	TU_TYPE_TRAINED_ON,
	TU_TYPE_TOOL,
	TU_TYPE_INVOKED_BY,
	TU_TYPE_CONFIGURES,
	TU_RELATION_TYPES_
};

struct tu_relationship {
	uint32_t from;
	uint32_t to;
	enum tu_relation relation;
	enum tu_relation_type type;
};

/* The first text of a kind, or the empty view; `detail` may be NULL. */
TU_API struct tu_str tu_sbom_detail_text(
	const struct tu_sbom_detail *detail, enum tu_text_kind kind);
/* Where the party is reached: its first e-mail address, else its first URL, else "". */
TU_API struct tu_str tu_party_contact(const struct tu_party *party);
/* Append "ACME (psirt@acme.example)". */
TU_API void tu_party_words(const struct tu_party *party, struct tu_buf *out);

TU_END_C

#endif
